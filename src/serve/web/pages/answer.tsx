// The Answer page: one image, one key, next. Decides when a key counts; what it does is in use-queue.ts.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { categoryTitle, type Category } from '../../../domain/categories.ts';
import type { Answer } from '../../../domain/label.ts';
import { api, type Status } from '../api.ts';
import { dialogOpen, sinceDialog, useMarks } from '../at-work.ts';
import type { Question } from '../blind.ts';
import { BottomLine } from '../components/bottom-line.tsx';
import { Choices, offered } from '../components/choices.tsx';
import { Facts, FactsLine } from '../components/facts.tsx';
import { HeldBack } from '../components/held-back.tsx';
import { LookAlikes } from '../components/look-alikes.tsx';
import { NoteDialog } from '../components/note-dialog.tsx';
import { Nothing } from '../components/nothing.tsx';
import { Picture, type Zoom } from '../components/picture.tsx';
import { TakeBack } from '../components/take-back.tsx';
import { Why } from '../components/why.tsx';
import { forgetWider, useWider, Wider, WiderDialog } from '../components/wider.tsx';
import { score } from '../format.ts';
import { actionOf, nameKey } from '../keys.ts';
import type { Live } from '../live.ts';
import type { usePause } from '../pause.ts';
import { coming } from '../queue.ts';
import type { Work } from '../use-queue.ts';
import { NOTHING_ALONG } from '../use-table.ts';

/** A key that was meant for the picture before must not answer this one. */
const LOOK_MS = 300;
const SHOWN_MS = 10_000;
/** Tells this page from others that are open. */
const PAGE_NAME = String(Math.random()).slice(2);

type Props = {
  sha256: string | undefined;
  live: Live;
  status: Status | undefined;
  work: Work;
  openHelp: () => void;
  openFacts: (image: Question) => void;
  openTell: () => void;
  pause: ReturnType<typeof usePause>;
  /** nobody has given a name: no letter or digit is an answer, the first one begins the name */
  nobody: boolean;
  askName: (typed: string) => void;
};

const NOT_SHOWN = { sha256: '', at: Infinity, seen: false };

