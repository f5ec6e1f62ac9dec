// In words and thumbnails whether the images of a series look alike or are two subjects, with a button that splits them. Compares nothing itself.

import { ALIKE } from '../../../domain/teaching.ts';
import { thumbUrl, type FullSeries, type Spread } from '../api.ts';

/** Thumbnails of each subject. */
const SHOWN = 6;

export function Subjects({
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
    <section class="card subjects" aria-label="Two subjects">
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
            <a href={`#/image/${sha256}`} aria-label="Show this image">
              <img src={thumbUrl(sha256)} alt="" loading="lazy" width="96" height="72" />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
