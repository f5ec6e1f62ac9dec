// Where an image goes at a target: the layout's placeholders filled in, safe as names on every file system. Pure.

import { extname } from 'node:path';
import type { SemRecord } from '../record/record.ts';

/** Date parts are of the acquisition where the header tells it, else of the settling. What is unknown becomes `unknown`. */
export function placeOf(layout: string, record: SemRecord): string {
  const { name, sha256, settledAt } = record.acquired;
  const date = (record.header?.fields.acquired_at?.value ?? settledAt).slice(0, 10);
  const [year, month, day] = date.split('-');
  const ext = extname(name);
  const values: Record<string, string | undefined> = {
    instrument: record.instrument.name,
    date,
    year,
    month,
    day,
    category: record.label.category ?? record.label.kind,
    project: record.facts.project?.value,
    operator: record.facts.operator?.value,
    sample: record.facts.sample?.value,
    stem: name.slice(0, name.length - ext.length),
    ext,
    sha8: sha256.slice(0, 8),
    sha256,
  };
  return layout
    .split('/')
    .map((part) => safeName(part.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? 'unknown')))
    .join('/');
}

/** Names that neither Linux nor Windows shares can hold are replaced character by character; never empty, never longer than 200 bytes. */
export function safeName(name: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  let safe = name.replace(/[\u0000-\u001f<>:"/\\|?*\ufffd]/g, '_').replace(/[. ]+$/, '_');
  if (/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(safe) || safe.startsWith('.')) safe = `_${safe}`;
  while (Buffer.byteLength(safe) > 200) safe = safe.slice(0, 20) + safe.slice(21);
  return safe || '_';
}
