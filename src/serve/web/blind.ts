// A blind check as the Answer page shows it: a question like any other, with nothing suggested. What it does not know it cannot show.

import type { BlindView } from '../routes/checks.ts';
import type { ImageView } from './api.ts';

/** `check`: its label is there already and is kept from whoever answers. */
export type Question = ImageView & { check?: true };

export function asQuestion(view: BlindView): Question {
  const unknown = { bytes: 0, mediaType: '', revision: 1, atTarget: false, settledAt: '', changedAt: '' };
  return { ...unknown, ...view, state: 'asked', cause: '', suggestions: [], check: true };
}
