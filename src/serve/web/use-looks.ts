// What waits for an answer and what became of the image on the screen: looks it up with every event, once at a time. Sends nothing.

import { useEffect, useRef, useState } from 'preact/hooks';
import { api, pictureUrl, type ApiError, type ImageSummary, type ImageView } from './api.ts';
import { dialogOpen, onceClosed } from './at-work.ts';
import { asQuestion, type Question } from './blind.ts';
import { labelWords } from './flags.ts';
import { oneLook } from './one-look.ts';
import { asShown, coming, done, refreshed, show } from './queue.ts';
import { notSent, whatHappened } from './queue-words.ts';
import type { Table } from './use-table.ts';

const AHEAD = 20;
/** One request brings no more. */
const MOST = 200;
/** How many pictures are loaded before they are asked for. */
export const PRELOAD = 2;

/** `pinned`: the image that was opened by hand. `active`: the Answer page is the one that is shown; nothing is asked for otherwise. */
export function useLooks(table: Table, pinned: string | undefined, active: boolean, tick: number) {
  const { queue, setQueue, setWaiting, say, setUndos, now, busy, writes, late, unsure, noteOf, drop } = table;
  const [checks, setChecks] = useState(0);
  const [trouble, setTrouble] = useState<string>();

  async function refresh(): Promise<void> {
    if (!active) return;
    const before = writes.current;
    const limit = Math.min(MOST, AHEAD + now.current.skipped.length);
    const [asked, toCheck] = await Promise.allSettled([api.prompts(limit), api.checks(AHEAD)]);
    if (busy.current) return void (late.current = true);
    if (before !== writes.current) return look();
    const { current, prompts } = now.current;
    const questions = asked.status === 'fulfilled' ? asked.value.items : prompts.filter((one) => !one.check);
    const blind =
      toCheck.status === 'fulfilled'
        ? toCheck.value.items.map(asQuestion)
        : prompts.filter((one) => one.check);
    // labels to check come after the questions that wait; one that was opened by hand is seen with its label
    const behind = blind.filter((one) => current?.check || one.sha256 !== current?.sha256);
    const items: Question[] = [...questions, ...(questions.length < limit ? behind : [])];
    if (asked.status === 'fulfilled') setWaiting(asked.value.waiting);
    if (toCheck.status === 'fulfilled') setChecks(toCheck.value.open);
    setQueue((q) => refreshed(q, items));
    const known = (current?.check ? toCheck : asked).status === 'fulfilled';
    const listed = items.some((one) => one.sha256 === current?.sha256);
    if (current && current.state !== 'asked') await lookAgain(current);
    else if (current && listed && known) stillWaits(current);
    else if (current && known) await lookAfter(current);
    for (const one of [asked, toCheck]) if (one.status === 'rejected') throw one.reason;
    say((now) => (now?.unknown || items.some(({ sha256 }) => sha256 === now?.answered) ? undefined : now));
    setTrouble(undefined);
  }
  const newest = useRef(refresh);
  newest.current = refresh;
  const [look] = useState(() =>
    oneLook(
      () => newest.current(),
      (error) =>
        setTrouble(
          `What waits could not be looked up: ${(error as Error).message} It is tried again every 2 s.`,
        ),
    ),
  );

  const onScreen = ({ sha256 }: Question) => now.current.current?.sha256 === sha256 && !busy.current;

  /** While a dialog is open the image stays: what is typed there is for this one. Looked at again once it is closed. */
  const waitForDialog = () => dialogOpen() && (late.current = true);

  /** The image on the screen has left the list: someone answered it, or it is far behind in a long queue. */
  async function lookAfter(current: Question): Promise<void> {
    const image = await asItIs(current);
    if (!image || !onScreen(current)) return;
    const open = current.check
      ? image.label?.basis === 'auto' && image.promptVersion === current.promptVersion
      : image.state === 'asked';
    if (open) stillWaits(current);
    else if (!waitForDialog() && !arrived(image)) lose(image);
  }

  /** One that does not wait, opened to be corrected: it stays, as it is now. */
  async function lookAgain(current: Question): Promise<void> {
    const image = await asItIs(current);
    if (!image || !onScreen(current)) return;
    if (image.promptVersion === current.promptVersion) {
      setQueue((q) => (q.current === current ? { ...q, current: asShown(current, image) } : q));
      stillWaits(current);
    } else if (!waitForDialog() && !arrived(image)) stay(image);
  }

  /** Undefined, and away from it, where whoever looks may not see it any more. */
  async function asItIs({ name, sha256 }: Question): Promise<ImageView | undefined> {
    try {
      return await api.image(sha256);
    } catch (error) {
      if ((error as ApiError).code !== 'not_found') throw error;
      if (waitForDialog()) return undefined;
      say({ tone: 'lost', text: `${name} is not to be seen any more.` });
      setQueue((q) => done(q, sha256));
      return undefined;
    }
  }

  /** An answer that nobody confirmed: it was given all the same. */
  function arrived(image: ImageView): boolean {
    const { label, name, promptVersion, sha256 } = image;
    const mine = unsure.current;
    if (mine?.sha256 !== sha256) return false;
    unsure.current = undefined;
    if (label?.basis !== 'answer' || label.by !== mine.by) return false;
    const words = labelWords(label);
    const text = `It had arrived. ${words}: ${name}`;
    setUndos((list) => [...list, { does: 'answer', text, sha256, promptVersion, words, by: mine.by }]);
    say(undefined);
    drop(sha256);
    setQueue((q) => done(q, sha256));
    return true;
  }

  function stillWaits({ name, sha256 }: Question): void {
    if (unsure.current?.sha256 !== sha256) return;
    unsure.current = undefined;
    say({ tone: 'lost', text: `Your answer has not arrived: ${name} is as it was. Answer it again.` });
  }

  function lose(image: ImageSummary): void {
    const onIt = now.current.current?.sha256 === image.sha256;
    say({ ...happened(image), text: whatHappened(image) + (onIt ? notSent(noteOf(image.sha256)) : '') });
    drop(image.sha256);
    setQueue((q) => done(q, image.sha256));
  }

  function stay(image: ImageView): void {
    say({ ...happened(image), text: whatHappened(image) });
    setQueue((q) => (q.current?.sha256 === image.sha256 ? show(q, image) : q));
  }

  /** An answer came too late: on to the next one, but an image that was opened by hand stays, as it is now. */
  async function refused(image: ImageSummary): Promise<void> {
    const view = image.sha256 === pinned ? await api.image(pinned).catch(() => undefined) : undefined;
    if (view) stay(view);
    else lose(image);
  }

  useEffect(look, [tick, active]);

  useEffect(
    () =>
      onceClosed(() => {
        if (late.current) lookLate();
      }),
    [],
  );
  function lookLate(): void {
    late.current = false;
    look();
  }

  useEffect(() => {
    if (pinned === undefined) {
      // back to the queue from an image that does not wait
      if (now.current.current && now.current.current.state !== 'asked') setQueue((q) => done(q));
      return;
    }
    let meant = true;
    api.image(pinned).then(
      (image) => meant && setQueue((q) => show(q, image)),
      (error: Error) => meant && say({ tone: 'bad', text: error.message }),
    );
    return () => void (meant = false);
  }, [pinned]);

  useEffect(() => {
    if (!active) return;
    for (const image of coming(queue).slice(0, PRELOAD))
      if (image.hasPicture) new Image().src = pictureUrl(image.sha256);
  }, [queue, active]);

  return {
    /** how many labels wait for a blind check */
    checks,
    /** why what waits is not known */
    trouble,
    look,
    lookLate,
    refused,
  };
}

const happened = ({ label, sha256 }: ImageSummary) => ({
  tone: 'lost' as const,
  ...(label?.basis === 'answer' ? { answered: sha256 } : {}),
});
