// The Thresholds page: move a handle, see what it would have done, save it with a reason. Saves nothing by itself.

import { useEffect, useRef, useState } from 'preact/hooks';
import { CATEGORIES, categoryTitle, type Category } from '../../../domain/categories.ts';
import { pairOf, type Pair, type ThresholdsValue } from '../../../domain/decision.ts';
import { historyWords, percent, SAVED_MEANS, valueWords } from '../../threshold-words.ts';
import { ApiError, api, type HistoryPlots, type ThresholdsOverview, type VersionView } from '../api.ts';
import { RiskPlot } from '../components/risk-plot.tsx';
import { ScorePlot } from '../components/score-plot.tsx';
import { Trouble } from '../components/trouble.tsx';
import { Versions } from '../components/versions.tsx';
import { WhatIfFigures } from '../components/what-if-figures.tsx';
import type { PageProps } from '../page-props.ts';
import { useAsked } from '../use-asked.ts';
import { useWhatIf } from '../use-what-if.ts';
import { WHO_DECIDES } from '../who-decides.ts';
import '../style/thresholds.css';
import { ReasonField } from '../components/reason-field.tsx';

/** While the history is being read after a start. */
const AGAIN_MS = 300;

const valueOf = ({ auto, prompt, perCategory }: ThresholdsValue): ThresholdsValue =>
  perCategory ? { auto, prompt, perCategory } : { auto, prompt };

