// The ledger of the acquisition directories: roots and versions of files. A settled version is never changed again.

import type { Facts } from '../domain/facts.ts';
import type { FileState } from '../domain/states.ts';
import type { ErrorCode } from '../errors.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { revisions } from './revise.ts';
import { ROOT_IN_USE, roots } from './roots.ts';
import { tally } from './tally.ts';
import { transitions } from './transition.ts';

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

export type Settled = {
  file: FileRow;
  sha256: string;
  bytes: number;
  mediaType: string;
  /** as people and places read it */
  name: string;
  facts: Facts;
  /** the vendor's sidecar that was copied with it */
  sidecar?: { name: string; bytes: Buffer; fileId?: number };
  at: string;
};

export function files(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const revise = revisions(db);
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
  const insertImage = db.prepare(
    `INSERT INTO image (sha256, state, instrument, name, bytes, media_type, facts, supersedes, settled_at, changed_at, spooled_at)
     VALUES (@sha256, 'settled', @instrument, @name, @bytes, @mediaType, @facts, @supersedes, @at, @at, @at)`,
  );
  const previousSettled = db
    .prepare(
      `SELECT sha256 FROM file WHERE instrument = @instrument AND root = @root AND dir = @dir AND name = @name AND version < @version
         AND state = 'settled' ORDER BY version DESC LIMIT 1`,
    )
    .pluck();
  const otherCurrentHolders = db
    .prepare(
      `SELECT count(*) FROM file f WHERE f.sha256 = @sha256 AND f.role = 'image' AND f.state = 'settled'
         AND f.root = coalesce((SELECT number FROM root WHERE root.instrument = f.instrument AND in_use = 1), 0)
         AND f.version = (SELECT max(version) FROM file g WHERE g.instrument = f.instrument AND g.root = f.root AND g.dir = f.dir
           AND g.name = f.name AND g.role = 'image' AND g.state = 'settled')`,
    )
    .pluck();

  return {
    ...roots(db),

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
            transition({ subject: 'file', key: have.id, to: 'seen', at, who: 'semtag', what: 'It changed or came back', set: { size, mtime_ns, error: null, missed: 0 } }); // prettier-ignore
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
      transition({
        subject: 'file',
        key: id,
        to: 'seen',
        at,
        who,
        what,
        set: { error: null },
      });
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
    /** A sidecar that came with bytes that its image already has. */
    sidecarSettled(id: number, sha256: string, at: string): void {
      transition({ subject: 'file', key: id, to: 'settled', at, who: 'semtag', what: 'Its image has these bytes already', set: { settled_at: at, sha256 } }); // prettier-ignore
    },

    /**
     * The private copy is durable: the file points to its image from now on. Returns whether the image is new.
     * A version before it is superseded; one that nobody labelled yet leaves the queue.
     */
    settle(settled: Settled): { isNew: boolean } {
      return db
        .transaction(() => {
          const { file, sha256, at } = settled;
          noAttempts.run(String(file.id));
          const before = previousSettled.get(file) as string | undefined;
          const supersedes = before && before !== sha256 ? before : null;
          const known = db.prepare('SELECT superseded_by FROM image WHERE sha256 = ?').get(sha256) as
            { superseded_by: string | null } | undefined;
          const isNew = known === undefined;
          if (isNew) {
            insertImage.run({
              sha256,
              instrument: file.instrument,
              name: settled.name,
              bytes: settled.bytes,
              mediaType: settled.mediaType,
              facts: JSON.stringify(settled.facts),
              supersedes,
              at,
            });
            lines.add({
              at,
              subject: 'image',
              key: sha256,
              to: 'settled',
              who: 'semtag',
              what: `Settled from ${settled.name}`,
            });
          } else {
            // its private copy is there again, also when it was pruned before
            db.prepare('UPDATE image SET spooled = 1, spooled_at = ? WHERE sha256 = ?').run(at, sha256);
            lines.add({
              at,
              subject: 'image',
              key: sha256,
              who: 'semtag',
              what: `The same bytes arrived again as ${settled.name}`,
            });
          }
          // beside an image that is known it comes late: its own line brings it in, with the header
          if (settled.sidecar && isNew) {
            db.prepare('INSERT OR IGNORE INTO sidecar (sha256, name, bytes) VALUES (?, ?, ?)').run(
              sha256,
              settled.sidecar.name,
              settled.sidecar.bytes,
            );
            if (settled.sidecar.fileId !== undefined)
              transition({
                subject: 'file',
                key: settled.sidecar.fileId,
                to: 'settled',
                at,
                who: 'semtag',
                what: 'Copied with its image',
                set: { settled_at: at, sha256 },
              });
          }
          transition({
            subject: 'file',
            key: file.id,
            to: 'settled',
            at,
            who: 'semtag',
            what: 'Settled', // prettier-ignore
            set: { sha256, settled_at: at, size: file.size, mtime_ns: file.mtime_ns },
          });
          if (known && known.superseded_by !== null) revise.currentAgain(sha256, at);
          if (supersedes && otherCurrentHolders.get({ sha256: supersedes }) === 0)
            revise.superseded(supersedes, sha256, at);
          return { isNew };
        })
        .immediate();
    },
  };
}
