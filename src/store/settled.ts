// A file settled: from now on it points to its image, which is new or known, and may supersede the one before. One transaction.

import type { Facts } from '../domain/facts.ts';
import type { FileRow } from './files.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { transitions } from './transition.ts';
import { versions } from './versions.ts';

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

export function settling(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const version = versions(db);
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
    /** A sidecar that came with bytes that its image already has. */
    sidecarSettled(id: number, sha256: string, at: string): void {
      const what = 'Its image has these bytes already';
      const set = { settled_at: at, sha256 };
      transition({ subject: 'file', key: id, to: 'settled', at, who: 'semtag', what, set });
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
            what: 'Settled',
            set: { sha256, settled_at: at, size: file.size, mtime_ns: file.mtime_ns },
          });
          if (known && known.superseded_by !== null) version.currentAgain(sha256, at);
          if (supersedes && otherCurrentHolders.get({ sha256: supersedes }) === 0)
            version.superseded(supersedes, sha256, at);
          return { isNew };
        })
        .immediate();
    },
  };
}
