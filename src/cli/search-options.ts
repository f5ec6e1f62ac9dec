// The options by which verbs choose images, and the images that they choose, newest first. Reads page by page, with the store's stable cursor.

import { InvalidArgumentError, type Command } from 'commander';
import { CATEGORIES, categoryNamed, type Category } from '../domain/categories.ts';
import { IMAGE_STATES, type ImageState } from '../domain/states.ts';
import { nearest } from '../config/nearest.ts';
import type { Image, ImageFilter } from '../store/images.ts';
import type { Reader } from '../store/reader.ts';
import type { After } from '../store/search.ts';
import { ALL_SIGHT } from '../domain/access.ts';
import { wholeNumber } from './options.ts';

export type SearchOptions = {
  state?: ImageState | 'aside';
  category?: Category;
  instrument?: string;
  project?: string;
  operator?: string;
  sample?: string;
  name?: string;
  text?: string;
  from?: string;
  to?: string;
  aligned?: number;
  doubted?: boolean;
  series?: number;
  limit: number;
};

const PAGE = 200;
const STATES = [...IMAGE_STATES, 'aside'] as const;

/** `most`: unless told. */
export function searchOptions(command: Command, most: number): Command {
  return command
    .option(
      '--state <state>',
      `only in this state: ${IMAGE_STATES.join(', ')}; aside: quarantined ones and incomplete files, with their reasons`,
      among(STATES),
    )
    .option('--category <category>', 'only with this label', category)
    .option('--instrument <name>', 'only of this instrument')
    .option('--project <name>', 'only of this project')
    .option('--operator <name>', 'only of this operator')
    .option('--sample <name>', 'only of this sample')
    .option('--name <part>', 'only where the name holds this; letter case does not matter')
    .option('--text <words>', 'only with these words in name, folder, facts, note or header, as on the page')
    .option('--from <day>', 'only taken in on this day or later, UTC', day)
    .option('--to <day>', 'only taken in before this day, UTC', day)
    .option(
      '--aligned <p>',
      'only Nanowires and Fibres that are aligned with at least this probability',
      share,
    )
    .option('--doubted', 'only those that labelled themselves and that answers given since speak against')
    .option('--series <id>', 'only of this series; `semtag show` names that of an image', wholeNumber(1))
    .option('--limit <n>', 'at most so many; 0: all', wholeNumber(0), most);
}

/** With free text the search engine of the page finds them, else an index of the table. */
export function* found(
  reader: Pick<Reader, 'images' | 'search'>,
  { limit, ...options }: SearchOptions,
): Generator<Image> {
  const { text, name } = options;
  const filter = filterOf(options);
  let left = limit || Infinity;
  const pages = text === undefined ? listed(reader, { ...filter, ...(name ? { q: name } : {}) }) : searched(reader, filter, text, name); // prettier-ignore
  for (const image of pages) {
    yield image;
    if (--left === 0) return;
  }
}

function* listed({ images }: Pick<Reader, 'images'>, filter: ImageFilter): Generator<Image> {
  let before: Image | undefined;
  do {
    const page = images.list(filter, PAGE, before);
    yield* page;
    before = page.length === PAGE ? page.at(-1) : undefined;
  } while (before);
}

function* searched(
  { search }: Pick<Reader, 'search'>,
  filter: Omit<ImageFilter, 'q' | 'newest'>,
  text: string,
  name = '',
): Generator<Image> {
  let after: After | undefined;
  do {
    const { images, next } = search.find({ ...filter, text }, ALL_SIGHT, PAGE, after);
    for (const image of images) if (image.name.toLowerCase().includes(name.toLowerCase())) yield image;
    after = next;
  } while (after);
}

function filterOf({ state, category, instrument, project, operator, sample, from, to, aligned, doubted, series }: Omit<SearchOptions, 'limit'>): Omit<ImageFilter, 'q' | 'newest'> {
  const values = { category, instrument, project, operator, sample, from, to, aligned, series };
  return {
    ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    ...(state ? { state: state === 'aside' ? 'quarantined' : state } : {}),
    ...(doubted ? { doubted: true as const } : {}),
  };
} // prettier-ignore

/** As the database writes times. */
function day(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be a day, for instance 2026-11-26.');
  return new Date(time).toISOString();
}

function share(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return value;
}

function category(typed: string): Category {
  return categoryNamed(typed) ?? among(CATEGORIES)(typed);
}

export function among<T extends string>(values: readonly T[]): (value: string) => T {
  return (value) => {
    const found = values.find((one) => one.toLowerCase() === value.toLowerCase());
    const near = nearest(value, values);
    if (!found)
      throw new InvalidArgumentError(near ? `Did you mean ${near}?` : `It is one of ${values.join(', ')}.`);
    return found;
  };
}
