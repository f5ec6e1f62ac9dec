// Images: what is durably known about each, and the commits of the stages that bring it from settled to forwarded.

import type { Category } from '../domain/categories.ts';
import type { Decision } from '../domain/decision.ts';
import { joinFacts, type Facts } from '../domain/facts.ts';
import type { InstrumentHeader } from '../domain/header.ts';
import type { Label, LabelBasis } from '../domain/label.ts';
import type { Scores } from '../domain/scores.ts';
import type { ImageState } from '../domain/states.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';
import type { Classification, ModelReference, Picture } from '../record/record.ts';
import type { Db } from './open.ts';
import { revisions } from './revise.ts';
import { statements } from './statements.ts';
import { tally } from './tally.ts';
import { transitions } from './transition.ts';

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
  scores?: Scores;
  category?: Category;
  score?: number;
  decision?: Decision;
  model?: ModelReference;
  thresholdsVersion?: number;
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

/** Where a retry goes back to, when that is not where it failed: bottlenecks are made again, a finished image is owed again. */
const RESUME: Record<string, ImageState> = { read: 'settled', forwarded: 'tagged' };

export type ImageFilter = {
  state?: ImageState;
  category?: Category;
  instrument?: string;
  /** of the label in force: `auto` by the machine, `answer` by a person, ... */
  basis?: LabelBasis;
  project?: string;
  operator?: string;
  sample?: string;
  /** settled at this time or later, UTC, ISO 8601 */
  from?: string;
  /** settled before this time */
  to?: string;
  /** part of the name: looked for in every image, or in so many of the newest */
  q?: string;
  newest?: number;
};

/** Every filter but the last two starts from an index of its own. */
const CONDITIONS: Record<keyof ImageFilter, string> = {
  state: 'image.state = @state',
  category: 'image.label_category = @category',
  instrument: 'image.instrument = @instrument',
  basis: 'image.label_basis = @basis',
  project: 'image.project = @project',
  operator: 'image.operator = @operator',
  sample: 'image.sample = @sample',
  from: 'image.settled_at >= @from',
  to: 'image.settled_at < @to',
  q: 'instr(lower(image.name), lower(@q)) > 0',
  newest: `image.settled_at >= coalesce((SELECT settled_at FROM image ORDER BY settled_at DESC LIMIT 1 OFFSET @newest - 1), '')`,
};

const SELECT = `SELECT image.*, label.kind AS l_kind, label.category AS l_category, label.second AS l_second, label.basis AS l_basis,
  label.by AS l_by, label.at AS l_at, label.note AS l_note FROM image LEFT JOIN label ON label.id = image.label_id`;

