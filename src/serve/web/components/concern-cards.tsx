// What is wrong or slow, a card each with the next step; where nothing is, it says so.

import type { Concern } from '../../concerns.ts';
import type { Status } from '../api.ts';
import { wallTimes } from '../format.ts';
import { Icon } from './icon.tsx';

const LINKS: Partial<Record<Concern['code'], string>> = {
  prompts_old: 'Answer',
  aside: 'Show them',
  teaching_aside: 'Open Teaching',
};

export function ConcernCards({ concerns }: Pick<Status, 'concerns'>) {
  if (concerns.length === 0)
    return (
      <p class="card tone-good">
        <Icon name="check" /> Nothing is wrong. Images are taken, labelled and sent.
      </p>
    );
  return (
    <ul class="cards">
      {concerns.map(({ code, level, words, why, next, page }) => (
        <li key={words} class={`card ${level}`}>
          <h2 class={level === 'red' ? 'tone-bad' : 'tone-ask'}>
            <Icon name={level === 'red' ? 'aside' : 'paused'} />
            <span class="unseen">{level === 'red' ? 'Wrong: ' : 'Slow or paused: '}</span>
            {words[0]!.toUpperCase() + words.slice(1)}
          </h2>
          {why && <p>{wallTimes(why)}</p>}
          <p class="quiet">{next}</p>
          {page && LINKS[code] && <a href={`#${page}`}>{LINKS[code]}</a>}
        </li>
      ))}
    </ul>
  );
}
