// Pausing: what is paused stays owed however long and through whatever, everything else goes on, and resuming sends it all.

import { expect, it } from 'vitest';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { openStore } from '../../src/store/store.ts';
import { tinyTiff } from '../service/lab.ts';
import { forwarding } from './world.ts';

const project = (name: string): Facts => ({ project: { value: name, unit: null, origin: 'path' } });
let seed = 1;

/** An image of this project, labelled and ready to be tagged. */
function labelled(w: ReturnType<typeof forwarding>, name: string, of: string): string {
  const hash = w.settled(name, tinyTiff(seed++), { facts: project(of) });
  const label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: w.time() } as const;
  return w.classified(w.read(hash), 'Tips', 0.9, label);
}

it('a paused project stays owed, the others are delivered, and the end of the pause delivers all', async () => {
  const w = forwarding({ one: {}, two: {} });
  const before = labelled(w, 'before.tif', 'A');
  await w.tag();
  expect(w.store.pauses.add({ scope: 'project', name: 'A' }, 'Mia', 'embargo', w.time())).toBe(true);
  const [after, other] = [labelled(w, 'after.tif', 'A'), labelled(w, 'other.tif', 'B')];
  await w.deliver();
  for (const held of [before, after]) {
    expect(w.deliveries(held)).toEqual(['one 1 owed', 'two 1 owed']);
    expect(w.store.images.need(held).state).toBe('tagged');
    expect(w.store.pauses.of(w.store.images.need(held))).toMatchObject({ by: 'Mia', reason: 'embargo' });
  }
  expect(w.store.images.need(other).state).toBe('forwarded');
  expect(w.store.pauses.of(w.store.images.need(other))).toBeUndefined();
  expect(w.store.deliveries.sendableSince('one')).toBeUndefined();
  const held = (hidden: string[]) => w.store.queues.held('one', { hidden });
  expect([held([]), held(['B']), held(['A'])]).toEqual([2, 2, 0]);
  w.later(86_400);
  const restarted = openStore(w.data); // as the next start finds it
  expect(restarted.pauses.list()).toMatchObject([{ scope: 'project', name: 'A' }]);
  expect(restarted.deliveries.due('one', w.time(), 10)).toEqual([]);
  restarted.close();
  expect(w.store.pauses.end({ scope: 'project', name: 'A' }, 'Mia', w.time())).toBe(true);
  expect(w.store.deliveries.due('one', w.time(), 10).map(({ sha256 }) => sha256)).toEqual([before, after]);
});

it('and they arrive', async () => {
  const w = forwarding();
  w.store.pauses.add({ scope: 'all' }, 'Mia', 'move of the share', w.time());
  const hashes = ['a', 'bb', 'ccc'].map((name) => labelled(w, `${name}.tif`, 'A'));
  await w.deliver();
  expect(w.at()).toEqual([]);
  w.store.pauses.end({ scope: 'all' }, 'Mia', w.time());
  await w.deliver();
  for (const hash of hashes) expect(w.store.images.need(hash).state).toBe('forwarded');
  expect(w.at().filter((name) => name.endsWith('.tif'))).toHaveLength(3);
  expect(w.store.queues.held('repository', ALL_SIGHT)).toBe(0);
});

it('two pauses of one image: it goes when the last of them has ended', async () => {
  const w = forwarding();
  const pauses = [{ scope: 'instrument', name: 'sem' }, { scope: 'project', name: 'A' }] as const; // prettier-ignore
  for (const pause of pauses) w.store.pauses.add(pause, 'Mia', 'x', w.time());
  const hash = labelled(w, 'a.tif', 'A');
  await w.deliver();
  w.store.pauses.end(pauses[0], 'Mia', w.time());
  await w.deliver();
  expect(w.deliveries(hash)).toEqual(['repository 1 owed']);
  w.store.pauses.end(pauses[1], 'Mia', w.time());
  await w.deliver();
  expect(w.deliveries(hash)).toEqual(['repository 1 received']);
});

it('an image that comes to a paused project, or leaves one, follows it', async () => {
  const w = forwarding();
  w.store.pauses.add({ scope: 'project', name: 'A' }, 'Mia', 'embargo', w.time());
  const [into, out] = [labelled(w, 'into.tif', 'B'), labelled(w, 'out.tif', 'A')];
  await w.tag();
  const move = (hash: string, to: string) =>
    w.store.revisions.correctFacts([hash], { project: { value: to, unit: null, origin: 'operator Anna' } }, 'Anna', w.time()); // prettier-ignore
  move(into, 'A');
  move(out, 'B');
  await w.deliver();
  expect(w.deliveries(into)).toEqual(['repository 1 superseded', 'repository 2 owed']);
  expect(w.store.images.need(out).state).toBe('forwarded');
});

it('pausing twice keeps who paused first and why, and says so once in the history', () => {
  const w = forwarding();
  const what = { scope: 'instrument', name: 'sem' } as const;
  expect(w.store.pauses.add(what, 'Mia', 'service visit', w.time())).toBe(true);
  expect(w.store.pauses.add(what, 'Ben', 'other', w.time())).toBe(false);
  expect(w.store.pauses.list()).toMatchObject([{ ...what, by: 'Mia', reason: 'service visit' }]);
  expect(w.store.pauses.end(what, 'Ben', w.time())).toBe(true);
  expect(w.store.pauses.end(what, 'Ben', w.time())).toBe(false);
  expect(w.store.history.of('instrument', 'sem').map(({ who, what }) => [who, what])).toEqual([
    ['Mia', 'Forwarding and publishing of sem are paused: service visit'],
    ['Ben', 'Forwarding and publishing of sem go on'],
  ]);
});

it('a private project of others is not named, nor another instrument at a station', () => {
  const w = forwarding();
  for (const pause of [
    { scope: 'all' },
    { scope: 'project', name: 'A' },
    { scope: 'instrument', name: 'sem' },
  ] as const)
    // prettier-ignore
    w.store.pauses.add(pause, 'Mia', 'x', w.time());
  const scopes = (sight: { hidden: string[]; instruments?: string[] }) =>
    w.store.pauses.seen(sight).map(({ scope }) => scope);
  expect(scopes({ hidden: [] })).toEqual(['all', 'project', 'instrument']);
  expect(scopes({ hidden: ['A'] })).toEqual(['all', 'instrument']);
  expect(scopes({ hidden: [], instruments: ['other'] })).toEqual(['all', 'project']);
});
