// The record in the field names of the KIT/NFFA SEM metadata schema. Pure: what is not known is missing, never invented.

import type { RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';

/** `missing`: JSON pointers of what the schema requires and the record does not have. */
export type KitSem = { document: object; missing: string[] };

export function renderKitSem(_record: ShownRecord, _context: RenderContext): KitSem {
  return { document: {}, missing: ['/entry'] };
}
