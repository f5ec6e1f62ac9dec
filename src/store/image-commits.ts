// The commits of the stages that bring an image from settled to labelled, aside when it failed, and back. Each is one transaction.

import type { AlignmentHeadResult, AlignmentMeasures } from '../domain/alignment.ts';
import type { Checking } from '../domain/blind-check.ts';
import { joinFacts, type Facts } from '../domain/facts.ts';
import type { InstrumentHeader } from '../domain/header.ts';
import type { Label } from '../domain/label.ts';
import { becauseWords, type Taught } from '../domain/teaching.ts';
import type { ImageState } from '../domain/states.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';
import type { Classification, Picture } from '../record/record.ts';
import { acquisitions } from './acquisitions.ts';
import { checks } from './checks.ts';
import { labels } from './labels.ts';
import type { Db } from './open.ts';
import { series } from './series.ts';
import { together } from './together.ts';
import { transitions } from './transition.ts';

/** Where a retry goes back to, when that is not where it failed: bottlenecks are made again, a finished image is owed again. */
const RESUME: Record<string, ImageState> = { read: 'settled', forwarded: 'tagged' };

export type ClassifiedMore = {
  alignmentHead?: AlignmentHeadResult;
  /** how far of the log of lessons the scores know */
  lesson?: number;
  /** how an automatic label is chosen to be checked */
  checking?: Checking;
  /** the series that it joins where there are several */
  nearest?: number;
};

export function imageCommits(db: Db) {
  const transition = transitions(db);
  const { addLabel } = labels(db);
  const inSeries = series(db);
  const { chosen } = checks(db);
  const acquired = acquisitions(db);
  const group = together(db);

  return {
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
          alignment: null, // of what a header with another scan area showed
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

    /** Measured on the pixels, when its label asked for it. Changes no state and stands in no history: the record says it. */
    measured(sha256: string, measures: AlignmentMeasures): void {
      db.prepare('UPDATE image SET alignment = ? WHERE sha256 = ?').run(JSON.stringify(measures), sha256);
    },

    /**
     * Scores and decision; with a label it is labelled, without one a person is asked. Where a person answered another part of the same
     * acquisition already, that is its label, whatever it would have labelled itself.
     */
    classified(
      sha256: string,
      classification: Classification | undefined,
      own: Label | undefined,
      at: string,
      { alignmentHead, lesson = 0, checking, nearest }: ClassifiedMore = {},
    ): void {
      db.transaction(() => {
        const c = classification;
        const series = c && inSeries.assign(sha256, nearest);
        // it may have begun its series, which had no name when it was scored
        const inIt = <T extends Taught>(taught: T): T => ({ ...taught, series: taught.series ?? series });
        const set: Record<string, string | number | null> = c
          ? {
              scores: JSON.stringify(c.scores),
              category: c.category,
              score: c.score,
              decision: c.decision,
              model: JSON.stringify(c.model),
              thresholds_version: c.thresholds.version,
              taught: c.taught ? JSON.stringify(inIt(c.taught)) : null,
              lesson,
            }
          : {};
        const partOf = c && acquired.find(sha256, at);
        const known = partOf && (!own || own.basis === 'auto') ? group.answerFor(sha256, at) : undefined;
        const label = known ? undefined : own?.because ? { ...own, because: inIt(own.because) } : own;
        set['alignment_head'] = alignmentHead ? JSON.stringify(alignmentHead) : null;
        if (label) set['label_id'] = addLabel(sha256, label);
        if (known) set['label_id'] = addLabel(sha256, known.label, known.id);
        set['blind_check'] = chosen(sha256, series, label, checking);
        const seen = c ? `${c.category} ${c.score.toFixed(3)}` : 'not classified';
        const because = label?.because ? `, ${becauseWords(label.because)}` : '';
        const what = label
          ? `${seen}: ${label.category ?? label.kind} (${label.basis}${because})`
          : known && partOf
            ? `${seen}: ${known.label.category ?? known.label.kind}, as ${known.label.by} answered ${known.name}, part of the same acquisition (${partOf.kind})`
            : `${seen}: a person is asked`;
        transition({
          subject: 'image',
          key: sha256,
          to: label || known ? 'labelled' : 'asked',
          at,
          who: 'semtag',
          what,
          set,
        });
      }).immediate();
    },

    /** They go on without a label, for the reason in `what`; all in one commit. */
    release(sha256s: string[], at: string, what = 'Nobody answered in time; it goes on unlabelled'): void {
      db.transaction(() => {
        for (const sha256 of sha256s) {
          const label_id = addLabel(sha256, { kind: 'unlabelled', basis: 'released', by: 'semtag', at });
          transition({
            subject: 'image',
            key: sha256,
            to: 'labelled',
            at,
            who: 'semtag',
            what,
            set: { label_id },
          });
        }
      }).immediate();
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
  };
}
