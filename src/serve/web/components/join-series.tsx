// A choice among other series of the same sample or folder, and what puts this one into it. The two are one then: a second click is needed.

import { useState } from 'preact/hooks';
import type { SeriesBrief } from '../api.ts';
import { imagesWords, when } from '../format.ts';
import { Twice } from './twice.tsx';

type Props = {
  others: SeriesBrief[];
  /** how many this one holds */
  images: number;
  join: (into: number) => void;
};

export function JoinSeries({ others, images, join }: Props) {
  const [into, setInto] = useState('');
  if (others.length === 0) return null;
  const chosen = others.find(({ id }) => String(id) === into);
  return (
    <div class="join">
      <label for="join-into">Join with</label>
      <select id="join-into" value={into} onChange={(event) => setInto(event.currentTarget.value)}>
        <option value="">another of this sample or folder</option>
        {others.map(({ id, name, images: its, lastAt }) => (
          <option key={id} value={id}>
            {name}, {imagesWords(its)}, last {when(lastAt)}
          </option>
        ))}
      </select>
      <Twice words="Join" sure="Really join?" disabled={!chosen} act={() => join(Number(into))} />
      {chosen && (
        <span class="quiet">
          {images === 1 ? 'Its image goes' : `All ${images} images go`} into {chosen.name}, with what they
          taught. Only picking them there and splitting them off parts them again.
        </span>
      )}
    </div>
  );
}
