// What the stages ask the store: what is due, attempts, deliveries and receipts, lists with a stable cursor, the ledger of files.

import { waitMs } from '../../src/store/attempts.ts';
import { describe, expect, it } from 'vitest';
import { at, settle, sha, world } from './world.ts';

describe('attempts', () => {
  it('stop at the third that never finished, for each image and stage apart', () => {
    const { store, image } = world();
    const [one, two] = [image('a.tif', 'settled'), image('b.tif', 'settled')];
    for (let i = 0; i < 3; i++) store.attempts.begin(one, 'read', 'a.tif', at(i));
    expect(() => store.attempts.begin(one, 'read', 'a.tif', at(9))).toThrow(/a\.tif: 3 attempts/);
    store.attempts.begin(one, 'tag', 'a.tif', at(9));
    store.attempts.begin(two, 'read', 'b.tif', at(9));
  });

  it('that ended with an answer, good or bad, do not count', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'settled');
    for (let i = 0; i < 10; i++) {
      store.attempts.begin(sha256, 'read', 'a.tif', at(i));
      store.attempts.end(sha256, 'read');
    }
    store.attempts.begin(sha256, 'read', 'a.tif', at(11));
    store.images.read(sha256, { format: 'generic', fields: {}, warnings: [], page: 0 }, { width: 1, height: 1, bitsPerSample: 8, scanArea: { width: 1, height: 1, origin: 'pixels' } }, {}, at(12)); // prettier-ignore
    for (let i = 0; i < 3; i++) store.attempts.begin(sha256, 'read', 'a.tif', at(20));
  });

  it('let the others go first: the wait grows with every one that did not finish', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'settled');
    const waits = (second: number) => store.attempts.waiting('read', new Date(at(second))).includes(sha256);
    expect(waits(0)).toBe(false);
    store.attempts.begin(sha256, 'read', 'a.tif', at(0));
    expect([waits(1), waits(11)]).toEqual([true, false]);
    store.attempts.begin(sha256, 'read', 'a.tif', at(20));
    expect([waits(29), waits(43)]).toEqual([true, false]);
  });

  it('of neighbours are spread, the same for the same name: what was near a killer is tried apart from it', () => {
    const names = Array.from({ length: 50 }, (_, i) => `image ${i}`);
    const waits = names.map((name) => waitMs(name, 1));
    expect(names.map((name) => waitMs(name, 1))).toEqual(waits);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000);
    expect(Math.max(...waits)).toBeLessThan(10_000);
    expect(new Set(waits.map((ms) => Math.floor(ms / 400))).size).toBeGreaterThan(10);
  });
});

describe('deliveries', () => {
  it('make an image forwarded when the last target has it', () => {
    const { store, image } = world(['one', 'two']);
    const sha256 = image('a.tif', 'tagged');
    const [first, second] = store.deliveries.ofImage(sha256);
    store.deliveries.received(first!.id, first!.objects, [], at(30));
    expect(store.images.need(sha256).state).toBe('tagged');
    store.deliveries.received(second!.id, second!.objects, [], at(31));
    expect(store.images.need(sha256).state).toBe('forwarded');
    expect(store.deliveries.ofImage(sha256)[1]!.receipt).toEqual({ at: at(31), objects: second!.objects });
  });

  it('are not needed where there is no target', () => {
    const { store, image } = world([]);
    expect(store.images.need(image('a.tif', 'tagged')).state).toBe('forwarded');
  });

  it('wait after a failure until their time, or until somebody asks', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'tagged');
    const due = (second: number) => store.deliveries.due('repository', at(second), 10).length;
    const [delivery] = store.deliveries.ofImage(sha256);
    store.deliveries.failed(delivery!.id, 'no route', at(100));
    expect([due(99), due(100)]).toEqual([0, 1]);
    expect(store.deliveries.backlog()).toEqual([
      { target: 'repository', owed: 1, withheld: 0, oldest: at(4), error: 'no route' },
    ]);
    expect(store.deliveries.tryNow(sha256)).toBe(1);
    expect(due(50)).toBe(1);
    expect(store.deliveries.ofImage(sha256)[0]).toMatchObject({ tries: 1, error: 'no route' });
  });

  it('of an older revision that arrive late do not make the newer one forwarded', () => {
    const { store, image, tag } = world(['one', 'two']);
    const sha256 = image('a.tif', 'tagged');
    const [first] = store.deliveries.ofImage(sha256);
    store.deliveries.received(first!.id, first!.objects, [], at(30));
    store.revisions.correctFacts(
      [sha256],
      { sample: { value: 'x', unit: null, origin: 'operator A' } },
      'A',
      at(31),
    );
    tag(sha256, 32);
    const states = store.deliveries
      .ofImage(sha256)
      .map((one) => `${one.target} ${one.revision} ${one.state}`);
    expect(states).toEqual(['one 1 received', 'two 1 superseded', 'one 2 owed', 'two 2 owed']);
    expect(store.images.need(sha256).state).toBe('tagged');
    const third = store.deliveries.ofImage(sha256)[2]!;
    store.deliveries.received(third.id, third.objects, [first!.id], at(33));
    expect(store.deliveries.ofImage(sha256)[0]!.state).toBe('emptied');
  });

  it('know a place that another image has', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'tagged');
    const { place } = store.deliveries.ofImage(sha256)[0]!;
    expect(store.deliveries.placeTaken('repository', place, sha256)).toBe(false);
    expect(store.deliveries.placeTaken('repository', place, sha('other'))).toBe(true);
    expect(store.deliveries.placeTaken('elsewhere', place, sha('other'))).toBe(false);
  });
});

