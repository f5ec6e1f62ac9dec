// What harvesters are given: the latest tagged revision of every image that is public, in the order of its changes. Triggers say which images are to be looked at, settle() looks at them; nothing else writes here, and nothing here says what a record holds.

import { pauseOf, type Pause } from '../domain/pause.ts';
import {
  isPublic,
  whose,
  statusOf,
  utcDay,
  type Owned,
  type PublishRules,
  type RecordStatus,
} from '../domain/publish.ts';
import type { SemRecord } from '../record/record.ts';
import type { Db } from './open.ts';
import { pauses } from './pauses.ts';
import { statements } from './statements.ts';

/** One item of a list. `gone`: it was given once, and is not any more. */
export type Published = {
  seq: number;
  /** s since 1970: the datestamp */
  stamp: number;
  /** of its first publication, s since 1970 */
  first: number;
  id: string;
  sha256: string;
  revision: number;
  gone: boolean;
  instrument: string;
  category: string | null;
  status: RecordStatus;
};

/** `labelled`: of any category. */
export type PublishedSet = {
  instrument?: string;
  category?: string;
  status?: RecordStatus;
  labelled?: boolean;
};

/** `from`, `until`: s since 1970, both inclusive. `after`: seq of the last item of the page before. */
export type Asked = PublishedSet & { after?: number; from?: number; until?: number };

export type Row = Omit<Published, 'gone'> & { gone: 0 | 1 } & Owner;

/** How far harvesters were told of changes. `stamp`: s since 1970. */
export type Told = { seq: number; stamp: number };
const NOTHING: Told = { seq: 0, stamp: 0 };

/** One that was looked up. `paused`: it is not given at the moment. */
type Looked = Published & { paused: boolean };

/** The time that harvesters are told is noted so far ahead, and again once half of it went by. */
const AHEAD_S = 60;

/** A walk looks at so many images at a time. */
const STEP = 200;

