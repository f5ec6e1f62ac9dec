// What the setting would have done to the confirmed history, beside a version: counts with bars, wrong labels with their interval. Draws; asks nothing.

import type { Category } from '../../../domain/categories.ts';
import { errorWords, percent, waitingWords, WAYS, WRONG_MEANS } from '../../threshold-words.ts';
import { grouped } from '../../../domain/amounts.ts';
import type { Figures } from '../use-what-if.ts';
import { Trouble } from './trouble.tsx';

type Props = Figures & { category: Category | undefined };

export function WhatIfFigures({ answer, current, error, category }: Props) {
  const trouble = error && (
    <>
      <p>What this setting would have done is not known.</p>
      <Trouble error={error} />
    </>
  );
  if (!answer)
    return (
      trouble ?? (
        <p class="quiet empty" aria-busy="true">
          Looking at the confirmed history …
        </p>
      )
    );
  // the place of each figure stays while the next one is awaited
  const now = (words: string) => (current ? words : '…');
  const { candidate, against, waiting } = answer;
  const of = <T,>(one: { all: T; perCategory: Record<Category, T> }) =>
    category ? one.perCategory[category] : one.all;
  const [mine, theirs, past] = [of(candidate), of(against), of(against.past)];
  const { version } = against.thresholds;
  const sum = (one: { first: number; second: number; neither: number }) =>
    one.first + one.second + one.neither;
  return (
    <>
      {trouble}
      <table class="ways" aria-busy={!current && !error}>
        <thead>
          <tr>
            <th scope="col">{grouped(mine.images)} confirmed</th>
            <th scope="col">this setting</th>
            <th scope="col">version {version}</th>
          </tr>
        </thead>
        <tbody>
          {WAYS.map(({ decision, words }) => [
            <tr key={decision}>
              <th scope="row">{words}</th>
              {[mine, theirs].map((one, k) => (
                <td key={k}>
                  <span class="number">{now(grouped(sum(one.counts[decision])))}</span>
                  <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="ground" width="100" height="6" />
                    {current && (
                      <rect width={(100 * sum(one.counts[decision])) / Math.max(1, one.images)} height="6" />
                    )}
                  </svg>
                </td>
              ))}
            </tr>,
            decision === 'auto' && (
              <tr key="wrong" class="of-these">
                <th scope="row">of these wrong</th>
                {[mine, theirs].map((one, k) => (
                  <td key={k}>
                    <span class="number">
                      {now(`${grouped(one.wrong)} of ${grouped(sum(one.counts.auto))}`)}
                    </span>
                  </td>
                ))}
              </tr>
            ),
          ])}
          <tr>
            <th scope="row">of all images, label themselves about</th>
            {[mine, theirs].map((one, k) => (
              <td key={k}>
                <span class="number">{now(one.shares ? percent(one.shares.auto) : '–')}</span>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <dl class="errors">
        <dt>Expected among the labels that this setting gives</dt>
        <dd>{now(errorWords(mine.error))}</dd>
        <dt>Expected with version {version}</dt>
        <dd>{now(errorWords(theirs.error))}</dd>
        <dt>Seen among the labels that version {version} gave</dt>
        <dd>{now(errorWords(past))}</dd>
      </dl>
      <p class="quiet">{WRONG_MEANS}</p>
      <p>{now(waitingWords(waiting))}</p>
    </>
  );
}
