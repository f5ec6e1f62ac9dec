// The queue while the process that teaches is down: it comes by age, and the log says so once an outage, not once an event.

import { pino } from 'pino';
import { expect, test } from 'vitest';
import { SemtagError } from '../../src/errors.ts';
import { makeWorld } from './world.ts';

test('questions come by age while they cannot be put in order; each outage is one line in the log', async () => {
  const world = await makeWorld({ n: 2, size: 128 });
  const lines: string[] = [];
  world.deps.logger = pino(
    { level: 'warn' },
    { write: (line: string) => void (line.includes('come by age') && lines.push(line)) },
  );
  let down = true;
  const [old, late] = [await world.asked(0, 'Tips', 'Powder', 0.6), await world.asked(1, 'Tips', 'Powder', 0.6)]; // prettier-ignore
  world.deps.questions = async () => {
    if (down) throw new SemtagError('out_of_resources', 'the process that teaches ended');
    return [{ sha256: late }, { sha256: old }];
  };
  const app = await world.app();
  const order = async () =>
    (await app.inject('/api/prompts')).json<{ items: { sha256: string }[] }>().items.map(({ sha256 }) => sha256); // prettier-ignore
  for (let i = 0; i < 3; i++) expect(await order()).toEqual([old, late]);
  expect(lines).toHaveLength(1);
  down = false;
  expect(await order()).toEqual([late, old]);
  down = true;
  for (let i = 0; i < 2; i++) await order();
  expect(lines).toHaveLength(2);
  await world.close();
});
