// The Health page: is anything waiting for the manager? Cards for what is wrong or slow, then ages and throughput, targets, what is aside, disk, model. No figure of a person.

import { useState } from 'preact/hooks';
import { stoppedFirst, type Paused } from '../../../domain/pause.ts';
import { ApiError, api, type QueueHealth } from '../api.ts';
import { Bars } from '../components/bars.tsx';
import { ConcernCards } from '../components/concern-cards.tsx';
import { Pauses } from '../components/pauses.tsx';
import { Aside, Disk, Model, Targets } from '../components/queue-tables.tsx';
import { Trouble } from '../components/trouble.tsx';
import { THIN } from '../../../domain/amounts.ts';
import { age, inFull } from '../format.ts';
import type { PageProps } from '../page-props.ts';
import { useAsked } from '../use-asked.ts';
import { WHO_DECIDES } from '../who-decides.ts';
import '../style/health.css';

const DONE = ['settled', 'automatic', 'answered', 'forwarded'] as const;
/** Of what people and machine did: settled and forwarded are the same images again. */
const LABELS = ['labelled by themselves', 'answered'];

export function HealthPage({ live, person, needName }: PageProps) {
  const [health, setHealth] = useState<QueueHealth>();
  const [said, say] = useState('');
  const [busy, setBusy] = useState(false);

  const trouble = (error: Error) => {
    if (!(error instanceof ApiError)) throw error;
    say(`${error.message} ${error.hint}`);
  };
  const { ask, error } = useAsked('', live.tick, look);
  function look(): void {
    ask(api.queues(), setHealth);
  }

  /** Whether it was done. */
  async function change(work: (by: string) => Promise<string>, by = person.name): Promise<boolean> {
    if (busy) return false;
    if (!by) return new Promise((done) => needName((given) => done(change(work, given)), WHO_DECIDES));
    setBusy(true);
    try {
      say(await work(by));
      return true;
    } catch (error) {
      trouble(error as Error);
      return false;
    } finally {
      setBusy(false);
      look();
    }
  }

  const pause = (what: Paused, reason: string) =>
    change(async (by) => {
      await api.pause({ ...what, by, reason });
      return `${stoppedFirst(what)} are paused. Intake goes on.`;
    });
  const resume = (what: Paused) =>
    void change(async (by) => {
      await api.resume({ ...what, by });
      return `${stoppedFirst(what)} go on.`;
    });
  const retry = (code: string | undefined, words: string) =>
    void change(async (by) => {
      const { images, files, more } = await api.retryMany({ by, ...(code === undefined ? {} : { code }) });
      const left = more ? ' Some are left: try again once more.' : '';
      return `${images + files} tried again (${words.replace(/\.$/, '')}).${left}`;
    });

  if (!health)
    return (
      <main class="page health" aria-busy={!error}>
        <h1>Health</h1>
        <Trouble error={error} />
      </main>
    );
  const { status, prompts, throughput, held, aside } = health;
  return (
    <main class="page health">
      <h1>Health</h1>
      <p role="status" class="quiet said-here">
        {said}
      </p>
      <Trouble error={error} />
      <ConcernCards concerns={status.concerns} pauses={status.pauses} />

      <div class="columns">
        <section aria-label="Questions">
          <h2>How long do questions wait?</h2>
          {prompts.waiting === 0 ? (
            <p class="quiet">No question waits. Their ages appear here as soon as one does.</p>
          ) : (
            <>
              <p>
                {prompts.waiting} {prompts.waiting === 1 ? 'waits' : 'wait'}, the oldest for{' '}
                <span title={inFull(prompts.oldest!)}>{age(prompts.oldest!)}</span>, half of them for{' '}
                {age(prompts.median!)} or longer. <a href="#/answer">Answer</a>
              </p>
              <Bars
                title="Questions by age"
                of="Age"
                parts={['waiting']}
                bars={prompts.ages.map(({ underSeconds, waiting }) => ({ label: ageLabel(underSeconds), values: [waiting] }))} // prettier-ignore
              />
            </>
          )}
        </section>
        <section aria-label="Images">
          <h2>What comes in and goes out?</h2>
          <Bars
            title="Images settled, the last 24 hours"
            of="Hour"
            parts={['settled']}
            every={4}
            bars={throughput.hours.map((span) => ({ label: hour(span.from), values: [span.settled] }))}
          />
          <Bars
            title="Images at every target, the last 24 hours"
            of="Hour"
            parts={['forwarded']}
            every={4}
            bars={throughput.hours.map((span) => ({ label: hour(span.from), values: [span.forwarded] }))}
          />
        </section>
        <section aria-label="Labels">
          <h2>Who labels?</h2>
          <Bars
            title="Labels, the last 24 hours"
            of="Hour"
            parts={LABELS}
            every={4}
            bars={throughput.hours.map((span) => ({
              label: hour(span.from),
              values: [span.automatic, span.answered],
            }))}
          />
          <Bars
            title="Labels, the last 14 days"
            of="Day"
            parts={LABELS}
            every={3}
            bars={throughput.days.map((span) => ({
              label: day(span.from),
              values: [span.automatic, span.answered],
            }))}
          />
        </section>
      </div>

      <section aria-label="Targets">
        <h2>Targets</h2>
        <Targets status={status} held={held} />
      </section>
      <Pauses status={status} busy={busy} pause={pause} resume={resume} />
      <section aria-label="Aside">
        <h2>Aside</h2>
        <Aside aside={aside} busy={busy} retry={retry} />
      </section>
      <div class="columns">
        <section aria-label="Disk">
          <h2>Disk</h2>
          <Disk {...status} />
        </section>
        <section aria-label="Model">
          <h2>Model</h2>
          <Model {...status} />
        </section>
        <section aria-label="By day">
          <h2>The last 14 days</h2>
          <details>
            <summary>As a table</summary>
            <div class="scroll tall" role="region" aria-label="The last 14 days" tabindex={0}>
              <table class="figures">
                <thead>
                  <tr>
                    {['Day', 'Settled', 'By themselves', 'Answered', 'At every target'].map((title) => (
                      <th key={title} scope="col">
                        {title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {throughput.days.map((span) => (
                    <tr key={span.from}>
                      <th scope="row">{day(span.from)}</th>
                      {DONE.map((what) => (
                        <td key={what}>{span[what]}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </section>
      </div>
    </main>
  );
}

/** The limit of a bar; none: all that wait longer than the one before. */
function ageLabel(underSeconds: number | undefined): string {
  if (underSeconds === undefined) return 'longer';
  const [size, unit] = UNITS.find(([seconds]) => underSeconds >= seconds) ?? [1, 's'];
  return `< ${underSeconds / size}${THIN}${unit}`;
}
const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;
const hour = (iso: string) => `${String(new Date(iso).getHours()).padStart(2, '0')} h`;
const day = (iso: string) => new Date(iso).toLocaleDateString([], { day: 'numeric', month: 'short' });
