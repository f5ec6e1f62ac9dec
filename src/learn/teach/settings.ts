// The numbers of teaching, in one place so that a score can name them. Chosen in replays on sources and series that a head had not seen: docs/teaching-figures.md.

import { createHash } from 'node:crypto';
import { PAPER_THRESHOLDS } from '../../domain/decision.ts';
import { PLAUSIBILITY } from '../../domain/teaching.ts';

export type TeachSettings = {
  /** what the head says in a series, counted in answers: with so little one answer to a like image decides */
  headSay: number;
  /** how fast likeness falls with the angle between two images: exp(-(1 - cosine) / reach) */
  reach: number;
  /** pull of the corrected head towards the shipped one */
  lambda: number;
  /** scores are flattened by this power in a series where nobody has answered... */
  caution: number;
  /** ...and by this one where the shipped head alone is sure of the same category */
  cautionAgreed: number;
  /** the shipped head is sure of a category above this score */
  sure: number;
  /** the corrected head is looked for from nothing, with so many steps at most... */
  iterations: number;
  /** ...and until its gradient is this small: a function of the lessons alone, near enough to the minimum that more changes no label */
  tolerance: number;
  /** an answer that had a score below this just before counts less... */
  implausible: number;
  /** ...so much */
  implausibleWeight: number;
};

export const TEACH_SETTINGS: Readonly<TeachSettings> = Object.freeze({
  headSay: 0.1,
  reach: 0.3,
  lambda: 10,
  caution: 1.5,
  cautionAgreed: 1.25,
  sure: PAPER_THRESHOLDS.auto,
  iterations: 24,
  tolerance: 1e-4,
  ...PLAUSIBILITY,
});

/** The same numbers give the same bytes. */
export function settingsText(settings: TeachSettings = TEACH_SETTINGS): string {
  return JSON.stringify(Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names them in a record: other numbers, other scores. The first digits of the SHA-256 of their text. */
export function settingsHash(settings: TeachSettings = TEACH_SETTINGS): string {
  return createHash('sha256').update(settingsText(settings)).digest('hex').slice(0, 12);
}