export function AnswerPage(props: Props) {
  const { sha256, live, status, work, openHelp, openFacts, openTell, pause, nobody, askName } = props;
  const { queue, waiting, said, trouble, did, undoable, alongs, ...act } = work;
  const image = queue.current;
  const [second, setSecond] = useState<Category>();
  const { note, untaught } = (image && alongs[image.sha256]) ?? NOTHING_ALONG;
  /** a dialog of this page: the note, or which of the wider pictures */
  const [open, setOpen] = useState<'note' | number>();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const alike = image?.state === 'asked' ? (image.lookAlikes ?? []) : [];
  /** which image is on the screen, since when, and whether its picture is: one that could not be loaded was not seen */
  const shown = useRef({ ...NOT_SHOWN });
  const zoomRef = useRef<Zoom>(() => false);
  const heading = useRef<HTMLHeadingElement>(null);
  const following = coming(queue);
  const wider = useWider(image, following.slice(0, 2));
  // what is on the screen stays there; the next one waits for a pause
  const stands = useRef<string>(undefined);
  /** it alone is seen at once, since its answer was taken back */
  const takenBack = useRef<string>(undefined);
  const held =
    pause.held &&
    image?.state === 'asked' &&
    ![sha256, stands.current, takenBack.current].includes(image.sha256);
  if (!held) stands.current = image?.sha256;
  const answerable = image !== undefined && ANSWERABLE.includes(image.state);

  const kept = [image?.sha256, ...queue.skipped].some(
    (sha256) => sha256 && (alongs[sha256]?.note || alongs[sha256]?.untaught),
  );
  useMarks(second !== undefined || ticked.size > 0 || kept);
  useEffect(() => {
    setSecond(undefined);
    setTicked(new Set());
    setOpen(undefined);
    // the button that was pressed must not be pressed again by Enter on the next image
    const pressed = document.activeElement;
    if (!(pressed instanceof HTMLElement) || !pressed.closest('.panel, .look-alikes, .bottom')) return;
    if (heading.current) heading.current.focus();
    else pressed.blur();
  }, [image?.sha256]);

  useEffect(() => {
    const back = () => (shown.current.at = Math.max(shown.current.at, performance.now()));
    addEventListener('focus', back);
    return () => removeEventListener('focus', back);
  }, []);

  // what was pressed for the image as it was must not change what somebody else has just said of it: no key comes between the two
  useLayoutEffect(() => {
    if (shown.current.sha256 === image?.sha256) shown.current.at = performance.now();
  }, [image?.sha256, image?.promptVersion, image?.suggestions.length]);
  useLayoutEffect(() => {
    shown.current = { ...NOT_SHOWN };
  }, [image?.hasPicture]);

  // what is on a screen is not scored again: the service is told every ten seconds, and when nobody looks any more
  useEffect(() => {
    const tell = (sha256: string | null) => void api.shows(PAGE_NAME, sha256).catch(() => undefined);
    const now = () => tell(document.hidden || held ? null : (image?.sha256 ?? null));
    now();
    const timer = setInterval(now, SHOWN_MS);
    document.addEventListener('visibilitychange', now);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', now);
    };
  }, [image?.sha256, held]);
  useEffect(() => () => void api.shows(PAGE_NAME, null).catch(() => undefined), []);

  // the address names the opened image as long as that is on the screen, and not longer
  const opened = useRef<string>(undefined);
  useEffect(() => {
    if (!sha256 || image?.sha256 === sha256) opened.current = sha256;
    else if (opened.current === sha256) location.replace('#/answer');
  }, [image?.sha256, sha256]);

  const stays = (seen: boolean) => (shown.current = { sha256: image!.sha256, at: performance.now(), seen });
  /** It has been on the screen for a moment, with or without its picture, and nothing else comes first. */
  const stood = () =>
    shown.current.sha256 === image?.sha256 &&
    performance.now() - shown.current.at >= LOOK_MS &&
    sinceDialog() >= LOOK_MS &&
    !act.busy();
  const ready = () => shown.current.seen && stood();

  function answer(given: Answer): void {
    if (!answerable || !ready()) return;
    const also = given.kind === 'category' && second && second !== given.category ? { second } : {};
    const along = alike.filter(({ sha256 }) => ticked.has(sha256));
    void act.answer(
      image,
      { ...given, ...also },
      along.map(({ sha256, promptVersion }) => ({ sha256, promptVersion })),
    );
  }

  function press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (
      dialogOpen() ||
      !document.hasFocus() ||
      target.closest('input:not([type=checkbox]), textarea, select, dialog')
    )
      return;
    // Enter on a button or link presses that one
    if (event.key === 'Enter' && target.closest('button, a')) return;
    const letter = nobody ? nameKey(event) : undefined;
    if (letter !== undefined) {
      event.preventDefault();
      return sinceDialog() < LOOK_MS ? undefined : askName(letter);
    }
    const action = actionOf(event);
    if (!action) return;
    // an arrow that pans nothing scrolls the page
    if (action.do === 'zoom') return zoomRef.current(action.by) ? event.preventDefault() : undefined;
    event.preventDefault();
    if (sinceDialog() < LOOK_MS) return;
    if (action.do === 'help') return openHelp();
    if (action.do === 'undo') return undo();
    if (held) return action.do === 'accept' ? pause.askNow() : undefined;
    if (action.do === 'skip') return skip();
    // whatever else a key does is said of this image: of one that somebody has looked at
    if (!image || !ready()) return;
    switch (action.do) {
      case 'category':
        return answer({ kind: 'category', category: action.category });
      case 'accept': {
        const [first] = image.state === 'asked' ? offered(image) : [];
        return first && answer({ kind: 'category', category: first });
      }
      case 'none_of_these':
      case 'unusable':
        return answer({ kind: action.do });
      case 'untaught':
        return answerable ? toggleUntaught() : undefined;
      case 'second':
        return answerable ? mark(action.category) : undefined;
      case 'note':
        return answerable ? setOpen('note') : undefined;
      case 'wider':
        return wider.length > 0 ? setOpen(0) : undefined;
      case 'alike':
        return alike.length > 0 ? tickAll() : act.remark('Nothing that waits looks like this one.');
      case 'facts':
        return openFacts(image);
    }
  }
  /** Also past a picture that cannot be loaded. */
  function skip(): void {
    if (stood()) act.skip();
  }
  function undo(): void {
    // what was sent last may or may not have arrived: that is not what this would take back
    if (did && !undoable) return;
    if (did?.does === 'answer') takenBack.current = did.sha256;
    void act.undo().then(() => did?.does === 'facts' && forgetWider());
  }
  function tick(sha256: string): void {
    const now = new Set(ticked);
    if (!now.delete(sha256)) now.add(sha256);
    setTicked(now);
  }
  function tickAll(): void {
    const all = alike.every(({ sha256 }) => ticked.has(sha256));
    setTicked(new Set(all ? [] : alike.map(({ sha256 }) => sha256)));
  }
  const keep = (along: { note?: string; untaught?: boolean }) => image && act.setAlong(image.sha256, along);
  const toggleUntaught = () => keep({ untaught: !untaught });
  const mark = (category: Category) => setSecond((now) => (now === category ? undefined : category));

  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event);
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);

  const unknown = !image && waiting === undefined;
  const bottom = (
    <BottomLine
      said={trouble && !unknown && said?.tone !== 'bad' ? { tone: 'bad', text: trouble } : said}
      did={said?.unknown ? undefined : did?.text}
      undoable={undoable}
      undo={undo}
      // shown by itself an image carries its label
      coming={following.filter(({ check }) => !check)}
      behind={(waiting ?? 0) - (image?.state === 'asked' && !image.check ? 1 : 0)}
      openHelp={openHelp}
      openTell={openTell}
    />
  );
  if (image && held)
    return (
      <div class="answer empty">
        <HeldBack waiting={(waiting ?? 0) + act.checks || 1} askNow={pause.askNow} />
        {bottom}
      </div>
    );
  if (!image)
    return (
      <div class="answer empty">
        {unknown ? (
          <main class="nothing" aria-busy={!trouble}>
            <p>{trouble ?? 'Looking what waits …'}</p>
          </main>
        ) : (
          <Nothing status={status} tick={live.tick} />
        )}
        {bottom}
      </div>
    );
  return (
    <div class="answer">
      <main>
        <div class="looked-at">
          <Picture
            key={image.sha256}
            image={image}
            zoomRef={zoomRef}
            tick={live.tick}
            onShown={() => stays(true)}
            onFailed={() => stays(false)}
          >
            <Wider items={wider} open={setOpen} />
          </Picture>
          {alike.length > 0 && <LookAlikes alike={alike} ticked={ticked} tick={tick} tickAll={tickAll} />}
        </div>
        <section class="panel" aria-label="Answer">
          <div class="asks">
            <h1 ref={heading} tabIndex={-1}>
              {headingOf(image)}
            </h1>
            <Why image={image} status={status} />
          </div>
          <Choices
            image={image}
            disabled={!answerable}
            second={second}
            markSecond={mark}
            answer={answer}
            skip={skip}
            untaught={untaught}
            toggleUntaught={toggleUntaught}
            note={note}
            openNote={() => stood() && setOpen('note')}
          />
          <TakeBack image={image} takeBack={() => void act.takeBack(image)} />
          <Facts image={image} />
          <FactsLine image={image} open={() => openFacts(image)} />
        </section>
      </main>
      {bottom}
      {/* once an image; what was done is said by the bottom line */}
      <p class="unseen" role="status">
        {readOut(image)}
      </p>
      {open === 'note' && (
        <NoteDialog note={note} keep={(note) => keep({ note })} close={() => setOpen(undefined)} />
      )}
      {typeof open === 'number' && wider[open] && (
        <WiderDialog items={wider} first={open} tick={live.tick} close={() => setOpen(undefined)} />
      )}
    </div>
  );
}

/** For those who do not see the picture change. */
function readOut(image: Question): string {
  const suggested = image.state === 'asked' ? offered(image) : [];
  const of = (category: Category) => image.suggestions.find((one) => one.category === category)!.score;
  const words = suggested.map((category) => `${categoryTitle(category)} ${score(of(category))}`);
  return [
    `On the screen: ${image.name}.`,
    ...(words.length > 0 ? [`Suggested: ${words.join(', ')}.`] : []),
  ].join(' ');
}

function headingOf({ state, check }: Question): string {
  if (check) return 'Blind check: what does this show?';
  return state === 'asked' ? 'What does this show?' : 'Correct its label?';
}

const ANSWERABLE = ['asked', 'labelled', 'tagged', 'forwarded'];
