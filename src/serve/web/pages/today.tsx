// The Today page: the newest images with their state in words, what is aside with its reason and a retry.

import { useState } from 'preact/hooks';
import { ApiError, api, type FileAside, type ImageSummary, type Status } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { Tile } from '../components/tile.tsx';
import { Trouble } from '../components/trouble.tsx';
import { concernsOf } from '../concerns.ts';
import { inFull, wallTimes, when } from '../format.ts';
import type { Live } from '../live.ts';
import type { Person } from '../person.ts';
import { useImages } from '../use-images.ts';

const FILTERS = [
  ['all', 'All', {}],
  ['mine', 'Mine', {}],
  ['waiting', 'Waiting', { state: 'asked' }],
  ['itself', 'Labelled by itself', { basis: 'auto' }],
  ['doubted', 'Doubted', { doubted: 'true' }],
  ['people', 'By people', { basis: 'answer' }],
  ['repository', 'At the repository', { state: 'forwarded' }],
  ['aside', 'Aside', { state: 'quarantined' }],
] as const;

const NONE: Record<string, string> = {
  all: 'Images appear here as soon as the microscope saves them.',
  mine: 'Images of today appear here once you answered them, or where folder, header or somebody names you as their operator.',
};

/** Nobody is there: nobody's images. */
const ofPerson = async (name: string | undefined): Promise<{ items: ImageSummary[]; next?: string }> =>
  name === undefined ? { items: [] } : { items: (await api.own(name)).items };

type Props = {
  show: string;
  live: Live;
  status: Status | undefined;
  person: Person;
  needName: (then: (name: string) => void) => void;
};

export function TodayPage({ show, live, status, person, needName }: Props) {
  const [said, say] = useState('');
  const filter: Record<string, string> = FILTERS.find(([name]) => name === show)?.[2] ?? {};
  const withFiles = show === 'all' || show === 'aside';

  const what = show === 'mine' ? `mine ${person.name ?? ''}` : show;
  const { list, older, busy, error } = useImages(what, live.tick, async (page) => {
    const [found, aside] = await Promise.all([
      show === 'mine' ? ofPerson(person.name) : api.images({ ...filter, ...page }),
      withFiles && page.cursor === undefined ? api.quarantine() : undefined,
    ]);
    return { ...found, files: aside?.files ?? [] };
  });
  const images = list?.items;
  const files: FileAside[] = list?.files ?? [];

  async function retry(
    name: string,
    work: (by: string) => Promise<unknown>,
    by = person.name,
  ): Promise<void> {
    if (!by) return needName((given) => void retry(name, work, given));
    try {
      await work(by);
      say(`${name} is tried again, ${when(new Date().toISOString())}.`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(`${error.message} ${error.hint}`);
    }
  }

  const doubted = status?.doubted ?? 0;
  const asideCount = (status?.images['quarantined'] ?? 0) + (status?.files['incomplete'] ?? 0);
  return (
    <main class="page wide-page today" aria-busy={!images && !error}>
      <h1>Newest images</h1>
      <nav class="filters" aria-label="Show">
        {FILTERS.map(([name, words]) => (
          <a key={name} href={`#/today?show=${name}`} aria-current={name === show ? 'true' : undefined}>
            {words}
            {name === 'doubted' && doubted > 0 && <span class="count">{doubted}</span>}
            {name === 'aside' && asideCount > 0 && <span class="count bad">{asideCount}</span>}
          </a>
        ))}
      </nav>
      {status &&
        concernsOf(status).map(({ words, why }) => (
          <p key={words} class="concern tone-ask">
            <Icon name="aside" /> {words}
            {why && <span class="quiet"> {wallTimes(why)}</span>}
          </p>
        ))}
      <p class="quiet teaches">
        {status && status.teaching.checks > 0 && (
          <>
            {status.teaching.checks} automatic {status.teaching.checks === 1 ? 'label waits' : 'labels wait'}{' '}
            for a <a href="#/answer">blind check</a> ·{' '}
          </>
        )}
        <a href="#/teaching">How teaching does</a>
      </p>
      <p role="status" class="quiet">
        {said}
      </p>
      <Trouble error={error} />
      {status?.looking?.map(({ instrument, path, reason }) => (
        <p key={`${instrument} ${path}`} class="concern tone-ask">
          <Icon name="aside" /> Not whole yet: {path}
          <span class="quiet">
            {' '}
            {instrument} · {reason}
          </span>
        </p>
      ))}
      {files.length > 0 && (
        <ul class="files">
          {files.map(({ id, path, instrument, seenAt, error }) => (
            <li key={id} class="card">
              <p class="tone-bad">
                <Icon name="aside" /> {error.sentence}
              </p>
              <p>{path}</p>
              <p class="quiet" title={inFull(seenAt)}>
                {instrument} · first seen {when(seenAt)} · {error.advice}
              </p>
              <button onClick={() => void retry(path, (by) => api.retryFile(id, by))}>Retry</button>
            </li>
          ))}
        </ul>
      )}
      {show === 'mine' && person.name === undefined ? (
        <p class="none">
          Say who you are, and the images of today that you took or answered appear here.{' '}
          <button onClick={() => needName(() => undefined)}>Who are you?</button>
        </p>
      ) : (
        images &&
        images.length + files.length === 0 && <p class="none">{NONE[show] ?? 'None at the moment.'}</p>
      )}
      <ul class="grid">
        {images?.map((image) => (
          <Tile
            key={image.sha256}
            image={image}
            page={image.state === 'asked' ? 'answer' : 'image'}
            pauses={status?.pauses}
            retry={() => void retry(image.name, (by) => api.retry(image.sha256, by))}
          />
        ))}
      </ul>
      {older && (
        <button class="older" disabled={busy} onClick={older}>
          Show older
        </button>
      )}
    </main>
  );
}
