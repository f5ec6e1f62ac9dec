// Acquired bytes on request: from the spool, or out of a target's tagged copy and checked; and what is pruned is pruned only when every target has it.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import type { SemtagError } from '../../src/errors.ts';
import { fetchBack } from '../../src/forward/fetch-back.ts';
import { pruneStage } from '../../src/forward/prune.ts';
import type { Target } from '../../src/forward/target.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';
import { tagStage } from '../../src/tag/stage.ts';
import { untag } from '../../src/tag/untag.ts';
import { sha256, tinyTiff } from '../service/lab.ts';
import { forwarding, type World } from './world.ts';

const layout = { layout: '{category}/{stem}{ext}' };
const name = 'a.tif';
const bytes = tinyTiff(7, 40);

async function pruned(w: World): Promise<string> {
  const hash = w.labelled(name, bytes);
  await w.deliver();
  w.later(3601);
  expect(await w.prune()).toEqual([]);
  expect(readdirSync(w.spool)).toEqual([]);
  return hash;
}

describe('prune', () => {
  it('keeps the copies for their time, then removes copy and tagged files of all revisions', async () => {
    const w = forwarding({ repository: layout });
    const hash = w.labelled(name, bytes);
    await w.deliver();
    answers(w.store, () => undefined, w.now).label(hash, { answer: { kind: 'unusable' }, by: 'Anna' });
    await w.deliver();
    w.later(3500);
    await w.prune();
    expect(readdirSync(w.spool)).toEqual([hash]);
    expect(readdirSync(w.tagged).sort()).toEqual([1, 2].flatMap((r) => [`${hash}.${r}.image`, `${hash}.${r}.json`]));
    w.later(200);
    await w.prune();
    expect([readdirSync(w.spool), readdirSync(w.tagged)]).toEqual([[], []]);
    expect(w.store.images.need(hash)).toMatchObject({ state: 'forwarded', spooled: false });
    expect(w.store.images.spooledBytes()).toBe(0);
    expect(w.at()).toHaveLength(2);
  }); // prettier-ignore

  it('waits for the last receipt, however long that takes', async () => {
    const w = forwarding({ one: {}, two: {} });
    const hash = w.labelled(name, bytes);
    await w.tag();
    await w.forward('one');
    w.later(100_000);
    await w.prune();
    expect(readdirSync(w.spool)).toEqual([hash]);
    await w.forward('two');
    w.later(3601);
    await w.prune();
    expect(readdirSync(w.spool)).toEqual([]);
  });

  it('never touches what no target has, or what is asked, labelled or aside', async () => {
    const alone = forwarding({});
    alone.labelled(name, bytes);
    await alone.deliver();
    const w = forwarding();
    w.asked('asked.tif', tinyTiff(1));
    const aside = w.labelled('aside.tif', tinyTiff(2));
    w.store.images.quarantine(aside, { code: 'tag_unverified', message: 'aside.tif' }, w.time());
    w.labelled('labelled.tif', tinyTiff(3));
    for (const [one, kept] of [
      [alone, 1],
      [w, 3],
    ] as const) {
      one.later(1_000_000);
      await one.prune();
      expect(readdirSync(one.spool)).toHaveLength(kept);
    }
  });
});

it('prune leaves alone what was answered after it had looked', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.labelled(name, bytes);
  await w.deliver();
  w.later(3601);
  const stage = pruneStage({ store: w.store, spoolDir: w.spool, taggedDir: w.tagged, keepSeconds: 3600, targets: ['repository'], now: w.now }); // prettier-ignore
  const [due] = stage.due(1, new Set());
  const pruning = stage.run(due!);
  answers(w.store, () => undefined, w.now).label(hash, { answer: { kind: 'unusable' }, by: 'Anna' });
  await w.tag();
  await pruning;
  expect(readdirSync(w.tagged)).toContain(`${hash}.2.image`);
  expect(await w.forward()).toEqual([]);
  expect(w.deliveries(hash)).toEqual(['repository 1 emptied', 'repository 2 received']);
  answers(w.store, () => undefined, w.now).label(hash, { answer: { kind: 'unusable' }, by: 'Ben' });
  await stage.run(hash); // it was due a moment ago
  expect(readdirSync(w.spool)).toEqual([hash]);
});

