// What the Answer page does to images: shows the next one, answers, takes back, notices lost races. Holds the queue; draws nothing.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../domain/label.ts';
import { ApiError, api, pictureUrl, type FactValues, type ImageSummary, type ImageView } from './api.ts';
import { asQuestion, type Question } from './blind.ts';
import { byWhom, labelWords } from './flags.ts';
import { age } from './format.ts';
import type { Live } from './live.ts';
import { coming, corrected, done, EMPTY, refreshed, show, skip, type Queue } from './queue.ts';

const AHEAD = 20;
/** How many pictures are loaded before they are asked for. */
const PRELOAD = 2;

/** How long a note stays that says only why nothing was done. */
const NOTE_MS = 5000;

/** The line at the bottom: what was done, what cannot be, what happened, what went wrong. */
export type Said = { tone: 'calm' | 'note' | 'lost' | 'bad'; text: string };

/** What a person ticked under the picture. */
type Also = { sha256: string; promptVersion: number }[];

/** `by`: only who gave an answer takes it back with a key. `check`: as it was shown, without what the machine said. */
type Undo = { sha256: string; promptVersion: number; words: string; by: string; check?: Question };

export type Work = ReturnType<typeof useQueue>;

export function useQueue(
  pinned: string | undefined,
  live: Live,
  by: string | undefined,
  needName: (then: (name: string) => void) => void,
) {
  const [queue, setQueue] = useState<Queue>(EMPTY);
  const [waiting, setWaiting] = useState<number>();
  const [said, say] = useState<Said>();
  const [undos, setUndos] = useState<Undo[]>([]);
  const now = useRef(queue);
  now.current = queue;
  const busy = useRef(false);
  /** counts writes: a list asked for before one of them is out of date */
  const writes = useRef(0);

  async function refresh(): Promise<void> {
    const before = writes.current;
    const { items: asked, waiting } = await api.prompts(AHEAD);
    // labels to check come after the questions that wait
    const checks = asked.length < AHEAD ? (await api.checks(AHEAD)).items.map(asQuestion) : [];
    if (before !== writes.current || busy.current) return refresh();
    const { current } = now.current;
    // one that was opened by hand is seen with its label
    const items = [...asked, ...checks.filter((one) => current?.check || one.sha256 !== current?.sha256)];
    setWaiting(waiting);
    setQueue((q) => refreshed(q, items));
    if (current?.state === 'asked' && !items.some((i) => i.sha256 === current.sha256)) await look(current);
  }

  /** The image on the screen has left the list: someone answered it, or it is far behind in a long queue. */
  async function look(current: Question): Promise<void> {
    const image = await api.image(current.sha256);
    const still = now.current.current?.sha256 === current.sha256 && !busy.current;
    const open = current.check
      ? image.label?.basis === 'auto' && image.promptVersion === current.promptVersion
      : image.state === 'asked';
    if (still && !open) lose(image);
  }

  function lose(image: ImageSummary): void {
    say({ tone: 'lost', text: whatHappened(image) });
    setQueue((q) => done(q, image.sha256));
  }

  /** An answer came too late: on to the next one, but an image that was opened by hand stays, as it is now. */
  async function refused(image: ImageSummary): Promise<void> {
    const view = image.sha256 === pinned ? await api.image(pinned).catch(() => undefined) : undefined;
    if (!view) return lose(image);
    say({ tone: 'lost', text: whatHappened(image) });
    setQueue((q) => (q.current?.sha256 === view.sha256 ? show(q, view) : q));
  }

  /** The series of the newest answer, and how many of it had labels because of answers then: says what it taught, once it did. */
  const taught = useRef<{ series: number; because: number } | undefined>(undefined);
  async function watchLesson({ series }: Question): Promise<void> {
    taught.current = undefined;
    if (series !== undefined) taught.current = { series, because: (await api.series(series)).because };
  }
  async function lookWhatWasTaught(): Promise<void> {
    const before = taught.current;
    if (!before) return;
    const { because, waiting, name } = await api.series(before.series);
    const n = because - before.because;
    if (n <= 0 || taught.current !== before) return;
    taught.current = { ...before, because };
    const more = waiting > 0 ? `, ${waiting} still ${waiting === 1 ? 'waits' : 'wait'}` : '';
    const them =
      n === 1 ? `1 image of ${name} labelled itself` : `${n} images of ${name} labelled themselves`;
    say({ tone: 'calm', text: `${them} because of answers${more}.` });
  }

  useEffect(() => {
    lookWhatWasTaught().catch(() => undefined);
    refresh().catch(() => undefined); // the line above says that the connection is lost
  }, [live.tick]);

  useEffect(() => {
    if (pinned === undefined) {
      // back to the queue from an image that does not wait
      if (now.current.current && now.current.current.state !== 'asked') setQueue((q) => done(q));
      return;
    }
    api.image(pinned).then(
      (image) => setQueue((q) => show(q, image)),
      (error: Error) => say({ tone: 'bad', text: error.message }),
    );
  }, [pinned]);

  useEffect(() => {
    if (said?.tone !== 'note') return;
    const timer = setTimeout(() => say(undefined), NOTE_MS);
    return () => clearTimeout(timer);
  }, [said]);

  useEffect(() => {
    for (const image of coming(queue).slice(0, PRELOAD))
      if (image.hasPicture) new Image().src = pictureUrl(image.sha256);
  }, [queue]);

  /** One thing at a time: a second key before the first is through does nothing. Without a name it is done once one is given. */
  async function write(work: (by: string) => Promise<void>, name = by): Promise<void> {
    if (busy.current) return;
    if (name === undefined) return needName((given) => void write(work, given));
    busy.current = true;
    try {
      await work(name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'stale_prompt' && error.image) await refused(error.image);
      else say({ tone: 'bad', text: `${error.message} ${error.hint}` });
    } finally {
      writes.current++;
      busy.current = false;
    }
  }

  async function takeBack(last: Omit<Undo, 'by'>, by: string): Promise<void> {
    const done = await api.undo(last.sha256, { by, promptVersion: last.promptVersion });
    const { resting, together } = done;
    const { name, promptVersion, state } = done.image;
    // with its label by itself again it is a blind check as before: what is known of it is not asked for
    const check = state === 'asked' ? undefined : last.check;
    const image = check ? { ...check, promptVersion } : await api.image(last.sha256);
    setQueue((q) => show(q, image));
    setWaiting((n) => n && n + (state === 'asked' ? 1 : 0) + together.length);
    const again = state === 'asked' ? askedAgain(name, together.length) : checkedAgain(name, together.length);
    say({
      tone: 'calm',
      text: [`Taken back: ${last.words}. ${again}`, shaken(resting.length)].join(' ').trim(),
    });
  }

  return {
    queue,
    waiting,
    said,
    undoable: undos.some((one) => one.by === by),

    answer: (current: Question, answer: Answer, also: Also = [], notForTraining = false, note = '') =>
      write(async (by) => {
        const version = current.state === 'asked' ? { promptVersion: current.promptVersion } : {};
        await watchLesson(current).catch(() => undefined); // it only says more
        const more = {
          ...(also.length > 0 ? { also } : {}),
          ...(notForTraining ? { notForTraining } : {}),
          ...(note ? { note } : {}),
        };
        const { image, together, parts, left, resting } = await api.label(current.sha256, { answer, by, ...version, ...more }); // prettier-ignore
        const words = labelWords(image.label!);
        const { sha256, promptVersion, name } = image;
        const check = current.check ? { check: current } : {};
        setUndos((list) => [...list.slice(-19), { sha256, promptVersion, words, by, ...check }]);
        const said = `${words}: ${name}${along(together.length, parts.length)}`;
        const sentences = [leftWords(left.length), untaught(image), shaken(resting.length)].filter(Boolean);
        say({ tone: 'calm', text: [said + (sentences.length > 0 ? '.' : ''), ...sentences].join(' ') });
        const answered = together.length + (current.state === 'asked' && !current.check ? 1 : 0);
        setWaiting((n) => (n === undefined ? n : Math.max(0, n - answered)));
        // those that went along first: the next one to be shown is none of them
        setQueue((q) => [...together, current.sha256].reduce((queue, gone) => done(queue, gone), q));
      }),

    undo: () =>
      write(async (by) => {
        const last = undos.findLast((one) => one.by === by);
        if (!last) return say({ tone: 'note', text: 'Nothing to undo on this page.' });
        setUndos((list) => list.filter((one) => one !== last)); // also when it fails: it would fail again
        await takeBack(last, by);
      }),

    /** The answer in force, whoever gave it and on whatever page. */
    takeBack: ({ sha256, promptVersion, label }: ImageView) =>
      write(async (by) => {
        setUndos((list) => list.filter((one) => one.sha256 !== sha256));
        await takeBack({ sha256, promptVersion, words: `${labelWords(label!)} by ${label!.by}` }, by);
      }),

    correctFacts: (sha256s: string[], facts: FactValues) =>
      write(async (by) => {
        const { items } = await api.correctFacts(sha256s, facts, by);
        setQueue((q) => corrected(q, items));
        const what = items.length === 1 ? items[0]!.name : `${items.length} images`;
        say({ tone: 'calm', text: `Corrected ${Object.keys(facts).join(', ')}: ${what}` });
      }),

    skip: (): void => {
      if (coming(now.current).length === 0) say({ tone: 'note', text: 'This is the only one that waits.' });
      else setQueue(skip);
    },
  };
}

