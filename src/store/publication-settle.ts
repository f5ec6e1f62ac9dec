// Keeps the table publication: triggers say which images are to be looked at, a change of the rules that all are, settle() looks at them, a few at a time. Nothing else writes there; what harvesters are given, publication.ts reads.

import {
  inForce,
  isPublic,
  ownedBy,
  statusOf,
  utcDay,
  whose,
  type Owned,
  type PublishRules,
} from '../domain/publish.ts';
import type { SemRecord } from '../record/record.ts';
import { newestRecords } from './newest-record.ts';
import type { Db } from './open.ts';
import { NOTHING, type publicationTold, type Told } from './publication-told.ts';
import { statements } from './statements.ts';

/** A walk looks at so many images at a time. */
const STEP = 200;

export function publicationSettling(db: Db, told: ReturnType<typeof publicationTold>) {
  const statement = statements(db);
  const owner = db.prepare('SELECT project, operator FROM image WHERE sha256 = ?');
  const newest = newestRecords(db);
  const have = db.prepare('SELECT seq, revision, gone FROM publication WHERE sha256 = ?');
  const dueNow = db.prepare('SELECT sha256, anew FROM publication_due LIMIT ?');
  const done = db.prepare('DELETE FROM publication_due WHERE sha256 = ?');
  const put = db.prepare(
    `INSERT INTO publication VALUES (@seq, @stamp, @id, @sha256, @revision, @stamp, 0, @instrument, @category, @status, @detector, @voltage, @magnification, @acquired, @project, @operator)
       ON CONFLICT (sha256) DO UPDATE SET seq = excluded.seq, stamp = excluded.stamp, revision = excluded.revision, gone = 0, instrument = excluded.instrument,
         category = excluded.category, status = excluded.status, detector = excluded.detector, voltage = excluded.voltage,
         magnification = excluded.magnification, acquired = excluded.acquired, project = excluded.project, operator = excluded.operator`,
  );
  const takeBack = db.prepare(
    'UPDATE publication SET seq = @seq, stamp = @stamp, gone = 1 WHERE sha256 = @sha256',
  );
  const walkNow = db.prepare('SELECT * FROM publication_walk ORDER BY id LIMIT 1');
  const walk = db.prepare('INSERT INTO publication_walk (anew) VALUES (?)');
  const meta = db.prepare("SELECT value FROM meta WHERE key = 'publish'").pluck();
  const setMeta = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('publish', ?)");

  /** Puts the next images of the oldest walk among those that are due; false where there is none. */
  function step(): boolean {
    const now = walkNow.get() as
      | { id: number; after: string; anew: 0 | 1; instrument: string | null; project: string | null }
      | undefined;
    if (!now) return false;
    const found = statement(
      `SELECT DISTINCT revision.sha256, image.instrument, image.project FROM revision JOIN image USING (sha256)
         WHERE revision.sha256 > ? ORDER BY revision.sha256 LIMIT ${STEP}`,
    ).all(now.after) as { sha256: string; instrument: string; project: string | null }[];
    const add = statement(
      'INSERT INTO publication_due VALUES (?, ?) ON CONFLICT DO UPDATE SET anew = max(anew, excluded.anew)',
    );
    for (const { sha256, instrument, project } of found)
      if ((now.instrument ?? instrument) === instrument && (now.project ?? project) === project)
        add.run(sha256, now.anew);
    if (found.length < STEP) statement('DELETE FROM publication_walk WHERE id = ?').run(now.id);
    else statement('UPDATE publication_walk SET after = ? WHERE id = ?').run(found.at(-1)!.sha256, now.id);
    return true;
  }

  /** False where the record cannot be read: what was given of it stays as it was, as long as the image is public. */
  function look(sha256: string, anew: boolean, rules: PublishRules, at: Date, floor: Told): boolean {
    const { seq, stamp } = told.top();
    const now = Math.max(told.toldTime(), Math.floor(at.getTime() / 1000));
    const next = { seq: Math.max(seq, floor.seq) + 1, stamp: Math.max(stamp, floor.stamp, now), sha256 };
    const image = owner.get(sha256) as { project: string | null; operator: string | null };
    const revision = newest(sha256);
    const before = have.get(sha256) as { revision: number; gone: 0 | 1 } | undefined;
    if (!revision) return true;
    const record = readRecord(revision.record);
    const isOpen = (one: Owned): boolean => isPublic(one, rules.policy, utcDay(at));
    // both as it is now and as the record has it: between a correction and the next revision neither is enough
    if (!isOpen(ownedBy(image)) || (record && !isOpen(whose(record.facts)))) {
      if (before?.gone === 0) takeBack.run(next);
      return true;
    }
    if (!record) return false;
    if (before && before.gone === 0 && before.revision === revision.revision && !anew) return true;
    const { fields } = record.header ?? {};
    put.run({
      ...next,
      ...image,
      id: record.id,
      revision: revision.revision,
      instrument: record.instrument.name,
      category: record.label.category ?? null,
      status: statusOf(record.label),
      detector: fields?.detector?.value ?? fields?.signal?.value ?? null,
      voltage: fields?.accelerating_voltage_V?.value ?? null,
      magnification: fields?.magnification?.value ?? null,
      acquired: fields?.acquired_at?.value ?? null,
    });
    return true;
  }

  return {
    /** Whether something is to be looked at. */
    isDue: (): boolean => dueNow.get(1) !== undefined || walkNow.get() !== undefined,

    /** Whether the rules changed, and not every item goes by them yet: counts are not exact. Items are: lists look at each. */
    isWalking: (): boolean => walkNow.get() !== undefined,

    /**
     * What is public goes by these rules from now on; where they are others than before, everything is looked at again. Where the rules were
     * the same all the time, nothing is done. `restored`: harvesters saw later changes than the database knows: every item gets a new stamp.
     */
    goBy({ policy, rendering }: PublishRules, today: string, restored: boolean): void {
      const now = {
        who: JSON.stringify({ ...policy, withhold: inForce(policy.withhold, today) }),
        rendering,
      };
      const before = JSON.parse((meta.get() as string | undefined) ?? '{}') as Partial<typeof now>;
      const anew = restored || (before.rendering !== undefined && before.rendering !== rendering);
      if (!anew && before.who === now.who) return;
      db.transaction(() => {
        walk.run(anew ? 1 : 0);
        setMeta.run(JSON.stringify(now));
      }).immediate();
    },

    /** Looks at some of the images that are due, in one commit. `floor`: what harvesters were told already; seq and stamp grow from there. `unreadable`: is told of an image whose record is damaged; the others go on. Returns whether anything was due. */
    settle(
      rules: PublishRules,
      at: Date,
      floor: Told = NOTHING,
      unreadable?: (sha256: string) => void,
    ): boolean {
      return db
        .transaction(() => {
          const rows = dueNow.all(STEP) as { sha256: string; anew: 0 | 1 }[];
          if (rows.length === 0) return step();
          for (const { sha256, anew } of rows) {
            if (!look(sha256, anew === 1, rules, at, floor)) unreadable?.(sha256);
            done.run(sha256);
          }
          return true;
        })
        .immediate();
    },
  };
}

function readRecord(text: string): SemRecord | undefined {
  try {
    return JSON.parse(text) as SemRecord;
  } catch {
    return undefined;
  }
}
