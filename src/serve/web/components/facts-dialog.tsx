// Corrects operator, project and sample: of this image, or of all of its instrument that wait and have the same wrong value.

import { useEffect, useState } from 'preact/hooks';
import { FACT_NAMES, type FactName } from '../../../domain/facts.ts';
import { api, type FactValues, type ImageSummary, type ImageView } from '../api.ts';
import { Dialog } from './dialog.tsx';
import { FACT_TITLES } from './facts.tsx';

/** One correction takes as many. */
const MOST = 1000;
const PAGE = 500;

type Props = {
  image: ImageView;
  /** `was`: what all of them said before; resolves to why it was not done */
  save: (sha256s: string[], facts: FactValues, was: FactValues) => Promise<string | undefined>;
  close: () => void;
};

/** `image`: as it was when this was opened; another one may come to the screen meanwhile. */
export function FactsDialog({ image, save, close }: Props) {
  const [values, setValues] = useState(() => valuesOf(image));
  const [all, setAll] = useState(false);
  const [waiting, setWaiting] = useState<ImageSummary[]>([]);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    waitingOf(image.instrument).then(setWaiting, () => undefined);
  }, []);

  const changed = FACT_NAMES.filter((name) => values[name].trim() !== valuesOf(image)[name]);
  const others = waiting.filter(
    (one) =>
      one.sha256 !== image.sha256 &&
      changed.every((name) => one.facts[name]?.value === image.facts[name]?.value),
  );
  const sha256s = [image, ...(all ? others : [])].slice(0, MOST).map((one) => one.sha256);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (changed.length === 0) return;
    const facts = Object.fromEntries(changed.map((name) => [name, values[name].trim() || null]));
    const was = Object.fromEntries(changed.map((name) => [name, valuesOf(image)[name] || null]));
    setProblem(undefined);
    const refused = await save(sha256s, facts, was);
    if (refused === undefined) close();
    else setProblem(refused);
  }

  return (
    <Dialog title="Operator, project, sample" close={close} class="facts-dialog">
      <p class="name" title={image.name}>
        {image.name}
      </p>
      <form onSubmit={(event) => void submit(event)}>
        {FACT_NAMES.map((name, i) => (
          <div key={name} class="field">
            <label for={`fact-${name}`}>{FACT_TITLES[name]}</label>
            <input
              id={`fact-${name}`}
              value={values[name]}
              maxLength={200}
              autocomplete="off"
              aria-describedby={`origin-${name}`}
              autofocus={i === 0}
              onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
            />
            <p id={`origin-${name}`} class="quiet">
              {originOf(image, name)}
            </p>
          </div>
        ))}
        <fieldset>
          <legend class="unseen">For which images</legend>
          <Choice checked={!all} choose={() => setAll(false)} words="for this image" />
          {changed.length > 0 && others.length > 0 && (
            <Choice
              checked={all}
              choose={() => setAll(true)}
              words={`also for the ${others.length} waiting ${others.length === 1 ? 'image' : 'images'} of ${image.instrument} with the same value`}
            />
          )}
        </fieldset>
        <button class="main" disabled={changed.length === 0}>
          {sha256s.length === 1 ? 'Correct' : `Correct ${sha256s.length} images`}
        </button>
      </form>
      {problem && (
        <p role="alert" class="tone-bad">
          {problem}
        </p>
      )}
      <p class="quiet">An empty field is cleared. An image that was tagged gets a new revision.</p>
    </Dialog>
  );
}

function Choice({ checked, choose, words }: { checked: boolean; choose: () => void; words: string }) {
  return (
    <label class="for">
      <input type="radio" name="for" checked={checked} onChange={choose} />
      {words}
    </label>
  );
}

function valuesOf({ facts }: ImageView): Record<FactName, string> {
  const value = (name: FactName) => String(facts[name]?.value ?? '');
  return { operator: value('operator'), project: value('project'), sample: value('sample') };
}

function originOf({ facts }: ImageView, name: FactName): string {
  const origin = facts[name]?.origin;
  if (origin === undefined) return 'not known';
  return origin.startsWith('operator ') ? `corrected by ${origin.slice(9)}` : `from ${origin}`;
}

async function waitingOf(instrument: string): Promise<ImageSummary[]> {
  const found: ImageSummary[] = [];
  let cursor: string | undefined;
  do {
    const query = { state: 'asked', instrument, limit: String(PAGE), ...(cursor ? { cursor } : {}) };
    const { items, next } = await api.images(query);
    found.push(...items);
    cursor = next;
  } while (cursor && found.length < MOST);
  return found;
}
