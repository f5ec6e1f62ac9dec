// The reconciling scan: compares an acquisition directory with the ledger and commits what is new or changed (R6). Never opens a file.

import { stat } from 'node:fs/promises';
import type { FileRow, Sighting } from '../store/files.ts';
import type { Root } from '../store/roots.ts';
import type { Store } from '../store/store.ts';
import { listDir, listTree, type Listed, type ListedDir } from './list.ts';
import type { Role } from './wanted.ts';

export type ScanRoot = {
  instrument: string;
  path: Buffer;
  atFirstStart: 'leave' | 'take';
  role(dir: Buffer, name: Buffer): Role | undefined;
};

export type ScanResult = {
  /** healthy: everything was listed. away: gone, or empty at once; nothing in it counts as deleted. partial: some of it could not be listed */
  outcome: 'healthy' | 'away' | 'partial';
  /** the directory is another one than last time: unmounted and mounted, or removed and made again */
  replaced: boolean;
  /** directories with news */
  changed: Buffer[];
  errors: string[];
};

type Files = Store['files'];

/** A file that vanished before it settled is forgotten after this many healthy scans. */
const FORGET_AFTER = 2;
/** File systems stamp with a clock that lags by some milliseconds; taking one too many beats leaving one too many. */
const CLOCK_SLACK_MS = 100;

export async function scan(files: Files, root: ScanRoot, now: Date): Promise<ScanResult> {
  const before = files.useRoot(root.instrument, root.path, now.toISOString());
  const identity = await identityOf(root.path);
  if (identity === undefined) return away(files, before, now);

  const result: ScanResult = {
    outcome: 'healthy',
    replaced: before.identity !== null && before.identity !== identity,
    changed: [],
    errors: [],
  };
  // an empty directory may be where a share is still to be mounted: what appears in its place is seen for the first time
  const isFirst = before.first_scan_at === null || (result.replaced && !files.any(root.instrument));
  const known: Root = isFirst ? { ...before, identity, first_scan_at: null } : before;
  if (isFirst) files.saveRoot(known);
  const unsettled = new Set(files.dirsWithUnsettled(root.instrument).map((dir) => dir.toString('latin1')));
  const closed: string[] = [];
  let listed = 0;
  try {
    for await (const dir of listTree(root.path, (d, name) => root.role(d, name) !== undefined)) {
      listed += dir.files.length;
      if (dir.error) {
        result.errors.push(dir.error);
        closed.push(dir.dir.toString('latin1'));
      }
      if (reconcile(files, root, known, dir, now)) result.changed.push(dir.dir);
      // a directory of a replaced root says nothing about what was in the old one
      if (unsettled.delete(dir.dir.toString('latin1')) && !dir.error && !result.replaced)
        countMissing(files, root, dir.dir, dir.files);
    }
  } catch {
    return away(files, known, now); // the root itself went while it was listed
  }
  if (listed === 0 && files.any(root.instrument)) return away(files, known, now);
  if (closed.length > 0) result.outcome = 'partial';
  if (!result.replaced)
    for (const gone of unsettled)
      if (!isBelow(gone, closed)) countMissing(files, root, Buffer.from(gone, 'latin1'), []);
  const stillClosed = closedOf(known);
  files.saveRoot({
    ...known,
    identity,
    first_scan_at: known.first_scan_at ?? now.toISOString(),
    // their first scan is still to come, also when only what is above them could not be listed this time
    closed: JSON.stringify([
      ...closed.filter((dir) => isFirst || isBelow(dir, stillClosed)),
      ...stillClosed.filter((dir) => !closed.includes(dir) && isBelow(dir, closed)),
    ]),
    away_since: null,
  });
  return result;
}

/** One directory, on a hint. Deletions are the full scan's business. Returns whether there was news, and the directories below. */
export async function scanDir(
  files: Files,
  root: ScanRoot,
  dir: Buffer,
  now: Date,
): Promise<{ news: boolean; below: Buffer[] }> {
  const known = files.root(root.instrument);
  // the first full scan has not begun, or another directory lies there now: the next full scan sees to it
  if (!known?.path.equals(root.path) || (await identityOf(root.path)) !== known.identity)
    return { news: false, below: [] };
  const listed = await listDir(root.path, dir, (d, name) => root.role(d, name) !== undefined);
  return { news: reconcile(files, root, known, listed, now), below: listed.below };
}

function reconcile(files: Files, root: ScanRoot, known: Root, listed: ListedDir, now: Date): boolean {
  const ledger = files.inDir(root.instrument, listed.dir);
  const sightings: { sighting: Sighting; state: 'seen' | 'left' }[] = [];
  for (const file of listed.files) {
    const have = ledger.get(file.name.toString('latin1'));
    const role = root.role(listed.dir, file.name);
    if (role === undefined || !isNews(have, file)) continue;
    const { name, size, mtime_ns } = file;
    sightings.push({
      sighting: { instrument: root.instrument, dir: listed.dir, name, role, size, mtime_ns },
      state: wasThereBefore(root, known, listed.dir, file) ? 'left' : 'seen',
    });
  }
  if (sightings.length > 0) files.see(sightings, now.toISOString());
  return sightings.some(({ state }) => state === 'seen');
}

function isNews(have: FileRow | undefined, file: Listed): boolean {
  if (!have) return true;
  if (have.missed > 0) return true; // it came back
  if (have.state === 'seen') return false; // the settle stage looks at it by itself
  return have.size !== file.size || have.mtime_ns !== file.mtime_ns;
}

/** Only until the first scan has finished: what changed its inode after this root was first seen is new, whatever its mtime says. */
function wasThereBefore(root: ScanRoot, known: Root, dir: Buffer, file: Listed): boolean {
  return (
    root.atFirstStart === 'leave' &&
    (known.first_scan_at === null || isBelow(dir.toString('latin1'), closedOf(known))) &&
    file.ctimeMs < Date.parse(known.first_seen_at) - CLOCK_SLACK_MS
  );
}

const closedOf = (root: Root) => JSON.parse(root.closed) as string[];

const isBelow = (dir: string, dirs: string[]) => dirs.some((d) => dir === d || dir.startsWith(`${d}/`));

function countMissing(files: Files, root: ScanRoot, dir: Buffer, found: Listed[]): void {
  const names = new Set(found.map((file) => file.name.toString('latin1')));
  for (const [name, row] of files.inDir(root.instrument, dir)) {
    if ((row.state !== 'seen' && row.state !== 'incomplete') || names.has(name)) continue;
    if (row.missed + 1 >= FORGET_AFTER) files.forget(row.id);
    else files.missed(row.id, row.missed + 1);
  }
}

function away(files: Files, known: Root, now: Date): ScanResult {
  if (known.away_since === null) files.saveRoot({ ...known, away_since: now.toISOString() });
  return { outcome: 'away', replaced: false, changed: [], errors: [] };
}

/** device:inode, compared only with what this root had before; undefined when it is not there or no directory. */
async function identityOf(path: Buffer): Promise<string | undefined> {
  try {
    const s = await stat(path, { bigint: true });
    return s.isDirectory() ? `${s.dev}:${s.ino}` : undefined;
  } catch {
    return undefined;
  }
}
