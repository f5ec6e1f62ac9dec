// Which files somebody sees that are no images yet: the path alone tells whose they are, by the pattern in the config. Of an image its project tells, not this.

import type { Config } from '../config/schema.ts';
import type { Sight } from '../domain/access.ts';
import { shownPath } from '../domain/shown-path.ts';
import { pathFacts } from '../settle/path-facts.ts';
import type { Lying } from '../store/seen-history.ts';
import { seesAll } from '../store/sight.ts';
import type { Store } from '../store/store.ts';

export function fileSight(config: Pick<Config, 'instruments'>, sight: Sight) {
  const factsOf = new Map(config.instruments.map(({ name, path }) => [name, pathFacts(path)]));
  const hidden = new Set(sight.hidden);

  const instrument = (name: string) => sight.instruments?.includes(name) ?? true;

  /** `path`: below the acquisition directory, as shownPath gives it. */
  function seenAt(name: string, path: string): boolean {
    const project = factsOf.get(name)?.(path).project?.value;
    return instrument(name) && (project === undefined || !hidden.has(project));
  }

  return {
    instrument,
    seenAt,
    seen: (file: Lying): boolean => seenAt(file.instrument, shownPath(file)),

    /** Files in each state; of those who do not see everything, what is looked at or aside and lets itself be seen. */
    counts({ seen }: Pick<Store, 'seen'>): Record<string, number> {
      if (seesAll(sight)) return seen.files();
      const of = (state: 'seen' | 'incomplete') =>
        seen
          .filesIn(state)
          .filter(({ instrument: name, dir }) => seenAt(name, shownPath({ dir, name: Buffer.from('x') })))
          .reduce((sum, { n }) => sum + n, 0);
      return { seen: of('seen'), incomplete: of('incomplete') };
    },
  };
}
