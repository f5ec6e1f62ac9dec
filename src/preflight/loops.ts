// Directories that lie in one another: what semtag writes below an acquisition directory would be acquired again, and again. Only looks.

import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';
import type { Finding } from './preflight.ts';

/** A share that hangs answers never; then the path counts as it is written. */
const PATIENCE_MS = 5_000;

/** Real paths are compared: a link or another way to write it makes no other directory. */
export async function loops({ instruments, targets, dataDir }: Config): Promise<Finding[]> {
  const real = async (what: string, path: string) => ({ what, path: await realOf(path) });
  const data = await real('dataDir', dataDir);
  const written = [data, ...(await Promise.all(targets.map((t) => real(`target ${t.name}`, t.path))))];
  const roots = await Promise.all(instruments.map((i) => real(i.name, i.root)));
  return roots.flatMap((root) => [
    ...written
      .filter(({ path }) => liesIn(path, root.path))
      .map(({ what, path }): Finding => ({
        what,
        level: 'fail',
        message: `${path} lies in the acquisition directory of ${root.what}: what is written there would be acquired again`,
        advice: 'Put it somewhere else.',
      })),
    ...(liesIn(root.path, data.path) && root.path !== data.path
      ? [
          {
            what: `instrument ${root.what}`,
            level: 'fail' as const,
            message: `${root.path} lies in dataDir ${data.path}: what semtag keeps there would be acquired, or what is acquired removed`,
            advice: 'Put one of them somewhere else.',
          },
        ]
      : []),
  ]);
}

/** Throws config_invalid with the words of `semtag check`. */
export async function refuseLoops(config: Config): Promise<void> {
  const [first] = await loops(config);
  if (first)
    throw new SemtagError('config_invalid', `${first.what}: ${first.message}`, {
      advice: first.advice ?? '',
    });
}

/** Of a folder or file that a person names for a copy of records. Throws bad_request where it lies in what semtag reads or keeps, or holds that. */
export async function refusePlace(
  named: string,
  { instruments, targets, dataDir }: Pick<Config, 'instruments' | 'targets' | 'dataDir'>,
): Promise<void> {
  if (named.trim() === '') throw new SemtagError('bad_request', 'the name of the place is empty');
  const place = await realOf(resolve(named));
  const taken = [
    ['dataDir', dataDir],
    ...instruments.map(({ name, root }) => [`the acquisition directory of ${name}`, root] as const),
    ...targets.map(({ name, path }) => [`the directory of target ${name}`, path] as const),
  ] as const;
  for (const [what, path] of taken) {
    const own = await realOf(path);
    if (liesIn(place, own) || liesIn(own, place))
      throw new SemtagError('bad_request', `${named}: ${liesIn(place, own) ? `lies in ${what}` : `holds ${what}`}, ${own}`, { advice: 'Name a place of its own.' }); // prettier-ignore
  }
}

function liesIn(path: string, top: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep);
}

/** Of what is not there yet: the real path of the directory that it would be made in. */
async function realOf(path: string): Promise<string> {
  const found = await Promise.race([
    realpath(path).catch(() => undefined),
    sleep(PATIENCE_MS, path, { ref: false }),
  ]);
  if (found !== undefined) return found;
  return dirname(path) === path ? path : join(await realOf(dirname(path)), basename(path));
}
