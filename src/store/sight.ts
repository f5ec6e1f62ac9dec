// Which images somebody sees, as a condition of statements. Whatever leaves the service about images of a private project goes through here.

import type { Sight } from '../domain/access.ts';

/** In a statement FROM image AS `table`; its values: sightValues. */
export const seenAs = (
  table: string,
): string => `(${table}.project IS NULL OR ${table}.project NOT IN (SELECT value FROM json_each(@hidden)))
  AND (@instruments IS NULL OR ${table}.instrument IN (SELECT value FROM json_each(@instruments)))`;

/** In a statement FROM image. */
export const SEEN = seenAs('image');

/** Of counts by project and instrument, as SEEN is of images. */
export const COUNTED = `(project = '' OR project NOT IN (SELECT value FROM json_each(@hidden)))
  AND (@instruments IS NULL OR instrument IN (SELECT value FROM json_each(@instruments)))`;

export function sightValues({ hidden, instruments }: Sight): { hidden: string; instruments: string | null } {
  return {
    hidden: JSON.stringify(hidden),
    instruments: instruments === undefined ? null : JSON.stringify(instruments),
  };
}

/** Whether everything is seen: the condition can be left out. */
export const seesAll = ({ hidden, instruments }: Sight): boolean =>
  hidden.length === 0 && instruments === undefined;
