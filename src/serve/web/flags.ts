// The state of an image in words, with an icon and a tone. Every state has one; nothing is said by colour alone.

import { categoryTitle } from '../../domain/categories.ts';
import type { Label } from '../../domain/label.ts';
import { pausesOf, pauseWords, type Pause } from '../../domain/pause.ts';
import { becauseWords } from '../../domain/teaching.ts';
import type { ImageSummary } from './api.ts';
import { ahead, when } from './format.ts';
import type { IconName } from './components/icon.tsx';

export type Flag = { icon: IconName; words: string; tone: 'calm' | 'ask' | 'good' | 'bad' };

/** `pauses`: what is paused now. */
export function flagOf(image: ImageSummary, pauses: Pause[] = [], now = Date.now()): Flag {
  const { state, label, atTarget, doubt, leavesAt } = image;
  if (doubt)
    return { icon: 'question', words: `Answers speak for ${categoryTitle(doubt.category)}${leaves(leavesAt, now)}`, tone: 'ask' }; // prettier-ignore
  switch (state) {
    case 'settled':
      return { icon: 'arrived', words: 'Arrived', tone: 'calm' };
    case 'read':
      return { icon: 'arrived', words: 'Being classified', tone: 'calm' };
    case 'asked':
      return { icon: 'question', words: 'Waits for an answer', tone: 'ask' };
    case 'labelled':
      return { icon: 'label', words: byWhom(label) + leaves(leavesAt, now), tone: 'calm' };
    case 'tagged':
      return heldWords(image, pauses) === undefined
        ? { icon: 'sending', words: 'On its way to the repository', tone: 'calm' }
        : { icon: 'paused', words: image.withheld ? 'Kept from the repository' : 'Paused on its way to the repository', tone: 'ask' }; // prettier-ignore
    case 'forwarded':
      return atTarget
        ? { icon: 'check', words: 'At the repository', tone: 'good' }
        : { icon: 'check', words: 'Kept in the data directory', tone: 'calm' };
    case 'quarantined':
      return { icon: 'aside', words: 'Aside', tone: 'bad' };
  }
}

/** What holds it back may be over while the page is open. */
function leaves(at: string | undefined, now: number): string {
  return at !== undefined && Date.parse(at) > now ? `, leaves in ${ahead(at, now)}` : '';
}

/** Why an image that could go has not left: what withholds it, and each pause that holds it; undefined where nothing does. */
export function heldWords(
  { state, instrument, facts, withheld }: Pick<ImageSummary, 'state' | 'instrument' | 'facts' | 'withheld'>,
  pauses: Pause[],
): string | undefined {
  if (state !== 'tagged') return undefined;
  const project = facts['project']?.value;
  const held = pausesOf({ instrument, project: typeof project === 'string' ? project : undefined }, pauses);
  const words = [
    ...(withheld ? [withheld] : []),
    ...held.map((pause) => pauseWords(pause, (iso) => when(iso))),
  ];
  return words.length > 0 ? words.map((one) => `${one}.`).join(' ') : undefined;
}

const BASIS: Record<Exclude<Label['basis'], 'answer'>, string> = {
  auto: 'Labelled by itself',
  released: 'Nobody answered in time',
  observe: 'Observed only',
  not_a_sample: 'Not a picture of a sample',
  superseded: 'A newer version took its place',
};

export function byWhom(label: Pick<Label, 'basis' | 'by' | 'because' | 'lead'> | undefined): string {
  if (!label) return 'Labelled';
  if (label.because) return `${BASIS.auto} ${becauseWords(label.because)}`;
  if (label.basis !== 'answer') return BASIS[label.basis];
  return label.lead ? `Labelled by ${label.by} together with another image` : `Labelled by ${label.by}`;
}

/** The label, or what the machine says instead; a score only beside the category whose score it is. */
export function says({ label, category, score: top }: ImageSummary): { words: string; score?: number } {
  const own = top === undefined ? {} : { score: top };
  if (!label)
    return category ? { words: `${categoryTitle(category)}?`, ...own } : { words: 'Not classified' };
  if (label.basis === 'observe' && category) return { words: `would be ${categoryTitle(category)}`, ...own };
  return { words: labelWords(label), ...(label.category && label.category === category ? own : {}) };
}

export function labelWords(label: Pick<Label, 'kind' | 'category' | 'second'>): string {
  if (label.kind === 'none_of_these') return 'None of these';
  if (label.kind === 'unusable') return 'Unusable';
  if (!label.category) return 'No label';
  const first = categoryTitle(label.category);
  return label.second ? `${first}, also ${categoryTitle(label.second)}` : first;
}
