// Acquisition directories before the start: there, readable, not written to by us, and not a place that semtag itself writes. Only looks.

import { constants } from 'node:fs';
import { access, opendir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config, InstrumentConfig } from '../config/schema.ts';
import { loops } from './loops.ts';
import type { Finding } from './preflight.ts';

export async function checkRoots(config: Config): Promise<Finding[]> {
  if (!config.instruments.length)
    return [
      {
        what: 'instruments',
        level: 'warn',
        message: 'no instrument is configured: nothing would be watched',
        advice: 'Add one below instruments; `semtag config explain instruments` names its keys.',
      },
    ];
  const found = await Promise.all(config.instruments.map((one) => checkRoot(one)));
  return [...found.flat(), ...(await loops(config))];
}

async function checkRoot(instrument: InstrumentConfig): Promise<Finding[]> {
  const { name, root } = instrument;
  const what = `instrument ${name}`;
  const trouble = await cannotRead(root);
  if (trouble) {
    const advice = 'Mount the share or correct the path; the service account needs the rights r and x on it.';
    return [{ what, level: 'fail', message: `${root}: ${trouble}`, advice }];
  }
  const writable = await writableFolder(root);
  if (!writable)
    return [{ what, level: 'ok', message: `${root}: readable, not writable (${instrument.mode})` }];
  const advice =
    'semtag never does. Mount it read-only, or run under an account that may only read; the unit in systemd/ sees to it with ReadOnlyPaths.';
  return [{ what, level: 'warn', message: `${writable}: this account could write there`, advice }];
}

async function cannotRead(root: string): Promise<string | undefined> {
  try {
    if (!(await stat(root)).isDirectory()) return 'not a directory';
    const dir = await opendir(root);
    await dir.read();
    await dir.close();
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'not there' : code === 'EACCES' ? 'not readable for this account' : message;
  }
}

/** A tree of years may be large: this many folders are looked at, those near the root first. */
const MOST_FOLDERS = 200;

/** The first folder that this account could write to. Links are not followed. */
async function writableFolder(root: string): Promise<string | undefined> {
  const folders = [root];
  for (let i = 0; i < folders.length; i++) {
    const folder = folders[i]!;
    if (await mayWrite(folder)) return folder;
    if (folders.length >= MOST_FOLDERS) continue;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
    folders.push(...below.slice(0, MOST_FOLDERS - folders.length));
  }
  return undefined;
}

/** Read-only mounts answer EROFS here even to root. */
async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
