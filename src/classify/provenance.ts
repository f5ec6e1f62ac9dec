// What a head was trained on, as the file beside it says. Shown to people; decides nothing.

import { readFileSync } from 'node:fs';
import type { Training } from '../record/record.ts';

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

/** For records; undefined where the file says nothing of this head. `head`: its SHA-256. */
export function trainingOf(provenance: unknown, head: string): Training | undefined {
  const { head: of, data } = (provenance ?? {}) as {
    head?: { sha256?: unknown };
    data?: { images?: unknown; groups?: unknown; sha256?: unknown };
  };
  if (of?.sha256 !== head || typeof data?.images !== 'number' || typeof data.groups !== 'number')
    return undefined;
  const { images, groups, sha256 } = data;
  return { images, groups, ...(typeof sha256 === 'string' ? { sha256 } : {}) };
}
