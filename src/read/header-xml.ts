// A tolerant, linear scan of header XML: paths to texts and attributes. No DTD, no entities beyond the five, no namespaces resolved.

import { unescapeXml } from '../formats/xml.ts';

/** 'Metadata/Instrument/InstrumentID' -> text; attributes as 'Scan/Ux@units'. The first element of a path stays. */
export type FlatXml = Map<string, string>;

const MAX_NODES = 50_000;
const MAX_DEPTH = 48;

export function flattenXml(text: string): FlatXml {
  const flat: FlatXml = new Map();
  const stack: string[] = [];
  let at = text.indexOf('<');
  for (let nodes = 0; at >= 0 && nodes < MAX_NODES; nodes++) {
    const end = text.indexOf('>', at);
    if (end < 0) break;
    const tag = text.slice(at + 1, end);
    const next = text.indexOf('<', end);
    if (tag.startsWith('/')) stack.pop();
    else if (!tag.startsWith('?') && !tag.startsWith('!')) {
      const closed = tag.endsWith('/');
      const [, name, attributes] = /^(?:[\w.-]+:)?([^\s/:]+)([\s\S]*)$/.exec(tag.slice(0, 4000)) ?? [];
      if (!name || stack.length >= MAX_DEPTH) break;
      stack.push(name);
      const path = stack.join('/');
      for (const [, key, value] of (attributes ?? '').matchAll(/([\w:.-]+)\s*=\s*["']([^"']*)["']/g))
        setFirst(flat, `${path}@${key}`, value ?? '');
      if (closed) stack.pop();
      else setFirst(flat, path, text.slice(end + 1, next < 0 ? undefined : next));
    }
    at = next;
  }
  return flat;
}

/** The value, or undefined when absent or empty. */
export function xmlValue(flat: FlatXml, path: string): string | undefined {
  return flat.get(path) || undefined;
}

function setFirst(flat: FlatXml, path: string, raw: string): void {
  const value = unescapeXml(raw.slice(0, 4000)).trim();
  if (!flat.get(path)) flat.set(path, value);
}
