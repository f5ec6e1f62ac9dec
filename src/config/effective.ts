// Every value in force with its origin: written in the file, or the schema's default. Reads the file once more, as it was written.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { configKeys } from './explain.ts';
import type { Config } from './schema.ts';

/** `origin`: `file` or `default`. */
export type Effective = { key: string; value: unknown; unit?: string; origin: string };

/** `config` as loadConfig gave it for the same path; relative paths are shown resolved, as they are used. */
export function effectiveKeys(path: string, config: Config): Effective[] {
  const written: unknown = parse(readFileSync(path, 'utf8'));
  const units = new Map(configKeys().map((info) => [info.key, info.unit]));
  return leaves(config, '').map(({ key, value }) => {
    const unit = units.get(key.replace(/\[\d+\]/g, '[]'));
    const origin = lookUp(written, key) === undefined ? 'default' : 'file';
    return { key, value, ...(unit ? { unit } : {}), origin };
  });
}

/** Sections and lists of sections are walked into; a list of plain values is one value. */
export function leaves(value: unknown, key: string): { key: string; value: unknown }[] {
  if (Array.isArray(value) && value.some((one) => typeof one === 'object'))
    return value.flatMap((one, i) => leaves(one, `${key}[${i}]`));
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [{ key, value }];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, key ? `${key}.${name}` : name));
}

function lookUp(value: unknown, key: string): unknown {
  return key
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value);
}
