// The record as unqualified Dublin Core, in the container of OAI-PMH. Pure.

import type { RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';

/** One element with its namespaces, without XML declaration. */
export function renderOaiDc(_record: ShownRecord, _context: RenderContext): string {
  return '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"/>\n';
}
