// What is public now is given; what an earlier revision says of a time when it was not stays inside.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { publishRules } from '../../src/domain/publish.ts';
import { givens } from '../../src/harvest/given.ts';
import { at, sha, world } from '../store/world.ts';

test('an image that left a private or withheld project is given without what was written there', () => {
  const publish = { projects: ['*'], withhold: [{ project: 'Held', forward: true }], fields: ['project' as const], files: false }; // prettier-ignore
  const rules = publishRules(publish, ['Secret']);
  const w = world();
  const given = givens({ store: w.store, rules, publish, now: () => new Date(at(500)) });
  const sha256 = w.image('a', 'tagged');
  const move = (value: string, second: number) => {
    w.store.revisions.correctFacts([sha256], { project: { value, unit: null, origin: 'operator' } }, 'Anna', at(second)); // prettier-ignore
    w.tag(sha256, second + 5);
    w.store.publication.goBy(rules, '2026-01-01', false);
    while (w.store.publication.settle(rules, new Date(at(second + 9))));
  };
  const { id } = w.store.publication.record(sha256, 1)!;
  move('Secret', 40);
  expect([given.get(id), given.ofImage(sha256)]).toEqual([undefined, undefined]);
  move('Held', 60);
  expect(given.get(id)).toBeUndefined();
  move('Open', 80);
  expect(given.get(id)).toMatchObject({ record: { revision: 4 } });
  expect([1, 2, 3].map((revision) => typeof given.get(id, revision))).toEqual(['object', 'undefined', 'undefined']); // prettier-ignore
  expect(JSON.stringify(given.get(id))).not.toMatch(/Secret|Held|2211/);
});

test('one whose text names a withheld project is gone wherever it is asked for, before it was looked at again', () => {
  const publish = { projects: ['*'], withhold: [], fields: [], files: false };
  const w = world();
  const sha256 = w.image('a', 'tagged');
  const { publication } = w.store;
  while (publication.settle(publishRules(publish, []), new Date(at(30))));
  const rules = publishRules({ ...publish, withhold: [{ project: '2211', forward: true }] }, []);
  w.store.revisions.correctFacts([sha256], { project: { value: 'Open', unit: null, origin: 'operator' } }, 'Anna', at(40)); // prettier-ignore
  const given = givens({ store: w.store, rules, publish, now: () => new Date(at(500)) });
  const { id } = publication.record(sha256, 1)!;
  const item = publication.get(id, rules, '2026-01-01')!;
  expect(item.gone).toBe(false);
  expect(given.get(id)).toBe('gone');
  expect(given.listed(item).item.gone).toBe(true);
  expect([...given.list({}, 10)].map((one) => one.item.gone)).toEqual([true]);
  expect(given.search({}, 10).found).toEqual([]);
});

test('a record that is damaged in the database is left out of what is found, and the others are there', () => {
  const publish = { projects: ['*'], withhold: [], fields: [], files: false };
  const rules = publishRules(publish, []);
  const w = world();
  w.image('a', 'tagged');
  w.image('b', 'tagged');
  while (w.store.publication.settle(rules, new Date(at(30))));
  const db = new Database(join(w.dataDir, 'semtag.db'));
  db.prepare("UPDATE revision SET record = '{' WHERE sha256 = ?").run(sha('a'));
  db.close();
  const given = givens({ store: w.store, rules, publish, now: () => new Date(at(500)) });
  expect(given.search({}, 10).found.map(({ item }) => item.sha256)).toEqual([sha('b')]);
  expect([...given.list({}, 10)].map(({ given: one }) => one !== undefined).sort()).toEqual([false, true]);
});

test('another version of a file is named while it is public itself', () => {
  const w = world();
  const [older, newer] = [w.image('older', 'tagged'), w.image('newer', 'tagged', 40)];
  const db = new Database(join(w.dataDir, 'semtag.db'));
  const point = (from: string, to: string) =>
    db.prepare("UPDATE revision SET record = json_set(record, '$.relations.supersedes', ?) WHERE sha256 = ?").run(to, from); // prettier-ignore
  // both ways round: neither looks at the other for ever
  point(newer, older);
  point(older, newer);
  db.close();
  const relationsOf = (projects: string[]) => {
    const publish = { projects, withhold: [], fields: [], files: false };
    const rules = publishRules(publish, []);
    w.store.publication.goBy(rules, '2026-01-01', false);
    while (w.store.publication.settle(rules, new Date(at(300))));
    return givens({ store: w.store, rules, publish, now: () => new Date(at(500)) }).ofImage(newer)?.record
      .relations;
  };
  expect(relationsOf(['*'])).toEqual({ supersedes: older });
  w.store.revisions.correctFacts([older], { project: { value: 'Held', unit: null, origin: 'operator' } }, 'Anna', at(200)); // prettier-ignore
  w.tag(older, 210);
  const { project } = w.store.images.need(newer).facts;
  expect(relationsOf([project!.value])).toEqual({});
});