export function publication(db: Db) {
  const statement = statements(db);
  const paused = pauses(db);
  const owner = db.prepare('SELECT project, operator FROM image WHERE sha256 = ?');
  const latest = db.prepare(
    'SELECT revision, record FROM revision WHERE sha256 = ? ORDER BY revision DESC LIMIT 1',
  );
  const have = db.prepare('SELECT seq, revision, gone FROM publication WHERE sha256 = ?');
  const dueNow = db.prepare('SELECT sha256, anew FROM publication_due LIMIT ?');
  const done = db.prepare('DELETE FROM publication_due WHERE sha256 = ?');
  const last = db.prepare('SELECT seq, stamp FROM publication ORDER BY seq DESC LIMIT 1');
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
  const setToldUntil = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('publish-told', ?)");
  /** no later time was told; a run begins where the one before may have come to */
  let toldUntil = Number(db.prepare("SELECT value FROM meta WHERE key = 'publish-told'").pluck().get() ?? 0);
  let toldTime = toldUntil;

  const top = (): Told => (last.get() as Told | undefined) ?? NOTHING;

  const byId = db.prepare('SELECT * FROM publication WHERE id = ?');
  const bySha256 = db.prepare('SELECT * FROM publication WHERE sha256 = ?');

  function looked(found: unknown, rules: PublishRules, today: string): Looked | undefined {
    if (found === undefined) return undefined;
    const row = found as Row;
    const of = { instrument: row.instrument, project: row.project ?? undefined };
    return { ...publishedOf(row, rules, today), paused: pauseOf(of, paused.list()) !== undefined };
  }

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
    const { seq, stamp } = top();
    const now = Math.max(toldTime, Math.floor(at.getTime() / 1000));
    const next = { seq: Math.max(seq, floor.seq) + 1, stamp: Math.max(stamp, floor.stamp, now), sha256 };
    const image = owner.get(sha256) as Owner;
    const revision = latest.get(sha256) as { revision: number; record: string } | undefined;
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
    /** The newest change: what is stamped from now on is not older. Zeros where nothing was ever given. */
    top,

    /**
     * What a harvester is told to be the time now, s since 1970: it asks next for what changed from then on, so no change is stamped earlier
     * from here on, whatever the clock does.
     */
    tell(now: number): number {
      toldTime = Math.max(now, top().stamp, toldTime);
      // one commit a minute at most, while somebody harvests
      if (toldTime > toldUntil - AHEAD_S) setToldUntil.run(String((toldUntil = toldTime + 2 * AHEAD_S)));
      return toldTime;
    },

    /** No later change, and no later time, was told, nor will be for a while. */
    told(): Told {
      const { seq, stamp } = top();
      return { seq, stamp: Math.max(stamp, toldUntil) };
    },

    /** Whether something is to be looked at. */
    isDue: (): boolean => dueNow.get(1) !== undefined || walkNow.get() !== undefined,

    /** Whether the rules changed, and not every item goes by them yet: counts are not exact. Items are: lists look at each. */
    isWalking: (): boolean => walkNow.get() !== undefined,

    /**
     * What is public goes by these rules from now on; where they are others than before, everything is looked at again. Where the rules were
     * the same all the time, nothing is done. `restored`: harvesters saw later changes than the database knows: every item gets a new stamp.
     */
    goBy({ policy, rendering }: PublishRules, today: string, restored: boolean): void {
      const inForce = policy.withhold.filter(({ until }) => until === undefined || today < until);
      const now = { who: JSON.stringify({ ...policy, withhold: inForce }), rendering };
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

    /**
     * A page of what changed, oldest change first; what is paused is left out. An item that the rules of now keep back is `gone` here before
     * settle() has come to it.
     */
    list(asked: Asked, rules: PublishRules, today: string, limit: number): Published[] {
      const { after = 0, from, until, labelled, ...set } = asked;
      // one bound, where the list begins: with two of them SQLite would walk from the lower one
      const first = '(SELECT seq FROM publication WHERE stamp >= @from ORDER BY stamp, seq LIMIT 1)';
      const wheres = [from === undefined ? 'seq > @after' : `seq > max(@after, ${first} - 1)`];
      if (until !== undefined)
        wheres.push(
          'seq <= (SELECT seq FROM publication WHERE stamp <= @until ORDER BY stamp DESC, seq DESC LIMIT 1)',
        );
      if (labelled) wheres.push('publication.category IS NOT NULL');
      for (const name of Object.keys(set)) wheres.push(`publication.${name} = @${name}`);
      const held = heldBack(paused.list(), set.instrument);
      if (!held) return [];
      if (held.where) wheres.push(held.where);
      const rows = statement(
        `SELECT * FROM publication WHERE ${wheres.join(' AND ')} ORDER BY seq LIMIT @limit`,
      ).all({
        after,
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
        ...set,
        ...held.values,
        limit,
      }) as Row[];
      return rows.map((row) => publishedOf(row, rules, today));
    },

    /** By `urn:uuid:`; undefined where it was never given. */
    get: (id: string, rules: PublishRules, today: string): Looked | undefined =>
      looked(byId.get(id), rules, today),

    /** By the SHA-256 of the image. */
    ofImage: (sha256: string, rules: PublishRules, today: string): Looked | undefined =>
      looked(bySha256.get(sha256), rules, today),

    /** Stamp of the oldest change that is in a list, s since 1970; undefined where nothing was ever given. */
    earliest: (): number | undefined =>
      statement('SELECT stamp FROM publication ORDER BY stamp, seq LIMIT 1').pluck().get() as
        number | undefined,

    /** Values that items have, of a column that sets are made of. */
    values(column: 'instrument' | 'category' | 'status'): string[] {
      return statement(
        `WITH RECURSIVE one(v) AS (SELECT min(${column}) FROM publication UNION ALL
           SELECT (SELECT min(${column}) FROM publication WHERE ${column} > v) FROM one WHERE v IS NOT NULL)
         SELECT v FROM one WHERE v IS NOT NULL`,
      )
        .pluck()
        .all() as string[];
    },

    /** A tagged revision as it was written. */
    record: (sha256: string, revision: number): SemRecord | undefined => {
      const text = statement('SELECT record FROM revision WHERE sha256 = ? AND revision = ?')
        .pluck()
        .get(sha256, revision);
      return text === undefined ? undefined : (JSON.parse(text as string) as SemRecord);
    },
  };
}

/** What is paused, as a condition and its values; undefined where everything that is asked for is. `instrument`: it alone is asked for. */
export function heldBack(
  pauses: Pause[],
  instrument?: string,
): { where?: string; values: Record<string, string> } | undefined {
  if (pauses.some(({ scope, name }) => scope === 'all' || (scope === 'instrument' && name === instrument)))
    return undefined;
  if (pauses.length === 0) return { values: {} };
  const named = (wanted: string) =>
    JSON.stringify(pauses.filter(({ scope }) => scope === wanted).map(({ name }) => name));
  return {
    where: `publication.instrument NOT IN (SELECT value FROM json_each(@instruments)) AND coalesce(publication.project, '') NOT IN (SELECT value FROM json_each(@projects))`,
    values: { instruments: named('instrument'), projects: named('project') },
  };
}

type Owner = { project: string | null; operator: string | null };

export const ownedBy = ({ project, operator }: Owner): Owned => ({
  project: project ?? undefined,
  operator: operator ?? undefined,
});

export function publishedOf(
  { project, operator, gone, ...row }: Row,
  { policy }: PublishRules,
  today: string,
): Published {
  const shown = isPublic(ownedBy({ project, operator }), policy, today);
  const { seq, stamp, first, id, sha256, revision, instrument, category, status } = row;
  return {
    seq,
    stamp,
    first,
    id,
    sha256,
    revision,
    gone: gone === 1 || !shown,
    instrument,
    category,
    status,
  };
}

function readRecord(text: string): SemRecord | undefined {
  try {
    return JSON.parse(text) as SemRecord;
  } catch {
    return undefined;
  }
}