export function ThresholdsPage({ live, status, person, needName }: PageProps) {
  const [overview, setOverview] = useState<ThresholdsOverview>();
  const [value, setValue] = useState<ThresholdsValue>();
  const [category, setCategory] = useState<Category>();
  const [drawn, setDrawn] = useState<{ category: Category | undefined; plots: HistoryPlots }>();
  const [against, setAgainst] = useState<number>();
  const [reason, setReason] = useState('');
  const [said, say] = useState('');
  const [busy, setBusy] = useState(false);
  /** the version in force that was looked at here */
  const seen = useRef<number>(undefined);
  /** the handles stand elsewhere than what is in force */
  const moved = useRef(false);
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);

  const ready = overview?.history !== undefined;
  const { ask, error } = useAsked('', live.tick, () => {
    if (!ready) look();
  });
  const look = () => ask(api.thresholds(), show);
  // what another saves, here or by the command line, is in force on this page too
  const newest = status?.thresholds.version;
  useEffect(() => {
    if (!busy && overview && newest !== undefined && newest > overview.inForce.version) look();
  }, [newest]);
  const read = ready ? undefined : overview?.read;
  useEffect(() => {
    if (read === undefined) return;
    const again = setTimeout(look, AGAIN_MS);
    return () => clearTimeout(again);
  }, [overview]);
  useEffect(() => {
    setValue((before) => before ?? (overview && valueOf(overview.inForce)));
  }, [overview]);
  const plots = drawn && drawn.category === category ? drawn.plots : undefined;
  const drawing = useAsked(`${category} ${ready}`, live.tick, () => {
    if (ready && !plots) drawing.ask(api.thresholdPlots(category), (found) => setDrawn({ category, plots: found })); // prettier-ignore
  });
  const figures = useWhatIf(ready ? value : undefined, against ?? overview?.inForce.version, live.tick);

  /** Whether it was saved. */
  async function change(send: (by: string) => Promise<VersionView>, by = person.name): Promise<boolean> {
    if (!here.current || busy) return false;
    if (!by) return new Promise((done) => needName((given) => done(change(send, given)), WHO_DECIDES));
    let done = false;
    setBusy(true);
    try {
      const saved = await send(by);
      seen.current = saved.version;
      setReason('');
      setValue(valueOf(saved));
      setAgainst(undefined);
      setOverview((before) => before && { ...before, inForce: saved, versions: [saved, ...before.versions] });
      say(`Version ${saved.version} is in force.`);
      done = true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(`${error.message} ${error.hint}`);
    }
    setBusy(false);
    look();
    return done;
  }
  /** What another saved meanwhile is looked at before anything can be saved over it. */
  function show(found: ThresholdsOverview): void {
    const { version, author, reason } = found.inForce;
    if (seen.current !== undefined && version > seen.current) {
      const saved = `${author} saved version ${version} meanwhile, ${valueWords(found.inForce)}: ${reason}.`;
      if (moved.current) {
        setAgainst(version);
        setReason('');
        say(
          `${saved} The handles stay as they are here, with their figures beside those of version ${version}; to save them all the same, give a reason again.`,
        );
      } else {
        setAgainst(undefined);
        setValue(valueOf(found.inForce));
        say(`${saved} The handles stand on it.`);
      }
    }
    seen.current = version;
    setOverview(found);
  }

  if (!overview || !value)
    return (
      <main class="page thresholds" aria-busy={!error}>
        <h1>Thresholds</h1>
        <Trouble error={error} />
      </main>
    );

  const { inForce, versions, history } = overview;
  const own = category && value.perCategory?.[category];
  const pair = category ? pairOf(value, category) : value;
  const changed = JSON.stringify(value) !== JSON.stringify(valueOf(inForce));
  moved.current = changed;
  // what is saved was looked at, or the page says that it cannot be
  const looked = figures.current || figures.error !== undefined;
  const savable = !busy && changed && looked && reason.trim() !== '';
  function move(next: Pair): void {
    const { auto, prompt } = next;
    setValue((before) =>
      category
        ? { ...before!, perCategory: { ...before!.perCategory, [category]: { auto, prompt } } }
        : { ...before!, auto, prompt },
    );
  }
  function sameAsAll(): void {
    const rest = { ...value!.perCategory };
    delete rest[category!];
    setValue({
      auto: value!.auto,
      prompt: value!.prompt,
      ...(Object.keys(rest).length ? { perCategory: rest } : {}),
    });
  }

  return (
    <main class="page thresholds">
      <header>
        <h1>Thresholds</h1>
        <label>
          <span>Category </span>
          <select
            value={category ?? ''}
            onChange={(event) =>
              setCategory((event.currentTarget.value || undefined) as Category | undefined)
            }
          >
            <option value="">all</option>
            {CATEGORIES.map((name) => (
              <option key={name} value={name}>
                {categoryTitle(name)}
                {value.perCategory?.[name] ? ' (of its own)' : ''}
              </option>
            ))}
          </select>
        </label>
        {own ? (
          <button onClick={sameAsAll}>Same as for all</button>
        ) : (
          category && <span class="quiet">Move a handle to give it thresholds of its own.</span>
        )}
      </header>
      <p role="status" class="quiet said">
        {said}
      </p>
      <Trouble error={error ?? drawing.error} />
      <div class="sides">
        <section aria-label="The confirmed history">
          <ScorePlot
            bins={plots?.bins ?? []}
            pair={pair}
            of={category ? categoryTitle(category) : 'all categories'}
            move={move}
          />
          {plots ? (
            <RiskPlot curve={plots.curve} figures={figures} category={category} />
          ) : (
            <p class="quiet empty" aria-busy={!drawing.error}>
              Looking at the confirmed history …
            </p>
          )}
          {read !== undefined && (
            <p>
              <label>
                The confirmed history is being read after the start: <progress max={1} value={read} />{' '}
                {percent(read)}
              </label>
            </p>
          )}
          {history?.images === 0 && (
            <p>
              Every image that a person has answered will count here, with the score by which it was routed.
            </p>
          )}
          {history &&
            historyWords(history).map((words) => (
              <p key={words} class="quiet">
                {words}
              </p>
            ))}
        </section>
        <section aria-label="What this setting would have done">
          <h2>What this setting would have done</h2>
          <WhatIfFigures {...figures} category={category} />
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!savable) return;
              void change((by) =>
                api.saveThresholds({ ...value, reason: reason.trim(), by, version: inForce.version }),
              );
            }}
          >
            <ReasonField id="reason" reason={reason} change={setReason} />
            <button disabled={!savable}>Save</button>
            <button type="button" disabled={busy || !changed} onClick={() => setValue(valueOf(inForce))}>
              As in force
            </button>
          </form>
          <p class="quiet">{SAVED_MEANS}</p>
        </section>
      </div>
      <Versions
        versions={versions}
        inForce={inForce}
        against={against}
        compare={setAgainst}
        put={(one) => setValue(valueOf(one))}
        rollBack={(to, why) =>
          change((by) => api.rollBack({ to, reason: why, by, version: inForce.version }))
        }
      />
    </main>
  );
}
