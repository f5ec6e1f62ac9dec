// What the setting would have done to the confirmed history, beside a version: counts with bars, wrong labels with their interval. Draws; asks nothing.

import type { Category } from '../../../domain/categories.ts';
import { errorWords, percent, waitingWords, WAYS, WRONG_MEANS } from '../../threshold-words.ts';
import type { WhatIfAnswer } from '../api.ts';
import { grouped } from '../format.ts';

type Props = { answer: WhatIfAnswer | undefined; category: Category | undefined };

export function WhatIfFigures({ answer, category }: Props) {
  if (!answer)
    return (
      <p class="quiet empty" aria-busy="true">
        Looking at the confirmed history …
      </p>
    );
  const { candidate, against, waiting } = answer;
  const of = <T,>(one: { all: T; perCategory: Record<Category, T> }) =>
    category ? one.perCategory[category] : one.all;
  const [mine, theirs, past] = [of(candidate), of(against), of(against.past)];
  const { version } = against.thresholds;
  const sum = (one: { first: number; second: number; neither: number }) =>
    one.first + one.second + one.neither;
  return (
    <>
      <table class="ways">
        <thead>
          <tr>
            <th scope="col">{grouped(mine.images)} confirmed</th>
            <th scope="col">this setting</th>
            <th scope="col">version {version}</th>
          </tr>
        </thead>
        <tbody>
          {WAYS.map(({ decision, words }) => (
            <tr key={decision}>
              <th scope="row">{words}</th>
              {[mine, theirs].map((one, k) => (
                <td key={k}>
                  <span class="number">{grouped(sum(one.counts[decision]))}</span>
                  <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="ground" width="100" height="6" />
                    <rect width={(100 * sum(one.counts[decision])) / Math.max(1, one.images)} height="6" />
                  </svg>
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">of these wrong</th>
            {[mine, theirs].map((one, k) => (
              <td key={k}>
                <span class="number">
                  {grouped(one.wrong)} of {grouped(sum(one.counts.auto))}
                </span>
              </td>
            ))}
          </tr>
          <tr>
            <th scope="row">of all images, label themselves about</th>
            {[mine, theirs].map((one, k) => (
              <td key={k}>
                <span class="number">{one.shares ? percent(one.shares.auto) : '–'}</span>
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      <dl class="errors">
        <dt>Expected among the labels that this setting gives</dt>
        <dd>{errorWords(mine.error)}</dd>
        <dt>Expected with version {version}</dt>
        <dd>{errorWords(theirs.error)}</dd>
        <dt>Seen among the labels that version {version} gave</dt>
        <dd>{errorWords(past)}</dd>
      </dl>
      <p class="quiet">{WRONG_MEANS}</p>
      <p>{waitingWords(waiting)}</p>
    </>
  );
}
