// The history as somebody outside sees it: no line of an image, file or delivery that is not seen, none that names a project or image that is not. Compares what a line says that it names, never its words. Never writes.

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
  const known = (sha256: string, sight: Sight) => image.get({ sha256, ...sightValues(sight) }) !== undefined;

  /** Of all that it names. */
  function namesSeen({ id }: HistoryLine, sight: Sight): boolean {
    const names = lines.names(id);
    return (
      names === undefined ||
      (names.projects.every((project) => !sight.hidden.includes(project)) &&
        names.images.every((sha256) => known(sha256, sight)))
    );
  }

  /** `lying`: whether a file that is no image yet is seen. */
  function isSeen(line: HistoryLine, sight: Sight, lying: (file: Lying) => boolean): boolean {
    const { subject, key, detail } = line;
    if (!namesSeen(line, sight)) return false;
    if (subject === 'project') return !sight.hidden.includes(key);
    if (subject === 'instrument') return sight.instruments?.includes(key) ?? true;
    if (subject === 'image') return known(key, sight);
    if (subject === 'delivery') return known((imageOf.get(Number(key)) as string | undefined) ?? '', sight);
    if (subject === 'file') {
      const row = file.get(Number(key)) as (Lying & { sha256: string | null }) | undefined;
      return row !== undefined && lying(row) && (row.sha256 === null || known(row.sha256, sight));
    }
    // lines of the service itself: behind one can stand images
    return detail === undefined || !namesUnseen(detail, sight);
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
