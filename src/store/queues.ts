// What waits and what was done, for the Health page and the metrics: ages of prompts, throughput, what is aside by reason. Reads only, off small indexes and tallies; takes a sight.

import type { Sight } from '../domain/access.ts';
import type { LabelBasis } from '../domain/label.ts';
import type { ErrorCode } from '../errors.ts';
import type { Db } from './open.ts';
import { owed } from './owed.ts';
import type { Lying } from './seen-history.ts';
import { COUNTED, SEEN, seesAll, sightValues } from './sight.ts';

export const THROUGHPUT = ['settled', 'automatic', 'answered', 'forwarded'] as const;
export type ThroughputOf = (typeof THROUGHPUT)[number];

/** One hour, UTC: `2026-01-01T07`. */
export type Hour = { hour: string } & Record<ThroughputOf, number>;

export type PromptAges = {
  waiting: number;
  /** since when, UTC; absent where nothing waits */
  oldest?: string;
  median?: string;
  /** how many wait longer than each of the limits that were asked about */
  longer: number[];
};

type FileAside = Lying & { id: number; code: ErrorCode };

export type AsideReason = { code: ErrorCode; images: number; files: number; since?: string };

export function queues(db: Db) {
  const waits = `FROM image INDEXED BY image_waits WHERE state = 'asked' AND ${SEEN} AND changed_at >= ''`;
  const waiting = db.prepare(`SELECT count(*) ${waits}`).pluck();
  const nth = db.prepare(`SELECT changed_at ${waits} ORDER BY changed_at LIMIT 1 OFFSET @nth`).pluck();
  const before = db
    .prepare(
      `SELECT count(*) FROM image INDEXED BY image_waits WHERE state = 'asked' AND ${SEEN} AND changed_at < @before`,
    ) // prettier-ignore
    .pluck();
  const hours = db.prepare(
    `SELECT hour, what, sum(n) AS n FROM throughput WHERE hour >= @since AND ${COUNTED} GROUP BY hour, what`,
  );
  const old = db.prepare('DELETE FROM throughput WHERE hour < ?');
  const given = db.prepare(
    `SELECT basis, sum(n) AS n FROM labels_given WHERE basis >= '' AND ${COUNTED} GROUP BY basis`,
  );
  const asideImages = db.prepare(
    `SELECT error_code AS code, count(*) AS n, min(changed_at) AS since FROM image INDEXED BY image_aside
       WHERE state = 'quarantined' AND error_code >= '' AND ${SEEN} GROUP BY error_code`,
  );
  const asideFiles = db.prepare(
    `SELECT error_code AS code, count(*) AS n FROM file INDEXED BY file_aside
       WHERE state = 'incomplete' AND error_code >= '' GROUP BY error_code`,
  );
  const imagesAside = db
    .prepare(
      `SELECT sha256 FROM image INDEXED BY image_aside
         WHERE state = 'quarantined' AND error_code >= coalesce(@code, '') AND error_code <= coalesce(@code, '~') AND ${SEEN} LIMIT @limit`,
    )
    .pluck();
  const filesAside = db.prepare(
    `SELECT id, instrument, dir, name, error_code AS code FROM file INDEXED BY file_aside
       WHERE state = 'incomplete' AND error_code >= coalesce(@code, '') AND error_code <= coalesce(@code, '~')`,
  );
  const noteFree = db.prepare('INSERT OR IGNORE INTO free_space (hour, bytes) VALUES (?, ?)');
  const oldFree = db.prepare('DELETE FROM free_space WHERE hour < ?');
  const firstFree = db.prepare('SELECT hour, bytes FROM free_space WHERE hour >= ? ORDER BY hour LIMIT 1');

  return {
    /** Since when the oldest question waits; undefined where none does. */
    oldestPrompt: (sight: Sight): string | undefined =>
      nth.get({ nth: 0, ...sightValues(sight) }) as string | undefined,

    /** `limits`: points in time, newest first; `longer[i]` waits since before the i-th. */
    promptAges(limits: string[], sight: Sight): PromptAges {
      const values = sightValues(sight);
      const n = waiting.get(values) as number;
      const since = (place: number) => nth.get({ nth: place, ...values }) as string;
      const longer = limits.map((limit) => before.get({ before: limit, ...values }) as number);
      return {
        waiting: n,
        ...(n > 0 ? { oldest: since(0), median: since(Math.floor((n - 1) / 2)) } : {}),
        longer,
      };
    },

    /** Hours in which something was done, from this one on (`2026-01-01T07`, UTC), oldest first. */
    throughput(since: string, sight: Sight): Hour[] {
      const found = new Map<string, Hour>();
      const rows = hours.all({ since, ...sightValues(sight) }) as { hour: string; what: ThroughputOf; n: number }[]; // prettier-ignore
      for (const { hour, what, n } of rows) {
        const none = { hour, settled: 0, automatic: 0, answered: 0, forwarded: 0 };
        found.set(hour, { ...(found.get(hour) ?? none), [what]: n });
      }
      return [...found.values()];
    },

    /** Labels ever given, by their basis. */
    labelsGiven(sight: Sight): Partial<Record<LabelBasis, number>> {
      const rows = given.all(sightValues(sight)) as { basis: LabelBasis; n: number }[];
      return Object.fromEntries(rows.map(({ basis, n }) => [basis, n]));
    },

    /** Most first. `lying`: whether a file is seen. */
    aside(sight: Sight, lying: (file: Lying) => boolean): AsideReason[] {
      const found = new Map<ErrorCode, AsideReason>();
      const values = sightValues(sight);
      for (const { code, n, since } of asideImages.all(values) as {
        code: ErrorCode;
        n: number;
        since: string;
      }[])
        // prettier-ignore
        found.set(code, { code, images: n, files: 0, since });
      const add = (code: ErrorCode, n: number) => {
        const now = found.get(code) ?? { code, images: 0, files: 0 };
        found.set(code, { ...now, files: now.files + n });
      };
      if (seesAll(sight))
        for (const { code, n } of asideFiles.all() as { code: ErrorCode; n: number }[]) add(code, n);
      else
        for (const file of filesAside.iterate({ code: null }) as IterableIterator<FileAside>)
          if (lying(file)) add(file.code, 1);
      return [...found.values()].sort((a, b) => b.images + b.files - a.images - a.files);
    },

    /** Deliveries that this target is owed and that are paused. */
    held: owed(db).held,

    /** What is aside for this reason, or for any: images by SHA-256 and files by number, `limit` of each at most. `lying`: whether a file is seen. */
    asideFor(
      code: ErrorCode | undefined,
      limit: number,
      sight: Sight,
      lying: (file: Lying) => boolean,
    ): { images: string[]; files: number[] } {
      const which = { code: code ?? null };
      const images = imagesAside.all({ ...which, ...sightValues(sight), limit }) as string[];
      const files: number[] = [];
      for (const file of filesAside.iterate(which) as IterableIterator<FileAside>) {
        if (files.length === limit) break;
        if (lying(file)) files.push(file.id);
      }
      return { images, files };
    },

    /** One line an hour; what is older than `keepSince` goes, with the throughput of those hours. */
    noteFree(bytes: number, at: string, keepSince: string): void {
      db.transaction(() => {
        noteFree.run(at.slice(0, 13), Math.round(bytes));
        oldFree.run(keepSince.slice(0, 13));
        old.run(keepSince.slice(0, 13));
      }).immediate();
    },

    /** The free space of the first hour that was noted from this one on. */
    freeSince(since: string): { hour: string; bytes: number } | undefined {
      return firstFree.get(since.slice(0, 13)) as { hour: string; bytes: number } | undefined;
    },
  };
}
