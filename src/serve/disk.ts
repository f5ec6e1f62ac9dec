// The disk of the data directory: what is free, what the databases take, and when the reserve is reached at the rate of the last day. Deletes nothing.

import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import type { Config } from '../config/schema.ts';
import type { Store } from '../store/store.ts';

const Bytes = Type.Integer({ minimum: 0 });

export const DiskSchema = Type.Object(
  {
    freeBytes: Bytes,
    sizeBytes: Bytes,
    reserveBytes: Type.Integer({ minimum: 0, description: 'Always left free: below it intake waits.' }),
    quotaBytes: Type.Integer({ minimum: 0, description: 'What the spool may take.' }),
    databaseBytes: Bytes,
    bottlenecksBytes: Bytes,
    measuredHours: Type.Number({
      description: 'How far back the rate looks, a day at most; under 6 there is no forecast.',
    }),
    fullInDays: Type.Optional(
      Type.Number({
        description: 'Until the reserve is reached at that rate; absent where free space does not shrink.',
      }),
    ),
  },
  { description: 'The disk of the data directory.' },
);
export type Disk = Static<typeof DiskSchema>;

const HOUR_MS = 3_600_000;
/** A rate of less than this says nothing. */
export const LEAST_HOURS = 6;

export function diskOf({ dataDir, spool }: Config, { queues }: Pick<Store, 'queues'>, now: Date): Disk {
  const { bavail, blocks, bsize } = statfsSync(dataDir);
  const freeBytes = bavail * bsize;
  const first = queues.freeSince(new Date(now.getTime() - 24 * HOUR_MS).toISOString());
  const hours = first ? (now.getTime() - Date.parse(`${first.hour}:00:00Z`)) / HOUR_MS : 0;
  const reserveBytes = spool.reserve * 1e9;
  const aDay = first && hours >= LEAST_HOURS ? ((first.bytes - freeBytes) / hours) * 24 : 0;
  return {
    freeBytes,
    sizeBytes: blocks * bsize,
    reserveBytes,
    quotaBytes: spool.quota * 1e9,
    databaseBytes: sizeOf(dataDir, 'semtag.db') + sizeOf(dataDir, 'semtag.db-wal'),
    bottlenecksBytes: sizeOf(dataDir, 'bottlenecks.db') + sizeOf(dataDir, 'bottlenecks.db-wal'),
    measuredHours: hours,
    ...(aDay > 0 ? { fullInDays: Math.max(0, freeBytes - reserveBytes) / aDay } : {}),
  };
}

const sizeOf = (dir: string, name: string): number =>
  statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0;
