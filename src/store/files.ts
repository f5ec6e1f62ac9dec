// The ledger of the acquisition directories: roots and versions of files. A settled version is never changed again.

import type { FileState } from '../domain/states.ts';
import type { ErrorCode } from '../errors.ts';
import type { Db } from './open.ts';
import { ROOT_IN_USE, roots } from './roots.ts';
import { settling } from './settled.ts';
import { tally } from './tally.ts';
import { transitions, type Transition } from './transition.ts';

export type FileRow = {
  id: number;
  instrument: string;
  /** number of the root that it lies in */
  root: number;
  dir: Buffer;
  name: Buffer;
  version: number;
  role: 'image' | 'sidecar';
  size: number;
  mtime_ns: string;
  state: FileState;
  sha256: string | null;
  error: string | null;
  missed: number;
  seen_at: string;
};

export type Sighting = Pick<FileRow, 'instrument' | 'dir' | 'name' | 'role' | 'size' | 'mtime_ns'>;

export function files(db: Db) {
  const transition = transitions(db);
  const inDir = db.prepare(
    `SELECT * FROM file WHERE instrument = @instrument AND root = ${ROOT_IN_USE} AND dir = @dir ORDER BY name, version`,
  );
  const current = db.prepare(
    `SELECT * FROM file WHERE instrument = @instrument AND root = ${ROOT_IN_USE} AND dir = @dir AND name = @name
       ORDER BY version DESC LIMIT 1`,
  );
  const counted = tally(db);
  const inState = db.prepare('SELECT * FROM file WHERE state = ?');
  const dirsInState = db
    .prepare(
      `SELECT DISTINCT dir FROM file WHERE state = @state AND instrument = @instrument AND root = ${ROOT_IN_USE}`,
    )
    .pluck();
  const any = db.prepare(
    `SELECT 1 FROM file WHERE instrument = @instrument AND root = ${ROOT_IN_USE} LIMIT 1`,
  );
  const insert = db.prepare(
    `INSERT INTO file (instrument, root, dir, name, version, role, size, mtime_ns, state, seen_at)
     VALUES (@instrument, ${ROOT_IN_USE}, @dir, @name, @version, @role, @size, @mtime_ns, @state, @at)`,
  );
  const noAttempts = db.prepare("DELETE FROM attempt WHERE stage = 'settle' AND sha256 = ?");

  function again(key: number, who: string, what: string, set: Transition['set'] & object, at: string): void {
    transition({ subject: 'file', key, to: 'seen', at, who, what, set });
  }

  return {
    ...roots(db),
    ...settling(db),

    /** The newest version of every file of one directory, by name as latin1 text (one character a byte). */
    inDir(instrument: string, dir: Buffer): Map<string, FileRow> {
      const rows = inDir.all({ instrument, dir }) as FileRow[];
      return new Map(rows.map((row) => [row.name.toString('latin1'), row]));
    },
    /** Directories that hold files which are not settled yet: those that a scan must look at even when they are gone. */
    dirsWithUnsettled(instrument: string): Buffer[] {
      const of = (state: FileState) => dirsInState.all({ state, instrument }) as Buffer[];
      return [...of('seen'), ...of('incomplete')];
    },
    /** Whether anything was ever found in the instrument's root in use. */
    any(instrument: string): boolean {
      return any.get({ instrument }) !== undefined;
    },
    counts(): Record<FileState, number> {
      return { left: 0, seen: 0, settled: 0, incomplete: 0, ...counted('file') };
    },
    get(id: number): FileRow | undefined {
      return db.prepare('SELECT * FROM file WHERE id = ?').get(id) as FileRow | undefined;
    },
    current(instrument: string, dir: Buffer, name: Buffer): FileRow | undefined {
      return current.get({ instrument, dir, name }) as FileRow | undefined;
    },
    inState(state: FileState): FileRow[] {
      // sorted here: the index gives them by directory
      return (inState.all(state) as FileRow[]).sort((a, b) => a.id - b.id);
    },
    ofImage(sha256: string): FileRow[] {
      return db.prepare('SELECT * FROM file WHERE sha256 = ? ORDER BY id').all(sha256) as FileRow[];
    },

    /** Files that are new or changed, one commit for all of them. A settled one gets a new version; one that is being watched already stays as it is. */
    see(sightings: { sighting: Sighting; state: 'seen' | 'left' }[], at: string): void {
      db.transaction(() => {
        for (const { sighting, state } of sightings) {
          const have = current.get(sighting) as FileRow | undefined;
          const { size, mtime_ns } = sighting;
          if (have?.state === 'seen') {
            if (have.missed > 0) db.prepare('UPDATE file SET missed = 0 WHERE id = ?').run(have.id);
          } else if (have?.state === 'incomplete' || have?.state === 'left')
            again(
              have.id,
              'semtag',
              'It changed or came back',
              { size, mtime_ns, error: null, missed: 0 },
              at,
            );
          else insert.run({ ...sighting, version: (have?.version ?? 0) + 1, state, at });
        }
      }).immediate();
    },
    missed(id: number, count: number): void {
      db.prepare('UPDATE file SET missed = ? WHERE id = ?').run(count, id);
    },
    /** A file that vanished before it settled. */
    forget(id: number): void {
      db.prepare("DELETE FROM file WHERE id = ? AND state IN ('seen', 'incomplete')").run(id);
      noAttempts.run(String(id));
    },
    /** Aside; what tries it again begins with a fresh count of attempts. */
    incomplete(id: number, error: { code: ErrorCode; message: string }, at: string): void {
      db.transaction(() => {
        noAttempts.run(String(id));
        transition({
          subject: 'file',
          key: id,
          to: 'incomplete',
          at,
          who: 'semtag',
          what: error.message,
          set: { error: JSON.stringify(error) },
        });
      }).immediate();
    },
    retry(id: number, who: string, at: string, what = 'Tried again on request'): void {
      again(id, who, what, { error: null }, at);
    },
    /** A text file beside the images that belongs to none of them. */
    leave(id: number, at: string): void {
      transition({
        subject: 'file',
        key: id,
        to: 'left',
        at,
        who: 'semtag',
        what: 'No image that it belongs to',
      });
    },
  };
}
