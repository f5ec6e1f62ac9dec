// At 20,000 images: nothing that runs periodically walks a table, whoever asks; and what the tally says is what counting says.

import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import { IMAGE_STATES } from '../../src/domain/states.ts';
import { attempts } from '../../src/store/attempts.ts';
import { checks } from '../../src/store/checks.ts';
import { confirmed } from '../../src/store/confirmed.ts';
import { deliveries } from '../../src/store/deliveries.ts';
import { files } from '../../src/store/files.ts';
import { history } from '../../src/store/history.ts';
import { images, type ImageFilter } from '../../src/store/images.ts';
import { lessons } from '../../src/store/lessons.ts';
import { openDatabase, type Db } from '../../src/store/open.ts';
import { pauses } from '../../src/store/pauses.ts';
import { queues } from '../../src/store/queues.ts';
import { rescoring } from '../../src/store/rescoring.ts';
import { seen } from '../../src/store/seen.ts';
import { teaching } from '../../src/store/teaching.ts';
import { series } from '../../src/store/series.ts';
import { thresholds } from '../../src/store/thresholds.ts';
import { wider } from '../../src/store/wider.ts';
import { at, header, sha, world } from './world.ts';

const N = 20_000;

const dir = mkdtempSync(join(tmpdir(), 'semtag-scale-'));
const db = openDatabase(dir);
fill(db);
afterAll(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Rows as years of use leave them: nearly all forwarded, a few of everything else. */
function fill(into: Db): void {
  const text = JSON.stringify(header);
  const facts = `json_object('project', json_object('value', 'p' || (i % 40)), 'operator', json_object('value', 'o' || (i % 9)))`;
  const time = `strftime('%Y-%m-%dT%H:%M:%fZ', '2025-01-01', '+' || (i * 60) || ' seconds')`;
  const state = `CASE WHEN i % 100 < 94 THEN 'forwarded' ELSE (SELECT value FROM json_each('${JSON.stringify(IMAGE_STATES)}') WHERE key = i % 7) END`;
  into.exec(`
    BEGIN;
    CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${N}) SELECT i, printf('%064x', i * 7919) AS sha FROM n;
    INSERT INTO image (sha256, state, instrument, name, bytes, media_type, facts, header, spooled, at_target, settled_at, changed_at, spooled_at)
      SELECT sha, ${state}, 'SEM ' || (i % 3), 'a' || i || '.tif', 1000, 'image/tiff', ${facts}, '${text}', i % 2, i % 3 > 0, ${time}, ${time}, ${time} FROM n;
    INSERT INTO label (id, sha256, kind, category, basis, by, at)
      SELECT i, sha, 'category', 'Tips', CASE WHEN i % 3 THEN 'auto' ELSE 'answer' END, 'x', ${time} FROM n;
    UPDATE image SET label_id = (SELECT id FROM label WHERE label.sha256 = image.sha256);
    UPDATE image SET doubt = '{}' WHERE name LIKE 'a7%';
    UPDATE image SET doubt = NULL WHERE name LIKE 'a77%';
    INSERT INTO file (instrument, dir, name, version, role, size, mtime_ns, state, sha256, seen_at)
      SELECT 'SEM ' || (i % 3), CAST('d' || (i % 50) AS BLOB), CAST(i AS BLOB), 1, 'image', 1, '1', CASE WHEN i % 50 THEN 'settled' WHEN i % 100 THEN 'seen' ELSE 'incomplete' END, sha, ${time} FROM n;
    INSERT INTO delivery (sha256, revision, target, state, objects, place, project, instrument, at, next_try_at, error)
      SELECT sha, 1, 'repository', CASE WHEN i % 20 THEN 'received' ELSE 'owed' END, '[]', 'p' || i, 'p' || (i % 40), 'SEM ' || (i % 3), ${time}, CASE WHEN i % 40 THEN '' ELSE ${time} END, CASE WHEN i % 40 THEN NULL ELSE 'no' END FROM n;
    INSERT INTO history (at, subject, key, who, what) SELECT ${time}, 'image', sha, 'semtag', 'x' FROM n;
    INSERT INTO image (sha256, state, instrument, name, bytes, media_type, facts, header, picture, spooled, at_target, settled_at, changed_at, spooled_at)
      VALUES ('${sha('wide')}', 'asked', 'SEM 1', 'wide.tif', 1, 'image/tiff', '{"sample":{"value":"s"}}', '{"fields":{"pixel_size_x_m":{"value":1e-6}}}', '{"scanArea":{"width":100}}', 0, 0, '${at()}', '${at()}', '${at()}');
    COMMIT`);
}

/** The statements that run while `use` does. */
function statementsOf(use: (db: Db) => void): Set<string> {
  const ran = new Set<string>();
  type Method = (this: Database.Statement, ...values: unknown[]) => unknown;
  const methods = Object.getPrototypeOf(db.prepare('SELECT 1')) as Record<string, Method>;
  const real = { ...methods };
  for (const name of ['get', 'all', 'run', 'iterate'])
    methods[name] = function (...values) {
      ran.add(this.source);
      return real[name]!.apply(this, values);
    };
  try {
    use(db);
  } finally {
    Object.assign(methods, real);
  }
  return ran;
}

function planOf(sql: string): { detail: string }[] {
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`);
  const named = [...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name!, null] as const);
  const values: unknown[] = named.length
    ? [Object.fromEntries(named)]
    : (sql.match(/\?/g) ?? []).map(() => null);
  return plan.all(...values) as { detail: string }[];
}

/** Steps of SQLite's plan that walk a whole table or index, or sort what was found. */
function walks(sql: string): string[] {
  return (
    planOf(sql)
      .map((step) => step.detail)
      // json_each is a list that was handed in, as long as the config says
      .filter((step) => /^SCAN (?!CONSTANT|json_each)|TEMP B-TREE/.test(step))
  );
}

const PERIODIC: [string, (db: Db) => void][] = [
  ['polls of the stages', (db) => {
    const [image, attempt, delivery] = [images(db), attempts(db), deliveries(db)];
    for (const state of ['settled', 'read'] as const) image.inState(state, 8);
    attempt.waiting('read', new Date());
    attempt.waiting('tag', new Date());
    image.taggable({ answer: at(), because: at() }, 2, new Set());
    lessons(db).position();
    rescoring(db).asked(3, ['SEM 1'], [], 10);
    rescoring(db).untaught(['SEM 1'], [], 10);
    rescoring(db).fallen(10);
    rescoring(db).shaken(10);
    rescoring(db).taughtSeries(0, 10);
    rescoring(db).automatic(1, '', 10);
    rescoring(db).judgedTo('x');
    rescoring(db).waiting(10);
    rescoring(db).stillWaiting([sha('x')]);
    delivery.due('repository', at(), 2);
    image.prunable(at(), 1, ['repository']);
    files(db).inState('seen');
    image.spooledBytes();
    image.askedBefore('2025-01-02', 50);
    image.lastAsked();
    image.withdrawnBefore('2025-01-02', 50);
  }],
  ['the log and the streams of events', (db) => {
    history(db).after(history(db).lastId() - 5);
  }],
  ['the status', (db) => {
    images(db).counts();
    images(db).countsSince(at());
    images(db).asideBytes();
    images(db).doubted();
    files(db).counts();
    files(db).roots();
    deliveries(db).backlog();
    thresholds(db).current();
    checks(db).openCount();
    teaching(db).current();
    images(db).lastSettled('SEM 1');
  }],
  ['the status, the queue and the stream of who does not see everything', (db) => {
    for (const sight of [{ hidden: ['p3', 'p4'] }, { hidden: ['p3'], instruments: ['SEM 1'] }]) {
      const some = seen(db);
      some.counts(sight);
      some.spool(sight);
      some.countsSince(at(), sight);
      some.doubted(sight);
      some.openChecks(sight);
      some.backlog(sight);
      some.filesIn('seen');
      some.filesIn('incomplete');
      some.only([sha('x')], sight);
      some.waiting(10, sight);
      some.checks(10, sight);
      some.otherParts({ sha256: sha('x'), state: 'asked' }, 5, sight);
      some.history.after(history(db).lastId() - 5, 10, sight, () => true);
    }
  }],
  ['what is paused, and the health of the queues', (db) => {
    const queue = queues(db);
    pauses(db).of({ instrument: 'SEM 1', facts: {} });
    pauses(db).knowsProject('p3');
    deliveries(db).sendableSince('repository');
    deliveries(db).lastReceipts();
    for (const sight of [ALL_SIGHT, { hidden: ['p3'], instruments: ['SEM 1'] }]) {
      queue.oldestPrompt(sight);
      queue.promptAges([at(1), at()], sight);
      queue.throughput('2025-01-01T00', sight);
      queue.labelsGiven(sight);
      queue.held('repository', sight);
      queue.aside(sight, () => true);
      queue.asideFor('malformed', 10, sight, () => true);
      seen(db).lastSettled('SEM 1', sight);
      seen(db).lastReceipts(sight);
      seen(db).sendableSince('repository', sight);
      seen(db).checked('share', sight);
    }
    queue.freeSince(at());
    queue.noteFree(1, at(), at());
  }],
  ['blind checks, chosen and answered', (db) => {
    const label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: at() } as const;
    checks(db).chosen(sha('x'), 1, label, { share: 0.02, head: 'Tips' });
    checks(db).open(5);
    checks(db).answered('share');
    checks(db).answered('first');
    checks(db).contested(3);
  }],
  ['the confirmed history, and what waits', (db) => {
    confirmed(db).after(5, 10);
    confirmed(db).newest();
    confirmed(db).automatic();
    confirmed(db).waiting({ hidden: ['p1'], instruments: ['SEM 1'] });
    confirmed(db).withdrawn([sha('x')]);
  }],
  ['beside a question', (db) => {
    wider(db).of(sha('wide'), ALL_SIGHT);
  }],
  ['a scan of a directory', (db) => {
    const file = files(db);
    file.root('SEM 1');
    file.dirsWithUnsettled('SEM 1');
    file.any('SEM 1');
    file.inDir('SEM 1', Buffer.from('d7'));
    file.current('SEM 1', Buffer.from('d7'), Buffer.from('7'));
  }],
  ['a settling and a delivery', (db) => {
    deliveries(db).placeTaken('repository', 'p', sha('x'));
    files(db).ofImage(sha('x'));
    attempts(db).begin(sha('x'), 'read', 'x', at());
    attempts(db).end(sha('x'), 'read');
  }],
]; // prettier-ignore

/** Asked for with every answer: they look at one series, however many images and labels there are beside it. */
const OF_ONE_SERIES: [string, (db: Db) => void][] = [
  ['what rests on an answer', (db) => void rescoring(db).restingOn(sha('x'))],
  ['the counts of a series', (db) => void series(db).get(1)],
];

const LISTS: ImageFilter[] = [
  {},
  { state: 'forwarded' },
  { category: 'Powder' },
  { instrument: 'SEM 9' },
  { basis: 'auto' },
  { project: 'p3' },
  { operator: 'o9' },
  { sample: 's' },
  { series: 3 },
  { from: at(), to: at(1) },
];

describe('nothing walks a table', () => {
  it.each(PERIODIC)('%s', (_, use) => {
    const ran = [...statementsOf(use)];
    expect(ran.length).toBeGreaterThan(0);
    const small = /^SELECT (\*|target, max\(at\)) FROM (root|thresholds|pause|last_receipt) /;
    for (const sql of ran) if (!small.test(sql)) expect(walks(sql), sql).toEqual([]);
  });

  it('what may leave the spool is found among what is in it, not among all that was ever forwarded', () => {
    const [sql] = statementsOf((db) => void images(db).prunable(at(), 1, ['repository']));
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ cutoff: '', targets: '[]', limit: 1 });
    expect((plan as { detail: string }[]).map(({ detail }) => detail).join()).toMatch(/image USING (COVERING )?INDEX image_prunable/); // prettier-ignore
  });

  it('what is owed, and paused or not seen, is left out by index; pausing and its end touch no delivery', () => {
    const [pause, changes] = [pauses(db), db.prepare('SELECT total_changes()').pluck()];
    const paused = [
      { scope: 'project', name: 'p20' },
      { scope: 'instrument', name: 'SEM 1' },
    ] as const;
    const before = changes.get() as number;
    for (const one of paused) pause.add(one, 'Mia', 'x', at());
    const sent: string[] = [];
    const owedOf = (whose: string) =>
      db.prepare(`SELECT count(*) FROM delivery JOIN image USING (sha256) WHERE delivery.state = 'owed' AND ${whose}`).pluck().get(); // prettier-ignore
    const ran = statementsOf((db) => {
      const [delivery, some, queue] = [deliveries(db), seen(db), queues(db)];
      for (const sight of [{ hidden: ['p0'] }, { hidden: ['p0'], instruments: ['SEM 1'] }]) {
        some.backlog(sight);
        queue.held('repository', sight);
      }
      delivery.sendableSince('repository');
      sent.push(...delivery.due('repository', '9', 2000).map(({ sha256 }) => sha256));
    });
    const isHeld = "(image.project = 'p20' OR image.instrument = 'SEM 1')";
    expect(queues(db).held('repository', ALL_SIGHT)).toBe(owedOf(isHeld));
    expect(queues(db).held('repository', { hidden: ['p20'] })).toBe(owedOf(`${isHeld} AND image.project <> 'p20'`)); // prettier-ignore
    expect(sent).toHaveLength(owedOf(`NOT ${isHeld}`) as number);
    for (const one of paused) pause.end(one, 'Mia', at());
    // a pause, its end, and a line of history each
    expect((changes.get() as number) - before).toBeLessThan(12);
    const looks = [...ran].flatMap(planOf).map(({ detail }) => detail).filter((detail) => /delivery/.test(detail)); // prettier-ignore
    expect(looks.length).toBeGreaterThan(3);
    for (const look of looks) expect(look).toMatch(/\(target=\? AND project=\? AND instrument=\?|INTEGER PRIMARY KEY/); // prettier-ignore
  });

  it.each(OF_ONE_SERIES)('%s', (_, use) => {
    const found = [...statementsOf(use)].flatMap((sql) => db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(null) as { detail: string }[]); // prettier-ignore
    const looks = found.map(({ detail }) => detail).filter((detail) => /\b(SCAN|SEARCH) (image|learned|label)\b/.test(detail)); // prettier-ignore
    expect(looks.length).toBeGreaterThan(1);
    for (const look of looks)
      expect(look).toMatch(/USING (COVERING )?INDEX \w+ \(series=\?|USING INTEGER PRIMARY KEY/);
  });

  it.each(LISTS)('the list %j, also from a cursor', (filter) => {
    const before = { settledAt: '2025-01-05', sha256: sha('x') };
    const ran = statementsOf((db) => [images(db).list(filter, 1), images(db).list(filter, 1, before)]);
    expect(ran.size).toBe(2);
    const none = Object.keys(filter).length === 0;
    for (const sql of ran)
      // without a filter the newest are read off the index, until there are enough
      expect(walks(sql).filter((step) => !(none && step === 'SCAN image USING INDEX image_time'))).toEqual(
        [],
      );
  });
});

describe('the tally', () => {
  const counted = (sql: string, of = db) => Object.fromEntries(of.prepare(sql).raw().all() as [string, number][]); // prettier-ignore
  const kept = (subject: string, of = db) =>
    counted(`SELECT key, n FROM tally WHERE subject = '${subject}' AND n <> 0`, of);
  function compare(of: Db): void {
    for (const table of ['image', 'file'])
      expect(kept(table, of)).toEqual(counted(`SELECT state, count(*) FROM ${table} GROUP BY state`, of));
    const parted = (subject: string) => of.prepare(`SELECT project, instrument, key, n FROM tally_of WHERE subject = '${subject}' AND n <> 0 ORDER BY 1, 2, 3`).all(); // prettier-ignore
    const whose = "coalesce(image.project, '') AS project, image.instrument";
    expect(parted('image')).toEqual(of.prepare(`SELECT ${whose}, state AS key, count(*) AS n FROM image GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`).all()); // prettier-ignore
    expect(parted('spool')).toEqual(of.prepare(`SELECT ${whose}, copy AS key, sum(bytes) AS n FROM image GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`).all()); // prettier-ignore
    expect(parted('owed')).toEqual(of.prepare(`SELECT ${whose}, target AS key, count(*) AS n FROM delivery JOIN image USING (sha256) WHERE delivery.state = 'owed' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`).all()); // prettier-ignore
    expect(kept('spool', of)).toEqual(counted('SELECT copy, sum(bytes) FROM image GROUP BY copy', of));
    expect(kept('doubt', of)).toEqual(
      counted("SELECT 'doubted', count(*) FROM image WHERE doubt IS NOT NULL GROUP BY 1", of),
    );
    expect(kept('owed', of)).toEqual(
      counted("SELECT target, count(*) FROM delivery WHERE state = 'owed' GROUP BY target", of),
    );
    const strayed = `SELECT count(*) FROM delivery JOIN image USING (sha256) WHERE delivery.state = 'owed' AND (delivery.project <> coalesce(image.project, '') OR delivery.instrument <> image.instrument)`;
    expect(of.prepare(strayed).pluck().get()).toBe(0);
  }

  it('is what counting gives, for rows of every kind', () => compare(db));

  it.each([
    [{ hidden: ['p3', 'p17'] }, "coalesce(image.project, '') NOT IN ('p3', 'p17')"],
    [
      { hidden: ['p3'], instruments: ['SEM 1'] },
      "coalesce(image.project, '') <> 'p3' AND image.instrument = 'SEM 1'",
    ],
  ])('is what counting gives to who sees %j', (sight, condition) => {
    const some = seen(db);
    const images = counted(`SELECT state, count(*) FROM image WHERE ${condition} GROUP BY state`);
    expect(Object.entries(some.counts(sight)).filter(([, n]) => n > 0)).toEqual(expect.arrayContaining(Object.entries(images))); // prettier-ignore
    const copies = counted(`SELECT copy, sum(bytes) FROM image WHERE ${condition} GROUP BY copy`);
    expect(some.spool(sight)).toEqual({ inFlight: copies['in flight'], aside: copies['aside'] });
    const owed = counted(`SELECT target, count(*) FROM delivery JOIN image USING (sha256) WHERE delivery.state = 'owed' AND ${condition} GROUP BY target`); // prettier-ignore
    expect(some.backlog(sight)[0]!.owed).toBe(owed['repository']);
    expect(some.doubted(sight)).toBe(counted(`SELECT 'n', count(*) FROM image WHERE doubt IS NOT NULL AND ${condition}`)['n']); // prettier-ignore
  });

  it('stays right through everything that happens to an image and a file', () => {
    const { dataDir, store, image, tag, receive, see } = world(['one', 'two']);
    for (const state of IMAGE_STATES) image(`${state}.tif`, state);
    const sha256 = image('again.tif', 'forwarded');
    store.images.pruned(sha256);
    store.revisions.correctFacts([sha256], { sample: { value: 'x', unit: null, origin: 'operator A' } }, 'A', at(40)); // prettier-ignore
    const project = (value: string) => ({ project: { value, unit: null, origin: 'operator A' } });
    store.revisions.correctFacts([sha256], project('one'), 'A', at(41));
    tag(sha256, 41);
    compare(new Database(join(dataDir, 'semtag.db'), { readonly: true }));
    store.revisions.correctFacts([sha256], project('two'), 'A', at(41));
    tag(sha256, 41);
    receive(42);
    for (const name of ['new', 'superseded']) image(`${name}.tif`, 'tagged', 44);
    store.revisions.correctFacts([sha('superseded.tif')], { sample: null }, 'A', at(45));
    store.files.forget(see('gone.tif').id);
    const reader = new Database(join(dataDir, 'semtag.db'), { readonly: true });
    compare(reader);
    reader.close();
  });
});
