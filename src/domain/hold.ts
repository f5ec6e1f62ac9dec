// How long a label can still be taken back before its image is tagged and leaves. Pure.

import type { Label } from './label.ts';
import type { ImageState } from './states.ts';

/** Seconds: after a person's answer, and after a label because of answers to other images. */
export type Hold = { answer: number; because: number };

/** UTC; undefined where nothing holds the image back at `now`, in ms. Tagging begins then: with work before it, it may take longer. */
export function leavesAt(
  { state, label }: { state: ImageState; label?: Pick<Label, 'basis' | 'at' | 'because'> },
  hold: Hold,
  now: number,
): string | undefined {
  if (state !== 'labelled' || !label) return undefined;
  const seconds = label.because ? hold.because : label.basis === 'answer' ? hold.answer : 0;
  const at = Date.parse(label.at) + seconds * 1000;
  return at > now ? new Date(at).toISOString() : undefined;
}
