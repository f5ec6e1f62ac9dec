// Images: what is durably known about each, and which are asked for. What changes them is in image-commits, spool, labels, corrections and versions.

import { ALL_SIGHT, type Sight } from '../domain/access.ts';
import type { PartOf } from '../domain/acquisition.ts';
import type { AlignmentHeadResult, AlignmentMeasures } from '../domain/alignment.ts';
import type { BlindCheck } from '../domain/blind-check.ts';
import type { Category } from '../domain/categories.ts';
import type { Decision } from '../domain/decision.ts';
import type { Facts } from '../domain/facts.ts';
import type { InstrumentHeader } from '../domain/header.ts';
import type { Label, LabelBasis } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import type { Taught } from '../domain/teaching.ts';
import type { ImageState } from '../domain/states.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';
import type { ModelReference, Picture } from '../record/record.ts';
import type { Db } from './open.ts';
import { imageCommits } from './image-commits.ts';
import { SEEN, seesAll, sightValues } from './sight.ts';
import { spool } from './spool.ts';
import { statements } from './statements.ts';
import { tally } from './tally.ts';

/** What taught scores say of an image that was labelled by itself as something else. */
export type Doubt = { category: Category; score: number; at: string };

/** What a person said of another part of its acquisition, which had labelled itself as something else. */
export type PartDoubt = { category: Category; part: string; at: string };

/** An image as the rest of the house sees it: columns parsed, absent where there is nothing yet. */
export type Image = {
  sha256: string;
  state: ImageState;
  instrument: string;
  name: string;
  bytes: number;
  mediaType: string;
  spooled: boolean;
  /** a target has given its receipt for it */
  atTarget: boolean;
  facts: Facts;
  picture?: Picture;
  header?: InstrumentHeader;
  /** measured on every picture of a sample; it says something where there are wires or fibres */
  alignment?: AlignmentMeasures;
  alignmentHead?: AlignmentHeadResult;
  scores?: Scores;
  category?: Category;
  score?: number;
  decision?: Decision;
  model?: ModelReference;
  thresholdsVersion?: number;
  series?: number;
  /** other files of the same acquisition are known */
  partOf?: PartOf;
  /** answers that moved its scores */
  taught?: Taught;
  /** answers given since speak against its automatic label */
  doubt?: Doubt | PartDoubt;
  /** its automatic label is to be checked, or was; never shown to who answers */
  blindCheck?: BlindCheck;
  label?: Label;
  promptVersion: number;
  revision: number;
  /** counts every change of what the record says */
  edition: number;
  cause: string;
  supersedes?: string;
  supersededBy?: string;
  error?: { code: ErrorCode; message: string };
  settledAt: string;
  changedAt: string;
};

export type ImageFilter = {
  state?: ImageState;
  category?: Category;
  instrument?: string;
  /** of the label in force: `auto` by the machine, `answer` by a person, ... */
  basis?: LabelBasis;
  project?: string;
  operator?: string;
  sample?: string;
  /** labelled Nanowires or Fibres, and aligned with at least this probability */
  aligned?: number;
  /** answers speak against its automatic label */
  doubted?: true;
  /** of this series */
  series?: number;
  /** settled at this time or later, UTC, ISO 8601 */
  from?: string;
  /** settled before this time */
  to?: string;
  /** part of the name: looked for in every image, or in so many of the newest */
  q?: string;
  newest?: number;
};

/** Every filter but the last two starts from an index of its own. */
export const CONDITIONS: Record<keyof ImageFilter, string> = {
  state: 'image.state = @state',
  category: 'image.label_category = @category',
  instrument: 'image.instrument = @instrument',
  basis: 'image.label_basis = @basis',
  project: 'image.project = @project',
  operator: 'image.operator = @operator',
  sample: 'image.sample = @sample',
  aligned: 'image.aligned >= @aligned',
  doubted: 'image.doubt IS NOT NULL',
  series: 'image.series = @series',
  from: 'image.settled_at >= @from',
  to: 'image.settled_at < @to',
  q: 'instr(lower(image.name), lower(@q)) > 0',
  newest: `image.settled_at >= coalesce((SELECT settled_at FROM image ORDER BY settled_at DESC LIMIT 1 OFFSET @newest - 1), '')`,
};

/** Those that an Image is made of. Not image.*: columns that are computed from JSON would be computed for every row, which takes longer than reading it. */
const COLUMNS = (
  'sha256 number state instrument name bytes media_type spooled at_target facts picture header alignment alignment_head scores category score ' +
  'decision model thresholds_version series part_of taught doubt blind_check prompt_version revision edition cause supersedes superseded_by ' +
  'error settled_at changed_at'
)
  .split(' ')
  .map((name) => `image.${name}`)
  .join(', ');

