// INI text as FEI, TESCAN and Hitachi write it: sections and keys compared without case. Keeps the first value that is not empty.

import { lines } from './header-text.ts';

/** section (lower case) -> key (lower case) -> value, trimmed. Lines before the first section are in section ''. */
export type Ini = Map<string, Map<string, string>>;

const MAX_KEYS = 20_000;

export function parseIni(text: string): Ini {
  const ini: Ini = new Map();
  let section = sectionOf(ini, '');
  let keys = 0;
  for (const line of lines(text)) {
    const trimmed = line.trim();
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
      section = sectionOf(ini, trimmed.slice(1, -1).trim());
      continue;
    }
    const equals = trimmed.indexOf('=');
    if (equals <= 0) continue;
    if (++keys > MAX_KEYS) break;
    const key = trimmed.slice(0, equals).trim().toLowerCase();
    // devices repeat their section ([GIS1], and in some software [GIS] again and again)
    if (!section.get(key)) section.set(key, trimmed.slice(equals + 1).trim());
  }
  return ini;
}

/** The value, or undefined when it is absent or empty: an empty value means "not known" to every vendor. */
export function iniValue(ini: Ini, section: string, key: string): string | undefined {
  return ini.get(section.toLowerCase())?.get(key.toLowerCase()) || undefined;
}

export function hasSection(ini: Ini, section: string): boolean {
  return ini.has(section.toLowerCase());
}

function sectionOf(ini: Ini, name: string): Map<string, string> {
  const key = name.toLowerCase();
  const found = ini.get(key) ?? new Map<string, string>();
  ini.set(key, found);
  return found;
}
