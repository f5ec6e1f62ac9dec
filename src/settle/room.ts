// Is there room for one more private copy? The spool has a quota, and its disk a reserve that is always left free.

import { statfs } from 'node:fs/promises';
import { SemtagError } from '../errors.ts';

export type Room = { quotaBytes: number; reserveBytes: number };

/** Throws `spool_full` with the figures. */
export async function needRoom(
  spoolDir: string,
  room: Room,
  spooledBytes: number,
  bytes: number,
): Promise<void> {
  if (spooledBytes + bytes > room.quotaBytes)
    throw new SemtagError(
      'spool_full',
      `the spool holds ${gb(spooledBytes)}, its quota is ${gb(room.quotaBytes)}`,
    );
  const { bavail, bsize } = await statfs(spoolDir);
  if (bavail * bsize - bytes < room.reserveBytes)
    throw new SemtagError(
      'spool_full',
      `${spoolDir}: ${gb(bavail * bsize)} free, ${gb(room.reserveBytes)} are kept in reserve`,
    );
}

const gb = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
