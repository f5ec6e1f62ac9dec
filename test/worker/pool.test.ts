// The pool of children, with real ones: an answer, an error, a crash, a hang, too much memory. Each costs one job; the next one is served.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import type { ImageJob } from '../../src/domain/job.ts';
import { createPool, type PoolOptions } from '../../src/worker/pool.ts';
import { makeLab, tinyTiff, until } from '../service/lab.ts';

const DEFAULTS: PoolOptions = { size: 1, jobTime: 60, childMemory: 4000, jobsPerChild: 1000 };

function working(options: Partial<PoolOptions> = {}) {
  const { home } = makeLab();
  const pool = createPool({ ...DEFAULTS, ...options });
  onTestFinished(() => pool.close());
  const job = (name: string): ImageJob => ({ path: join(home, name), name, limits: { pixels: 400e6 } });
  return {
    home,
    pool,
    image: (name: string, bytes = tinyTiff(name.length)): ImageJob => {
      writeFileSync(join(home, name), bytes);
      return job(name);
    },
    /** Nobody writes to this pipe: opening it blocks the child for ever. */
    hanging: (name: string): ImageJob => {
      execFileSync('mkfifo', [join(home, name)]);
      return job(name);
    },
  };
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // one that nobody has waited for yet is dead all the same
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

test('an answer, and an error of the image with its own code, come from one child', async () => {
  const { pool, image } = working();
  const facts = await pool.run(image('a.tif'));
  expect(facts).toMatchObject({ mediaType: 'image/tiff', width: 8, height: 8, bitsPerSample: 8 });
  const pids = pool.pids();
  expect(pids).toHaveLength(1);
  const bad = await pool.run(image('b.tif', Buffer.from('no image'))).catch((error: unknown) => error);
  expect(bad).toMatchObject({ code: 'not_an_image', message: expect.stringContaining('b.tif') as string });
  await pool.run(image('c.tif'));
  expect(pool.pids()).toEqual(pids);
});

test('more jobs than children wait their turn; answers go to who asked', async () => {
  const { pool, image } = working({ size: 2 });
  const sides = [8, 9, 10, 11, 12, 13, 14];
  const jobs = sides.map((side) => pool.run(image(`${side}.tif`, tinyTiff(1, side))));
  expect((await Promise.all(jobs)).map(({ width }) => width)).toEqual(sides);
  expect(pool.pids()).toHaveLength(2);
});

test('a child that dies costs its job; those behind it are served by another child', async () => {
  const { pool, image, hanging } = working();
  await pool.run(image('warm.tif'));
  const lost = pool.run(hanging('killer.tif'));
  const behind = pool.run(image('a.tif'));
  const [pid] = pool.pids();
  await sleep(300);
  process.kill(pid!, 'SIGSEGV');
  await expect(lost).rejects.toMatchObject({
    code: 'child_crashed',
    message: 'killer.tif: the child ended (SIGSEGV)',
  });
  expect(await behind).toMatchObject({ width: 8 });
  expect(pool.pids()).not.toContain(pid);
});

test('a child that dies between two jobs costs none', async () => {
  const { pool, image } = working();
  await pool.run(image('a.tif'));
  const [pid] = pool.pids();
  process.kill(pid!, 'SIGKILL');
  await until('the pool noticed', () => pool.pids().length === 0);
  expect(await pool.run(image('b.tif'))).toMatchObject({ width: 8 });
});

test('a job that hangs is ended at the time limit, and nothing of its child is left', async () => {
  const { pool, image, hanging } = working({ jobTime: 6 });
  await pool.run(image('warm.tif'));
  const began = performance.now();
  const lost = pool.run(hanging('hangs.tif'));
  const behind = pool.run(image('a.tif'));
  const [pid] = pool.pids();
  await expect(lost).rejects.toMatchObject({
    code: 'child_timeout',
    message: 'hangs.tif: longer than 6 s',
  });
  expect(performance.now() - began).toBeGreaterThanOrEqual(5990);
  expect(await behind).toMatchObject({ width: 8 });
  expect(alive(pid!)).toBe(false);
});

test.runIf(process.platform === 'linux')('a child that grows beyond its memory is ended; an image that fits is read under the same limit', async () => {
  const { pool, image } = working();
  await pool.run(image('small.tif'));
  const [pid] = pool.pids();
  const base = (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096) / 1e6;

  const limited = working({ childMemory: Math.ceil(base) + 150 });
  const side = 16_000;
  const large = writeTiff([{ width: side, height: side, samples: new Uint8Array(side * side).fill(3), compression: 'deflate', rowsPerStrip: 500 }]); // prettier-ignore
  const lost = limited.pool.run(limited.image('bomb.tif', large));
  await expect(lost).rejects.toMatchObject({ code: 'child_memory', message: expect.stringMatching(/^bomb\.tif: more than \d+ MB$/) as string }); // prettier-ignore
  expect(await limited.pool.run(limited.image('a.tif'))).toMatchObject({ width: 8 });
}); // prettier-ignore

test('an image with more pixels than the limit is refused before it is decoded', async () => {
  const { pool, image } = working();
  const job = { ...image('wide.tif', tinyTiff(1, 64)), limits: { pixels: 64 * 64 - 1 } };
  await expect(pool.run(job)).rejects.toMatchObject({ code: 'too_large' });
});

test('a child is replaced after its share of jobs, without losing one', async () => {
  const { pool, image } = working({ jobsPerChild: 2 });
  const seen = new Set<number>();
  for (let i = 0; i < 5; i++) {
    const answer = pool.run(image(`${i}.tif`));
    for (const pid of pool.pids()) seen.add(pid);
    await answer;
  }
  expect(seen.size).toBe(3);
  const old = [...seen].slice(0, 2);
  await until('the old ones have ended', () => !old.some(alive), 5);
});

test('close ends the children; what runs and what waits is told so, and nothing new is taken', async () => {
  const { pool, image, hanging } = working();
  const running = pool.run(hanging('hangs.tif')).catch((error: unknown) => error);
  const waiting = pool.run(image('a.tif')).catch((error: unknown) => error);
  const pids = pool.pids();
  await sleep(200);
  pool.close();
  expect(await running).toMatchObject({ code: 'stopping', message: 'hangs.tif: semtag is stopping' });
  expect(await waiting).toMatchObject({ code: 'stopping' });
  await expect(pool.run(image('b.tif'))).rejects.toMatchObject({ code: 'stopping' });
  await until('no child is left', () => !pids.some(alive), 5);
});

test.runIf(process.platform === 'linux')(
  'children are polite: they run below the priority of others',
  async () => {
    const { pool, image } = working({ polite: true });
    await pool.run(image('a.tif'));
    const stat = readFileSync(`/proc/${pool.pids()[0]}/stat`, 'latin1');
    const nice = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    expect(nice).toBeGreaterThan(0);
  },
);

describe('where no child starts, no image is blamed, and it goes on once one does', () => {
  test('the program cannot be run', async () => {
    const { pool, image } = working({ size: 2 });
    const program = process.execPath;
    onTestFinished(() => void (process.execPath = program));
    process.execPath = join(program, 'gone');
    const jobs = ['a.tif', 'b.tif', 'c.tif'].map((name) => pool.run(image(name)));
    for (const ended of await Promise.allSettled(jobs))
      expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'out_of_resources' } });
    process.execPath = program;
    expect(await pool.run(image('a.tif'))).toMatchObject({ width: 8 });
  });

  test('it ends before it is up', async () => {
    const { pool, image } = working();
    onTestFinished(() => void delete process.env['NODE_OPTIONS']);
    process.env['NODE_OPTIONS'] = '--require /nowhere/at/all.cjs';
    await expect(pool.run(image('a.tif'))).rejects.toMatchObject({
      code: 'out_of_resources',
      message: 'a.tif: no child process could be started (exit code 1)',
    });
    delete process.env['NODE_OPTIONS'];
    expect(await pool.run(image('a.tif'))).toMatchObject({ width: 8 });
  });
});

