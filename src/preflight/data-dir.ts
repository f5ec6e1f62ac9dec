// The data directory before the start: writable, on a local disk, with room; its lock free and its database one of ours. Makes nothing.

import { existsSync } from 'node:fs';
import { mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import { refuseOther } from '../store/facility.ts';
import { takeRunLock } from '../store/lock.ts';
import { openReader } from '../store/reader.ts';
import { owedElsewhere } from './owed.ts';
import type { Finding } from './preflight.ts';

/** `f_type` of statfs(2) on Linux (magic.h of the kernel): where locks and fsync are somebody else's promise. */
const NETWORK: Record<number, string> = {
  0x6969: 'NFS',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB2',
  0x517b: 'SMB',
  0x65735546: 'FUSE',
  0x01021997: '9P',
  0x00c36400: 'Ceph',
  0x0bd00bd0: 'Lustre',
  0x5346414f: 'AFS',
};

const what = 'dataDir';

export async function checkDataDir(config: Config, running?: string): Promise<Finding[]> {
  const { dataDir } = config;
  const at = nearestThere(dataDir);
  if (!(await stat(at)).isDirectory()) return [{ what, level: 'fail', message: `${at}: not a directory` }];
  const unwritable = await cannotWrite(at);
  if (unwritable)
    return [
      {
        what,
        level: 'fail',
        message: `${at}: ${unwritable}`,
        advice: 'Give the directory to the service account, or set dataDir to another one.',
      },
    ];
  return [
    { what, level: 'ok', message: at === dataDir ? `${dataDir}: writable` : `${dataDir}: can be made` },
    ...(await checkDisk(at, config.spool)),
    ...(at === dataDir ? checkDatabase(config, running) : []),
  ];
}

function nearestThere(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThere(dirname(path));
}

async function cannotWrite(dir: string): Promise<string | undefined> {
  try {
    await rmdir(await mkdtemp(join(dir, '.semtag-check-')));
    return undefined;
  } catch (error) {
    return `not writable (${(error as NodeJS.ErrnoException).code})`;
  }
}

async function checkDisk(dir: string, { reserve, quota }: Config['spool']): Promise<Finding[]> {
  const { type, bavail, bsize } = await statfs(dir);
  const free = gigabytes(bavail, bsize);
  const findings: Finding[] = [];
  if (free < reserve)
    findings.push({
      what,
      level: 'fail',
      message: `${dir}: ${free.toFixed(1)} GB free, spool.reserve is ${reserve} GB: intake would wait`,
      advice: 'Free disk space, or lower spool.reserve.',
    });
  else if (free < reserve + quota)
    findings.push({
      what,
      level: 'warn',
      message: `${dir}: ${free.toFixed(1)} GB free, less than spool.quota and spool.reserve together (${quota + reserve} GB)`,
      advice: 'Intake would wait earlier than the quota says; lower spool.quota to what the disk has.',
    });
  const network = NETWORK[type >>> 0];
  if (network)
    findings.push({
      what,
      level: 'warn',
      message: `${dir} lies on ${network}`,
      advice:
        'Locks and crash safety need a local disk; only acquisition directories and targets may be shares.',
    });
  return findings;
}

/** Free space as `spool.reserve` counts it, 1 GB = 10^9 bytes. */
export function gigabytes(blocks: number, blockSize: number): number {
  return (blocks * blockSize) / 1e9;
}

/** Looked at only where it is: asking for the lock would make its file. */
function checkDatabase(config: Config, running?: string): Finding[] {
  const { dataDir } = config;
  const findings: Finding[] = [];
  if (running)
    findings.push({ what, level: 'ok', message: `in use by the service that answers at ${running}` });
  else if (existsSync(join(dataDir, 'run.lock')) && !lockIsFree(dataDir))
    findings.push({
      what,
      level: 'fail',
      message: 'another semtag uses it and answers at no address',
      advice: 'A second one would refuse to start; `semtag status` says what it does.',
    });
  if (!existsSync(join(dataDir, 'semtag.db'))) return findings;
  try {
    const reader = openReader(dataDir);
    findings.push(...owedElsewhere(config, reader.deliveries.backlog()));
    const key = reader.facility.key();
    reader.close();
    refuseOther(key, config.facility.ror);
  } catch (thrown) {
    const { code, message, advice } = asSemtagError(thrown);
    // an older schema is no obstacle: the start brings it up to date
    if (code !== 'not_found') findings.push({ what, level: 'fail', message, advice });
  }
  return findings;
}

function lockIsFree(dataDir: string): boolean {
  const lock = takeRunLock(dataDir);
  lock?.release();
  return lock !== undefined;
}
