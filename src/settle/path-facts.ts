// Operator, project and sample out of the path below the root, by a pattern such as `{operator}/{project}/{sample}/*`. Pure.

import { FACT_NAMES, type FactName, type Facts } from '../domain/facts.ts';
import { SemtagError } from '../errors.ts';

/**
 * `{name}` takes one part of the path, `*` skips one, `**` at the end skips the rest. A path that is shorter or does not fit gives the
 * facts of the parts that do; empty parts give none.
 */
export function pathFacts(pattern: string | undefined): (path: string) => Facts {
  if (!pattern) return () => ({});
  const parts = pattern.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && !(FACT_NAMES as readonly string[]).includes(name))
      throw new SemtagError(
        'config_invalid',
        `path pattern ${pattern}: {${name}} is not one of ${FACT_NAMES.map((n) => `{${n}}`).join(' ')}`,
      );
    return name as FactName | undefined;
  });
  return (path) => {
    const dirs = path.split('/').slice(0, -1); // the last part is the file's own name
    const facts: Facts = {};
    parts.forEach((name, i) => {
      const value = dirs[i]?.trim();
      if (name && value) facts[name] = { value, unit: null, origin: 'path' };
    });
    return facts;
  };
}