export const SELECT = `SELECT ${COLUMNS}, label.kind AS l_kind, label.category AS l_category, label.second AS l_second, label.basis AS l_basis,
  label.by AS l_by, label.at AS l_at, label.note AS l_note, label.teaches AS l_teaches, label.because AS l_because,
  (SELECT led.sha256 FROM label AS led WHERE led.id = label.lead) AS l_lead FROM image LEFT JOIN label ON label.id = image.label_id`;

/** How many labels in force were given since @at on this @basis, not those that went along with one. `seen`: what else the image must be. */
export const labelledSince = (
  seen: string,
): string => `SELECT count(*) FROM label WHERE basis = @basis AND at >= @at AND lead IS NULL
  AND EXISTS (SELECT 1 FROM image WHERE image.sha256 = label.sha256 AND image.label_id = label.id ${seen})`;

export function images(db: Db) {
  const one = db.prepare(`${SELECT} WHERE image.sha256 = ?`);
  const readAfter = db
    .prepare(
      `SELECT sha256 FROM image WHERE sha256 > ? AND state IN ('asked', 'labelled', 'tagged', 'forwarded') ORDER BY sha256 LIMIT ?`,
    )
    .pluck();
  const taggable = db.prepare(
    `${SELECT} WHERE image.state = 'labelled' AND NOT (label.basis = 'answer' AND label.at > ?) AND NOT (label.because IS NOT NULL AND label.at > ?)
       AND NOT EXISTS (SELECT 1 FROM json_each(label.because, '$.lessons') JOIN lesson AS gone ON gone.of = json_each.value)
       ORDER BY image.changed_at, image.sha256 LIMIT ?`,
  );
  const counted = tally(db);
  const settledSince = db.prepare('SELECT count(*) FROM image WHERE settled_at >= ?').pluck();
  const labelled = db.prepare(labelledSince('')).pluck();
  const askedBefore = db
    .prepare("SELECT sha256 FROM image WHERE state = 'asked' AND changed_at < ? LIMIT ?")
    .pluck();
  const withdrawnBefore = db
    .prepare(
      `SELECT sha256 FROM image WHERE state = 'asked' AND changed_at < ?
         AND EXISTS (SELECT 1 FROM revision WHERE revision.sha256 = image.sha256)
         AND (SELECT withdrawn_at FROM label WHERE label.sha256 = image.sha256 ORDER BY label.id DESC LIMIT 1) IS NOT NULL
         LIMIT ?`,
    )
    .pluck();
  const lastSettled = db
    .prepare('SELECT settled_at FROM image WHERE instrument = ? ORDER BY settled_at DESC LIMIT 1')
    .pluck();
  const lastAsked = db.prepare("SELECT max(changed_at) FROM image WHERE state = 'asked'").pluck();
  const statement = statements(db);
  const due = db.prepare(`${SELECT} WHERE image.state = ? ORDER BY image.changed_at, image.sha256 LIMIT ?`);

  return {
    ...imageCommits(db),
    ...spool(db),

    get(sha256: string): Image | undefined {
      const row = one.get(sha256) as Row | undefined;
      return row && toImage(row);
    },
    /** Throws not_found. */
    need(sha256: string): Image {
      const row = one.get(sha256) as Row | undefined;
      if (!row) throw new SemtagError('not_found', `image ${sha256}`);
      return toImage(row);
    },
    /** Full SHA-256s that begin with the given one. */
    startingWith(prefix: string): string[] {
      return db
        .prepare('SELECT sha256 FROM image WHERE sha256 >= ? AND sha256 < ? LIMIT 10')
        .pluck()
        .all(prefix, `${prefix}g`) as string[];
    },
    /** SHA-256s of images that were read, in their order, behind `after`: to walk through all without holding them. */
    readAfter(after: string, limit: number): string[] {
      return readAfter.all(after, limit) as string[];
    },
    /** The images in a state, longest there first, without those named in `skip`. */
    inState(state: ImageState, limit: number, skip: ReadonlySet<string> = new Set()): Image[] {
      const rows = due.all(state, limit + skip.size) as Row[];
      return rows
        .filter((row) => !skip.has(row.sha256))
        .slice(0, limit)
        .map(toImage);
    },
    /**
     * Labelled images, longest there first, without those that were answered after `since.answer`, those that got a label because of answers
     * to other images after `since.because` (UTC, ISO 8601), and those in `skip`.
     */
    taggable(since: { answer: string; because: string }, limit: number, skip: ReadonlySet<string>): Image[] {
      const rows = taggable.all(since.answer, since.because, limit + skip.size) as Row[];
      return rows
        .filter((row) => !skip.has(row.sha256))
        .slice(0, limit)
        .map(toImage);
    },
    /** Newest first; `before` is the cursor of the last one seen: stable while images arrive. For people and programs outside: seen.list. */
    list(
      filter: ImageFilter,
      limit: number,
      before?: { settledAt: string; sha256: string },
      sight: Sight = ALL_SIGHT,
    ): Image[] {
      const given = (Object.keys(CONDITIONS) as (keyof ImageFilter)[]).filter((k) => filter[k] !== undefined);
      const where = given.map((name) => CONDITIONS[name]);
      if (before) where.push('(image.settled_at, image.sha256) < (@settledAt, @cursor)');
      if (!seesAll(sight)) where.push(SEEN);
      const condition = where.length ? `WHERE ${where.join(' AND ')}` : '';
      const order = 'ORDER BY image.settled_at DESC, image.sha256 DESC LIMIT @limit';
      const sql = `${SELECT} ${condition} ${order}`;
      const values = {
        ...filter,
        limit,
        ...(seesAll(sight) ? {} : sightValues(sight)),
        ...(before ? { settledAt: before.settledAt, cursor: before.sha256 } : {}),
      };
      return (statement(sql).all(values) as Row[]).map(toImage);
    },
    counts(): Record<ImageState, number> {
      const zero = { settled: 0, read: 0, asked: 0, labelled: 0, tagged: 0, forwarded: 0, quarantined: 0 };
      return { ...zero, ...counted('image') };
    },
    /** Automatic labels that answers speak against. */
    doubted: (): number => counted('doubt')['doubted'] ?? 0,
    /** What happened since `at`: images that settled, labels in force by the machine and answers of people, not what went along with one. */
    countsSince(at: string): { settled: number; automatic: number; answered: number } {
      const of = (basis: LabelBasis) => labelled.get({ basis, at }) as number;
      return { settled: settledSince.get(at) as number, automatic: of('auto'), answered: of('answer') };
    },
    sidecar(sha256: string): { name: string; bytes: Buffer } | undefined {
      return db.prepare('SELECT name, bytes FROM sidecar WHERE sha256 = ?').get(sha256) as
        { name: string; bytes: Buffer } | undefined;
    },

    /** When the newest image of this instrument settled; undefined before the first one. */
    lastSettled: (instrument: string) => lastSettled.get(instrument) as string | undefined,

    /** Since when the image waits that began last; '' where none waits. */
    lastAsked: (): string => (lastAsked.get() as string | null) ?? '',

    /** Images that have been asked about since before `cutoff`. */
    askedBefore(cutoff: string, limit: number): string[] {
      return askedBefore.all(cutoff, limit) as string[];
    },

    /** Those of them that were tagged before: a target still shows the answer that was taken back. */
    withdrawnBefore(cutoff: string, limit: number): string[] {
      return withdrawnBefore.all(cutoff, limit) as string[];
    },
  };
}

