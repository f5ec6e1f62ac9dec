// Two harvesters that others wrote, each a process of its own: HTTP::OAI of Debian and Sickle of the Python index, kept in the cache directory. Never part of semtag.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './service.ts';

const SICKLE = '0.7.0';
const CLIENTS = join(ROOT, 'proof', 'lib', 'clients');

export type Harvester = { name: string; program: string; script: string };
/** As a client saw an item; of several the last one counts. */
export type Harvested = { stamp: string; deleted: boolean; sets: string[]; subjects: string[] };
export type Harvest = {
  items: Map<string, Harvested>;
  /** records that came, one more than once too */
  came: number;
  /** time of the first answer, as the service told it */
  date: string;
  /** requests that failed and were sent again */
  again: number;
  ok: boolean;
};

/** Those that can be had here; the others with why not. */
export function findHarvesters(): { found: Harvester[]; missing: string[] } {
  const found: Harvester[] = [];
  const missing: string[] = [];
  if (spawnSync('perl', ['-MHTTP::OAI', '-e', '1']).status === 0)
    found.push({ name: 'HTTP::OAI', program: 'perl', script: join(CLIENTS, 'harvest.pl') });
  else missing.push('HTTP::OAI: install the package libhttp-oai-perl');
  const python = findSickle();
  if (python) found.push({ name: `Sickle ${SICKLE}`, program: python, script: join(CLIENTS, 'harvest.py') });
  else missing.push(`Sickle ${SICKLE}: the Python index cannot be reached; SICKLE_PYTHON names a python that has it`); // prettier-ignore
  return { found, missing };
}

/** Path of a python with Sickle: $SICKLE_PYTHON, else from the cache, where it is put the first time. */
function findSickle(): string | undefined {
  const given = process.env['SICKLE_PYTHON'];
  if (given) return given;
  const { SEMTAG_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = SEMTAG_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'semtag');
  const home = join(cache, `sickle-${SICKLE}`);
  const python = join(home, 'bin', 'python');
  const works = () => existsSync(python) && spawnSync(python, ['-c', 'import sickle']).status === 0;
  if (works()) return python;
  const made = spawnSync('python3', ['-m', 'venv', home]).status === 0;
  const put =
    made && spawnSync(join(home, 'bin', 'pip'), ['install', '-q', `sickle==${SICKLE}`]).status === 0;
  if (put && works()) return python;
  rmSync(home, { recursive: true, force: true });
  return undefined;
}

/** `from`: datestamp, or '' for all. `delay`: s between pages. `onRecord`: so many have come. */
export async function harvest({ program, script }: Harvester, url: string, from: string, delay: number, onRecord: (came: number) => void = () => undefined): Promise<Harvest> {
  const child = spawn(program, [script, url, from, String(delay)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((done) => child.on('exit', done));
  const harvested: Harvest = { items: new Map(), came: 0, date: '', again: 0, ok: false };
  let ended = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, ...parts] = line.split('\t') as [string, ...string[]];
    if (kind === 'date') harvested.date = parts[0]!;
    if (kind === 'again') harvested.again++;
    if (kind === 'end') ended = true;
    if (kind !== 'record') continue;
    const [id = '', stamp = '', deleted, sets = '', subjects = ''] = parts;
    harvested.items.set(id, { stamp, deleted: deleted === '1', sets: sets.split(' ').sort(), subjects: subjects.split('|') });
    onRecord(++harvested.came);
  }
  harvested.ok = (await exited) === 0 && ended;
  return harvested;
} // prettier-ignore
