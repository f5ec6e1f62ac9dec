// What a head was trained on, as the file beside it says. Shown to people; decides nothing.

import { readFileSync } from 'node:fs';

/** Nothing where there is no such file, or it cannot be read. */
export function provenanceOf(headPath: string): { provenance?: unknown } {
  try {
    return {
      provenance: JSON.parse(
        readFileSync(headPath.replace(/(\.json)?$/, '.provenance.json'), 'utf8'),
      ) as unknown,
    };
  } catch {
    return {};
  }
}
