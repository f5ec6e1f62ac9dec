// Targets before the start: each is really written to, read back and cleaned. A target that is missing now would be tried again by the service.

import { statfs } from 'node:fs/promises';
import type { Config, FolderTargetConfig } from '../config/schema.ts';
import { folderTarget } from '../forward/targets/folder.ts';
import { dataPaths } from '../paths.ts';
import { gigabytes } from './data-dir.ts';
import type { Finding } from './preflight.ts';

export async function checkTargets(config: Config): Promise<Finding[]> {
  if (!config.targets.length)
    return [
      {
        what: 'targets',
        level: 'warn',
        message: 'no target is configured: tagged images would stay in dataDir/tagged',
        advice: 'Add one below targets; `semtag config explain targets` names its keys.',
      },
    ];
  const found = await Promise.all(
    config.targets.map(async (one): Promise<Finding[]> => {
      const what = `target ${one.name}`;
      const problems = await folderTarget(one, dataPaths(config.dataDir).target(one.name)).check();
      if (problems.length)
        return problems.map((message) => ({ what, level: 'fail', message, advice: adviceFor(one) }));
      const fine: Finding = { what, level: 'ok', message: `${one.path}: written, read back and cleaned` };
      return [fine, ...(await lowDisk(what, one.path, config.spool.reserve))];
    }),
  );
  return found.flat();
}

function adviceFor({ owner, group }: FolderTargetConfig): string {
  const rights = 'Mount the share, make the directory, or give the service account the right to write.';
  const given =
    'owner needs the capability CAP_CHOWN (AmbientCapabilities= and CapabilityBoundingSet= of the unit)';
  const member = 'group must be one that the account is in (SupplementaryGroups= of the unit)';
  return [
    rights,
    ...(owner === undefined ? [] : [`${given}.`]),
    ...(group === undefined ? [] : [`${member}.`]),
  ].join(' ');
}

/** The reserve of the spool is the one number that the config has for "too little". */
async function lowDisk(what: string, path: string, reserve: number): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(path);
  const free = gigabytes(bavail, bsize);
  if (free >= reserve) return [];
  const message = `${path}: ${free.toFixed(1)} GB free, less than spool.reserve (${reserve} GB)`;
  return [
    { what, level: 'warn', message, advice: 'Free space there: what does not fit stays owed, in the spool.' },
  ];
}
