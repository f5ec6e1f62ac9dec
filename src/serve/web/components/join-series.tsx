// A choice among other series of the same sample or folder, and what puts this one into it.

import { useState } from 'preact/hooks';
import type { SeriesBrief } from '../api.ts';
import { imagesWords, when } from '../format.ts';

export function JoinSeries({ others, join }: { others: SeriesBrief[]; join: (into: number) => void }) {
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
