// The forward stage: a receipt only for what was read back, everything owed until then, a target that is away loses nothing and blocks nobody.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { forwardStage } from '../../src/forward/stage.ts';
import type { Target } from '../../src/forward/target.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';
import { createRunner } from '../../src/pipeline/runner.ts';
import { SIDECAR_HEADER, sha256, tinyTiff, until } from '../service/lab.ts';
import { forwarding } from './world.ts';

const byName = { layout: '{category}/{stem}{ext}' };

describe('a delivery', () => {
  it('puts image, record and sidecar, and its receipt names exactly these bytes', async () => {
    const w = forwarding({ repository: byName });
    const hash = w.settled('a.tif', tinyTiff(1), { sidecar: { name: 'a.txt', bytes: Buffer.from('$CM_FORMAT') } });
    const label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: w.time() } as const;
    w.classified(w.read(hash, SIDECAR_HEADER), 'Tips', 0.9, label);
    await w.deliver();
    expect(w.at()).toEqual(['Tips/a.tif', 'Tips/a.tif.json', 'Tips/a.txt']);
    const [delivery] = w.store.deliveries.ofImage(hash);
    expect(delivery).toMatchObject({ state: 'received', place: 'Tips/a.tif', tries: 0 });
    for (const object of delivery!.receipt!.objects) {
      expect(sha256(w.bytes(object.place))).toBe(object.sha256);
      expect(w.bytes(object.place)).toHaveLength(object.bytes);
    }
    expect(w.store.images.need(hash).state).toBe('forwarded');
    const record = JSON.parse(w.bytes('Tips/a.tif.json').toString()) as { acquired: { sha256: string } };
    expect(record.acquired.sha256).toBe(hash);
    expect(w.store.history.ofImage(hash).map((l) => l.what)).toContain('Receipt of repository: Tips/a.tif');
  }); // prettier-ignore

  it('done again after a crash before its receipt leaves the same bytes in the same places', async () => {
    const w = forwarding({ repository: byName });
    w.labelled('a.tif');
    await w.tag();
    const target = folderTarget(w.target({ path: join(w.home, 'repository') }));
    const [delivery] = w.store.deliveries.due('repository', w.time(), 1);
    await target.put(delivery!.place, { path: join(w.tagged, `${delivery!.sha256}.1.image`) }); // as far as it came
    const before = w.bytes(delivery!.place);
    const stage = forwardStage({ store: w.store, target, taggedDir: w.tagged, withhold: [], now: w.now });
    for (const owed of stage.due(10, new Set())) await stage.run(owed);
    expect(w.bytes(delivery!.place).equals(before)).toBe(true);
    expect(w.at()).toEqual(['Powder/a.tif', 'Powder/a.tif.json']);
  });

  it('gets no receipt for bytes that do not read back, and is sent again until they do', async () => {
    const w = forwarding();
    const hash = w.labelled('a.tif');
    await w.tag();
    // a disk that loses a bit: the real target, and a change behind its back
    const honest = folderTarget(w.target({ path: join(w.home, 'repository') }));
    let lies = 1;
    const target: Target = {
      ...honest,
      async put(place, content) {
        await honest.put(place, content);
        if (lies-- > 0) writeFileSync(join(w.home, 'repository', place), 'lost');
      },
    };
    const stage = forwardStage({ store: w.store, target, taggedDir: w.tagged, withhold: [], now: w.now });
    const [first] = stage.due(1, new Set());
    await expect(stage.run(first!)).rejects.toMatchObject({ code: 'target_mismatch' });
    expect(w.deliveries(hash)).toEqual(['repository 1 owed']);
    expect(w.store.deliveries.ofImage(hash)[0]).toMatchObject({ tries: 1, error: expect.stringContaining('has SHA-256') as string }); // prettier-ignore
    expect(stage.due(1, new Set())).toEqual([]); // it waits
    w.later(2);
    await stage.run(stage.due(1, new Set())[0]!);
    expect(w.deliveries(hash)).toEqual(['repository 1 received']);
    expect(w.store.deliveries.ofImage(hash)[0]).not.toHaveProperty('error');
  });
});

