// What is public now is given; what an earlier revision says of a time when it was not stays inside.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { publishRules } from '../../src/domain/publish.ts';
import { givens } from '../../src/harvest/given.ts';
import { at, world } from '../store/world.ts';

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
