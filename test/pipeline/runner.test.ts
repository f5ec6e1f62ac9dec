// The runner: who is asked for work and when, what a failure means, and that one failing item or stage never stops another.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SemtagError, type ErrorCode } from '../../src/errors.ts';
import { backoffMs } from '../../src/pipeline/backoff.ts';
import { createRunner, type Runner } from '../../src/pipeline/runner.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import { until } from '../service/lab.ts';

type Item = { key: string };

/** A stage over a list in memory, as the store's lists are: what is done or aside is not due any more. */
function listStage(keys: string[], run: (key: string) => Promise<void>, more: Partial<Stage<Item>> = {}) {
  const open = new Set(keys);
  const seen = { runs: [] as string[], failed: [] as string[], most: 0, twice: 0, skips: [] as string[][] };
  const busy = new Set<string>();
  const stage: Stage<Item> = {
    name: 'list',
    concurrency: 2,
    due(limit, skip) {
      seen.skips.push([...skip]);
      return [...open].filter((key) => !skip.has(key)).slice(0, limit).map((key) => ({ key })); // prettier-ignore
    },
    key: ({ key }) => key,
    async run({ key }) {
      if (busy.has(key)) seen.twice++;
      busy.add(key);
      seen.most = Math.max(seen.most, busy.size);
      seen.runs.push(key);
      try {
        await run(key);
        open.delete(key);
      } finally {
        busy.delete(key);
      }
    },
    failed({ key }, error) {
      seen.failed.push(`${key} ${error.code}`);
      open.delete(key);
    },
    ...more,
  };
  return { stage, seen, open };
}

type Logged = { retrying: string[]; failed: string[]; waits: number[]; trouble: (string | undefined)[] };

function started(...stages: Stage<Item>[]): { runner: Runner; log: Logged } {
  const log: Logged = { retrying: [], failed: [], waits: [], trouble: [] };
  const runner = createRunner(stages, {
    retrying(stage, key, error, inMs) {
      log.retrying.push(`${stage} ${key} ${error.code}`);
      log.waits.push(inMs);
    },
    failed: (stage, key, error) => log.failed.push(`${stage} ${key} ${error.code}`),
    trouble: (_stage, reason) => log.trouble.push(reason?.code),
  });
  runner.start();
  onTestFinished(() => runner.stop(1000));
  return { runner, log };
}

const raise = (code: ErrorCode, message: string = code) => { throw new SemtagError(code, message); }; // prettier-ignore

describe('backoff', () => {
  it('doubles from a second to five minutes, scattered by a quarter', () => {
    const middle = () => 0.5;
    expect([1, 2, 3, 4, 9, 10, 60].map((tries) => backoffMs(tries, middle))).toEqual([1000, 2000, 4000, 8000, 256_000, 300_000, 300_000]); // prettier-ignore
    expect(backoffMs(1, () => 0)).toBe(750);
    expect(backoffMs(20, () => 1)).toBe(375_000);
    const many = new Set(Array.from({ length: 50 }, () => backoffMs(5)));
    expect(many.size).toBeGreaterThan(40);
  });
});

