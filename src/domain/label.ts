// A label: category + who or what gave it + on what basis. "No category" is a label too, with its reason.

import { categoryTitle, type Category } from './categories.ts';
import type { Taught } from './teaching.ts';

/** How an instrument treats its images: watch only, ask for every one, or the full routing. */
export const MODES = ['observe', 'ask', 'auto'] as const;
export type Mode = (typeof MODES)[number];

export const LABEL_KINDS = ['category', 'none_of_these', 'unusable', 'unlabelled'] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

export const LABEL_BASES = [
  /** top score above the threshold */
  'auto',
  /** a person's answer */
  'answer',
  /** nobody answered within the release time: goes on unlabelled, still answerable */
  'released',
  /** the instrument is in mode observe: classified, never labelled */
  'observe',
  /** navigation camera, chamber view, screenshot or blank frame: not a sample picture */
  'not_a_sample',
  /** a newer version of the file took its place before anyone answered */
  'superseded',
] as const;
export type LabelBasis = (typeof LABEL_BASES)[number];

export type Label = {
  kind: LabelKind;
  /** only with kind `category` */
  category?: Category;
  /** the paper met hundreds of images that show two categories */
  second?: Category;
  basis: LabelBasis;
  /** a person's name, or `semtag` for what the service did by itself */
  by: string;
  /** UTC, ISO 8601 */
  at: string;
  note?: string;
  /** of an answer that nothing is to be learned from, now or by a later training */
  teaches?: false;
  /** of a label by itself that the head alone would not have given: the answers it rests on */
  because?: Taught;
  /** of an answer that was given to another image and holds for this one too: SHA-256 of that image */
  lead?: string;
};

/** As people read it: `Patterned surface`, `none of these`. */
export const labelTitle = ({ kind, category }: Pick<Label, 'kind' | 'category'>): string =>
  category ? categoryTitle(category) : kind.replaceAll('_', ' ');

/** What a person can answer to a prompt. */
export type Answer =
  | { kind: 'category'; category: Category; second?: Category }
  | { kind: 'none_of_these' }
  | { kind: 'unusable' };
