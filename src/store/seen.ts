// Images as somebody outside sees them: whatever answers a page or a program about images reads them here. One that is not seen is as one that is not there. Never writes.

import type { Sight } from '../domain/access.ts';
import type { Checked } from '../domain/blind-check.ts';
import { SemtagError } from '../errors.ts';
import type { SemRecord } from '../record/record.ts';
import { acquisitions } from './acquisitions.ts';
import { along } from './along.ts';
import { checks, OPEN_CHECK } from './checks.ts';
import { images, type Image, type ImageFilter } from './images.ts';
import { newestRecords, type NewestRecord } from './newest-record.ts';
import type { Db } from './open.ts';
import { seenCounts } from './seen-counts.ts';
import { seenHistory } from './seen-history.ts';
import { seenTimes } from './seen-times.ts';
import { SEEN, seenAs, seesAll, sightValues } from './sight.ts';
import { stale } from './stale.ts';

type Parts = { all: number; names: string[] };
type Waiting = { sha256: string; instrument: string; series: number | null; since: string };

export function seen(db: Db) {
  const all = images(db);
  const { waiting, stillWaiting } = stale(db);
  const { waitingParts } = acquisitions(db);
  const ofAcquisition = along(db);
  const only = db
    .prepare(
      `SELECT image.sha256 FROM json_each(@sha256s) CROSS JOIN image ON image.sha256 = json_each.value WHERE ${SEEN}`,
    )
    .pluck();
  const parts = `FROM image INDEXED BY image_part
    WHERE state = 'asked' AND acquisition IS NOT NULL AND acquisition = (SELECT acquisition FROM image WHERE sha256 = @sha256)
      AND sha256 <> @sha256 AND ${SEEN}`;
  const partsCount = db.prepare(`SELECT count(*) ${parts}`).pluck();
  const partsNames = db.prepare(`SELECT name ${parts} ORDER BY changed_at LIMIT @limit`).pluck();
  // as `waiting` of stale.ts, of what is seen
  const waitingSeen = db.prepare(
    `SELECT sha256, instrument, series, changed_at AS since FROM image WHERE state = 'asked' AND ${SEEN}
       AND (acquisition IS NULL OR sha256 = (SELECT sha256 FROM image AS part INDEXED BY image_part
         WHERE part.acquisition = image.acquisition AND part.acquisition IS NOT NULL AND part.state = 'asked' AND ${seenAs('part')}
         ORDER BY part.changed_at LIMIT 1))
       ORDER BY changed_at LIMIT @limit`,
  );
  const open = db
    .prepare(
      `SELECT sha256 FROM image INDEXED BY image_check_open WHERE ${OPEN_CHECK} AND ${SEEN} ORDER BY label_id DESC LIMIT @limit`,
    )
    .pluck();
  const { answered, contested } = checks(db);
  const newest = newestRecords(db);
  // its key names instrument and realm; what is left of one whose images went elsewhere is seen by those who see all
  const seriesSeen = db
    .prepare(
      `SELECT 1 FROM series WHERE id = @id AND EXISTS (
         SELECT 1 FROM image WHERE (image.series = series.id OR image.series = series.joined) AND ${SEEN})`,
    )
    .pluck();

  /** Those of them that are seen, in their order. */
  function seenOnly(sha256s: string[], sight: Sight): string[] {
    if (seesAll(sight) || sha256s.length === 0) return sha256s;
    const found = only.all({ sha256s: JSON.stringify(sha256s), ...sightValues(sight) });
    const known = new Set(found as string[]);
    return sha256s.filter((one) => known.has(one));
  }

  function ofSeen(all: Checked[], sight: Sight): Checked[] {
    if (seesAll(sight)) return all;
    const known = new Set(seenOnly(all.map(({ sha256 }) => sha256), sight)); // prettier-ignore
    return all.filter(({ sha256 }) => known.has(sha256));
  }

  /** It names no other image that is not seen. */
  function alone(image: Image, sight: Sight): Image {
    if (seesAll(sight)) return image;
    const { supersedes, supersededBy, doubt, label } = image;
    const part = doubt && 'part' in doubt ? doubt.part : undefined;
    const named = [supersedes, supersededBy, part, label?.lead].filter((one) => one !== undefined);
    const known = new Set(seenOnly(named, sight));
    if (named.every((one) => known.has(one))) return image;
    const hidden = (one: string | undefined) => one !== undefined && !known.has(one);
    const shown = { ...image };
    if (hidden(supersedes)) delete shown.supersedes;
    if (hidden(supersededBy)) delete shown.supersededBy;
    if (hidden(part)) delete shown.doubt;
    if (label && hidden(label.lead)) {
      shown.label = { ...label };
      delete shown.label.lead;
    }
    return shown;
  }

  function get(sha256: string, sight: Sight): Image | undefined {
    const [there] = seenOnly([sha256], sight);
    const image = there === undefined ? undefined : all.get(there);
    return image && alone(image, sight);
  }

  /** Throws not_found, also where it is there and not seen. */
  function need(sha256: string, sight: Sight): Image {
    const image = get(sha256, sight);
    if (!image) throw new SemtagError('not_found', `image ${sha256}`);
    return image;
  }

  /** The newest record; undefined where it still names a project that is not seen, and that the image has left. */
  function newestRecord(sha256: string, { hidden }: Sight): NewestRecord | undefined {
    const found = newest(sha256);
    if (!found || hidden.length === 0) return found;
    const { project } = (JSON.parse(found.record) as SemRecord).facts;
    return project && hidden.includes(project.value) ? undefined : found;
  }

  return {
    ...seenCounts(db),
    ...seenTimes(db),
    history: seenHistory(db),

    get,
    need,
    newestRecord,
    only: seenOnly,
    alone,

    /** Throws not_found for the first that is not there or not seen. */
    needAll(sha256s: string[], sight: Sight): void {
      for (const sha256 of sha256s) need(sha256, sight);
    },

    /** As images.list. */
    list: (
      filter: ImageFilter,
      limit: number,
      before: { settledAt: string; sha256: string } | undefined,
      sight: Sight,
    ): Image[] => all.list(filter, limit, before, sight).map((image) => alone(image, sight)),

    /** As rescoring.waiting: what is asked about, longest first, of one acquisition one part. */
    waiting(limit: number, sight: Sight): ReturnType<typeof waiting> {
      if (seesAll(sight)) return waiting(limit);
      const rows = waitingSeen.all({ limit, ...sightValues(sight) }) as Waiting[];
      return rows.map((row) => ({ ...row, series: row.series ?? undefined }));
    },

    /** Those of them that wait and are seen, as they are shown beside a question. */
    stillWaiting: (sha256s: string[], sight: Sight) => stillWaiting(seenOnly(sha256s, sight)),

    /** Other parts of its acquisition that wait: how many, and the first names. */
    otherParts(image: Pick<Image, 'sha256' | 'state'>, limit: number, sight: Sight): Parts {
      const { sha256, state } = image;
      if (seesAll(sight)) {
        const others = waitingParts(sha256) - (state === 'asked' ? 1 : 0);
        return { all: others, names: others > 0 ? ofAcquisition.otherParts(sha256, limit) : [] };
      }
      const values = { sha256, ...sightValues(sight) };
      return {
        all: partsCount.get(values) as number,
        names: partsNames.all({ ...values, limit }) as string[],
      };
    },

    /** Automatic labels that wait for a blind check, the newest first. */
    checks: (limit: number, sight: Sight) => open.all({ limit, ...sightValues(sight) }) as string[],

    /** As checks.answered and checks.contested, of what is seen: whatever says how often automatic labels are wrong counts these. */
    checked: (which: 'share' | 'first', sight: Sight): Checked[] => ofSeen(answered(which), sight),
    contested: (afterLabel: number, sight: Sight): Checked[] => ofSeen(contested(afterLabel), sight),

    /** Whether a series is seen: one of its images is. Those of a private project, and of an instrument, are series of their own. */
    series: (id: number, sight: Sight): boolean =>
      seesAll(sight) || seriesSeen.get({ id, ...sightValues(sight) }) !== undefined,
  };
}
