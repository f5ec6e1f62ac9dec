// How many images somebody sees, for the status: the tally, less what it holds of projects and instruments that are not seen. Counts rows of today and of what is open, never all.

import type { Sight } from '../domain/access.ts';
import type { LabelBasis } from '../domain/label.ts';
import type { FileState, ImageState } from '../domain/states.ts';
import { checks, OPEN_CHECK } from './checks.ts';
import { deliveries } from './deliveries.ts';
import { files } from './files.ts';
import { images, labelledSince } from './images.ts';
import type { Db } from './open.ts';
import { owed } from './owed.ts';
import { SEEN, seesAll, sightValues } from './sight.ts';
import { tally } from './tally.ts';

type Kept = { subject: string; key: string; n: number };
/** So many of one state in one directory, raw bytes. */
export type FilesIn = { instrument: string; dir: Buffer; n: number };

export function seenCounts(db: Db) {
  const [image, file, delivery, check] = [images(db), files(db), deliveries(db), checks(db)];
  const counted = tally(db);
  const ofProjects = db.prepare(
    'SELECT subject, tally_of.key, n FROM json_each(@hidden) CROSS JOIN tally_of ON tally_of.project = json_each.value',
  );
  const ofInstruments = db.prepare(
    `SELECT subject, tally_of.key, n FROM json_each(@instruments) CROSS JOIN tally_of ON tally_of.instrument = json_each.value
     WHERE project NOT IN (SELECT value FROM json_each(@hidden))`,
  );
  const settledSince = db.prepare(`SELECT count(*) FROM image WHERE settled_at >= @at AND ${SEEN}`).pluck();
  const labelled = db.prepare(labelledSince(`AND ${SEEN}`)).pluck();
  // bounds that all have: the few are counted off their own index
  const doubted = db
    .prepare(
      `SELECT count(*) FROM image INDEXED BY image_doubt WHERE doubt IS NOT NULL AND settled_at >= '' AND ${SEEN}`,
    )
    .pluck();
  const open = db
    .prepare(`SELECT count(*) FROM image INDEXED BY image_check_open WHERE ${OPEN_CHECK} AND ${SEEN}`)
    .pluck();
  const owing = owed(db);
  const inDirs = db.prepare(
    'SELECT instrument, dir, count(*) AS n FROM file WHERE state = ? GROUP BY instrument, dir',
  );

  /** What the tally holds of one subject, of what is seen. */
  function kept(subject: 'image' | 'spool', sight: Sight): Record<string, number> {
    const values = sightValues(sight);
    const rows =
      values.instruments === null
        ? (ofProjects.all({ hidden: values.hidden }) as Kept[])
        : (ofInstruments.all(values) as Kept[]);
    const sum: Record<string, number> = values.instruments === null ? counted(subject) : {};
    const sign = values.instruments === null ? -1 : 1;
    for (const row of rows) if (row.subject === subject) sum[row.key] = (sum[row.key] ?? 0) + sign * row.n;
    return sum;
  }

  return {
    counts(sight: Sight): Record<ImageState, number> {
      const zero = { settled: 0, read: 0, asked: 0, labelled: 0, tagged: 0, forwarded: 0, quarantined: 0 };
      return seesAll(sight) ? image.counts() : { ...zero, ...kept('image', sight) };
    },

    /** Bytes of the private copies: on their way, and of images that are aside. */
    spool(sight: Sight): { inFlight: number; aside: number } {
      if (seesAll(sight)) return { inFlight: image.spooledBytes(), aside: image.asideBytes() };
      const of = kept('spool', sight);
      return { inFlight: of['in flight'] ?? 0, aside: of['aside'] ?? 0 };
    },

    doubted: (sight: Sight): number =>
      seesAll(sight) ? image.doubted() : (doubted.get(sightValues(sight)) as number),

    /** As images.countsSince. */
    countsSince(at: string, sight: Sight): ReturnType<typeof image.countsSince> {
      if (seesAll(sight)) return image.countsSince(at);
      const values = { at, ...sightValues(sight) };
      const of = (basis: LabelBasis) => labelled.get({ ...values, basis }) as number;
      return { settled: settledSince.get(values) as number, automatic: of('auto'), answered: of('answer') };
    },

    openChecks: (sight: Sight): number =>
      seesAll(sight) ? check.openCount() : (open.get(sightValues(sight)) as number),

    /** As deliveries.backlog. */
    backlog(sight: Sight): ReturnType<typeof delivery.backlog> {
      if (seesAll(sight)) return delivery.backlog();
      return delivery.targets().flatMap((target) => {
        const parts = owing.parts(target, sight);
        const withheld = owing.withheld(target, sight);
        if (parts.length === 0 && withheld === 0) return [];
        return {
          target,
          owed: parts.reduce((sum, { n }) => sum + n, 0),
          withheld,
          oldest: owing.since(target, parts) ?? null,
          error: owing.error(target, parts) ?? null,
        };
      });
    },

    /** All files in each state: whose they are only their path tells, so that this is for those who see everything. */
    files: (): Record<FileState, number> => file.counts(),

    /** Where files of a state lie, and how many: who does not see everything counts those that a path lets through. */
    filesIn: (state: FileState): FilesIn[] => inDirs.all(state) as FilesIn[],
  };
}
