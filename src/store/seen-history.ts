// The history as somebody outside sees it: no line of an image, file or delivery that is not seen, none that names a project or image that is not. Never writes.

import type { Sight } from '../domain/access.ts';
import { history, type HistoryLine } from './history.ts';
import type { Db } from './open.ts';
import { SEEN, seesAll, sightValues } from './sight.ts';

/** Where a file lies that is no image yet: its path alone tells whose it is. */
export type Lying = { instrument: string; dir: Buffer; name: Buffer };

export function seenHistory(db: Db) {
  const lines = history(db);
  const image = db.prepare(`SELECT 1 FROM image WHERE sha256 = @sha256 AND ${SEEN}`).pluck();
  const file = db.prepare('SELECT instrument, dir, name, sha256 FROM file WHERE id = ?');
  const imageOf = db.prepare('SELECT sha256 FROM delivery WHERE id = ?').pluck();
  // whose answer it got, and the parts of its acquisition
  const beside = db
    .prepare(
      `SELECT name FROM image WHERE NOT (${SEEN}) AND (
         (acquisition IS NOT NULL AND acquisition = (SELECT acquisition FROM image WHERE sha256 = @sha256))
         OR sha256 IN (SELECT led.sha256 FROM label JOIN label AS led ON led.id = label.lead WHERE label.sha256 = @sha256))`,
    )
    .pluck();

  const known = (sha256: string, sight: Sight) => image.get({ sha256, ...sightValues(sight) }) !== undefined;

  /** Names that lines of this image must not show. */
  function unseenNames(sha256: string, sight: Sight): string[] {
    return [...sight.hidden, ...(beside.all({ sha256, ...sightValues(sight) }) as string[])];
  }

  const names = ({ what, detail }: HistoryLine, hidden: string[]) => {
    const text = `${what} ${detail === undefined ? '' : JSON.stringify(detail)}`;
    return hidden.some((name) => text.includes(name));
  };

  /** `lying`: whether a file that is no image yet is seen. */
  function isSeen(line: HistoryLine, sight: Sight, lying: (file: Lying) => boolean): boolean {
    const { subject, key } = line;
    let sha256: string | undefined = subject === 'image' ? key : undefined;
    if (subject === 'delivery') sha256 = imageOf.get(Number(key)) as string | undefined;
    if (subject === 'file') {
      const row = file.get(Number(key)) as (Lying & { sha256: string | null }) | undefined;
      if (!row || !lying(row)) return false;
      if (row.sha256 === null) return true;
      sha256 = row.sha256;
    }
    if (sha256 !== undefined) return known(sha256, sight) && !names(line, unseenNames(sha256, sight));
    if (subject === 'delivery') return false;
    // lines of the service itself: behind one can stand images
    return !names(line, sight.hidden) && (line.detail === undefined || !namesUnseen(line.detail, sight));
  }

  function namesUnseen(detail: unknown, sight: Sight): boolean {
    const hashes = JSON.stringify(detail).match(/\b[0-9a-f]{64}\b/g) ?? [];
    return hashes.some((sha256) => !known(sha256, sight));
  }

  return {
    lastId: (): number => lines.lastId(),

    /** Lines after `id`, for streams of events; `to`: how far the look went, whatever of it is seen. */
    after(id: number, limit: number, sight: Sight, lying: (file: Lying) => boolean) {
      const all = lines.after(id, limit);
      const seen = seesAll(sight) ? all : all.filter((line) => isSeen(line, sight, lying));
      return { lines: seen, to: all.at(-1)?.id ?? id };
    },

    /** Of an image that is seen, its files and its deliveries. */
    ofImage(sha256: string, sight: Sight, lying: (file: Lying) => boolean): HistoryLine[] {
      const all = lines.ofImage(sha256);
      return seesAll(sight) ? all : all.filter((line) => isSeen(line, sight, lying));
    },
  };
}
