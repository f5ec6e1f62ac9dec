// The publisher follows what is tagged, and notices a database that knows less than harvesters were told.

import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { publishRules } from '../../src/domain/publish.ts';
import { startPublisher } from '../../src/harvest/publisher.ts';
import { at, sha, world, type World } from '../store/world.ts';

const rules = publishRules({ projects: ['*'], withhold: [], fields: [], files: false }, []);

/** Runs one until nothing is due. */
async function publish({ store, dataDir }: World, second: number) {
  const mark = join(dataDir, 'published.json');
  const troubles: unknown[] = [];
  const unreadable: string[] = [];
  const publisher = startPublisher({
    store,
    rules,
    mark,
    now: () => new Date(at(second)),
    onTrouble: (error) => troubles.push(error),
    onUnreadable: (sha256) => unreadable.push(sha256),
  });
  await expect.poll(() => store.publication.isDue()).toBe(false);
  await publisher.close();
  expect(troubles).toEqual([]);
  return { mark, unreadable, top: store.publication.top() };
}

test('what was tagged is given within a second, and the mark says how far harvesters were told', async () => {
  const w = world();
  w.image('a', 'tagged');
  const { mark, top } = await publish(w, 100);
  expect(w.store.publication.list({}, rules, '2026-01-01', 10)).toMatchObject([{ sha256: sha('a') }]);
  expect(JSON.parse(readFileSync(mark, 'utf8'))).toEqual(top);
  expect((await publish(w, 200)).top).toEqual(top);
});

test.each([
  [
    'knows less than harvesters were told',
    (mark: string) => writeFileSync(mark, '{"seq": 7, "stamp": 4102444800}'),
    { seq: 7, stamp: 4102444800 },
  ],
  ['was restored with its whole directory', (mark: string) => rmSync(mark), undefined],
])(
  'a database that %s gives every item a new stamp, none before the last that was told',
  async (_, restore, told) => {
    const w = world();
    w.image('a', 'tagged');
    const { mark, top } = await publish(w, 100);
    restore(mark);
    const again = await publish(w, 50);
    expect(again.top.seq).toBeGreaterThan((told ?? top).seq);
    expect(again.top.stamp).toBeGreaterThanOrEqual((told ?? top).stamp);
  },
);

test('the mark also says which time harvesters were told, for a database that does not know it any more', async () => {
  const w = world();
  w.image('a', 'tagged');
  await publish(w, 100);
  const time = w.store.publication.tell(Date.parse(at(5000)) / 1000);
  const { mark } = await publish(w, 5001);
  const { stamp } = JSON.parse(readFileSync(mark, 'utf8')) as { stamp: number };
  expect(stamp).toBeGreaterThanOrEqual(time);
  const restored = world();
  restored.image('a', 'tagged');
  copyFileSync(mark, join(restored.dataDir, 'published.json'));
  expect((await publish(restored, 200)).top.stamp).toBeGreaterThanOrEqual(time);
});

test('a record that is damaged in the database is told of and stops no other', async () => {
  const w = world();
  w.image('a', 'tagged');
  w.image('b', 'tagged');
  const db = new Database(join(w.dataDir, 'semtag.db'));
  db.prepare("UPDATE revision SET record = '{' WHERE sha256 = ?").run(sha('a'));
  db.close();
  const { unreadable } = await publish(w, 100);
  expect(new Set(unreadable)).toEqual(new Set([sha('a')]));
  expect(w.store.publication.list({}, rules, '2026-01-01', 10)).toMatchObject([{ sha256: sha('b') }]);
});

test('a withdrawal is told of also where the record is damaged', async () => {
  const w = world();
  w.image('a', 'tagged');
  await publish(w, 100);
  const db = new Database(join(w.dataDir, 'semtag.db'));
  db.prepare("UPDATE revision SET record = '{'").run();
  db.close();
  w.store.revisions.correctFacts([sha('a')], { project: null }, 'Anna', at(150));
  const { unreadable, top } = await publish(w, 200);
  expect(unreadable).toEqual([]);
  expect(w.store.publication.list({}, rules, '2026-01-01', 10)).toMatchObject([{ gone: true, seq: top.seq }]);
  expect(top.seq).toBeGreaterThan(1);
});
