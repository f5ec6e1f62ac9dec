// The Thresholds page: move a handle, see what it would have done, save it with a reason. Saves nothing by itself.

import { useEffect, useRef, useState } from 'preact/hooks';
import { CATEGORIES, type Category } from '../../../domain/categories.ts';
import { pairOf, type Pair, type ThresholdsValue } from '../../../domain/decision.ts';
import { historyWords, percent, SAVED_MEANS, valueWords } from '../../threshold-words.ts';
import { ApiError, api, type HistoryPlots, type ThresholdsOverview, type VersionView } from '../api.ts';
import { RiskPlot } from '../components/risk-plot.tsx';
import { ScorePlot } from '../components/score-plot.tsx';
import { WhatIfFigures } from '../components/what-if-figures.tsx';
import type { Asks } from '../components/who-dialog.tsx';
import { inFull, when } from '../format.ts';
import type { PageProps } from '../page-props.ts';
import { useWhatIf } from '../use-what-if.ts';
import '../style/thresholds.css';

const ASKS: Asks = {
  title: 'Who decides this?',
  means: 'Your name goes into the history, with the reason.',
  as: 'Go on as',
};
/** While the history is being read after a start. */
const AGAIN_MS = 300;
const NO_PLOTS: HistoryPlots = { bins: [], curve: [] };

const valueOf = ({ auto, prompt, perCategory }: ThresholdsValue): ThresholdsValue =>
  perCategory ? { auto, prompt, perCategory } : { auto, prompt };

export function ThresholdsPage({ me, person, needName }: PageProps) {
  const [overview, setOverview] = useState<ThresholdsOverview>();
  const [value, setValue] = useState<ThresholdsValue>();
  const [category, setCategory] = useState<Category>();
  const [plots, setPlots] = useState(NO_PLOTS);
  const [against, setAgainst] = useState<number>();
  const [reason, setReason] = useState('');
  const [said, say] = useState('');
  const [busy, setBusy] = useState(false);
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);

  const trouble = (error: Error) => {
    if (!(error instanceof ApiError)) throw error;
    say(`${error.message} ${error.hint}`);
  };
  const look = () => api.thresholds().then(setOverview, trouble);
  useEffect(() => void look(), []);
  const read = overview?.history ? undefined : overview?.read;
  useEffect(() => {
    if (read === undefined) return;
    const again = setTimeout(() => void look(), AGAIN_MS);
    return () => clearTimeout(again);
  }, [overview]);
  const ready = overview?.history !== undefined;
  useEffect(() => {
    setValue((before) => before ?? (overview && valueOf(overview.inForce)));
  }, [overview]);
  useEffect(() => {
    if (ready) void api.thresholdPlots(category).then(setPlots, trouble);
  }, [category, ready]);
  const answer = useWhatIf(ready ? value : undefined, against, trouble);

  const manages = me?.role === 'manager';
  async function change(
    send: (by: string) => Promise<VersionView>,
    by = me?.name ?? person.name,
  ): Promise<void> {
    if (!here.current || busy) return;
    if (!by) return needName((given) => void change(send, given), ASKS);
    setBusy(true);
    try {
      const saved = await send(by);
      setReason('');
      setValue(valueOf(saved));
      setAgainst(undefined);
      say(`Version ${saved.version} is in force.`);
    } catch (error) {
      trouble(error as Error);
    }
    setBusy(false);
    await look();
  }

  if (!overview || !value)
    return (
      <main class="page thresholds" aria-busy="true">
        <h1>Thresholds</h1>
        <p role="status">{said}</p>
      </main>
    );

  const { inForce, versions, history } = overview;
  const own = category && value.perCategory?.[category];
  const pair = category ? pairOf(value, category) : value;
  const changed = JSON.stringify(value) !== JSON.stringify(valueOf(inForce));
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
                {name}
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
      <div class="sides">
        <section aria-label="The confirmed history">
          <ScorePlot
            bins={plots.bins}
            pair={pair}
            of={category ?? 'all categories'}
            disabled={!manages}
            move={move}
          />
          <RiskPlot curve={plots.curve} auto={pair.auto} />
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
          <WhatIfFigures answer={answer} category={category} />
          {manages && (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (changed && reason.trim())
                  void change((by) =>
                    api.saveThresholds({ ...value, reason: reason.trim(), by, version: inForce.version }),
                  );
              }}
            >
              <label for="reason">Reason</label>
              <input
                id="reason"
                value={reason}
                maxLength={500}
                autocomplete="off"
                onInput={(event) => setReason(event.currentTarget.value)}
              />
              <button disabled={busy || !changed || !reason.trim()}>Save</button>
              <button type="button" disabled={busy || !changed} onClick={() => setValue(valueOf(inForce))}>
                As in force
              </button>
            </form>
          )}
          <p class="quiet">{SAVED_MEANS}</p>
        </section>
      </div>
      <section aria-label="Versions">
        <h2>Versions</h2>
        <ul class="versions">
          {versions.map((one) => (
            <li key={one.version} class="card">
              <p>
                <b>Version {one.version}</b>
                {one.version === inForce.version ? ' (in force)' : ''}: {valueWords(one)}
              </p>
              <p class="quiet">
                <span title={inFull(one.at)}>{when(one.at)}</span>, {one.author}: {one.reason}
              </p>
              <p class="acts">
                <button
                  aria-pressed={against === one.version}
                  onClick={() => setAgainst(against === one.version ? undefined : one.version)}
                >
                  Compare
                </button>
                <button onClick={() => setValue(valueOf(one))}>Put on the handles</button>
                {manages && one.version !== inForce.version && (
                  <button
                    disabled={busy || !reason.trim()}
                    title="Needs a reason, above"
                    onClick={() =>
                      void change((by) =>
                        api.rollBack({
                          to: one.version,
                          reason: reason.trim(),
                          by,
                          version: inForce.version,
                        }),
                      )
                    }
                  >
                    Roll back
                  </button>
                )}
              </p>
            </li>
          ))}
        </ul>
      </section>
    </main>
  );
}
