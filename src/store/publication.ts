// What harvesters are given: the latest tagged revision of every image that is public, in the order of its changes. Says nothing of what a record holds, and goes by the rules of now also where publication-settle.ts has not come to an image yet.

import { pauseOf, type Pause } from '../domain/pause.ts';
import { isPublic, ownedBy, type PublishRules, type RecordStatus } from '../domain/publish.ts';
import type { SemRecord } from '../record/record.ts';
import type { Db } from './open.ts';
import { pauses } from './pauses.ts';
import { publicationSettling } from './publication-settle.ts';
import { publicationTold } from './publication-told.ts';
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

/** One that was looked up. `paused`: it is not given at the moment. */
type Looked = Published & { paused: boolean };

export function publication(db: Db) {
  const statement = statements(db);
  const paused = pauses(db);
  const told = publicationTold(db);
  const byId = db.prepare('SELECT * FROM publication WHERE id = ?');
  const bySha256 = db.prepare('SELECT * FROM publication WHERE sha256 = ?');

  function looked(found: unknown, rules: PublishRules, today: string): Looked | undefined {
    if (found === undefined) return undefined;
    const row = found as Row;
    const of = { instrument: row.instrument, project: row.project ?? undefined };
    return { ...publishedOf(row, rules, today), paused: pauseOf(of, paused.list()) !== undefined };
  }

  return {
    ...publicationSettling(db, told),
    ...told,

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
