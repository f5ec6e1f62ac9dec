// The record as one row of comma-separated values (RFC 4180). Pure.

import type { RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';

/** Without line end, as rows are. */
export const csvHeader: string = 'id';

export function csvRow(record: ShownRecord, _context: RenderContext): string {
  return record.id;
}
