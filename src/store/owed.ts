// What a target is owed, in parts: of one project and one instrument each, as the tally names them. What is paused or not seen is left out part by part, so that nobody walks what waits there. Reads only.

import { pauseOf } from '../domain/pause.ts';
import { ALL_SIGHT, type Sight } from '../domain/access.ts';
import type { Db } from './open.ts';
import { pauses } from './pauses.ts';
import { COUNTED, sightValues } from './sight.ts';

/** So many deliveries. `project`: '' where the images are of none. */
export type OwedPart = { project: string; instrument: string; n: number };

export function owed(db: Db) {
  const paused = pauses(db);
  const select = db.prepare(
    `SELECT project, instrument, n FROM tally_of INDEXED BY tally_of_owed WHERE key = @target AND subject = 'owed' AND n > 0 AND ${COUNTED}`,
  );
  const inPart = (which: string, index: string) =>
    `SELECT ${which} FROM delivery INDEXED BY ${index} WHERE target = @target AND project = @project AND instrument = @instrument AND state = 'owed'`;
  const withheld = db
    .prepare(
      `SELECT coalesce(sum(n), 0) FROM tally_of INDEXED BY tally_of_withheld WHERE key = @target AND subject = 'withheld' AND n > 0 AND ${COUNTED}`,
    )
    .pluck();
  const oldest = db.prepare(`${inPart('id, at', 'delivery_owed_of')} ORDER BY id LIMIT 1`);
  const failed = db.prepare(
    `${inPart('id, error', 'delivery_error_of')} AND error IS NOT NULL ORDER BY id LIMIT 1`,
  );
  const due = db.prepare(
    `${inPart('id, next_try_at AS at', 'delivery_due_of')} AND next_try_at <= @now ORDER BY next_try_at, id LIMIT @limit`,
  );

  const parts = (target: string, sight: Sight): OwedPart[] =>
    select.all({ target, ...sightValues(sight) }) as OwedPart[];

  /** All of them that are paused, or that are not. */
  function partsThat(arePaused: boolean, target: string, sight: Sight): OwedPart[] {
    const all = paused.list();
    if (arePaused && all.length === 0) return [];
    return parts(target, sight).filter((one) => (pauseOf(one, all) !== undefined) === arePaused);
  }

  function first<R extends { id: number }>(
    of: typeof oldest,
    target: string,
    among: OwedPart[],
  ): R | undefined {
    const found = among.flatMap(({ project, instrument }) => (of.get({ target, project, instrument }) as R | undefined) ?? []); // prettier-ignore
    return found.sort((a, b) => a.id - b.id)[0];
  }

  return {
    parts,

    /** How many deliveries to it are not to leave. */
    withheld: (target: string, sight: Sight): number =>
      withheld.get({ target, ...sightValues(sight) }) as number,

    /** Those whose deliveries may be sent. */
    sendable: (target: string): OwedPart[] => partsThat(false, target, ALL_SIGHT),

    /** How many deliveries are paused. */
    held: (target: string, sight: Sight): number =>
      partsThat(true, target, sight).reduce((sum, { n }) => sum + n, 0),

    /** Since when the oldest of these waits, UTC. */
    since: (target: string, among: OwedPart[]): string | undefined =>
      first<{ id: number; at: string }>(oldest, target, among)?.at,

    /** Why the oldest of these that failed did. */
    error: (target: string, among: OwedPart[]): string | undefined =>
      first<{ id: number; error: string }>(failed, target, among)?.error,

    /** By number: those of these that do not wait for their next try, as `due` of deliveries.ts. */
    due(target: string, among: OwedPart[], now: string, limit: number): number[] {
      const found = among.flatMap(
        ({ project, instrument }) =>
          due.all({ target, project, instrument, now, limit }) as { id: number; at: string }[],
      );
      found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id - b.id));
      return found.slice(0, limit).map(({ id }) => id);
    },
  };
}