it('prune keeps the tagged file of a revision that no target has', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.labelled(name, bytes);
  await w.deliver();
  answers(w.store, () => undefined, w.now).label(hash, { answer: { kind: 'unusable' }, by: 'Anna' });
  // meanwhile the target was taken out of the config
  const alone = tagStage({ store: w.store, taggedDir: w.tagged, house: {}, targets: [], withhold: [], acquired: w.acquiredOf, holdSeconds: { answer: 0, because: 0 }, ready: async () => {}, measure: async () => undefined, now: w.now }); // prettier-ignore
  for (const image of alone.due(10, new Set())) await alone.run(image);
  expect(w.store.images.need(hash)).toMatchObject({ state: 'forwarded', revision: 2 });
  w.later(3601);
  await w.prune();
  expect(readdirSync(w.tagged).toSorted()).toEqual([`${hash}.2.image`, `${hash}.2.json`]);
  // and it is what the acquired bytes come from, without asking the target
  rmSync(join(w.home, 'repository'), { recursive: true });
  expect(readFileSync(await w.acquiredOf(hash)).equals(bytes)).toBe(true);
});

describe('the acquired bytes', () => {
  it('are the private copy while it is there', async () => {
    const w = forwarding();
    const hash = w.labelled(name, bytes);
    expect(await w.acquiredOf(hash)).toBe(join(w.spool, hash));
  });

  it('come back out of the tagged copy at a target, exactly', async () => {
    const w = forwarding({ repository: layout });
    const hash = await pruned(w);
    const path = await w.acquiredOf(hash);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(w.spool)).toEqual([hash]);
    expect(w.store.images.need(hash).spooled).toBe(true);
    w.later(3500);
    await w.prune(); // somebody reads it: it stays for its time
    expect(readdirSync(w.spool)).toEqual([hash]);
    w.later(200);
    await w.prune();
    expect(readdirSync(w.spool)).toEqual([]);
  });

  it('are the same for many who ask at the same time', async () => {
    const w = forwarding({ repository: layout });
    const hash = await pruned(w);
    const paths = await Promise.all(Array.from({ length: 8 }, () => w.acquiredOf(hash)));
    expect(new Set(paths)).toEqual(new Set([join(w.spool, hash)]));
    expect(sha256(readFileSync(paths[0]!))).toBe(hash);
    expect(readdirSync(w.spool)).toEqual([hash]);
  });

  it('make the next revision possible after the copy is gone', async () => {
    const w = forwarding({ repository: layout });
    const hash = await pruned(w);
    answers(w.store, () => undefined, w.now).label(hash, { answer: { kind: 'category', category: 'Tips' }, by: 'Anna' });
    await w.deliver();
    expect(w.at()).toEqual(['Tips/a.tif', 'Tips/a.tif.json']);
    w.later(3601);
    await w.prune();
    expect(readFileSync(await w.acquiredOf(hash)).equals(bytes)).toBe(true);
  }); // prettier-ignore

  it('come from another target where one lost or changed its copy', async () => {
    const w = forwarding({ one: layout, two: layout });
    const hash = await pruned(w);
    writeFileSync(join(w.home, 'two/Powder/a.tif'), tinyTiff(8)); // an untagged file in its place
    expect(sha256(readFileSync(await w.acquiredOf(hash)))).toBe(hash);
  });

  it('are lost, with every reason, where no copy gives them back', async () => {
    const w = forwarding({ one: layout, two: layout });
    const hash = await pruned(w);
    const tagged = w.bytes('Powder/a.tif', 'one');
    tagged[tagged.indexOf(bytes.subarray(8, 40)) + 3]! ^= 1; // one bit of a pixel
    writeFileSync(join(w.home, 'one/Powder/a.tif'), tagged);
    rmSync(join(w.home, 'two/Powder/a.tif'));
    const lost = await w.acquiredOf(hash).catch((error: unknown) => error);
    expect(lost).toMatchObject({ code: 'spool_lost' });
    expect((lost as Error).message).toMatch(/two: Powder\/a\.tif is not there any more/);
    expect((lost as Error).message.split('; ')).toHaveLength(3);
    expect(readdirSync(w.spool)).toEqual([]);
  });

  it('come from another target where the first is away', async () => {
    const w = forwarding({ one: layout, two: layout });
    const hash = await pruned(w);
    renameSync(join(w.home, 'two'), join(w.home, 'away'));
    expect(sha256(readFileSync(await w.acquiredOf(hash)))).toBe(hash);
  });

  it('are waited for where one target lost them and another does not answer', async () => {
    const w = forwarding({ one: layout, two: layout });
    const hash = await pruned(w);
    rmSync(join(w.home, 'two/Powder/a.tif'));
    renameSync(join(w.home, 'one'), join(w.home, 'away'));
    await expect(w.acquiredOf(hash)).rejects.toMatchObject({ code: 'target_unreachable' });
  });

  it('are waited for where a whole copy could not be restored this time', async () => {
    const w = forwarding({ repository: layout });
    const hash = await pruned(w);
    const target = folderTarget(w.target());
    // a connection that ends in the middle of the copy
    const breaking: Target = { ...target, get: async (_, to) => writeFileSync(to, 'II*') };
    const acquired = fetchBack({ store: w.store, spoolDir: w.spool, taggedDir: w.tagged, targets: [breaking], untag, now: w.now }); // prettier-ignore
    const error = (await acquired(hash).catch((thrown: unknown) => thrown)) as SemtagError;
    expect(error).toMatchObject({ code: 'target_mismatch', retryable: true });
    expect(readdirSync(w.spool)).toEqual([]);
  });

  it('replace a copy in the spool that has decayed, and only then', async () => {
    const w = forwarding({ repository: layout });
    const hash = w.labelled(name, bytes);
    writeFileSync(join(w.spool, hash), 'decayed');
    await expect(w.acquiredOf(hash, 'decayed')).rejects.toMatchObject({ code: 'spool_lost' });
    writeFileSync(join(w.spool, hash), bytes);
    await w.deliver();
    rmSync(join(w.tagged, `${hash}.1.image`));
    writeFileSync(join(w.spool, hash), 'decayed');
    expect(readFileSync(await w.acquiredOf(hash, 'decayed')).equals(bytes)).toBe(true);
  });

  it('are waited for where the target is only away', async () => {
    const w = forwarding({ repository: layout });
    const hash = await pruned(w);
    renameSync(join(w.home, 'repository'), join(w.home, 'away'));
    await expect(w.acquiredOf(hash)).rejects.toMatchObject({ code: 'target_unreachable' });
    answers(w.store, () => undefined, w.now).label(hash, { answer: { kind: 'unusable' }, by: 'Anna' });
    expect(await w.tag()).toEqual(['target_unreachable']);
    expect(w.store.images.need(hash).state).toBe('labelled'); // not aside: it passes
    renameSync(join(w.home, 'away'), join(w.home, 'repository'));
    await w.deliver();
    expect(w.at()).toEqual(['unusable/a.tif', 'unusable/a.tif.json']);
  });

  it('of a file that cannot carry a tag are the file itself', async () => {
    const w = forwarding({ repository: layout });
    const odd = Buffer.from('BM, and nothing that anybody could tag');
    const hash = w.labelled('odd.bmp', odd);
    await w.deliver();
    expect(w.store.deliveries.record(hash, 1)?.method).toBe('sidecar');
    w.later(3601);
    await w.prune();
    expect(readFileSync(await w.acquiredOf(hash)).equals(odd)).toBe(true);
  });

  it('never lie half fetched under their name', async () => {
    const w = forwarding({ repository: layout });
    const hash = await pruned(w);
    mkdirSync(join(w.spool, `${hash}.restored`)); // the way is blocked after the fetch
    await expect(w.acquiredOf(hash)).rejects.toThrow();
    expect(readdirSync(w.spool)).not.toContain(hash);
  });
});
