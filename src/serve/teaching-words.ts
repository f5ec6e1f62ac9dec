// How teaching does, in sentences that page and command line share. Pure; says of people only where to look.

import { categoryTitle } from '../domain/categories.ts';
import type { Teaching } from './routes/teaching.ts';

type LiveError = Teaching['checks']['drawn'];
type OddAnswer = Teaching['odd']['answers'][number];

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

export function useWords(teaching: Pick<Teaching, 'use' | 'by' | 'reason' | 'otherHead'>): string {
  const { use, by, reason, otherHead } = teaching;
  if (by === undefined) return 'In use: what people answer counts for images that look like it.';
  const who = by === 'semtag' ? 'semtag itself' : by;
  if (use) return `In use again. ${who}: ${reason}`;
  return `Set aside by ${who}: ${reason}${otherHead ? `. ${OTHER_HEAD}` : ''}`;
}

const OTHER_HEAD = 'Another head is in use since then.';

export const ASIDE_MEANS =
  'The head alone decides now, as if nobody had taught. Answers are still kept: they count once teaching is in use again.';
export const AGAIN_MEANS = 'From then on only blind checks of later labels count.';

/** `of`: which labels these stand for. */
export function errorWords(of: string, { checked, wrong, since, error, interval }: LiveError): string {
  if (checked === 0 || since === undefined) return `${of}: none was checked yet.`;
  const seen = `${of}: ${wrong} of ${checked} checked ${wrong === 1 ? 'was' : 'were'} wrong (labels since ${day(since)})`;
  if (error === undefined || !interval) return `${seen}. Not enough data for a share: it takes 20.`;
  return `${seen}, ${percent(error)} % (95 % interval: ${percent(interval.low)} to ${percent(interval.high)} %).`;
}

type CheckedImage = Teaching['checks']['wrong']['images'][number];

/** Above the list of checked labels that were wrong; it is not empty. */
export function wrongMeans({ images, all }: Teaching['checks']['wrong']): string {
  if (all > images.length) return `Wrong, the newest ${images.length} of ${all}:`;
  return all === 1 ? 'The one that was wrong:' : `The ${all} that were wrong:`;
}

export function wrongWords({ checked: { machine, person } }: Pick<CheckedImage, 'checked'>): string {
  return `Labelled itself ${categoryTitle(machine)}; a person said ${personSaid(person)}.`;
}

/** Of an image where what answers made of it and the head alone named different categories. */
export function sideWords({ checked: { machine, head, person } }: Pick<CheckedImage, 'checked'>): string {
  return `The head alone: ${categoryTitle(head)}; the taught one: ${categoryTitle(machine)}; a person: ${personSaid(person)}.`;
}

function personSaid({ kind, category }: CheckedImage['checked']['person']): string {
  if (category) return categoryTitle(category);
  return kind === 'none_of_these' ? 'none of the ten' : kind;
}

export const DRAWN = 'Drawn from all automatic labels';
export const FIRST = 'First automatic labels of a series';

/** `3 Nov 2026`, by UTC: the same for everybody. */
function day(iso: string): string {
  return new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }); // prettier-ignore
}

/** 0.0412 -> `4.1`: two digits that count. */
function percent(share: number): string {
  return String(Number((100 * share).toPrecision(2)));
}

export function openWords({ open, share }: Pick<Teaching['checks'], 'open' | 'share'>): string {
  if (open > 0)
    return `${count(open, 'automatic label waits', 'automatic labels wait')} for a blind check. They are asked on the Answer page once no question is left.`;
  return share === 0
    ? 'No label is checked: teach.check is 0 in the config.'
    : 'No label waits for a blind check.';
}

export function guardWords({ headRight, taughtRight }: Teaching['guard']): string {
  if (headRight.images.length + taughtRight.images.length === 0)
    return 'No check so far met an image where the head alone and what answers made of it named different categories and one was right.';
  return `Where the two named different categories, the head alone was right in ${headRight.series} series and the taught one in ${taughtRight.series}.`;
}

export function oddWords({ by, category, implausible, against }: OddAnswer): string {
  const why = [
    ...(implausible ? ['it had next to no score'] : []),
    ...(against ? [`the other answers of its series speak for ${categoryTitle(against.category)}`] : []),
  ];
  return `${by} said ${categoryTitle(category)}; ${why.join(', and ')}.`;
}

/** Above a list that is not empty. */
export function oddMeans({ answers, all }: Pick<Teaching['odd'], 'answers' | 'all'>): string {
  const part = all > answers.length ? `The newest ${answers.length} of ${all}. ` : '';
  return part + ODD_MEANS;
}

const ODD_MEANS =
  'They may be right: a new kind of sample looks the same. Saying it once more or correcting it settles one.';

export function personWords(by: string): string {
  return `Answers by ${by} stand against what looks like them more often than others’ do; look at these images.`;
}
