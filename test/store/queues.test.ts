// What waits, what was done in each hour, what is aside: the figures are those of the rows, and of a private project only its members get them.

import { expect, it } from 'vitest';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import { answer, at, world } from './world.ts';

/** Everything in these worlds is of project 2211. */
const NOTHING = { hidden: ['2211'] };
const [all, none] = [() => true, () => false];
const HOUR = 3600;

it('prompts: how many, the oldest, the median, how many wait longer', () => {
  const { store, image } = world();
  for (const second of [0, 100, 200, 300]) image(`${second}.tif`, 'asked', second);
  image('done.tif', 'labelled', 50);
  const ages = store.queues.promptAges([at(250), at(150), at(50), at(0)], ALL_SIGHT);
  expect(ages).toEqual({ waiting: 4, oldest: at(2), median: at(102), longer: [3, 2, 1, 0] });
  expect(store.queues.oldestPrompt(ALL_SIGHT)).toBe(at(2));
  expect(store.queues.promptAges([at(250)], NOTHING)).toEqual({ waiting: 0, longer: [0] });
  expect(store.queues.oldestPrompt(NOTHING)).toBeUndefined();
});

it('throughput: by the hour in which it was done, an answer once, what is read again not again', () => {
  const { store, image, tag, receive } = world();
  image('a.tif', 'forwarded', 0);
  image('b.tif', 'forwarded', HOUR);
  const again = image('c.tif', 'forwarded', HOUR + 10);
  image('aside.tif', 'quarantined', HOUR);
  store.revisions.label(again, answer('Powder', 'Ben', 2 * HOUR));
  tag(again, 2 * HOUR);
  receive(2 * HOUR + 5);
  const none = { settled: 0, automatic: 0, answered: 0, forwarded: 0 };
  const all = [
    { ...none, hour: '2026-01-01T00', settled: 1, answered: 1, forwarded: 1 },
    { ...none, hour: '2026-01-01T01', settled: 2, answered: 2, forwarded: 2 },
    { ...none, hour: '2026-01-01T02', answered: 1, forwarded: 1 },
  ];
  expect(store.queues.throughput('2026-01-01T00', ALL_SIGHT)).toEqual(all);
  expect(store.queues.throughput('2026-01-01T02', ALL_SIGHT)).toEqual(all.slice(2));
  expect(store.queues.throughput('2026-01-01T00', NOTHING)).toEqual([]);
  expect(store.queues.labelsGiven(ALL_SIGHT)).toEqual({ answer: 4 });
  expect(store.queues.labelsGiven(NOTHING)).toEqual({});
  store.queues.noteFree(5e9, at(3 * HOUR), at(HOUR));
  expect(store.queues.throughput('2026-01-01T00', ALL_SIGHT)).toEqual(all.slice(1));
});

it('aside: images and files by reason, and which they are', () => {
  const { store, image, see } = world();
  const sha256s = [image('a.tif', 'quarantined', 5), image('b.tif', 'quarantined', 9)];
  const other = image('c.tif', 'labelled', 0);
  store.images.quarantine(other, { code: 'tag_unverified', message: 'c' }, at(20));
  const { id } = see('half.tif');
  store.files.incomplete(id, { code: 'incomplete', message: 'half.tif: no end' }, at(3));
  expect(store.queues.aside(ALL_SIGHT, all)).toEqual([
    { code: 'malformed', images: 2, files: 0, since: at(6) },
    { code: 'tag_unverified', images: 1, files: 0, since: at(20) },
    { code: 'incomplete', images: 0, files: 1 },
  ]);
  const sorted = ({ images, files }: { images: string[]; files: number[] }) => ({ images: images.sort(), files }); // prettier-ignore
  expect(sorted(store.queues.asideFor('malformed', 10, ALL_SIGHT, all))).toEqual({ images: sha256s.sort(), files: [] }); // prettier-ignore
  expect(sorted(store.queues.asideFor(undefined, 10, ALL_SIGHT, all))).toEqual({ images: [...sha256s, other].sort(), files: [id] }); // prettier-ignore
  expect(store.queues.asideFor(undefined, 1, ALL_SIGHT, all).images).toHaveLength(1);
  // a file has no project before it is read: its path tells whose it is
  expect(store.queues.asideFor(undefined, 10, NOTHING, all)).toEqual({ images: [], files: [id] });
  expect(store.queues.asideFor(undefined, 10, NOTHING, none)).toEqual({ images: [], files: [] });
  expect(store.queues.aside(NOTHING, all)).toEqual([{ code: 'incomplete', images: 0, files: 1 }]);
  expect(store.queues.aside(NOTHING, none)).toEqual([]);
});

it('many are tried again in one commit; one that cannot ends it, those before it stay tried', () => {
  const { store, image, see } = world();
  const [first, last] = [image('a.tif', 'quarantined', 5), image('b.tif', 'quarantined', 9)];
  const fine = image('c.tif', 'labelled', 0);
  const { id } = see('half.tif');
  store.files.incomplete(id, { code: 'incomplete', message: 'half.tif: no end' }, at(3));
  const retry = (images: string[], files: number[]) => store.retries.all({ images, files }, 'Anna', at(30));
  expect(() => retry([first, fine, last], [id])).toThrow('is not in quarantine');
  expect([first, fine, last].map((sha256) => store.images.need(sha256).state)).toEqual(['settled', 'labelled', 'quarantined']); // prettier-ignore
  retry([last], [id]);
  expect(store.queues.asideFor(undefined, 10, ALL_SIGHT, all)).toEqual({ images: [], files: [] });
});

it('free space: the first of an hour counts, old hours go', () => {
  const { store } = world();
  for (const [second, bytes] of [[0, 9], [60, 8], [HOUR, 7], [2 * HOUR, 6]] as const) store.queues.noteFree(bytes, at(second), at(0)); // prettier-ignore
  expect(store.queues.freeSince(at(0))).toEqual({ hour: '2026-01-01T00', bytes: 9 });
  expect(store.queues.freeSince(at(HOUR))).toEqual({ hour: '2026-01-01T01', bytes: 7 });
  store.queues.noteFree(5, at(3 * HOUR), at(2 * HOUR));
  expect(store.queues.freeSince(at(0))).toEqual({ hour: '2026-01-01T02', bytes: 6 });
  expect(store.queues.freeSince(at(9 * HOUR))).toBeUndefined();
});

it('the newest receipt of each target', () => {
  const { store, image } = world(['one', 'two']);
  expect(store.deliveries.lastReceipts()).toEqual(new Map());
  image('a.tif', 'forwarded', 0);
  image('b.tif', 'forwarded', 100);
  expect(store.deliveries.lastReceipts()).toEqual(new Map([['one', at(105)], ['two', at(105)]])); // prettier-ignore
  expect(store.seen.lastReceipts(NOTHING)).toEqual(new Map());
  expect(store.seen.lastReceipts({ hidden: ['another'] })).toEqual(store.deliveries.lastReceipts());
});
