// The sentences about teaching: what a share of wrong labels stands for, and from when the labels are.

import { expect, test } from 'vitest';
import { errorWords } from '../../src/serve/teaching-words.ts';

const since = '2025-11-03T23:30:00Z';

test.each([
  [{ checked: 0, wrong: 0 }, 'Drawn: none was checked yet.'],
  [{ checked: 1, wrong: 1, since }, 'Drawn: 1 of 1 checked was wrong (labels since 3 Nov 2025). Not enough data for a share: it takes 20.'],
  [
    { checked: 40, wrong: 2, since, error: 0.05, interval: { low: 0.0061, high: 0.169 } },
    'Drawn: 2 of 40 checked were wrong (labels since 3 Nov 2025), 5 % (95 % interval: 0.61 to 17 %).',
  ],
])('%j', (error, words) => {
  expect(errorWords('Drawn', error)).toBe(words);
}); // prettier-ignore
