// What is wrong or slow, a card each with the next step; where nothing is, it says so.

import { pauseHeading } from '../../../domain/pause.ts';
import type { Concern } from '../../concerns.ts';
import type { Status } from '../api.ts';
import { wallTimes } from '../format.ts';
import { resumeId } from './pauses.tsx';
import { Icon } from './icon.tsx';

const LINKS: Partial<Record<Concern['code'], string>> = {
  prompts_old: 'Answer',
  aside: 'Show them',
  teaching_aside: 'Open Teaching',
};

export function ConcernCards({ concerns, pauses }: Pick<Status, 'concerns' | 'pauses'>) {
  const pauseIn = (words: string) => pauses.find((one) => words === pauseHeading(one));
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
          {code === 'forwarding_paused' && pauseIn(words) && (
            <a
              href="#/health"
              onClick={(event) => {
                event.preventDefault();
                const resume = document.getElementById(resumeId(pauseIn(words)!));
                resume?.scrollIntoView({ block: 'center' });
                resume?.focus();
              }}
            >
              Go to Resume
            </a>
          )}
          {page && LINKS[code] && <a href={`#${page}`}>{LINKS[code]}</a>}
        </li>
      ))}
    </ul>
  );
}
