// What the config says not to forward is tagged and stays here, until the day has come or the entry is gone.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Facts } from '../../src/domain/facts.ts';
import type { Withheld } from '../../src/domain/publish.ts';
import { tinyTiff } from '../service/lab.ts';
import { forwarding } from './world.ts';

const facts = (project: string, operator?: string): Facts => ({
  project: { value: project, unit: null, origin: 'path' },
  ...(operator === undefined ? {} : { operator: { value: operator, unit: null, origin: 'path' } }),
});
let seed = 1;

function labelled(w: ReturnType<typeof forwarding>, name: string, of: Facts): string {
  const hash = w.settled(name, tinyTiff(seed++), { facts: of });
  const label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: w.time() } as const;
  return w.classified(w.read(hash), 'Tips', 0.9, label);
}

/** As the service walks it. */
function walk({ store, now }: ReturnType<typeof forwarding>, withhold: Withheld[]): void {
  for (let after: number | undefined = 0; after !== undefined;)
    after = store.withholding.step(after, withhold, now());
}

const said = (w: ReturnType<typeof forwarding>, hash: string) =>
  w.store.history.ofImage(hash).map(({ what }) => what);

it('an embargo on forwarding: tagged, counted, never sent and never pruned, until the day has come', async () => {
  const w = forwarding({ one: {}, two: {} }, [{ project: 'x', until: '2099-01-01', forward: false }]);
  const [held, other] = [labelled(w, 'a.tif', facts('X')), labelled(w, 'b.tif', facts('Y'))];
  await w.deliver();
  w.later(86_400);
  await w.deliver();
  await w.prune();
  expect(w.deliveries(held)).toEqual(['one 1 withheld', 'two 1 withheld']);
  expect(w.store.images.need(held)).toMatchObject({ state: 'tagged', spooled: true });
  expect(existsSync(join(w.spool, held))).toBe(true);
  expect(w.store.images.need(other).state).toBe('forwarded');
  expect(w.at('one').some((place) => place.endsWith('a.tif'))).toBe(false);
  expect(w.store.deliveries.backlog()).toMatchObject([
    { target: 'one', owed: 0, withheld: 1, oldest: null },
    { target: 'two', owed: 0, withheld: 1, oldest: null },
  ]);
  const seen = (hidden: string[]) => w.store.seen.backlog({ hidden }).map(({ withheld }) => withheld);
  expect([seen(['Y']), seen(['X'])]).toEqual([[1, 1], []]);
  expect(said(w, held)).toContain('Withheld: project x until 2099-01-01');

  const ended: Withheld[] = [{ project: 'x', until: '2020-01-01', forward: false }];
  walk(w, ended);
  expect(w.deliveries(held)).toEqual(['one 1 owed', 'two 1 owed']);
  expect(w.store.deliveries.backlog()).toMatchObject([
    { owed: 1, withheld: 0 },
    { owed: 1, withheld: 0 },
  ]);
  expect(said(w, held)).toContain('Withheld no longer');
});

it('the config says so while it is owed: it is not sent, also before all was looked at; and is sent once the entry is gone', async () => {
  const withhold: Withheld[] = [];
  const w = forwarding({ repository: {} }, withhold);
  const hash = labelled(w, 'a.tif', facts('X', 'Anna Example'));
  await w.tag();
  expect(w.deliveries(hash)).toEqual(['repository 1 owed']);
  withhold.push({ operator: 'anna example', forward: false });
  await w.forward();
  expect(w.deliveries(hash)).toEqual(['repository 1 withheld']);
  expect(w.at()).toEqual([]);
  withhold.length = 0;
  walk(w, withhold);
  await w.deliver();
  expect(w.store.images.need(hash).state).toBe('forwarded');
});

it('facts that are corrected decide anew, both ways', async () => {
  const w = forwarding({ repository: {} }, [{ project: 'X', forward: false }]);
  const [into, out] = [labelled(w, 'into.tif', facts('Y')), labelled(w, 'out.tif', facts('X'))];
  await w.tag();
  const move = (hash: string, to: string) =>
    w.store.revisions.correctFacts([hash], { project: { value: to, unit: null, origin: 'operator Anna' } }, 'Anna', w.time()); // prettier-ignore
  move(into, 'X');
  move(out, 'Y');
  await w.deliver();
  expect(w.deliveries(into)).toEqual(['repository 1 superseded', 'repository 2 withheld']);
  expect(w.deliveries(out).at(-1)).toBe('repository 2 received');
});

it('an entry that only keeps it from harvesters lets it go to targets', async () => {
  const w = forwarding({ repository: {} }, [{ project: 'X', forward: true }]);
  const hash = labelled(w, 'a.tif', facts('X'));
  await w.deliver();
  expect(w.store.images.need(hash).state).toBe('forwarded');
});

it('what is withheld from a target that is gone is let go of with what it is owed', async () => {
  const w = forwarding({ one: {} }, [{ project: 'X', forward: false }]);
  const hash = labelled(w, 'a.tif', facts('X'));
  await w.tag();
  expect(w.store.deliveries.forget('one', 'Mia', w.time())).toBe(1);
  expect(w.store.deliveries.backlog()).toEqual([]);
  expect(w.store.images.need(hash).state).toBe('forwarded');
});