/** What the answer went to besides: look-alikes, ticked now or with the answer before; parts of the same acquisition. */
function along(all: number, parts: number): string {
  const alike = all - parts;
  return [
    ...(alike > 0 ? [` and ${alike} ${alike === 1 ? 'look-alike' : 'look-alikes'}`] : []),
    ...(parts > 0 ? [` and ${parts} more of the same acquisition`] : []),
  ].join('');
}

function leftWords(n: number): string {
  if (n === 0) return '';
  return n === 1 ? '1 had changed meanwhile and stays as it is.' : `${n} had changed meanwhile and stay as they are.`; // prettier-ignore
}

/** Marked so on the page, or given by somebody whom the config does not name. */
function untaught({ label }: ImageSummary): string {
  return label?.teaches === false ? 'Nothing is learned from it.' : '';
}

function askedAgain(name: string, more: number): string {
  return more === 0 ? `${name} is asked again.` : `${name} and ${more} that went with it are asked again.`;
}

function checkedAgain(name: string, more: number): string {
  const along = more === 0 ? '' : ` ${more} that went with it ${more === 1 ? 'is' : 'are'} asked again.`;
  return `The check of ${name} waits again.${along}`;
}

/** What was labelled because of an answer that is gone. */
function shaken(n: number): string {
  if (n === 0) return '';
  return n === 1 ? '1 image that was labelled because of it is judged anew.' : `${n} images that were labelled because of it are judged anew.`; // prettier-ignore
}

function whatHappened(image: ImageSummary): string {
  const { label, name, state } = image;
  if (label?.basis === 'answer')
    return `${label.by} answered ${name} ${age(label.at)} ago: ${labelWords(label)}`;
  if (state === 'asked')
    return `${name} is asked now: the label that was to be checked does not hold any more.`;
  return `${name} went on without an answer: ${byWhom(label).toLowerCase()}.`;
}