describe('a target that is away', () => {
  it('keeps everything owed, does not hold up another target, and gets it all when it is back', async () => {
    const w = forwarding({ one: {}, two: {} });
    const hashes = ['a', 'bb', 'ccc'].map((name) => w.labelled(`${name}.tif`));
    await w.tag();
    renameSync(join(w.home, 'one'), join(w.home, 'away'));
    expect(await w.forward()).toEqual([]);
    expect(await w.forward()).toEqual([]); // it is left alone for a while
    for (const hash of hashes) {
      expect(w.deliveries(hash)).toEqual(['one 1 owed', 'two 1 received']);
      expect(w.store.images.need(hash).state).toBe('tagged');
    }
    expect(w.store.deliveries.backlog()).toMatchObject([{ target: 'one', owed: 3, error: null }]);
    expect(w.heard).toEqual(['one: ' + join(w.home, 'one') + ' is not there']);
    for (const hash of hashes) expect(w.store.deliveries.ofImage(hash)[0]).toMatchObject({ tries: 0 });
    renameSync(join(w.home, 'away'), join(w.home, 'one'));
    w.later(2);
    await w.deliver(); // one asks whether it is back
    await w.deliver();
    for (const hash of hashes) expect(w.store.images.need(hash).state).toBe('forwarded');
    expect(w.at('one')).toEqual(w.at('two'));
    expect(w.heard.slice(1)).toEqual(['one is back']);
  });

  it('is asked again ever more seldom, by one image for all, and that is said once', async () => {
    const w = forwarding();
    for (let i = 0; i < 5; i++) w.labelled(`${'a'.repeat(i + 1)}.tif`);
    await w.tag();
    rmSync(join(w.home, 'repository'), { recursive: true });
    const heard: unknown[] = [];
    let asked = 0;
    const folder = folderTarget(w.target());
    const target: Target = { ...folder, hash: (place) => (asked++, folder.hash(place)) };
    const stage = forwardStage({ store: w.store, target, taggedDir: w.tagged, withhold: [], onAway: (problem) => heard.push(problem?.code), now: w.now }); // prettier-ignore
    const round = () => Promise.all(stage.due(2, new Set()).map((delivery) => stage.run(delivery)));
    await round();
    for (const wait of [1, 2, 4, 8]) {
      w.later(wait * 0.7);
      await round();
      expect(stage.due(2, new Set())).toEqual([]);
      w.later(wait * 0.6);
      expect(stage.due(2, new Set())).toHaveLength(1);
      const before = asked;
      await round();
      expect(asked - before).toBe(2); // image and record of one delivery
    }
    expect(heard).toEqual(['target_unreachable']);
  });

  it('is tried at once when somebody asks, however long it was to rest', async () => {
    const w = forwarding();
    const hash = w.labelled('a.tif');
    await w.tag();
    renameSync(join(w.home, 'repository'), join(w.home, 'away'));
    const target = folderTarget(w.target({ path: join(w.home, 'repository') }));
    const heard: unknown[] = [];
    // the clock of the world stands still: without being asked it would never be due again
    const stage = forwardStage({ store: w.store, target, taggedDir: w.tagged, withhold: [], onAway: (problem) => heard.push(problem), now: w.now }); // prettier-ignore
    const quiet = { retrying: () => undefined, failed: () => undefined };
    const runner = createRunner([stage], quiet);
    runner.start();
    onTestFinished(() => runner.stop(1000));
    await until('it failed', () => heard.length > 0);
    renameSync(join(w.home, 'away'), join(w.home, 'repository'));
    const wake = (key?: string) => {
      stage.tryNow();
      runner.wake(key);
    };
    answers(w.store, wake, w.now).retry(hash, 'Anna');
    await until('it arrived', () => w.store.images.need(hash).state === 'forwarded');
  });
});

describe('a tagged file that is gone from the data directory', () => {
  it.each(['image', 'json'])(
    '(%s) is built again as the next revision, and the target gets that',
    async (ending) => {
      const w = forwarding({ one: byName, two: byName });
      const hash = w.labelled('a.tif');
      await w.tag();
      await w.forward('two');
      rmSync(join(w.tagged, `${hash}.1.${ending}`));
      expect(await w.forward('one')).toEqual([]);
      expect(w.store.images.need(hash)).toMatchObject({ state: 'labelled', revision: 2, cause: 'the tagged file was lost' }); // prettier-ignore
      await w.deliver();
      expect(w.deliveries(hash)).toEqual([
        'one 1 emptied',
        'two 1 emptied',
        'one 2 received',
        'two 2 received',
      ]);
      expect(w.store.images.need(hash).state).toBe('forwarded');
    },
  );

  it('or decayed there too', async () => {
    const w = forwarding({ one: byName });
    const hash = w.labelled('a.tif');
    await w.tag();
    writeFileSync(join(w.tagged, `${hash}.1.image`), 'decayed');
    expect(await w.forward('one')).toEqual([]);
    await w.deliver();
    expect(w.deliveries(hash)).toEqual(['one 1 emptied', 'one 2 received']);
    expect(w.at('one')).toEqual(['Powder/a.tif', 'Powder/a.tif.json']);
  });
});

it('an image is one delivery at a time, so that an older revision never lands after a newer one', () => {
  const w = forwarding();
  const stage = forwardStage({ store: w.store, target: folderTarget(w.target()), taggedDir: w.tagged, withhold: [], now: w.now }); // prettier-ignore
  const delivery = { id: 1, sha256: 'a'.repeat(64), revision: 1, target: 'repository', state: 'owed' as const, place: 'a', objects: [], tries: 0 }; // prettier-ignore
  expect(stage.key(delivery)).toBe(stage.key({ ...delivery, id: 2, revision: 2 }));
});
