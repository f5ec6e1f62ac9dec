// Images of one person since a moment: taken by them, as path, header or a person says, or answered by them. Reads only.

import type { Sight } from '../domain/access.ts';
import type { Db } from './open.ts';
import { SEEN, sightValues } from './sight.ts';

/** More than anybody takes in a day. */
const MOST = 500;

export function own(db: Db) {
  const taken = db.prepare(
    `SELECT sha256, settled_at AS at FROM image WHERE operator = @name AND settled_at >= @since AND ${SEEN}
     ORDER BY settled_at DESC, sha256 DESC LIMIT ${MOST}`,
  );
  const answered = db.prepare(
    `SELECT image.sha256, image.settled_at AS at FROM label INDEXED BY label_basis CROSS JOIN image
       ON image.sha256 = label.sha256 AND image.label_id = label.id
     WHERE label.basis = 'answer' AND label.at >= @since AND label.by = @name AND ${SEEN} ORDER BY label.at DESC LIMIT ${MOST}`,
  );
  return {
    /** SHA-256s, newest first. `since`: UTC, ISO 8601. */
    since(name: string, since: string, sight: Sight): string[] {
      const values = { name, since, ...sightValues(sight) };
      const found = [...taken.all(values), ...answered.all(values)] as { sha256: string; at: string }[];
      const at = new Map(found.map((one) => [one.sha256, one.at]));
      return [...at].sort(([a, x], [b, y]) => (x === y ? (a < b ? 1 : -1) : x < y ? 1 : -1)).map(([sha256]) => sha256).slice(0, MOST); // prettier-ignore
    },
  };
}