describe('a target that is forgotten', () => {
  it('is owed nothing from then on, and an image that every other target holds is forwarded', () => {
    const { store, image } = world(['one', 'two']);
    const [done, open] = [image('a.tif', 'tagged'), image('b.tif', 'tagged')];
    const [first] = store.deliveries.ofImage(done);
    store.deliveries.received(first!.id, first!.objects, [], at(30));
    expect(store.deliveries.forget('new', 'Anna', at(31))).toBe(0);
    expect(store.deliveries.forget('two', 'Anna', at(31))).toBe(2);
    expect([store.images.need(done).state, store.images.need(open).state]).toEqual(['forwarded', 'tagged']);
    expect(store.deliveries.ofImage(open).map((d) => `${d.target} ${d.state}`)).toEqual([
      'one owed',
      'two superseded',
    ]);
    expect(
      store.history.ofImage(done).some((line) => line.what.includes('target two') && line.who === 'Anna'),
    ).toBe(true);
    expect(store.deliveries.forget('one', 'Anna', at(32))).toBe(1);
    expect(store.images.need(open).state).toBe('forwarded');
    expect(store.images.prunable(at(999), 10, ['one'])).toEqual([done]); // what no target holds is never pruned
    expect(store.images.prunable(at(999), 10, ['another'])).toEqual([]); // nor what only a target of yesterday's config holds
  });
});

describe('the quota of the spool', () => {
  it('counts what is on its way, not what is aside and not what stays because no target has it', () => {
    const { store, image } = world();
    for (const state of ['settled', 'asked', 'forwarded', 'quarantined'] as const) image(state, state);
    const bytes = (...names: string[]) => names.join('').length;
    expect(store.images.spooledBytes()).toBe(bytes('settled', 'asked', 'forwarded')); // kept for a while, then pruned
    expect(store.images.asideBytes()).toBe(bytes('quarantined'));
    store.images.pruned(sha('forwarded'));
    expect(store.images.spooledBytes()).toBe(bytes('settled', 'asked'));

    const alone = world([]);
    alone.image('a.tif', 'forwarded');
    expect(alone.store.images.spooledBytes()).toBe(0);
    expect(alone.store.images.prunable(at(99), 10, ['one'])).toEqual([]);
  });
});

describe('lists', () => {
  it('page through everything once, though images arrive and many share one moment', () => {
    const { store, image } = world();
    const all = Array.from({ length: 25 }, (_, i) => image(`a${i}.tif`, 'settled', Math.floor(i / 10)));
    const seen: string[] = [];
    let before: { settledAt: string; sha256: string } | undefined;
    for (let n = 0; ; n++) {
      const page = store.images.list({}, 4, before);
      if (!page.length) break;
      seen.push(...page.map((one) => one.sha256));
      before = page.at(-1);
      image(`new${n}.tif`, 'settled', 100 + n); // newer ones come before the first page and shift nothing
    }
    expect(seen.toSorted()).toEqual(all.toSorted());
  });

  it('filter by state, label, instrument, basis and part of the name', () => {
    const { store, image } = world();
    const [asked, labelled] = [image('wires_1.tif', 'asked'), image('WIRES_2.tif', 'labelled', 10)];
    image('100%.tif', 'settled');
    const names = (filter: object) => store.images.list(filter, 10).map((one) => one.sha256);
    expect(names({ state: 'asked' })).toEqual([asked]);
    expect(names({ category: 'Tips' })).toEqual([labelled]);
    expect(names({ basis: 'answer' })).toEqual([labelled]);
    expect(names({ q: 'wires' }).toSorted()).toEqual([asked, labelled].toSorted());
    expect(names({ q: '%' })).toHaveLength(1); // no wildcard of SQL
    expect(names({ instrument: 'SEM 2' })).toEqual([]);
    expect(names({ q: 'wires', newest: 1 })).toEqual([labelled]);
    expect(names({ q: "' OR 1=1 --" })).toEqual([]);
  });

  it('count images and files by state, with zeros', () => {
    const { store, image, see } = world();
    image('a.tif', 'asked');
    image('b.tif', 'forwarded');
    see('c.tif');
    expect(store.images.counts()).toEqual({ settled: 0, read: 0, asked: 1, labelled: 0, tagged: 0, forwarded: 1, quarantined: 0 }); // prettier-ignore
    expect(store.files.counts()).toEqual({ left: 0, seen: 1, settled: 2, incomplete: 0 });
    expect(store.images.countsSince(at(0))).toMatchObject({ settled: 2, answered: 1 });
    image('b.jpg', 'asked', 10); // it got the answer to b.tif along with it: nobody answered it
    expect(store.images.countsSince(at(0))).toMatchObject({ settled: 3, answered: 1 });
    expect(store.images.spooledBytes()).toBe(15);
  });

  it('find images by the first digits', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'settled');
    expect(store.images.startingWith(sha256.slice(0, 6))).toEqual([sha256]);
    expect(store.images.startingWith(sha256)).toEqual([sha256]);
    expect(store.images.startingWith(sha('other').slice(0, 6))).toEqual([]);
  });
});

