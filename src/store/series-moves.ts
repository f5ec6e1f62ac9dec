// People put images into another series: split off what is another subject, join what belongs together. What the images taught, they teach there; no label is touched here.

import { SemtagError } from '../errors.ts';
import { history } from './history.ts';
import { lessons } from './lessons.ts';
import type { Db } from './open.ts';
import { seriesNames } from './series-name.ts';

type Row = { id: number; key: string; name: string; joined: number | null };
type Member = { sha256: string; series: number | null; settled_at: string; name: string };

export function seriesMoves(db: Db) {
  const lines = history(db);
  const log = lessons(db);
  const one = db.prepare('SELECT id, key, name, joined FROM series WHERE id = ?');
  const image = db.prepare('SELECT sha256, series, settled_at, name FROM image WHERE sha256 = ?');
  const members = db.prepare('SELECT sha256 FROM image WHERE series = ? ORDER BY settled_at, sha256').pluck();
  const some = db.prepare('SELECT count(*) FROM (SELECT 1 FROM image WHERE series = ? LIMIT ?)').pluck();
  const nameBeside = seriesNames(db);
  const insert = db.prepare('INSERT INTO series (key, name, started_at, last_at) VALUES (?, ?, ?, ?)');
  const end = db.prepare('UPDATE series SET joined = ? WHERE id = ?');
  const extend = db.prepare(
    `UPDATE series SET started_at = min(series.started_at, added.started_at), last_at = max(series.last_at, added.last_at)
     FROM (SELECT started_at, last_at FROM series WHERE id = @from) AS added WHERE id = @into`,
  );
  // scores of one that waits are made again with the answers of its new series; those of labelled ones are found by the series that they know
  const put = db.prepare(
    `UPDATE image SET series = @series, doubt = iif(doubt ->> '$.part' IS NULL, NULL, doubt),
       lesson = CASE WHEN state = 'asked' OR lesson = -1 THEN 0 ELSE lesson END WHERE sha256 = @sha256`,
  );

  function need(id: number): Row {
    const row = one.get(id) as Row | undefined;
    if (!row) throw new SemtagError('not_found', `series ${id}`);
    if (row.joined !== null)
      throw new SemtagError('wrong_state', `series ${id} was joined with series ${row.joined}`);
    return row;
  }

  function move(sha256: string, series: number, what: string, who: string, at: string): void {
    put.run({ sha256, series });
    log.move(sha256, series, at);
    lines.add({ at, subject: 'image', key: sha256, who, what });
  }

  return {
    /** These images become a series of the same folder or sample; returns its id. Throws bad_request where one is not in it or none would be left. */
    split(id: number, sha256s: string[], who: string, at: string): number {
      return db
        .transaction(() => {
          const { key, name } = need(id);
          const images = [...new Set(sha256s)].map((sha256) => {
            const found = image.get(sha256) as Member | undefined;
            if (!found) throw new SemtagError('not_found', `image ${sha256}`);
            if (found.series !== id)
              throw new SemtagError('bad_request', `${found.name} is not in series ${id}`);
            return found;
          });
          if (images.length === 0 || (some.get(id, images.length + 1) as number) <= images.length)
            throw new SemtagError(
              'bad_request',
              `name some of the images of series ${id}, not all: the others stay in it`,
            );
          const times = images.map(({ settled_at }) => settled_at).sort();
          const [from, to] = [times[0]!, times.at(-1)!];
          const base = name.replace(/ \(\d+\)$/, '');
          const its = nameBeside(key, base, from, to);
          const added = Number(insert.run(key, its, from, to).lastInsertRowid);
          for (const { sha256 } of images) move(sha256, added, `Split off into the series ${its}`, who, at);
          return added;
        })
        .immediate();
    },

    /** All images of a series go into another one of the same folder or sample; returns how many. Throws bad_request where it is of another one. */
    join(id: number, into: number, who: string, at: string): number {
      return db
        .transaction(() => {
          const [from, to] = [need(id), need(into)];
          if (id === into) throw new SemtagError('bad_request', `series ${id} cannot be joined with itself`);
          if (from.key !== to.key)
            throw new SemtagError(
              'bad_request',
              `${from.name} and ${to.name} are not of one instrument, operator, and sample or folder`,
            );
          const all = members.all(id) as string[];
          for (const sha256 of all) move(sha256, into, `Its series was joined with ${to.name}`, who, at);
          extend.run({ from: id, into });
          end.run(into, id);
          return all.length;
        })
        .immediate();
    },
  };
}
