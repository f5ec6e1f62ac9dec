// The page of one series: what it holds, whether two subjects lie in it, its images; what is another subject is split off here, what belongs together is joined.

import { useState } from 'preact/hooks';
import { api, thumbUrl, type FullSeries, type ImageSummary, type Series, type SeriesBrief, type Spread } from '../api.ts'; // prettier-ignore
import { Tile } from '../components/tile.tsx';
import { when } from '../format.ts';
import type { Live } from '../live.ts';
import type { Person } from '../person.ts';
import { useSeries } from '../use-series.ts';

/** Mean cosine from which images are called alike: 11 of 16 series of six or more reach it in the replays, 4 of 44 pairs of two categories do. */
const ALIKE = 0.5;
/** Thumbnails of each subject. */
const SHOWN = 6;

type Props = {
  id: number;
  live: Live;
  person: Person;
  needName: (then: (name: string) => void) => void;
};

export function SeriesPage({ id, live, person, needName }: Props) {
  const { full, missing, images, older, done, split, join } = useSeries(id, live, person.name, needName);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  if (missing) return <Words words={`There is no series ${id}.`} />;
  if (!full || !images) return <main class="series" />;
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
    <main class="series">
      <h1>{name}</h1>
      <p class="quiet">{counts(series)}</p>
      <SpreadWords spread={spread} images={series.images} split={splitOff} />
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
        <Join others={others} join={(into) => void join(id, into)} />
      </div>
      {images.length === 0 && <p class="none">This series is empty: its images went into other series.</p>}
      <Grid images={images} picked={picked} toggle={toggle} person={person} needName={needName} />
      {older && (
        <button class="older" onClick={() => void older()}>
          Show older
        </button>
      )}
    </main>
  );
}

function Words({ words, children }: { words: string; children?: preact.ComponentChildren }) {
  return (
    <main class="series">
      <p class="none">
        {words} {children}
      </p>
    </main>
  );
}

const imagesWords = (n: number) => (n === 1 ? '1 image' : `${n} images`);

function counts({ startedAt, lastAt, images, waiting, answers, because }: Series): string {
  const [from, to] = [when(startedAt), when(lastAt)];
  return [
    from === to ? from : `${from} to ${to}`,
    imagesWords(images),
    `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for an answer`,
    `${answers} ${answers === 1 ? 'answer teaches' : 'answers teach'} here`,
    `${because} labelled because of answers`,
  ].join(' · ');
}

function pickWords(n: number, all: number): string {
  if (all < 2) return 'A series of one image cannot be split.';
  if (n === 0)
    return 'Pick images of another subject: they become a series of their own, with what they taught.';
  return n >= all ? 'All are picked: the others would be none.' : '';
}

function SpreadWords({
  spread,
  images,
  split,
}: {
  spread: FullSeries['spread'];
  images: number;
  split: (sha256s: string[]) => void;
}) {
  // prettier-ignore
  if (images < 2) return null;
  if (!spread) return <p>How alike these images are is not known: nothing compares them.</p>;
  const of = spread.images < images ? ` Compared: the newest ${spread.images}.` : '';
  if (!spread.subjects) {
    const words = spread.likeness >= ALIKE ? 'These images look alike.' : 'These images differ, but no two subjects stand out.'; // prettier-ignore
    return (
      <p title={likenessWords(spread)}>
        {words}
        {of}
      </p>
    );
  }
  const [more, fewer] = spread.subjects;
  return (
    <section class="subjects" aria-label="Two subjects">
      <p title={likenessWords(spread)}>It looks as if two subjects lie here.{of}</p>
      <div>
        <Subject sha256s={more} words={`${more.length} like this`} />
        <Subject sha256s={fewer} words={`${fewer.length} like that`} />
      </div>
      <button onClick={() => split(fewer)}>Split off the {fewer.length} like that</button>
    </section>
  );
}

const likenessWords = ({ likeness }: Spread) => `Mean likeness of two of them ${likeness.toFixed(2)}, of 1 at most`; // prettier-ignore

function Subject({ sha256s, words }: { sha256s: string[]; words: string }) {
  return (
    <div>
      <p class="quiet">{words}</p>
      <ul>
        {sha256s.slice(0, SHOWN).map((sha256) => (
          <li key={sha256}>
            <a href={`#/answer/${sha256}`} aria-label="Show this image">
              <img src={thumbUrl(sha256)} alt="" loading="lazy" width="96" height="72" />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Join({ others, join }: { others: SeriesBrief[]; join: (into: number) => void }) {
  const [into, setInto] = useState('');
  if (others.length === 0) return null;
  return (
    <form
      class="join"
      onSubmit={(event) => {
        event.preventDefault();
        if (into) join(Number(into));
      }}
    >
      <label for="join-into">Join with</label>
      <select id="join-into" value={into} onChange={(event) => setInto(event.currentTarget.value)}>
        <option value="">another of this sample or folder</option>
        {others.map(({ id, name, images, lastAt }) => (
          <option key={id} value={id}>
            {name}, {imagesWords(images)}, last {when(lastAt)}
          </option>
        ))}
      </select>
      <button disabled={!into}>Join</button>
    </form>
  );
}

type GridProps = Pick<Props, 'person' | 'needName'> & {
  images: ImageSummary[];
  picked: ReadonlySet<string>;
  toggle: (sha256: string) => void;
};

function Grid({ images, picked, toggle, person, needName }: GridProps) {
  const retry = (sha256: string, by = person.name): void =>
    by ? void api.retry(sha256, by).catch(() => undefined) : needName((given) => retry(sha256, given));
  return (
    <ul class="grid">
      {images.map((image) => (
        <Tile
          key={image.sha256}
          image={image}
          retry={() => retry(image.sha256)}
          pick={{ picked: picked.has(image.sha256), toggle: () => toggle(image.sha256) }}
        />
      ))}
    </ul>
  );
}
