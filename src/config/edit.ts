// Changes keys of one section in the text of a config, line by line, so that every comment and every other line stays as it is. Checks nothing.

import { parseDocument, stringify } from 'yaml';

/**
 * `values`: undefined takes a key out, by making it a comment. A key that stands there as a comment (`#head: ...`) is put in its place.
 * A section in braces is written anew by the YAML library; everything round it stays.
 */
export function editSection(
  text: string,
  section: string,
  values: Record<string, string | undefined>,
): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^${section}:\\s*(#.*)?$`).test(line));
  if (start < 0) return lines.some((line) => line.startsWith(`${section}:`)) ? editParsed(text, section, values) : appended(text, section, values); // prettier-ignore
  const length = lines.slice(start + 1).findIndex((line) => /^[^\s#]/.test(line));
  const end = length < 0 ? lines.length : start + 1 + length;
  const own = lines.slice(start + 1, end);
  const indent = own.flatMap((line) => /^(\s+)#?\w+:/.exec(line)?.[1] ?? [])[0] ?? '  ';
  for (const [key, value] of Object.entries(values)) {
    const set = own.findIndex((line) => line.startsWith(`${indent}${key}:`));
    const commented = own.findIndex((line) => line.startsWith(`${indent}#${key}:`));
    const comment = set >= 0 ? (/\s#.*$/.exec(own[set]!)?.[0] ?? '') : '';
    if (value === undefined) {
      if (set >= 0) own[set] = own[set]!.replace(indent, `${indent}#`);
    } else {
      const line = `${indent}${key}: ${scalar(value)}${comment}`;
      if (set >= 0) own[set] = line;
      else if (commented >= 0) own[commented] = line;
      else own.unshift(line);
    }
  }
  return [...lines.slice(0, start + 1), ...own, ...lines.slice(end)].join('\n');
}

function appended(text: string, section: string, values: Record<string, string | undefined>): string {
  const keys = Object.entries(values).flatMap(([k, v]) =>
    v === undefined ? [] : [`  ${k}: ${scalar(v)}\n`],
  );
  if (keys.length === 0) return text;
  return `${text}${text.endsWith('\n') || text === '' ? '' : '\n'}\n${section}:\n${keys.join('')}`;
}

function editParsed(text: string, section: string, values: Record<string, string | undefined>): string {
  const document = parseDocument(text);
  for (const [key, value] of Object.entries(values))
    if (value === undefined) document.deleteIn([section, key]);
    else document.setIn([section, key], value);
  return document.toString({ lineWidth: 0 });
}

function scalar(value: string): string {
  return stringify(value, { lineWidth: 0 }).trim();
}