export function images(db: Db) {
  const transition = transitions(db);
  const revise = revisions(db);
  const one = db.prepare(`${SELECT} WHERE sha256 = ?`.replace('WHERE sha256', 'WHERE image.sha256'));
  const taggable = db.prepare(
    `${SELECT} WHERE image.state = 'labelled' AND NOT (label.basis = 'answer' AND label.at > ?) ORDER BY image.changed_at, image.sha256 LIMIT ?`,
  );
  const counted = tally(db);
  const settledSince = db.prepare('SELECT count(*) FROM image WHERE settled_at >= ?').pluck();
  const labelledSince = db
    .prepare(
      `SELECT count(*) FROM label WHERE basis = ? AND at >= ?
         AND EXISTS (SELECT 1 FROM image WHERE image.sha256 = label.sha256 AND image.label_id = label.id)`,
    )
    .pluck();
  const askedBefore = db
    .prepare("SELECT sha256 FROM image WHERE state = 'asked' AND changed_at < ? LIMIT 1000")
    .pluck();
  const withdrawnBefore = db
    .prepare(
      `SELECT sha256 FROM image WHERE state = 'asked' AND changed_at < ?
         AND EXISTS (SELECT 1 FROM revision WHERE revision.sha256 = image.sha256) LIMIT 1000`,
    )
    .pluck();
  const prunable = db
    .prepare(
      `SELECT sha256 FROM image WHERE state = 'forwarded' AND spooled = 1 AND at_target = 1
         AND changed_at <= @cutoff AND spooled_at <= @cutoff
         AND EXISTS (SELECT 1 FROM delivery WHERE delivery.sha256 = image.sha256 AND delivery.state = 'received')
         AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.sha256 = image.sha256 AND delivery.state = 'owed')
         ORDER BY changed_at LIMIT @limit`,
    )
    .pluck();
  const statement = statements(db);
  const due = db.prepare(`${SELECT} WHERE image.state = ? ORDER BY image.changed_at, image.sha256 LIMIT ?`);

  return {
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
    /** The images in a state, longest there first, without those named in `skip`. */
    inState(state: ImageState, limit: number, skip: ReadonlySet<string> = new Set()): Image[] {
      const rows = due.all(state, limit + skip.size) as Row[];
      return rows
        .filter((row) => !skip.has(row.sha256))
        .slice(0, limit)
        .map(toImage);
    },
    /** Labelled images, longest there first, without those that were answered after `heldSince` (UTC, ISO 8601) and those in `skip`. */
    taggable(heldSince: string, limit: number, skip: ReadonlySet<string>): Image[] {
      const rows = taggable.all(heldSince, limit + skip.size) as Row[];
      return rows
        .filter((row) => !skip.has(row.sha256))
        .slice(0, limit)
        .map(toImage);
    },
    /** Newest first; `before` is the cursor of the last one seen: stable while images arrive. */
    list(filter: ImageFilter, limit: number, before?: { settledAt: string; sha256: string }): Image[] {
      const given = (Object.keys(CONDITIONS) as (keyof ImageFilter)[]).filter((k) => filter[k] !== undefined);
      const where = given.map((name) => CONDITIONS[name]);
      if (before) where.push('(image.settled_at, image.sha256) < (@settledAt, @cursor)');
      const sql = `${SELECT} ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY image.settled_at DESC, image.sha256 DESC LIMIT @limit`;
      const values = {
        ...filter,
        limit,
        ...(before ? { settledAt: before.settledAt, cursor: before.sha256 } : {}),
      };
      return (statement(sql).all(values) as Row[]).map(toImage);
    },
    counts(): Record<ImageState, number> {
      const zero = { settled: 0, read: 0, asked: 0, labelled: 0, tagged: 0, forwarded: 0, quarantined: 0 };
      return { ...zero, ...counted('image') };
    },
    /** What happened since `at`: images that settled, labels in force by the machine and by people. */
    countsSince(at: string): { settled: number; automatic: number; answered: number } {
      const of = (basis: LabelBasis) => labelledSince.get(basis, at) as number;
      return { settled: settledSince.get(at) as number, automatic: of('auto'), answered: of('answer') };
    },
    /** Bytes of the private copies that go on by themselves or by an answer: what the quota of the spool is about. */
    spooledBytes(): number {
      return counted('spool')['in flight'] ?? 0;
    },
    /** Bytes of the private copies of images that are aside. */
    asideBytes(): number {
      return counted('spool')['aside'] ?? 0;
    },
    sidecar(sha256: string): { name: string; bytes: Buffer } | undefined {
      return db.prepare('SELECT name, bytes FROM sidecar WHERE sha256 = ?').get(sha256) as
        { name: string; bytes: Buffer } | undefined;
    },

    /** The child has read it: header, picture and (already durable) bottlenecks. */
    read(sha256: string, header: InstrumentHeader, picture: Picture, headerFacts: Facts, at: string): void {
      db.transaction(() => {
        db.prepare('DELETE FROM attempt WHERE sha256 = ? AND stage = ?').run(sha256, 'read');
        const facts = JSON.parse(
          db.prepare('SELECT facts FROM image WHERE sha256 = ?').pluck().get(sha256) as string,
        ) as Facts;
        const set = {
          header: JSON.stringify(header),
          picture: JSON.stringify(picture),
          facts: JSON.stringify(joinFacts(headerFacts, facts)),
        };
        transition({
          subject: 'image',
          key: sha256,
          to: 'read',
          at,
          who: 'semtag',
          what: `Read as ${header.format}`,
          set,
        });
      }).immediate();
    },

    /** Scores and decision; with a label it is labelled, without one a person is asked. */
    classified(
      sha256: string,
      classification: Classification | undefined,
      label: Label | undefined,
      at: string,
    ): void {
      db.transaction(() => {
        const c = classification;
        const set: Record<string, string | number | null> = c
          ? {
              scores: JSON.stringify(c.scores),
              category: c.category,
              score: c.score,
              decision: c.decision,
              model: JSON.stringify(c.model),
              thresholds_version: c.thresholds.version,
            }
          : {};
        if (label) set['label_id'] = revise.addLabel(sha256, label);
        const seen = c ? `${c.category} ${c.score.toFixed(3)}` : 'not classified';
        const what = label
          ? `${seen}: ${label.category ?? label.kind} (${label.basis})`
          : `${seen}: a person is asked`;
        transition({
          subject: 'image',
          key: sha256,
          to: label ? 'labelled' : 'asked',
          at,
          who: 'semtag',
          what,
          set,
        });
      }).immediate();
    },

    /** Goes on without a label, for the reason in `what`. */
    release(sha256: string, at: string, what = 'Nobody answered in time; it goes on unlabelled'): void {
      db.transaction(() => {
        const label_id = revise.addLabel(sha256, { kind: 'unlabelled', basis: 'released', by: 'semtag', at });
        transition({
          subject: 'image',
          key: sha256,
          to: 'labelled',
          at,
          who: 'semtag',
          what,
          set: { label_id },
        });
      }).immediate();
    },
    /** Images that have been asked about since before `cutoff`. */
    askedBefore(cutoff: string): string[] {
      return askedBefore.all(cutoff) as string[];
    },

    /** Those of them that were tagged before: a target still shows the answer that was taken back. */
    withdrawnBefore(cutoff: string): string[] {
      return withdrawnBefore.all(cutoff) as string[];
    },

    quarantine(sha256: string, error: { code: ErrorCode; message: string }, at: string): void {
      db.transaction(() => {
        const from = db.prepare('SELECT state FROM image WHERE sha256 = ?').pluck().get(sha256) as string;
        const set = { error: JSON.stringify(error), resume: RESUME[from] ?? from };
        transition({
          subject: 'image',
          key: sha256,
          to: 'quarantined',
          at,
          who: 'semtag',
          what: `Aside: ${error.message}`,
          detail: error,
          set,
        });
      }).immediate();
    },
    /** Back to where it failed, with a fresh count of attempts. */
    retry(sha256: string, who: string, at: string): void {
      db.transaction(() => {
        const to = db.prepare('SELECT resume FROM image WHERE sha256 = ?').pluck().get(sha256) as
          string | null | undefined;
        if (!to) throw new SemtagError('wrong_state', `image ${sha256} is not in quarantine`);
        db.prepare('DELETE FROM attempt WHERE sha256 = ?').run(sha256);
        transition({
          subject: 'image',
          key: sha256,
          to,
          at,
          who,
          what: 'Tried again on request',
          set: { error: null, resume: null },
        });
      }).immediate();
    },
    /** The private copy is gone from the spool: every target has the image. */
    pruned(sha256: string): void {
      db.prepare('UPDATE image SET spooled = 0 WHERE sha256 = ?').run(sha256);
    },
    /** A private copy was fetched back. */
    spooledAgain(sha256: string, at: string): void {
      db.prepare('UPDATE image SET spooled = 1, spooled_at = ? WHERE sha256 = ?').run(at, sha256);
    },
    /** Forwarded images whose private copy can be had back from a target, longest there first. */
    prunable(cutoff: string, limit: number): string[] {
      return prunable.all({ cutoff, limit }) as string[];
    },
  };
}

type Row = Record<string, string | number | null> & { sha256: string };

function toImage(row: Row): Image {
  const parsed = <T>(column: string): T | undefined =>
    row[column] === null ? undefined : (JSON.parse(row[column] as string) as T);
  const optional: Record<string, unknown> = {
    picture: parsed('picture'),
    header: parsed('header'),
    scores: parsed('scores'),
    category: row['category'],
    score: row['score'],
    decision: row['decision'],
    model: parsed('model'),
    thresholdsVersion: row['thresholds_version'],
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
  };
  return Object.fromEntries(Object.entries(label).filter(([, value]) => value !== null)) as Label;
}
