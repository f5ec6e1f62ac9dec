// `semtag series`: shows, splits and joins, without a service and through one; refuses before it writes.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { takeRunLock } from '../../src/store/lock.ts';
import { listen } from '../serve/browser.ts';
import { makeWorld, SECRET } from '../serve/world.ts';
import { world } from '../store/world.ts';
import { semtag, temporary } from './semtag.ts';

/** Three images of one folder and one of another sample. */
function place() {
  const made = world();
  const dir = temporary();
  writeFileSync(join(dir, 'semtag.yaml'), `dataDir: ${made.dataDir}\n`);
  const images = ['x1.tif', 'x2.tif', 'x3.tif', 'other.tif'].map((name, i) => made.image(name, 'asked', i));
  const [a, b, , other] = images as [string, string, string, string];
  const sample = { sample: { value: 'steel', unit: null, origin: 'operator Anna' } };
  made.store.revisions.correctFacts([other], sample, 'Anna', new Date().toISOString());
  const seriesOf = (sha256: string) => made.store.images.need(sha256).series!;
  return { ...made, dir, a, b, other, seriesOf, id: seriesOf(a) };
}

it('shows one, in words and as JSON, and says that nothing compares its images', async () => {
  const { dir, id, store } = place();
  const { out } = await semtag(dir, 'series', String(id));
  for (const words of ['SEM 1', '3, 3 of them wait', 'x2.tif', 'not known: no service runs']) expect(out).toContain(words); // prettier-ignore
  expect(out).not.toContain('other.tif');
  const json = JSON.parse((await semtag(dir, 'series', String(id), '--json')).out) as { images: [] };
  expect(json).toMatchObject({ series: store.series.get(id), others: [] });
  expect(json.images).toHaveLength(3);
  expect((await semtag(dir, 'series', '99')).code).toBe(1);
  expect((await semtag(dir, 'series', 'x1')).code).toBe(2);
});

it('split and join: a dry run moves nothing, then they do, by name', async () => {
  const { dir, id, a, b, seriesOf, store } = place();
  const plan = await semtag(dir, 'series', 'split', String(id), a, b, '--dry-run');
  expect(plan.out).toContain(`x1.tif: would be split off series ${id}`);
  expect(seriesOf(a)).toBe(id);
  const split = await semtag(dir, 'series', 'split', String(id), a.slice(0, 10), b, '--by', 'Anna', '--json');
  expect(JSON.parse(split.out)).toMatchObject({ moved: 2, series: { id: seriesOf(a), images: 2 } });
  const added = seriesOf(a);
  expect(added).not.toBe(id);
  expect(store.history.ofImage(a).at(-1)).toMatchObject({ who: 'Anna' });
  expect((await semtag(dir, 'series', 'join', String(added), String(id), '--dry-run')).out).toContain('2 images'); // prettier-ignore
  expect(seriesOf(a)).toBe(added);
  const joined = await semtag(dir, 'series', 'join', String(added), String(id), '--by', 'Ben');
  expect(joined.out).toContain(`2 images went into series ${id}`);
  expect(seriesOf(a)).toBe(id);
  expect((await semtag(dir, 'series', String(added))).out).toContain(`all of it went into series ${id}`);
});

it('refuses what cannot be done, with and without --dry-run', async () => {
  const { dir, id, a, b, other, seriesOf } = place();
  for (const dry of [[], ['--dry-run']]) {
    expect((await semtag(dir, 'series', 'split', String(id), a, other, ...dry)).err).toContain('other.tif is in series'); // prettier-ignore
    expect((await semtag(dir, 'series', 'join', String(id), String(seriesOf(other)), ...dry)).code).toBe(2);
    expect((await semtag(dir, 'series', 'join', String(id), String(id), ...dry)).code).toBe(2);
    expect((await semtag(dir, 'series', 'split', '99', a, ...dry)).code).toBe(1);
  }
  expect((await semtag(dir, 'series', 'split', String(id), a, '--by', 'semtag')).code).toBe(2);
  expect([seriesOf(a), seriesOf(b)]).toEqual([id, id]);
});

it('beside a service it goes through the service, which says how alike the images are', async () => {
  const made = await makeWorld({ n: 3, size: 64, webDir: '/nonexistent' });
  onTestFinished(() => made.close());
  const images: string[] = [];
  for (let n = 0; n < 3; n++) images.push(await made.asked(n, 'Nanowires', 'Fibres', 0.6));
  made.deps.answers.correctFacts(images, { operator: 'Anna', sample: 'GaAs' }, 'Anna');
  made.deps.spread = async (all) => ({ images: all.length, likeness: 0.2, subjects: [all.slice(1), all.slice(0, 1)] }); // prettier-ignore
  const url = await listen(made);
  const { dataDir } = made.deps.config;
  const lock = takeRunLock(dataDir)!;
  onTestFinished(() => lock.release());
  writeFileSync(join(dataDir, 'service.json'), JSON.stringify({ url, secret: SECRET, pid: process.pid }));
  const dir = temporary();
  writeFileSync(join(dir, 'semtag.yaml'), `dataDir: ${dataDir}\n`);
  const series = () => made.store.images.need(images[0]!).series!;
  const id = series();
  const { out } = await semtag(dir, 'series', String(id));
  expect(out).toContain(
    'two subjects: 2 like this, 1 like that (mean likeness 0.20, from 0.5 on they look alike',
  );
  expect(out).toMatch(new RegExp(`^  semtag series split ${id} [0-9a-f]{64}$`, 'm'));
  const split = await semtag(dir, 'series', 'split', String(id), images[0]!, '--by', 'Ben');
  expect(split.out).toContain(`1 image is series ${series()} now`);
  const joined = await semtag(dir, 'series', 'join', String(series()), String(id), '--by', 'Ben');
  expect(joined.out).toContain(`1 image went into series ${id}`);
  expect(series()).toBe(id);
  expect(made.store.history.ofImage(images[0]!).at(-1)).toMatchObject({ who: 'Ben' });
});
