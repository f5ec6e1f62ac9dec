// On the page of an answered image: a button that takes the answer back, whoever gave it, at the second click. Not there where nobody answered.

import type { ImageView } from '../api.ts';
import { useSure } from '../use-sure.ts';

type Props = { image: ImageView; takeBack: () => void };

export function TakeBack({ image: { label, state }, takeBack }: Props) {
  const sure = useSure<true>();
  if (label?.basis !== 'answer' || !['labelled', 'tagged', 'forwarded'].includes(state)) return null;
  return (
    <p class="take-back">
      <button
        title="The image is asked again, and what rested on the answer is judged anew."
        onClick={() => (sure.asked ? takeBack() : sure.ask(true))}
      >
        {sure.asked ? `Really take the answer of ${label.by} back?` : 'Take the answer back'}
      </button>
      <span class="quiet">
        given by {label.by}
        {label.lead && ' to another image; only this one is asked again'}
      </span>
    </p>
  );
}
