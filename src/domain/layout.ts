// What may stand in the layout of a target and in the path pattern of an instrument. Pure.

import { FACT_NAMES } from './facts.ts';

export const PLACEHOLDERS = [
  'instrument',
  'date',
  'year',
  'month',
  'day',
  'category',
  'project',
  'operator',
  'sample',
  'stem',
  'ext',
  'sha8',
  'sha256',
] as const;

/** A placeholder that does not exist, or a layout that leaves the target or gives every image the same name. */
export function layoutProblem(layout: string): string | undefined {
  for (const [, name] of layout.matchAll(/\{(\w+)\}/g))
    if (!(PLACEHOLDERS as readonly string[]).includes(name!))
      return `layout ${layout}: {${name}} is not one of ${PLACEHOLDERS.join(' ')}`;
  if (layout.startsWith('/') || layout.split('/').includes('..'))
    return `layout ${layout}: must stay below the target`;
  if (!/\{(stem|sha8|sha256)\}/.test(layout.split('/').at(-1)!))
    return `layout ${layout}: the file name needs {stem}, {sha8} or {sha256}`;
  return undefined;
}

/** A placeholder of a path pattern that names no fact. */
export function pathProblem(pattern: string): string | undefined {
  for (const part of pattern.split('/')) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && !(FACT_NAMES as readonly string[]).includes(name))
      return `path pattern ${pattern}: {${name}} is not one of ${FACT_NAMES.map((n) => `{${n}}`).join(' ')}`;
  }
  return undefined;
}
