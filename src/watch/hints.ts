// Hints from the operating system that a directory changed (chokidar). They only make the scan look sooner; nothing is ever believed of them.

import { watch, type FSWatcher } from 'chokidar';

/** Directories watched at once: one watch each, so that 150,000 files cost nothing. The longest quiet one is dropped first. */
const ACTIVE = 64;

export type Hints = {
  /** Something happened here: keep an eye on it. */
  active(dir: Buffer): void;
  /** The root came back: old watches see nothing any more. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

/** `onHint` gets the directory below the root. Names that are not UTF-8 give no hints; the scan finds what is in them. */
export function watchHints(
  root: string,
  onHint: (dir: Buffer) => void,
  onError: (error: Error) => void,
): Hints {
  let active = new Set<string>();
  let watcher = open();

  function open(): FSWatcher {
    const next = watch(root, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      // no watch a file: the raw event of the directory is hint enough
      ignored: (_path, stats) => stats?.isFile() ?? false,
    });
    next.on('raw', (_event, _path, details: unknown) => {
      const watched = (details as { watchedPath?: string }).watchedPath ?? root;
      if (watched === root) onHint(Buffer.alloc(0));
      else if (watched.startsWith(`${root}/`)) onHint(Buffer.from(watched.slice(root.length + 1)));
    });
    next.on('error', (error) => onError(error as Error));
    return next;
  }

  return {
    active(dir) {
      const path = dir.length ? `${root}/${dir.toString()}` : root;
      if (path === root || path.includes('\ufffd')) return;
      if (active.delete(path)) {
        active.add(path);
        return;
      }
      active.add(path);
      watcher.add(path);
      if (active.size > ACTIVE) {
        const oldest = active.values().next().value!;
        active.delete(oldest);
        watcher.unwatch(oldest);
      }
    },
    async restart() {
      const old = watcher;
      active = new Set();
      watcher = open();
      await old.close();
    },
    close: () => watcher.close(),
  };
}
