// When something last happened, of what somebody sees: an instrument's newest image, a target's newest receipt, since when the next one waits to be sent. Reads only.

import type { Sight } from '../domain/access.ts';
import { deliveries } from './deliveries.ts';
import { images } from './images.ts';
import type { Db } from './open.ts';
import { SEEN, seesAll, sightValues } from './sight.ts';

/** Of an instrument whose newest images are of projects that are not seen nothing is told. */
const LOOKED_AT = 200;

export function seenTimes(db: Db) {
  const [image, delivery] = [images(db), deliveries(db)];
  const newest = db.prepare(
    `SELECT settled_at AS at, project FROM image WHERE instrument = ? ORDER BY settled_at DESC LIMIT ${LOOKED_AT}`,
  );
  const receipts = db
    .prepare(
      `SELECT target, max(at) FROM last_receipt WHERE (project = '' OR project NOT IN (SELECT value FROM json_each(@hidden)))
         AND (@instruments IS NULL OR instrument IN (SELECT value FROM json_each(@instruments))) GROUP BY target`,
    )
    .raw();
  const sendable = db
    .prepare(
      `SELECT delivery.at FROM delivery CROSS JOIN image ON image.sha256 = delivery.sha256
       WHERE target = @target AND delivery.state = 'owed' AND ${SEEN}
         AND NOT EXISTS (SELECT 1 FROM pause WHERE scope = 'all')
         AND NOT EXISTS (SELECT 1 FROM pause WHERE scope = 'instrument' AND name = image.instrument)
         AND NOT EXISTS (SELECT 1 FROM pause WHERE scope = 'project' AND name = image.project)
       ORDER BY delivery.id LIMIT 1`,
    )
    .pluck();

  return {
    /** As images.lastSettled. */
    lastSettled(instrument: string, sight: Sight): string | undefined {
      if (seesAll(sight)) return image.lastSettled(instrument);
      if (sight.instruments && !sight.instruments.includes(instrument)) return undefined;
      const rows = newest.all(instrument) as { at: string; project: string | null }[];
      return rows.find(({ project }) => project === null || !sight.hidden.includes(project))?.at;
    },

    /** As deliveries.lastReceipts. */
    lastReceipts: (sight: Sight): Map<string, string> =>
      seesAll(sight)
        ? delivery.lastReceipts()
        : new Map(receipts.all(sightValues(sight)) as [string, string][]),

    /** As deliveries.sendableSince. */
    sendableSince: (target: string, sight: Sight): string | undefined =>
      seesAll(sight)
        ? delivery.sendableSince(target)
        : (sendable.get({ target, ...sightValues(sight) }) as string | undefined),
  };
}
