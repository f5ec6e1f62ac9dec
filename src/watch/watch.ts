// Watches one acquisition directory: a full scan at intervals, sooner where a hint says so. Starts the hints first, then scans (R6).

import { scan, scanDir, type ScanResult, type ScanRoot } from './scan.ts';
import { watchHints } from './hints.ts';
import type { Store } from '../store/store.ts';

export type WatchEvents = {
  /** files were committed as seen */
  onNews(): void;
  /** `errors` are those that the scan before did not have; `passed` those that it had */
  onScan(result: ScanResult & { passed: string[] }): void;
  onError(error: Error): void;
};

export type Watch = { close(): Promise<void> };

/** Hints are gathered this long, since a burst of files makes a burst of events; a large directory is given as long as its listing takes. */
const GATHER_MS = 100;

export function watchRoot(store: Store, root: ScanRoot, scanSeconds: number, events: WatchEvents): Watch {
  const hinted = new Map<string, Buffer>();
  let gatherMs = GATHER_MS;
  let closed = false;
  let wasAway = false;
  let errors: string[] = [];
  let work: Promise<void> = Promise.resolve();
  let gatherTimer: NodeJS.Timeout | undefined;
  let scanTimer: NodeJS.Timeout | undefined;

  const hints = watchHints(
    root.path.toString(),
    (dir) => {
      hinted.set(dir.toString('latin1'), dir);
      gatherTimer ??= setTimeout(() => enqueue(followHints), gatherMs);
    },
    (error) => events.onError(error),
  );

  /** One scan at a time a root, and none that ends the service. */
  function enqueue(job: () => Promise<void>): void {
    work = work.then(async () => {
      if (closed) return;
      try {
        await job();
      } catch (error) {
        events.onError(error as Error);
      }
    });
  }

  async function followHints(): Promise<void> {
    gatherTimer = undefined;
    const dirs = [...hinted.values()];
    hinted.clear();
    const began = performance.now();
    let news = false;
    for (let dir = dirs.pop(); dir; dir = dirs.pop()) {
      const found = await scanDir(store.files, root, dir, new Date()).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return { news: false, below: [] }; // gone again: the full scan decides
          throw error;
        },
      );
      for (const below of found.below) hints.active(below);
      // a new directory may have been filled before anybody watched it
      if (found.news) hints.active(dir);
      dirs.push(...found.below.filter((below) => !followed(below)));
      news ||= found.news;
    }
    gatherMs = Math.max(GATHER_MS, 2 * (performance.now() - began));
    if (news) events.onNews();
  }

  const known = new Set<string>();
  function followed(dir: Buffer): boolean {
    const key = dir.toString('latin1');
    if (known.has(key)) return true;
    known.add(key);
    return false;
  }

  async function fullScan(): Promise<void> {
    try {
      const result = await scan(store.files, root, new Date());
      if (result.replaced || (wasAway && result.outcome !== 'away')) {
        known.clear();
        await hints.restart();
      }
      wasAway = result.outcome === 'away';
      for (const dir of result.changed) hints.active(dir);
      events.onScan({ ...result, ...newsOf(result) });
      if (result.changed.length > 0) events.onNews();
    } finally {
      if (!closed) scanTimer = setTimeout(() => enqueue(fullScan), scanSeconds * 1000);
    }
  }

  /** The same error at every scan would bury what is new. */
  function newsOf(result: ScanResult): { errors: string[]; passed: string[] } {
    if (result.outcome === 'away') return { errors: [], passed: [] }; // nothing was looked at
    const before = errors;
    errors = result.errors;
    return {
      errors: errors.filter((error) => !before.includes(error)),
      passed: before.filter((error) => !errors.includes(error)),
    };
  }

  enqueue(fullScan);
  return {
    async close() {
      closed = true;
      clearTimeout(gatherTimer);
      clearTimeout(scanTimer);
      await hints.close();
      await work;
    },
  };
}
