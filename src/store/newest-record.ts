// The newest record of an image that was written. Reads only.

import type { Db } from './open.ts';

export type NewestRecord = { revision: number; record: string; taggedSha256: string };

/** Of the newest revision that was tagged: while the next is being made, the one before it is what there is. */
export function newestRecords(db: Db): (sha256: string) => NewestRecord | undefined {
  const newest = db.prepare(
    'SELECT revision, record, tagged_sha256 AS taggedSha256 FROM revision WHERE sha256 = ? ORDER BY revision DESC LIMIT 1',
  );
  return (sha256) => newest.get(sha256) as NewestRecord | undefined;
}
