// One image in a grid: thumbnail, what it is, its state in words; aside with the reason, what to do and a retry.

import { thumbUrl, type ImageSummary, type Status } from '../api.ts';
import { byWhom, flagOf, heldWords, says } from '../flags.ts';
import { inFull, score, when } from '../format.ts';
import { Icon } from './icon.tsx';

type Props = {
  image: ImageSummary;
  retry: () => void;
  /** where it leads to; else to the page where it is answered */
  page?: 'image' | 'answer';
  /** where images are picked for something */
  pick?: { picked: boolean; toggle: () => void };
  /** what is paused: says why the image has not left */
  pauses?: Status['pauses'] | undefined;
};

export function Tile({ image, retry, page = 'answer', pick, pauses = [] }: Props) {
  const { sha256, name, label, error } = image;
  const flag = flagOf(image, pauses);
  const shows = says(image);
  const held = heldWords(image, pauses);
  const said = label ? byWhom(label) : undefined;
  return (
    <li class={pick?.picked ? 'card tile picked' : 'card tile'}>
      {pick && (
        <label class="pick">
          <input type="checkbox" checked={pick.picked} onChange={pick.toggle} />
          <span class="unseen">Pick {name}</span>
        </label>
      )}
      <a href={`#/${page}/${sha256}`} class="thumb" aria-label={`Show ${name}`}>
        {image.hasPicture ? (
          <img src={thumbUrl(sha256)} alt="" loading="lazy" decoding="async" width="240" height="180" />
        ) : (
          <span class="no-picture">no picture</span>
        )}
      </a>
      <p class="what">
        <strong>{shows.words}</strong>
        {shows.score !== undefined && <span class="value">{score(shows.score)}</span>}
      </p>
      <p class={`flag tone-${flag.tone}`}>
        <Icon name={flag.icon} /> {flag.words}
      </p>
      {said && !flag.words.startsWith(said) && <p class="quiet">{said}</p>}
      {held && <p class="reason tone-ask">{held}</p>}
      {error && (
        <div class="reason">
          <p>{error.sentence}</p>
          <p class="quiet">{error.advice}</p>
          <button onClick={retry}>Retry</button>
        </div>
      )}
      <p class="quiet name" title={`${name}\n${inFull(image.settledAt)}`}>
        {name} · {when(image.settledAt)}
      </p>
      <p class="quiet name">{[image.instrument, image.facts['sample']?.value].filter(Boolean).join(' · ')}</p>
    </li>
  );
}
