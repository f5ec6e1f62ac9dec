// The record as schema.org JSON-LD, as search engines read it. Pure.

import type { RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';

export function renderJsonLd(record: ShownRecord, _context: RenderContext): object {
  return { '@context': 'https://schema.org/', '@id': record.id };
}