describe('the runner', () => {
  it('does everything once, never more at a time than the stage allows, and no item twice at a time', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
    const { stage, seen, open } = listStage(keys, () => sleep(5), { concurrency: 3 });
    const { runner } = started(stage);
    for (let i = 0; i < 20; i++) runner.wake(); // as many files at once do
    await until('all is done', () => open.size === 0);
    expect(seen.runs.toSorted()).toEqual(keys.toSorted());
    expect(seen).toMatchObject({ most: 3, twice: 0 });
  });

  it('finds what comes later without being woken', async () => {
    const { stage, seen, open } = listStage([], async () => {});
    started(stage);
    await sleep(150);
    open.add('late');
    await until('it is done', () => seen.runs.includes('late'), 2);
  });

  it('lets what may pass rest, longer each time, while the others go on', async () => {
    let left = 2;
    const { stage, seen, open } = listStage(['a', 'b', 'c', 'd'], async (key) => {
      if (key === 'a' && left-- > 0) raise('target_unreachable');
    });
    const { log } = started(stage);
    await until('the others are done', () => open.size === 1, 0.7);
    expect(seen.runs.filter((key) => key === 'a')).toHaveLength(1); // it rests
    await until('it passed', () => open.size === 0);
    expect(seen.runs.filter((key) => key === 'a')).toHaveLength(3);
    expect(log.retrying).toEqual(['list a target_unreachable', 'list a target_unreachable']);
    expect(log.waits[0]).toBeLessThanOrEqual(1250);
    expect(log.waits[1]).toBeGreaterThanOrEqual(1500);
    expect([seen.failed, log.failed]).toEqual([[], []]);
  });

  it('begins with a short rest again after a success', async () => {
    let runs = 0;
    const { stage, open } = listStage(['a'], async () => {
      if (++runs !== 2) raise('target_unreachable');
    });
    const { log } = started(stage);
    await until('it passed', () => open.size === 0);
    open.add('a'); // due again, and fails again
    await until('it rests again', () => log.waits.length === 2);
    expect(log.waits[1]).toBeLessThanOrEqual(1250);
  });

  it('does not let rest what somebody asks for by its key', async () => {
    let fails = true;
    const { stage, seen, open } = listStage(['a', 'b'], async () => {
      if (fails) raise('target_unreachable');
    });
    const { runner } = started(stage);
    await until('both rest', () => seen.runs.length === 2, 0.5);
    fails = false;
    runner.wake('a');
    await until('a is done', () => !open.has('a'), 0.5);
    expect(open.has('b')).toBe(true);
  });

  it('hands what will not pass to the stage, once', async () => {
    const { stage, seen } = listStage(['bad', 'good'], async (key) => {
      if (key === 'bad') raise('malformed', 'bad: strip 3 is missing');
    });
    const { log } = started(stage);
    await until('both have an end', () => seen.runs.length === 2 && seen.failed.length === 1);
    await sleep(300);
    expect(seen.failed).toEqual(['bad malformed']);
    expect(log.failed).toEqual(['list bad malformed']);
    expect(seen.runs).toHaveLength(2);
  });

  it('takes what nobody foresaw as something that may pass', async () => {
    const { stage, seen } = listStage(['a', 'b'], async (key) => {
      if (key === 'a') throw new TypeError('x is undefined');
      if (key === 'b') throw 'a string'; // eslint-disable-line @typescript-eslint/only-throw-error -- libraries do
    });
    const { log } = started(stage);
    await until('both rest', () => log.retrying.length === 2);
    expect(log.retrying.toSorted()).toEqual(['list a internal', 'list b internal']);
    expect(seen.failed).toEqual([]);
  });

  it('comes back later where even putting aside fails', async () => {
    let locked = true;
    const put: string[] = [];
    const { stage, open } = listStage(['a'], async () => raise('malformed'), {
      failed({ key }) {
        if (locked) throw new Error('database is locked');
        put.push(key);
        open.delete(key);
      },
    });
    const { log } = started(stage);
    await until('it rests', () => log.retrying.length === 1);
    expect(log.failed).toEqual([]);
    locked = false;
    await until('it is aside', () => put.length === 1);
  });

  it('keeps the stages apart: one that is full of failures does not slow another', async () => {
    const bad = listStage(Array.from({ length: 30 }, (_, i) => `bad${i}`), async () => raise('child_crashed'), { name: 'bad' }); // prettier-ignore
    const good = listStage(Array.from({ length: 30 }, (_, i) => `good${i}`), () => sleep(1), { name: 'good' }); // prettier-ignore
    started(bad.stage, good.stage);
    await until('the good ones are done', () => good.open.size === 0, 3);
    await until('each bad one was tried', () => new Set(bad.seen.runs).size === 30, 3);
    expect(good.seen.failed).toEqual([]);
  });

  it('waits with the whole stage while the machine is in trouble, and tries one item at a time', async () => {
    let missing = true;
    const keys = Array.from({ length: 30 }, (_, i) => `k${i}`);
    const { stage, seen, open } = listStage(keys, async () => {
      if (missing) raise('model_missing');
    });
    const { log } = started(stage);
    await until('it tried again', () => seen.runs.length === 3);
    await sleep(300);
    expect(seen.runs).toHaveLength(3); // two at once, then one after the wait
    expect(seen.failed).toEqual([]);
    expect(log.trouble).toEqual(['model_missing', 'model_missing']);
    missing = false;
    await until('all is done', () => open.size === 0, 15);
    expect(log.trouble).toEqual(['model_missing', 'model_missing', undefined]);
  });

  it('goes on after a look for work that failed', async () => {
    let broken = true;
    const first = listStage(['a'], async () => {});
    const due = first.stage.due.bind(first.stage);
    first.stage.due = (limit, skip) => {
      if (broken) throw new Error('disk I/O error');
      return due(limit, skip);
    };
    const second = listStage(['b'], async () => {});
    const { log } = started(first.stage, second.stage);
    await until('the other stage goes on', () => second.open.size === 0, 2);
    expect(log.retrying[0]).toBe('list (looking for work) internal');
    broken = false;
    await until('it is asked again', () => first.open.size === 0, 5);
  });
});

describe('stop', () => {
  it('starts nothing new and waits for what is in flight', async () => {
    const keys = Array.from({ length: 10 }, (_, i) => `k${i}`);
    const { stage, seen, open } = listStage(keys, () => sleep(200));
    const { runner } = started(stage);
    await until('two are in work', () => seen.runs.length === 2);
    await runner.stop(5000);
    expect(open.size).toBe(8);
    runner.wake();
    await sleep(250);
    expect(seen.runs).toHaveLength(2);
  });

  it('is over after the grace though something hangs', async () => {
    const { stage, seen } = listStage(['a'], () => new Promise(() => {}));
    const { runner } = started(stage);
    await until('it hangs', () => seen.runs.length === 1);
    const began = performance.now();
    await runner.stop(300);
    const took = performance.now() - began;
    expect(took).toBeGreaterThanOrEqual(295);
    expect(took).toBeLessThan(2000);
  });

  it('takes at once when nothing is in flight', async () => {
    const { runner } = started(listStage([], async () => {}).stage);
    const began = performance.now();
    await runner.stop(10_000);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('does not blame an item for what the stop itself broke off', async () => {
    let breakOff = () => {};
    const { stage, seen } = listStage(['a'], () => new Promise((_, reject) => (breakOff = () => reject(new SemtagError('malformed', 'cut off'))))); // prettier-ignore
    const { runner, log } = started(stage);
    await until('it runs', () => seen.runs.length === 1);
    const stopped = runner.stop(1000);
    breakOff();
    await stopped;
    expect(seen.failed).toEqual([]);
    expect([log.failed, log.retrying]).toEqual([[], []]);
  });
});
