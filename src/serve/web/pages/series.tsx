// The page of one series: what it holds, whether two subjects lie in it, its images; what is another subject is split off here, what belongs together is joined.

import { useState } from 'preact/hooks';
import type { ImageSummary, Series } from '../api.ts';
import { JoinSeries } from '../components/join-series.tsx';
import { Subjects } from '../components/subjects.tsx';
import { Tile } from '../components/tile.tsx';
import { Trouble } from '../components/trouble.tsx';
import { imagesWords, when } from '../format.ts';
import type { PageProps } from '../page-props.ts';
import '../style/series.css';
import { useSeries } from '../use-series.ts';

export function SeriesPage({ route, live, person, needName }: PageProps) {
  const id = route.page === 'series' ? route.id : 0;
  const { full, missing, images, older, busy, error, done, split, join, retry } = useSeries(id, live, person.name, needName); // prettier-ignore
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  if (missing) return <Words words={`There is no series ${id}.`} />;
  if (!full || !images)
    return (
      <main class="page wide-page series" aria-busy={!error}>
        {error && <h1>Series {id}</h1>}
        <Trouble error={error} />
      </main>
    );
  const { series, spread, others } = full;
  const { name, joined } = series;
  if (joined !== undefined)
    return (
      <Words words={`${name} was joined with another series.`}>
        <a href={`#/series/${joined}`}>Show that one</a>
      </Words>
    );
  const here = images.filter(({ sha256 }) => picked.has(sha256));
  function toggle(sha256: string): void {
    const now = new Set(picked);
    if (!now.delete(sha256)) now.add(sha256);
    setPicked(now);
  }
  function splitOff(sha256s: string[]): void {
    setPicked(new Set());
    void split(sha256s);
  }
  return (
    <main class="page wide-page series">
      <h1>{name}</h1>
      <p class="quiet">{counts(series)}</p>
      <Subjects spread={spread} images={series.images} split={splitOff} />
      <p role="status" class="done">
        {done?.words}
        {done?.back && (
          <>
            {' '}
            <a href={`#/series/${done.back.from}`}>Show it</a>{' '}
            <button onClick={() => void join(done.back!.from, done.back!.into)}>Take it back</button>
          </>
        )}
      </p>
      <div class="moves">
        <button
          disabled={here.length === 0 || here.length >= series.images}
          onClick={() => splitOff(here.map(({ sha256 }) => sha256))}
        >
          Split off {here.length > 0 ? imagesWords(here.length) : ''}
        </button>
        <span class="quiet">{pickWords(here.length, series.images)}</span>
        <JoinSeries others={others} images={series.images} join={(into) => void join(id, into)} />
      </div>
      <Trouble error={error} />
      {images.length === 0 && <p class="none">This series is empty: its images went into other series.</p>}
      <Grid images={images} picked={picked} toggle={toggle} retry={retry} />
      {older && (
        <button class="older" disabled={busy} onClick={older}>
          Show older
        </button>
      )}
    </main>
  );
}

function Words({ words, children }: { words: string; children?: preact.ComponentChildren }) {
  return (
    <main class="page wide-page series">
      <p class="none">
        {words} {children}
      </p>
    </main>
  );
}

function counts({ startedAt, lastAt, images, waiting, answers, because, privateProject }: Series): string {
  const [from, to] = [when(startedAt), when(lastAt)];
  return [
    from === to ? from : `${from} to ${to}`,
    imagesWords(images),
    `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for an answer`,
    `${answers} ${answers === 1 ? 'answer teaches' : 'answers teach'} here`,
    `${because} labelled because of answers`,
    ...(privateProject === undefined
      ? []
      : [`private project ${privateProject}: its answers teach only itself`]),
  ].join(' · ');
}

function pickWords(n: number, all: number): string {
  if (all === 0) return '';
  if (all < 2) return 'A series of one image cannot be split.';
  if (n === 0)
    return 'Pick images of another subject: they become a series of their own, with what they taught.';
  return n >= all ? 'All are picked: the others would be none.' : '';
}

type GridProps = {
  images: ImageSummary[];
  picked: ReadonlySet<string>;
  toggle: (sha256: string) => void;
  retry: (image: ImageSummary) => void;
};

function Grid({ images, picked, toggle, retry }: GridProps) {
  return (
    <ul class="grid">
      {images.map((image) => (
        <Tile
          key={image.sha256}
          image={image}
          page="image"
          retry={() => retry(image)}
          pick={{ picked: picked.has(image.sha256), toggle: () => toggle(image.sha256) }}
        />
      ))}
    </ul>
  );
}
