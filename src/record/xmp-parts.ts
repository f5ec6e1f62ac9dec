// Properties of an XMP packet as lines of XML. Pure; one without a value gives no line.

import { escapeXml } from '../formats/xml.ts';

/** Lines of XML; none for an absent value. Numbers in full precision. */
export function simple(name: string, value: string | number | null | undefined): string[] {
  if (value === undefined || value === null || value === '') return [];
  return [`<${name}>${escapeXml(String(value))}</${name}>`];
}

export function struct(name: string, parts: string[][]): string[] {
  const lines = parts.flat();
  if (lines.length === 0) return [];
  return [`<${name} rdf:parseType="Resource">`, ...lines.map((line) => `  ${line}`), `</${name}>`];
}

export function structs(name: string, items: string[][][]): string[] {
  if (items.length === 0) return [];
  const each = items.flatMap((parts) => struct('rdf:li', parts)).map((line) => `    ${line}`);
  return [`<${name}>`, '  <rdf:Seq>', ...each, '  </rdf:Seq>', `</${name}>`];
}

export function list(name: string, kind: 'Bag' | 'Seq' | 'Alt', values: string[]): string[] {
  if (values.length === 0) return [];
  const language = kind === 'Alt' ? ' xml:lang="x-default"' : '';
  const items = values.map((value) => `    <rdf:li${language}>${escapeXml(value)}</rdf:li>`);
  return [`<${name}>`, `  <rdf:${kind}>`, ...items, `  </rdf:${kind}>`, `</${name}>`];
}
