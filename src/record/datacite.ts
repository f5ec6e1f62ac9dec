// The record as DataCite metadata, kernel 4.7. Pure.

import type { RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';

/** One element with its namespaces, without XML declaration. */
export function renderDatacite(_record: ShownRecord, _context: RenderContext): string {
  return '<resource xmlns="http://datacite.org/schema/kernel-4"/>\n';
}
