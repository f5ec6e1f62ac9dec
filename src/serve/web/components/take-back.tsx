// On the page of an answered image: a button that takes the answer back, whoever gave it. Not there where nobody answered.

import type { ImageView } from '../api.ts';

type Props = { image: ImageView; takeBack: () => void };

export function TakeBack({ image: { label, state }, takeBack }: Props) {
  if (label?.basis !== 'answer' || !['labelled', 'tagged', 'forwarded'].includes(state)) return null;
  const along = label.lead ? ' to another image, which this one went with' : '';
  return (
    <p class="take-back">
      <button onClick={takeBack}>Take the answer back</button>{' '}
      <span class="quiet">
        {label.by} gave it{along}. It is asked again{along && ' alone'}.
      </span>
    </p>
  );
}
