// Which images are parts of one acquisition. An image is looked up once, when it is classified and its header is known; it keeps what it is part of.

import { acquisitionKeys, partsOf, secondsApart, type PartOf, type Shot } from '../domain/acquisition.ts';
import type { InstrumentHeader } from '../domain/header.ts';
import { acquisitionId, type Picture } from '../record/record.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';

/** Of so many that share a key and settled just before, and as many just after, one is looked for that it is a part with: the tiles of a mosaic are thousands. */
const LOOKED_AT = 20;

type Row = {
  sha256: string;
  name: string;
  header: string | null;
  picture: string | null;
  dir: Buffer | null;
  part_of: string | null;
  settled_at: string;
};

export function acquisitions(db: Db) {
  const lines = history(db);
  const columns = `image.sha256, image.name, image.header, image.picture, image.part_of, image.settled_at,
    (SELECT dir FROM file WHERE file.sha256 = image.sha256 AND role = 'image' ORDER BY id LIMIT 1) AS dir`;
  const one = db.prepare(`SELECT ${columns}, image.instrument FROM image WHERE sha256 = ?`);
  const insert = db.prepare('INSERT OR IGNORE INTO acquisition_key (instrument, key, settled_at, sha256) VALUES (?, ?, ?, ?)'); // prettier-ignore
  // an older version of a file is no part of anything that comes now
  const sharing = (side: string, order: string) =>
    db.prepare(
      `SELECT ${columns} FROM acquisition_key AS shared CROSS JOIN image ON image.sha256 = shared.sha256
       WHERE shared.instrument = @instrument AND shared.key = @key AND shared.settled_at ${side} @settled_at AND shared.sha256 <> @sha256
         AND image.superseded_by IS NULL ORDER BY shared.settled_at ${order} LIMIT ${LOOKED_AT}`,
    );
  const [earlier, later] = [sharing('<=', 'DESC'), sharing('>', 'ASC')];
  const set = db.prepare('UPDATE image SET part_of = ? WHERE sha256 = ?');
  const waiting = db
    .prepare(
      `SELECT count(*) FROM image INDEXED BY image_part
       WHERE state = 'asked' AND acquisition IS NOT NULL AND acquisition = (SELECT acquisition FROM image WHERE sha256 = ?)`,
    )
    .pluck();

  return {
    /** Joins the caller's transaction. What it is part of; the first part, which was alone until now, learns of it too. */
    find(sha256: string, at: string): PartOf | undefined {
      const row = one.get(sha256) as Row & { instrument: string };
      if (row.part_of !== null) return JSON.parse(row.part_of) as PartOf;
      const shot = toShot(row);
      const keys = acquisitionKeys(shot);
      for (const key of keys) insert.run(row.instrument, key, row.settled_at, sha256);
      for (const key of keys) {
        const found = partnerOf(row, shot, key);
        if (!found) continue;
        const { other, parts } = found;
        const known = other.part_of === null ? undefined : (JSON.parse(other.part_of) as PartOf);
        const partOf = known ?? { ...parts, id: acquisitionId(row.instrument, key, [sha256, other.sha256]) };
        set.run(JSON.stringify(partOf), sha256);
        if (!known) beginWith(other, row, partOf, at);
        return partOf;
      }
      return undefined;
    },

    /** How many parts of the acquisition that this image is part of wait for an answer; 0 where it is part of none. */
    waitingParts: (sha256: string): number => waiting.get(sha256) as number,
  };

  /** The nearest in time that it is a part with, rather one whose acquisition has begun. */
  function partnerOf(row: Row & { instrument: string }, shot: Shot, key: string) {
    const { instrument, settled_at, sha256 } = row;
    const given = { instrument, key, settled_at, sha256 };
    const partners = ([...earlier.all(given), ...later.all(given)] as Row[]).flatMap((other) => {
      const parts = partsOf(toShot(other), shot);
      return parts ? [{ other, parts, apart: secondsApart(toShot(other), shot) }] : [];
    });
    const [nearest, ...rest] = partners.toSorted((a, b) => a.apart - b.apart);
    return [nearest, ...rest].find((one) => one && one.other.part_of !== null) ?? nearest;
  }

  /** What was tagged is not sent again for that alone: the next revision says it. */
  function beginWith({ sha256 }: Row, part: Row, partOf: PartOf, at: string): void {
    set.run(JSON.stringify(partOf), sha256);
    const what = `Part of one acquisition (${partOf.kind}) with ${part.name}`;
    const names = { images: [part.sha256] };
    lines.add({ at, subject: 'image', key: sha256, who: 'semtag', what, detail: partOf, names });
  }
}

function toShot({ name, dir, header, picture, settled_at }: Row): Shot {
  const width = picture === null ? undefined : (JSON.parse(picture) as Picture).width;
  return {
    dir: dir?.toString('latin1') ?? '',
    name,
    settledAt: settled_at,
    fields: header === null ? {} : (JSON.parse(header) as InstrumentHeader).fields,
    ...(width === undefined ? {} : { width }),
  };
}
