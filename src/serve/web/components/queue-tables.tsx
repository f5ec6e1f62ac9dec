// The tables of the Health page: targets with their lag, what is aside by reason with a retry, disk and model. Shows what it is handed.

import type { ComponentChildren } from 'preact';
import type { QueueHealth, Status } from '../api.ts';
import { si, THIN } from '../../../domain/amounts.ts';
import { age, inFull, when } from '../format.ts';

export function Targets({ status, held }: Pick<QueueHealth, 'status' | 'held'>) {
  if (status.owed.length === 0)
    return <p class="quiet">No target is configured: images stay in the data directory.</p>;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {['Target', 'Owed', 'Paused', 'Withheld', 'Lag', 'Last receipt', 'State'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {status.owed.map(({ target, owed, withheld, sendableSince, lastReceipt, error, awaySince }) => (
            <tr key={target}>
              <th scope="row">{target}</th>
              <td>{owed}</td>
              <td>{held[target] ?? 0}</td>
              <td>{withheld}</td>
              <td title={sendableSince && inFull(sendableSince)}>
                {sendableSince ? age(sendableSince) : 'none'}
              </td>
              <td title={lastReceipt && inFull(lastReceipt)}>{lastReceipt ? when(lastReceipt) : 'never'}</td>
              <td class={error ? 'tone-bad' : 'tone-good'}>
                {error ? `away${awaySince ? ` since ${when(awaySince)}` : ''}: ${error}` : 'takes images'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type AsideProps = {
  aside: QueueHealth['aside'];
  busy: boolean;
  retry: (code: string | undefined, words: string) => void;
};

export function Aside({ aside, busy, retry }: AsideProps) {
  if (aside.length === 0)
    return (
      <p class="quiet">
        Nothing is aside. What cannot be read or delivered appears here with its reason and a retry.
      </p>
    );
  return (
    <>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Reason and what to do</th>
              <th scope="col">Images</th>
              <th scope="col">Files</th>
              <th scope="col">Since</th>
              <th scope="col">Retry</th>
            </tr>
          </thead>
          <tbody>
            {aside.map(({ code, sentence, advice, images, files, since }) => (
              <tr key={code}>
                <th scope="row" class="reason">
                  {sentence} <span class="quiet">{advice}</span>
                </th>
                <td>{images}</td>
                <td>{files}</td>
                <td title={since && inFull(since)}>{since ? age(since) : '–'}</td>
                <td>
                  <button
                    disabled={busy}
                    onClick={() => retry(code, sentence)}
                    aria-label={`Try again: ${sentence}`}
                  >
                    Try again
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="after">
        <a href="#/today?show=aside">Show each of them</a>
        {aside.length > 1 && (
          <button disabled={busy} onClick={() => retry(undefined, 'everything that is aside')}>
            Try all again
          </button>
        )}
      </p>
    </>
  );
}

export function Disk({ disk, spool }: Pick<Status, 'disk' | 'spool'>) {
  if (!disk) return <p class="quiet">Known while the service runs.</p>;
  const { freeBytes, sizeBytes, reserveBytes, quotaBytes, databaseBytes, bottlenecksBytes } = disk;
  return (
    <dl class="pairs">
      <Pair name="Free">
        {si(freeBytes, 'B')} of {si(sizeBytes, 'B')}; {si(reserveBytes, 'B')} are kept in reserve
      </Pair>
      <Pair name="Forecast">{forecast(disk)}</Pair>
      <Pair name="Private copies">
        {si(spool.inFlight, 'B')} on their way (quota {si(quotaBytes, 'B')}), {si(spool.aside, 'B')} aside
      </Pair>
      <Pair name="Database">
        {si(databaseBytes, 'B')}, bottlenecks {si(bottlenecksBytes, 'B')}
      </Pair>
    </dl>
  );
}

function forecast({ fullInDays, measuredHours }: NonNullable<Status['disk']>): string {
  if (measuredHours < 6) return 'Not enough data: it takes six hours of running.';
  if (fullInDays === undefined) return 'Free space does not shrink at the rate of the last day.';
  if (fullInDays < 1) return 'The reserve is reached in less than a day at the rate of the last one.';
  const days = Math.floor(fullInDays);
  if (days > 3650) return 'The reserve is not reached within ten years at the rate of the last day.';
  return `The reserve is reached in about ${days}${THIN}${days === 1 ? 'day' : 'days'} at the rate of the last one.`;
}

export function Model({ model, thresholds, teaching, doubted }: Status) {
  return (
    <dl class="pairs">
      <Pair name="Model">
        {model ? `${model.name} on ${model.engine}${model.note ? `: ${model.note}` : ''}` : 'none is loaded'}
      </Pair>
      <Pair name="Thresholds">
        version {thresholds.version}: by itself above {thresholds.auto}, two suggestions from{' '}
        {thresholds.prompt} <a href="#/thresholds">Thresholds</a>
      </Pair>
      <Pair name="Teaching">
        {teaching.use ? 'in use' : `set aside by ${teaching.by ?? '?'}: ${teaching.reason ?? ''}`}{' '}
        <a href="#/teaching">Teaching</a>
      </Pair>
      <Pair name="Blind checks">
        {teaching.checks} open <a href="#/answer">Answer</a>
      </Pair>
      <Pair name="Doubted">
        {doubted} automatic labels that answers speak against <a href="#/today?show=doubted">Show them</a>
      </Pair>
    </dl>
  );
}

function Pair({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
