// Operator, project and sample out of the path below the root, by a pattern such as `{operator}/{project}/{sample}/*`. Pure.

import type { FactName, Facts } from '../domain/facts.ts';
import { pathProblem } from '../domain/layout.ts';
import { SemtagError } from '../errors.ts';

/**
 * `{name}` takes one part of the path, a part with `*` skips one, any other must be there as it is written (letter case does not matter):
 * a path without it gives no facts. One that is shorter gives the facts of the parts that it has; empty parts give none.
 */
export function pathFacts(pattern: string | undefined): (path: string) => Facts {
  if (!pattern) return () => ({});
  const problem = pathProblem(pattern);
  if (problem) throw new SemtagError('config_invalid', problem);
  const parts = pattern.split('/').map((part): { fact?: FactName; literal?: string } => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part.includes('*') || part === '' ? {} : { literal: part.toLowerCase() };
    return { fact: name as FactName };
  });
  return (path) => {
    const dirs = path.split('/').slice(0, -1); // the last part is the file's own name
    const facts: Facts = {};
    for (const [i, { fact, literal }] of parts.entries()) {
      if (literal !== undefined && dirs[i]?.toLowerCase() !== literal) return {};
      const value = dirs[i]?.trim();
      if (fact && value) facts[fact] = { value, unit: null, origin: 'path' };
    }
    return facts;
  };
}
