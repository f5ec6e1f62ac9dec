// Every pair of states: what the table allows goes through with a history line, all else is refused by the function and by the database itself.

import type Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TRANSITIONS, isAllowed, type Subject } from '../../src/domain/states.ts';
import { openDatabase } from '../../src/store/open.ts';
import { history } from '../../src/store/history.ts';
import { transitions } from '../../src/store/transition.ts';
import { at, sha, world } from './world.ts';

const SUBJECTS = Object.keys(TRANSITIONS) as Subject[];
const pairs = SUBJECTS.flatMap((subject) => {
  const states = Object.keys(TRANSITIONS[subject]);
  return states.flatMap((from) => states.map((to) => ({ subject, from, to })));
});

/** One row of the subject, inserted in the wanted state: the triggers watch moves, not first states. */
function rowIn(db: Database.Database, subject: Subject, state: string): string | number {
  const n = (db.prepare('SELECT count(*) FROM image').pluck().get() as number) + 1;
  const sha256 = sha(String(n));
  db.prepare(
    `INSERT INTO image (sha256, state, instrument, name, bytes, media_type, settled_at, changed_at, spooled_at) VALUES (?, ?, 'SEM 1', 'a', 1, 'image/tiff', ?, ?, ?)`,
  ).run(sha256, subject === 'image' ? state : 'settled', at(), at(), at());
  if (subject === 'image') return sha256;
  const insert =
    subject === 'file'
      ? db.prepare(
          `INSERT INTO file (instrument, dir, name, version, role, size, mtime_ns, state, seen_at) VALUES ('SEM 1', x'', ?, 1, 'image', 1, '1', ?, '')`,
        )
      : db.prepare(
          `INSERT INTO delivery (sha256, revision, target, state, objects, place, project, instrument, at) VALUES (?, 1, 't', ?, '[]', 'p', '', '', '')`,
        );
  return Number(insert.run(subject === 'file' ? Buffer.from(String(n)) : sha256, state).lastInsertRowid);
}

describe('transitions', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'semtag-transition-'));
  const db = openDatabase(dataDir);
  const move = transitions(db);
  afterAll(() => {
    db.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const stateOf = (subject: Subject, key: string | number) =>
    db
      .prepare(`SELECT state FROM ${subject} WHERE ${subject === 'image' ? 'sha256' : 'id'} = ?`)
      .pluck()
      .get(key);

  it.each(pairs.filter(({ subject, from, to }) => isAllowed(subject, from, to)))(
    '$subject $from -> $to goes through, with its line',
    ({ subject, from, to }) => {
      const key = rowIn(db, subject, from);
      move({ subject, key, to, at: at(1), who: 'Anna', what: 'why' });
      expect(stateOf(subject, key)).toBe(to);
      expect(history(db).of(subject, String(key)).at(-1)).toMatchObject({
        from,
        to,
        who: 'Anna',
        what: 'why',
      });
    },
  );

  it.each(pairs.filter(({ subject, from, to }) => !isAllowed(subject, from, to)))(
    '$subject $from -> $to is refused, also by raw SQL',
    ({ subject, from, to }) => {
      const key = rowIn(db, subject, from);
      const lines = history(db).lastId();
      expect(() => move({ subject, key, to, at: at(1), who: 'Anna', what: 'why' })).toThrow(
        `${from} -> ${to}`,
      );
      // writing the same state again is no move; the function refuses it, the trigger has nothing to refuse
      const column = subject === 'image' ? 'sha256' : 'id';
      const raw = () => db.prepare(`UPDATE ${subject} SET state = ? WHERE ${column} = ?`).run(to, key);
      if (from === to) expect(raw).not.toThrow();
      else expect(raw).toThrow(/may not go from this state to that/);
      expect(stateOf(subject, key)).toBe(from);
      expect(history(db).lastId()).toBe(lines);
    },
  );

  it('refuses a state that does not exist, and a row that does not', () => {
    const key = rowIn(db, 'image', 'settled');
    expect(() => db.prepare('UPDATE image SET state = ? WHERE sha256 = ?').run('done', key)).toThrow();
    const gone = { subject: 'image' as const, key: sha('nobody'), to: 'read', at: at(), who: 'x', what: 'x' };
    expect(() => move(gone)).toThrow(sha('nobody'));
  });

  it('joins the transaction of its caller: what is rolled back leaves no line', () => {
    const key = rowIn(db, 'image', 'settled');
    const lines = history(db).lastId();
    const failing = db.transaction(() => {
      move({ subject: 'image', key, to: 'read', at: at(1), who: 'semtag', what: 'why' });
      throw new Error('later');
    });
    expect(() => failing.immediate()).toThrow('later');
    expect(stateOf('image', key)).toBe('settled');
    expect(history(db).lastId()).toBe(lines);
  });
});

describe('the table of states', () => {
  it('knows every state as a source, and leads nowhere unknown', () => {
    for (const subject of SUBJECTS)
      for (const targets of Object.values(TRANSITIONS[subject]))
        for (const to of targets) expect(Object.keys(TRANSITIONS[subject])).toContain(to);
  });

  it('is in the database of a store too', () => {
    const { store, image } = world();
    const sha256 = image('a.tif', 'settled');
    expect(() => store.images.classified(sha256, undefined, undefined, at())).toThrow('settled -> asked');
  });
});
