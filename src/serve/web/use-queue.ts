// What the Answer page does to images: answers, takes back, corrects facts, skips. Looks are in use-looks.ts; draws nothing.

import type { Answer } from '../../domain/label.ts';
import { ApiError, api, type FactValues, type ImageSummary, type ImageView } from './api.ts';
import { dialogOpen } from './at-work.ts';
import type { Question } from './blind.ts';
import { labelWords } from './flags.ts';
import type { Live } from './live.ts';
import { coming, corrected, done, show, skip, unseen } from './queue.ts';
import { along, askedAgain, checkedAgain, leftWords, shaken, untaught } from './queue-words.ts';
import { useLessons } from './use-lessons.ts';
import { PRELOAD, useLooks } from './use-looks.ts';
import { NOTHING_ALONG, useTable, type Along, type Undo } from './use-table.ts';

const NOT_KNOWN = 'It is not known whether this arrived; the page looks as soon as it can.';
const NO_NAME = 'Nobody has given a name yet.';
const ON_ITS_WAY = 'What was sent before is still on its way; try again in a moment.';

/** What a person ticked under the picture. */
type Also = { sha256: string; promptVersion: number }[];

export type Work = ReturnType<typeof useQueue>;

/** `pinned`: the image that was opened by hand. `active`: the Answer page is the one that is shown. */
export function useQueue(
  pinned: string | undefined,
  active: boolean,
  live: Live,
  by: string | undefined,
  needName: () => void,
) {
  const table = useTable();
  const {
    queue,
    setQueue,
    waiting,
    setWaiting,
    said,
    say,
    undos,
    setUndos,
    now,
    busy,
    writes,
    late,
    unsure,
    alongs,
    setAlongs,
    drop,
  } = table;
  const { checks, trouble, look, lookLate, refused } = useLooks(table, pinned, active, live.tick);
  const answeredIn = useLessons(queue.current?.series, active ? live.tick : 0, (text) =>
    // not over what went wrong, or what somebody else said
    say((now) => (now && now.tone !== 'calm' ? now : { tone: 'calm', text })),
  );
  const unheard = !live.connected || trouble !== undefined || said?.unknown === true;
  const mine = undos.findLast((one) => one.by === by);

  /** One thing at a time: a second key before the first is through does nothing, nor does one of nobody: they give a name and press again, with the picture before them. Returns why it was not done. */
  async function write(work: (by: string) => Promise<void>): Promise<string | undefined> {
    if (busy.current) return ON_ITS_WAY;
    if (by === undefined) {
      needName();
      return NO_NAME;
    }
    busy.current = true;
    try {
      await work(by);
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, hint, image, message } = error;
      const unknown = code === 'no_connection';
      const text = unknown ? NOT_KNOWN : `${message} ${hint}`;
      if (unknown) late.current = true;
      else unsure.current = undefined;
      if (code === 'stale_prompt' && image) await refused(image);
      else say({ tone: 'bad', text, ...(unknown ? { unknown } : {}) });
      return text;
    } finally {
      writes.current++;
      busy.current = false;
      if (late.current && !dialogOpen()) lookLate();
    }
  }

  type Answered = Omit<Undo & { does: 'answer' }, 'does' | 'text' | 'by'>;
  async function takeBack(last: Answered, by: string): Promise<void> {
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

  async function sendFacts(sha256s: string[], facts: FactValues, by: string): Promise<ImageSummary[]> {
    const { items } = await api.correctFacts(sha256s, facts, by);
    setQueue((q) => corrected(q, items));
    return items;
  }
  async function factsBack({ sha256s, was, text }: Undo & { does: 'facts' }, by: string): Promise<void> {
    await sendFacts(sha256s, was, by);
    say({ tone: 'calm', text: `Taken back: ${text}` });
  }

  return {
    queue,
    waiting,
    checks,
    said,
    trouble,
    alongs,
    setAlong: (sha256: string, along: Partial<Along>) =>
      setAlongs((all) => ({ ...all, [sha256]: { ...NOTHING_ALONG, ...all[sha256], ...along } })),
    /** only says why nothing was done */
    remark: (text: string) => say({ tone: 'note', text }),
    /** something is being sent */
    busy: () => busy.current,
    /** what the line at the bottom names, and a key takes back */
    did: mine,
    /** not where it is not known what arrived */
    undoable: mine !== undefined && !unheard,

    answer: (current: Question, answer: Answer, also: Also = []) =>
      write(async (by) => {
        const { note, untaught: notForTraining } = alongs[current.sha256] ?? NOTHING_ALONG;
        const { promptVersion: seen } = current;
        const version = current.state === 'asked' ? { promptVersion: seen } : { corrects: seen };
        unsure.current = { sha256: current.sha256, by };
        answeredIn(current.series);
        const more = {
          ...(also.length > 0 ? { also } : {}),
          ...(notForTraining ? { notForTraining } : {}),
          ...(note ? { note } : {}),
        };
        const { image, together, parts, left, resting } = await api.label(current.sha256, { answer, by, ...version, ...more }); // prettier-ignore
        unsure.current = undefined;
        const words = labelWords(image.label!);
        const { sha256, promptVersion, name } = image;
        const check = current.check ? { check: current } : {};
        const said = `${words}: ${name}${along(together.length, parts.length)}`;
        const sentences = [leftWords(left.length), untaught(image), shaken(resting.length)].filter(Boolean);
        const text = [said + (sentences.length > 0 ? '.' : ''), ...sentences].join(' ');
        setUndos((list) => [...list.slice(-19), { does: 'answer', text, sha256, promptVersion, words, by, ...check }]); // prettier-ignore
        say(undefined);
        drop(sha256);
        const answered = together.length + (current.state === 'asked' && !current.check ? 1 : 0);
        setWaiting((n) => (n === undefined ? n : Math.max(0, n - answered)));
        // those that went along first: the next one to be shown is none of them
        setQueue((q) => [...together, current.sha256].reduce((queue, gone) => done(queue, gone), q));
      }),

    undo: () =>
      write(async (by) => {
        const last = mine;
        if (!last) return say({ tone: 'note', text: 'Nothing to undo on this page.' });
        setUndos((list) => list.filter((one) => one !== last)); // also when it is refused: it would be again
        await (last.does === 'facts' ? factsBack(last, by) : takeBack(last, by)).catch((error: unknown) => {
          if ((error as ApiError).code === 'no_connection') setUndos((list) => [...list, last]);
          throw error;
        });
      }),

    /** The answer in force, whoever gave it and on whatever page. */
    takeBack: ({ sha256, promptVersion, label }: ImageView) =>
      write(async (by) => {
        setUndos((list) => list.filter((one) => one.does !== 'answer' || one.sha256 !== sha256));
        await takeBack({ sha256, promptVersion, words: `${labelWords(label!)} by ${label!.by}` }, by);
      }),

    /** `was`: what all of them said before. */
    correctFacts: (sha256s: string[], facts: FactValues, was: FactValues) =>
      write(async (by) => {
        const items = await sendFacts(sha256s, facts, by);
        const what = items.length === 1 ? items[0]!.name : `${items.length} images`;
        const text = `Corrected ${Object.keys(facts).join(', ')}: ${what}`;
        setUndos((list) => [...list.slice(-19), { does: 'facts', text, sha256s, was, by }]);
        say(undefined);
      }),

    /** Answers are under another name now: whose they are takes them back with a key. */
    renamed: (sha256s: string[], from: string, to: string) =>
      setUndos((list) =>
        list.map((one) =>
          one.does === 'answer' && one.by === from && sha256s.includes(one.sha256) ? { ...one, by: to } : one,
        ),
      ),

    skip: (): void => {
      if (coming(now.current).length === 0) say({ tone: 'note', text: 'This is the only one that waits.' });
      else {
        say(undefined);
        setQueue(skip);
        if (unseen(now.current).length <= PRELOAD) look();
      }
    },
  };
}
