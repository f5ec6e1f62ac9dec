// Answers that were given under a wrong name: from when on, whose they are. Shows how many before anything changes, and takes exactly that back.

import { useEffect, useState } from 'preact/hooks';
import { nameProblem } from '../../../domain/person.ts';
import { ApiError, api, type GivenAnswer } from '../api.ts';
import { answersWords, inFull } from '../format.ts';
import type { Person } from '../person.ts';
import { Dialog } from './dialog.tsx';

type Props = {
  wrong: string;
  known: string[];
  /** the service knows who corrects */
  signedIn: boolean;
  close: () => void;
  /** these are under another name from now on */
  renamed: (sha256s: string[], from: string, to: string) => void;
  /** whose next answers go under the name that was chosen in this browser; absent where that is an account's, or none */
  person?: Person;
};
/** Typing is over. */
const TYPED_MS = 200;
const AGAIN_MS = 2000;
/** One look finds the newest ones, so many; one correction takes them. */
const MOST = 1000;

type Done = { sha256s: string[]; from: string; to: string };

export function WrongNameDialog({ wrong: given, known, signedIn, close, renamed, person }: Props) {
  const [wrong, setWrong] = useState(given);
  const [right, setRight] = useState('');
  const [since, setSince] = useState(() => local(new Date(Date.now() - 3_600_000)));
  const [until, setUntil] = useState('');
  const [found, setFound] = useState<GivenAnswer[]>();
  const [done, setDone] = useState<Done>();
  const [said, say] = useState('');
  /** why the answers could not be looked up; it is tried again */
  const [trouble, setTrouble] = useState('');
  const from = utc(since);
  const to = until ? utc(until) : undefined;

  useEffect(() => {
    setFound(undefined);
    setTrouble('');
    if (!wrong.trim() || from === undefined || done) return;
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () =>
      api.answersOf(wrong.trim(), from, to).then(
        ({ items }) => {
          if (!current) return;
          setFound(items);
          setTrouble('');
        },
        (error: ApiError) => {
          if (!current) return;
          setTrouble(error.message);
          timer = setTimeout(() => void look(), AGAIN_MS);
        },
      );
    timer = setTimeout(() => void look(), TYPED_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wrong, from, to, done]);

  const problem = nameProblem(right);
  const same = right.trim() === wrong.trim();

  async function change({ sha256s, from, to }: Done, back: boolean): Promise<void> {
    try {
      // who says so: the one whose answers they are, or who is signed in
      const by = signedIn ? undefined : back ? from : to;
      const { changed, left } = await api.correctName(sha256s, from, to, by);
      const rest = left.length > 0 ? ` ${answersWords(left.length)} had changed meanwhile.` : '';
      say(`${answersWords(changed.length)} now under ${to}.${rest}`);
      renamed(changed, from, to);
      setDone(back ? undefined : { sha256s: changed, from, to });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(`${error.message} ${error.hint}`);
    }
  }

  function goOnAs(person: Person, name: string): void {
    person.choose(name);
    close();
  }

  return (
    <Dialog title="Answers under a wrong name" close={close} class="facts-dialog">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem || same || !found?.length || done) return;
          void change(
            { sha256s: found.map(({ sha256 }) => sha256), from: wrong.trim(), to: right.trim() },
            false,
          );
        }}
      >
        <Field id="wrong" label="Given under the name" value={wrong} set={setWrong} names={known} />
        <div class="span">
          <Field id="since" label="since" type="datetime-local" value={since} set={setSince} />
          <Field id="until" label="until (empty: now)" type="datetime-local" value={until} set={setUntil} />
        </div>
        <Field id="right" label="They were those of" value={right} set={setRight} names={known} focus />
        <datalist id="known-names">
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {!done && <p class="quiet">{previewOf(found)}</p>}
        {right.trim() && problem && <p class="tone-bad">This cannot be: {problem}.</p>}
        {done ? (
          <div class="span">
            {person?.name === done.from && (
              <button type="button" class="main" onClick={() => goOnAs(person, done.to)}>
                Go on as {done.to}
              </button>
            )}
            <button
              type="button"
              onClick={() => void change({ ...done, from: done.to, to: done.from }, true)}
            >
              Take that back
            </button>
          </div>
        ) : (
          <button class="main" disabled={problem !== undefined || same || !found?.length}>
            {actOf(wrong.trim() && from !== undefined ? found : [], right.trim())}
          </button>
        )}
      </form>
      <p role="status">{said || trouble}</p>
      <p class="quiet">
        What was said stays as it is. The history says who corrected the name; an image that was tagged gets a
        new revision.
      </p>
    </Dialog>
  );
}

function previewOf(found: GivenAnswer[] | undefined): string {
  if (!found) return ' ';
  if (found.length === 0) return 'No answers under that name in this time.';
  const first = `the first at ${inFull(found.at(-1)!.at)}`;
  if (found.length < MOST) return `${answersWords(found.length)}, ${first}.`;
  return `The newest ${answersWords(MOST)}, ${first}. There may be more before: look again once these are corrected.`;
}

function actOf(found: GivenAnswer[] | undefined, right: string): string {
  if (!found) return 'Looking …';
  if (found.length === 0) return 'No answers';
  return `${answersWords(found.length)} ${found.length === 1 ? 'was' : 'were'} ${right || '…'}’s`;
}

type FieldProps = {
  id: string;
  label: string;
  value: string;
  set: (value: string) => void;
  type?: 'datetime-local';
  names?: string[];
  focus?: boolean;
};

function Field({ id, label, value, set, type, names, focus = false }: FieldProps) {
  return (
    <div class="field">
      <label for={`name-${id}`}>{label}</label>
      <input
        id={`name-${id}`}
        type={type ?? 'text'}
        value={value}
        maxLength={80}
        autocomplete="off"
        autofocus={focus}
        {...(names ? { list: 'known-names' } : {})}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
}

/** As the browser's field wants it: local time, to the minute. */
function local(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function utc(text: string): string | undefined {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
