// The queue of the Answer page and how it is looked up, without a browser: what stays on the screen, what comes next, one look at a time.

import { expect, test, vi } from 'vitest';
import type { Question } from '../../src/serve/web/blind.ts';
import { oneLook } from '../../src/serve/web/one-look.ts';
import { coming, refreshed, show, skip, unseen, type Queue } from '../../src/serve/web/queue.ts';

const question = (sha256: string, score: number, promptVersion = 0): Question =>
  ({
    sha256,
    state: 'asked',
    promptVersion,
    score,
    decision: 'prompt',
    facts: { sample: { value: String(score), unit: null, origin: 'path' } },
    suggestions: [{ category: 'Tips', score }],
  }) as unknown as Question;
const names = (list: Question[]) => list.map(({ sha256 }) => sha256);

test('what was suggested for the image on the screen stays as it was read; its facts follow, and so does a new question', () => {
  const queue: Queue = { prompts: [], skipped: [], current: question('a', 0.5) };
  const { current } = refreshed(queue, [question('a', 0.6)]);
  expect(current).toMatchObject({ score: 0.5, suggestions: [{ score: 0.5 }], facts: { sample: { value: '0.6' } } }); // prettier-ignore
  expect(refreshed(queue, [question('a', 0.6, 2)]).current).toMatchObject({ score: 0.6 });
  // it had nothing to suggest while it was classified
  const bare = { ...queue, current: { ...question('a', 0), suggestions: [] } };
  expect(refreshed(bare, [question('a', 0.6)]).current).toMatchObject({ suggestions: [{ score: 0.6 }] });
});

test('what was skipped comes last, and is told apart from what nobody has seen', () => {
  let queue = show({ prompts: ['b', 'c'].map((s) => question(s, 0.5)), skipped: [] }, question('a', 0.5));
  queue = skip(skip(queue));
  expect(queue.current?.sha256).toBe('c');
  expect(names(coming(queue))).toEqual(['a', 'b']);
  expect(unseen(queue)).toEqual([]);
  expect(
    names(
      unseen(
        refreshed(
          queue,
          ['a', 'b', 'c', 'd'].map((s) => question(s, 0.5)),
        ),
      ),
    ),
  ).toEqual(['d']);
});

test('one look at a time, one more at most, and again after a failure', async () => {
  vi.useFakeTimers();
  const ends: ((problem?: Error) => void)[] = [];
  const failures: unknown[] = [];
  const look = oneLook(
    () => new Promise((done, fail) => ends.push((problem) => (problem ? fail(problem) : done()))),
    (problem) => failures.push(problem),
  );
  look();
  look();
  look();
  expect(ends).toHaveLength(1);
  ends[0]!();
  await vi.advanceTimersByTimeAsync(0);
  expect(ends).toHaveLength(2);
  ends[1]!(new Error('gone'));
  await vi.advanceTimersByTimeAsync(1_999);
  expect([ends.length, failures.length]).toEqual([2, 1]);
  await vi.advanceTimersByTimeAsync(1);
  ends[2]!();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([ends.length, failures.length]).toEqual([3, 1]);
  vi.useRealTimers();
});
