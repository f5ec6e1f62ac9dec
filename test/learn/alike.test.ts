// Images that look alike, through the real child process: what it finds is what comparing every image finds, while images come, after it died, and under another head.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeOf } from '../../src/classify/space.ts';
import { randomOf } from '../../src/domain/random.ts';
import { openCollection, type Setup } from '../../src/learn/alike/collection.ts';
import { startAlike, type Alike } from '../../src/learn/alike/host.ts';
import { openBottlenecks } from '../../src/store/bottlenecks.ts';
import { until } from '../service/lab.ts';

const [LENGTH, AXES] = [24, 8];
let dataDir: string;
let bottlenecks: ReturnType<typeof openBottlenecks>;
let alike: Alike | undefined;
const views = new Map<string, Float32Array>();
const random = randomOf(2);

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'semtag-alike-'));
  bottlenecks = openBottlenecks(dataDir);
  views.clear();
});
afterEach(() => {
  alike?.close();
  bottlenecks.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function setup(space: string): Setup {
  const numbers = (n: number) => Float32Array.from({ length: n }, () => random() - 0.5);
  return {
    dataDir,
    space,
    backbone: 'b',
    preprocessing: 'p',
    head: {
      length: LENGTH,
      mean: numbers(LENGTH),
      scale: new Float32Array(LENGTH).fill(1),
      space: { rotation: numbers(AXES * LENGTH), variance: new Float32Array(AXES).fill(1) },
    } as Setup['head'],
  };
}

function came(n: number): void {
  for (let i = 0; i < n; i++) {
    const sha256 = (views.size + 1).toString(16).padStart(64, '0');
    const view = Float32Array.from({ length: LENGTH }, random);
    views.set(sha256, view);
    bottlenecks.put(sha256, { backbone: 'b', preprocessing: 'p', engine: 'onnx', views: [view] });
  }
}

/** Every image compared. */
function exact({ head }: Setup, sha256: string, most: number): string[] {
  const place = (of: string) => placeOf(head, head.space, [views.get(of)!]).u;
  const to = place(sha256);
  return [...views.keys()]
    .filter((one) => one !== sha256)
    .map((one) => ({ one, likeness: place(one).reduce((sum, v, k) => sum + v * to[k]!, 0) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, most)
    .map(({ one }) => one);
}

const found = async (sha256: string, most = 10) =>
  (await alike!.similar(sha256, most))?.found.map((one) => one.sha256);

test('as comparing every image, also those that come later and after the child died; unknown: undefined', async () => {
  came(150);
  const one = setup('one');
  alike = startAlike(one);
  const [asked] = views.keys();
  expect(await found(asked!)).toEqual(exact(one, asked!, 10));
  expect(await found('f'.repeat(64))).toBeUndefined();

  came(100);
  const newest = [...views.keys()].at(-1)!;
  expect(await found(newest)).toEqual(exact(one, newest, 10));

  const pid = alike.pid()!;
  process.kill(pid, 'SIGKILL');
  await until('its end is noticed', () => alike!.pid() === undefined);
  expect(await found(asked!)).toEqual(exact(one, asked!, 10));
  expect(alike.pid()).not.toBe(pid);

  process.kill(alike.pid()!, 'SIGSTOP'); // the stop of the service does not wait for it
  const waits = alike.similar(asked!, 10);
  alike.close();
  await expect(waits).rejects.toMatchObject({ code: 'stopping' });
});

test('one that hangs is ended, and the next question is answered', async () => {
  came(20);
  const one = setup('one');
  alike = startAlike(one, 5000);
  const [asked] = views.keys();
  await until('it has started', () => found(asked!).catch(() => undefined), 30);
  process.kill(alike.pid()!, 'SIGSTOP');
  await expect(found(asked!)).rejects.toMatchObject({ code: 'out_of_resources' });
  const again = await until('it has started again', () => found(asked!).catch(() => undefined), 30);
  expect(again).toEqual(exact(one, asked!, 10));
});

test('follow says whether there are more; another head begins anew', () => {
  came(250);
  const one = openCollection(setup('one'));
  expect([one.follow(), one.follow(), one.follow()]).toEqual([true, false, false]);
  const [asked] = views.keys();
  const two = setup('two');
  const other = openCollection(two);
  expect(other.similar(asked!, 10)).toEqual([]);
  while (other.follow());
  expect(other.similar(asked!, 10)!.map((image) => image.sha256)).toEqual(exact(two, asked!, 10));
});
