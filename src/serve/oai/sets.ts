// Sets: by category, instrument and status. The name of a set says all of it: none is kept anywhere.

import { RECORD_STATUSES, STATUS_WORDS } from '../../domain/publish.ts';
import type { Published, PublishedSet } from '../../store/publication.ts';

/** Of the sets by category: a mirror that follows one of them never hears of what leaves it. */
export const NOT_FOR_MIRRORS =
  'Not for mirroring: an image that gets another label leaves this set, and a harvester of the set alone is not told. To keep a copy harvest without a set, or by instrument.';

type Source = { values: (column: 'instrument' | 'category') => string[] };
export type OaiSet = { spec: string; name: string; description?: string };

/** Those above stand for all below them. */
export function listSets({ values }: Source): OaiSet[] {
  return [
    { spec: 'category', name: 'Labelled images', description: NOT_FOR_MIRRORS },
    ...values('category').map((category) => ({
      spec: `category:${category}`,
      name: `Category ${category}`,
      description: NOT_FOR_MIRRORS,
    })),
    { spec: 'instrument', name: 'All images, by instrument' },
    ...values('instrument').map((name) => ({
      spec: `instrument:${slugOf(name)}`,
      name: `Instrument ${name}`,
    })),
    { spec: 'status', name: 'All images, by what their label rests on' },
    ...RECORD_STATUSES.map((status) => ({
      spec: `status:${status}`,
      name: `Status ${status}: ${STATUS_WORDS[status]}`,
    })),
  ];
}

/** The sets that a list is asked for; undefined where there is no such set. */
export function setOf(spec: string): PublishedSet | undefined {
  const [kind, value, ...more] = spec.split(':');
  if (more.length > 0) return undefined;
  if (kind === 'category') return value === undefined ? { labelled: true } : { category: value };
  if (kind === 'instrument') {
    if (value === undefined) return {};
    const instrument = nameOf(value);
    return instrument === undefined ? undefined : { instrument };
  }
  if (kind !== 'status') return undefined;
  if (value === undefined) return {};
  const status = RECORD_STATUSES.find((one) => one === value);
  return status && { status };
}

/** What stands in the header of an item. */
export const setsOf = ({ category, instrument, status }: Published): string[] => [
  ...(category === null ? [] : [`category:${category}`]),
  `instrument:${slugOf(instrument)}`,
  `status:${status}`,
];

/** A name in the letters of a set: blank as _, others as ~ and two hex digits a byte of UTF-8. No two names have the same. */
export const slugOf = (name: string): string =>
  name.replace(/[^A-Za-z0-9.-]/gu, (char) =>
    char === ' '
      ? '_'
      : [...Buffer.from(char)].map((byte) => `~${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

/** Undefined where the slug is of no name. */
function nameOf(slug: string): string | undefined {
  const bytes = slug.replaceAll('_', '~20').replace(/~([0-9A-F]{2})/g, '%$1');
  try {
    const name = decodeURIComponent(bytes);
    return slugOf(name) === slug ? name : undefined;
  } catch {
    return undefined;
  }
}
