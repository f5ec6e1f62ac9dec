// Which image may stand for its category in the help: one that a person and the machine say the same of. Pure.

import type { ImageSummary } from './api.ts';

type Answered = Pick<ImageSummary, 'hasPicture' | 'category' | 'label'>;

/** The first of these; none where every answer is a person's alone, which may be a slip. `category` is what the machine says. */
export const exampleOf = <T extends Answered>(answered: T[]): T | undefined =>
  answered.find(({ hasPicture, category, label }) => hasPicture && category !== undefined && category === label?.category); // prettier-ignore