describe('the ledger of files', () => {
  it('gives a settled file that changed a new version, one that is seen none', () => {
    const { store, see } = world();
    see('a.tif', 10);
    expect(see('a.tif', 12)).toMatchObject({ version: 1, state: 'seen' });
    settle(store, 'a.tif');
    expect(see('a.tif', 14)).toMatchObject({ version: 2, state: 'seen' });
  });

  it('looks again at an incomplete one when it changes or when asked', () => {
    const { store, see } = world();
    const { id } = see('a.tif');
    store.files.incomplete(id, { code: 'incomplete', message: 'a.tif: strip 3 ends early' }, at(1));
    expect(store.files.get(id)).toMatchObject({ state: 'incomplete' });
    expect(see('a.tif', 20)).toMatchObject({ id, state: 'seen', version: 1, size: 20, error: null });
    store.files.incomplete(id, { code: 'incomplete', message: 'a.tif: again' }, at(2));
    store.files.retry(id, 'Anna', at(3));
    expect(store.files.get(id)).toMatchObject({ state: 'seen', error: null });
  });

  it('forgets only what never settled', () => {
    const { store, see } = world();
    const gone = see('a.tif');
    store.files.forget(gone.id);
    expect(store.files.get(gone.id)).toBeUndefined();
    const sha256 = settle(store, 'b.tif');
    const [kept] = store.files.ofImage(sha256);
    store.files.forget(kept!.id);
    expect(store.files.get(kept!.id)).toBeDefined();
  });

  it('keeps names as raw bytes: two that are the same text for nobody stay apart', () => {
    const { store } = world();
    const dir = Buffer.from([0x66, 0xff]);
    const names = [Buffer.from([0xc3, 0xa4, 0x2e]), Buffer.from([0xe4, 0x2e])]; // in the order of their bytes
    for (const name of names)
      store.files.see(
        [{ sighting: { instrument: 'SEM 1', dir, name, role: 'image', size: 1, mtime_ns: '9007199254740993123' }, state: 'seen' }],
        at(),
      ); // prettier-ignore
    const found = store.files.inDir('SEM 1', dir);
    expect([...found.values()].map((row) => row.name)).toEqual(names);
    expect([...found.values()][0]!.mtime_ns).toBe('9007199254740993123');
    expect(store.files.dirsWithUnsettled('SEM 1')).toEqual([dir]);
  });
});

describe('thresholds', () => {
  it('count their versions up, keep the old ones and say who and why', () => {
    const { store } = world();
    expect(store.thresholds.current()).toBeUndefined();
    store.thresholds.save({ auto: 0.8, prompt: 0.35 }, 'From the config', 'semtag', at());
    store.thresholds.save({ auto: 0.9, prompt: 0.4 }, 'too many slips', 'Maria', at(1));
    expect(store.thresholds.current()).toMatchObject({
      version: 2,
      auto: 0.9,
      author: 'Maria',
      reason: 'too many slips',
    });
    expect(store.thresholds.versions().map((one) => one.auto)).toEqual([0.9, 0.8]);
    expect(store.history.of('thresholds', '2')).toHaveLength(1);
  });
});

describe('bottlenecks', () => {
  it('come back bit for bit, one vector a view, and only for their model', () => {
    const { store } = world();
    const views = [new Float32Array([1.5, -0, Number.EPSILON]), new Float32Array([3.4e38, 0, 1e-45])];
    store.bottlenecks.put(sha('a'), { backbone: 'b', preprocessing: '1', engine: 'onnx', views });
    expect(store.bottlenecks.get(sha('a'), 'b', '1')).toEqual({
      backbone: 'b',
      preprocessing: '1',
      engine: 'onnx',
      views,
    });
    expect(store.bottlenecks.get(sha('a'), 'b', '2')).toBeUndefined();
    expect(store.bottlenecks.get(sha('c'), 'b', '1')).toBeUndefined();
  });
});