describe('ready', () => {
  test('starts a child where there is none, and resolves when that could take a job: with its model loaded', async () => {
    const model = { backbone: 'efficientnet-lite0', engine: 'onnx' as const, threads: 1 };
    const { pool, image } = working({ model });
    expect(pool.pids()).toEqual([]);
    await Promise.all([pool.ready(), pool.ready()]);
    const pids = pool.pids();
    expect(pids).toHaveLength(1);
    const began = performance.now();
    const facts = await pool.run({ ...image('a.tif', tinyTiff(1, 64)), ...model });
    expect(facts.bottlenecks?.views).toHaveLength(2);
    console.log(`first image of a ready child: ${Math.round(performance.now() - began)} ms`);
    expect(pool.pids()).toEqual(pids);
    await pool.ready();
  });

  test('a model that does not load leaves a child that tells it to who asks', async () => {
    const { pool, image } = working({ model: { backbone: 'gone' } });
    await pool.ready();
    await expect(pool.run({ ...image('a.tif'), backbone: 'gone' })).rejects.toMatchObject({
      code: 'model_missing',
    });
    await pool.run(image('b.tif'));
  });

  test('is refused when the pool closes before a child runs', async () => {
    const { pool } = working();
    const waiting = pool.ready();
    pool.close();
    await expect(waiting).rejects.toMatchObject({ code: 'stopping' });
    await expect(pool.ready()).rejects.toMatchObject({ code: 'stopping' });
  });

  test('is refused when the child ends before it runs, which blames no image', async () => {
    const { pool } = working();
    const waiting = pool.ready();
    process.kill(pool.pids()[0]!, 'SIGKILL');
    await expect(waiting).rejects.toMatchObject({ code: 'out_of_resources', ofMachine: true });
    await pool.ready();
  });
});
