// Which images somebody sees, as a condition of statements. Whatever leaves the service about images of a private project goes through here.

import type { Sight } from '../domain/access.ts';

/** In a statement FROM image; its values: sightValues. */
export const SEEN = `(image.project IS NULL OR image.project NOT IN (SELECT value FROM json_each(@hidden)))
  AND (@instruments IS NULL OR image.instrument IN (SELECT value FROM json_each(@instruments)))`;

export function sightValues({ hidden, instruments }: Sight): { hidden: string; instruments: string | null } {
  return {
    hidden: JSON.stringify(hidden),
    instruments: instruments === undefined ? null : JSON.stringify(instruments),
  };
}

/** Whether everything is seen: the condition can be left out. */
export const seesAll = ({ hidden, instruments }: Sight): boolean =>
  hidden.length === 0 && instruments === undefined;
