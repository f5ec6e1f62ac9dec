// The facility that identifiers of images are made with: the one of the first start, for as long as the database lives.

import { SemtagError } from '../errors.ts';
import type { Db } from './open.ts';

export function facilityKey(db: Db) {
  const select = db.prepare("SELECT value FROM meta WHERE key = 'facility'").pluck();
  const kept = (): string | undefined => select.get() as string | undefined;

  return {
    /** ROR identifier that records are identified with; '' where there was none at the first start, undefined before it. */
    key: kept,
    /** Keeps what the first start names; images that are there already keep their identifiers, which know of none. Throws facility_changed. */
    keep(ror: string | undefined): string {
      if (kept() === undefined) {
        const before = db.prepare('SELECT 1 FROM image LIMIT 1').get() !== undefined;
        db.prepare("INSERT INTO meta (key, value) VALUES ('facility', ?)").run(before ? '' : (ror ?? ''));
      }
      const key = kept()!;
      refuseOther(key, ror);
      return key;
    },
  };
}

/** A facility that gets its ROR identifier later may name it: its identifiers stay without. Throws facility_changed. */
export function refuseOther(key: string | undefined, ror: string | undefined): void {
  if (key && ror && ror !== key)
    throw new SemtagError(
      'facility_changed',
      `facility.ror is ${ror}, and the images here are identified with ${key}`,
    );
}