export type Row = Record<string, string | number | null> & { sha256: string };

export function toImage(row: Row): Image {
  const parsed = <T>(column: string): T | undefined =>
    row[column] === null ? undefined : (JSON.parse(row[column] as string) as T);
  const optional: Record<string, unknown> = {
    picture: parsed('picture'),
    header: parsed('header'),
    alignment: parsed('alignment'),
    alignmentHead: parsed('alignment_head'),
    scores: parsed('scores'),
    category: row['category'],
    score: row['score'],
    decision: row['decision'],
    model: parsed('model'),
    thresholdsVersion: row['thresholds_version'],
    series: row['series'],
    partOf: parsed('part_of'),
    taught: parsed('taught'),
    doubt: parsed('doubt'),
    blindCheck: parsed('blind_check'),
    supersedes: row['supersedes'],
    supersededBy: row['superseded_by'],
    error: row['state'] === 'quarantined' ? parsed('error') : undefined,
    label: row['l_kind'] === null ? undefined : toLabel(row),
  };
  const present = Object.fromEntries(
    Object.entries(optional).filter(([, value]) => value !== undefined && value !== null),
  );
  return {
    sha256: row.sha256,
    state: row['state'] as ImageState,
    instrument: row['instrument'] as string,
    name: row['name'] as string,
    bytes: row['bytes'] as number,
    mediaType: row['media_type'] as string,
    spooled: row['spooled'] === 1,
    atTarget: row['at_target'] === 1,
    facts: JSON.parse(row['facts'] as string) as Facts,
    promptVersion: row['prompt_version'] as number,
    revision: row['revision'] as number,
    edition: row['edition'] as number,
    cause: row['cause'] as string,
    settledAt: row['settled_at'] as string,
    changedAt: row['changed_at'] as string,
    ...present,
  };
}

function toLabel(row: Row): Label {
  const label = {
    kind: row['l_kind'],
    category: row['l_category'],
    second: row['l_second'],
    basis: row['l_basis'],
    by: row['l_by'],
    at: row['l_at'],
    note: row['l_note'],
    teaches: row['l_teaches'] === 0 ? false : null,
    lead: row['l_lead'],
    because: row['l_because'] === null ? null : (JSON.parse(row['l_because'] as string) as Taught),
  };
  return Object.fromEntries(Object.entries(label).filter(([, value]) => value !== null)) as Label;
}
