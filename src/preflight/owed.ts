// Files that are owed to a target which the config names no more. Only looks: a name with a typo must not cost a repository its images.

import type { Config } from '../config/schema.ts';
import { nearest } from '../config/nearest.ts';
import { SemtagError } from '../errors.ts';
import type { Finding } from './preflight.ts';

/** Of what waits for a target. */
type Owed = { target: string; owed: number; withheld: number };

/** At the start. Throws config_invalid with the first of them. */
export function refuseOwedElsewhere(config: Config, backlog: Owed[]): void {
  const [first] = owedElsewhere(config, backlog);
  if (first)
    throw new SemtagError('config_invalid', `${first.what}: ${first.message}`, { advice: first.advice! });
}

/** `backlog`: what is owed to each target (store/deliveries.ts). One failure for each target that the config lacks. */
export function owedElsewhere({ targets }: Pick<Config, 'targets'>, backlog: Owed[]): Finding[] {
  const names = targets.map(({ name }) => name);
  return backlog
    .filter(({ target }) => !names.includes(target))
    .map(({ target, owed, withheld }) => {
      const n = owed + withheld;
      const near = nearest(target, names);
      const meant = near ? `; is ${near} meant to be it?` : '';
      return {
        what: `target ${target}`,
        level: 'fail',
        message: `it is owed ${n} ${n === 1 ? 'image' : 'images'}, and the config names no such target${meant}`,
        advice: `Name it again below targets; or let go of what it is owed with \`semtag forget ${target}\`.`,
      };
    });
}
