// What `semtag pause` and `semtag resume` share: what is meant, whether it is so already, and how it ends.

import type { Config } from '../config/schema.ts';
import { personName } from '../decide/answers.ts';
import { pauseWords, type Pause, type Paused } from '../domain/pause.ts';
import { SemtagError } from '../errors.ts';
import { openReader } from '../store/reader.ts';
import { connect, type Hands } from './connect.ts';
import { configOf, type CommonOptions } from './options.ts';
import { print } from './report.ts';

export type PauseOptions = CommonOptions & {
  instrument?: string;
  project?: string;
  by: string;
  dryRun?: boolean;
};

type Change = {
  would(what: Paused): string;
  already(what: Paused): string;
  done(what: Paused): string;
  /** how it is afterwards */
  paused: boolean;
  work(hands: Hands, what: Paused): Promise<Pause[]>;
};

/** Throws bad_request where both are named. */
export function whatOf({ instrument, project }: PauseOptions): Paused {
  if (instrument !== undefined && project !== undefined)
    throw new SemtagError('bad_request', '--instrument or --project, not both; say it twice for both');
  if (instrument !== undefined) return { scope: 'instrument', name: instrument };
  return project === undefined ? { scope: 'all' } : { scope: 'project', name: project };
}

export async function changePause(options: PauseOptions, what: Paused, change: Change): Promise<void> {
  personName(options.by);
  const config = configOf(options);
  const before = pausesOf(config, what);
  const so = (pauses: Pause[]) =>
    pauses.some(({ scope, name }) => scope === what.scope && name === what.name);
  const unchanged = so(before) === change.paused;
  const end = (pauses: Pause[], words: string) =>
    print({ ...what, pauses, ...(options.dryRun ? { dryRun: true } : {}) }, options.json === true, () =>
      [words, ...pauses.map((pause) => `  ${pauseWords(pause)}`)].join('\n'),
    );
  if (options.dryRun || unchanged) return end(before, unchanged ? change.already(what) : change.would(what));
  const hands = await connect(config);
  try {
    const pauses = await change.work(hands, what);
    end(pauses, `${change.done(what)}${hands.url === undefined ? ', from the next start on' : ''}`);
  } finally {
    hands.close();
  }
}

/** Throws not_found for an instrument or project that there is not. */
function pausesOf(config: Config, { scope, name = '' }: Paused): Pause[] {
  const reader = openReader(config.dataDir);
  try {
    const pauses = reader.pauses.list();
    const paused = pauses.some((one) => one.scope === scope && one.name === name);
    const known = scope === 'instrument' ? config.instruments.some((one) => one.name === name) : reader.pauses.knowsProject(name); // prettier-ignore
    if (scope !== 'all' && !known && !paused)
      throw new SemtagError(
        'not_found',
        scope === 'instrument' ? `no instrument ${name} in the config` : `no image bears project ${name}`,
      );
    return pauses;
  } finally {
    reader.close();
  }
}
