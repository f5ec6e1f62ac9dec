// Targets before the start: each is really written to, read back and cleaned. A target that is missing now would be tried again by the service.

import type { Config } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import { folderTarget } from '../forward/targets/folder.ts';
import { dataPaths } from '../paths.ts';
import { checkLayout } from '../tag/layout.ts';
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
      try {
        checkLayout(one.layout);
      } catch (error) {
        return [{ what, level: 'fail', message: asSemtagError(error).message }];
      }
      const problems = await folderTarget(one, dataPaths(config.dataDir).target(one.name)).check();
      if (!problems.length)
        return [{ what, level: 'ok', message: `${one.path}: written, read back and cleaned` }];
      const advice = 'Mount the share, make the directory, or give the service account the right to write.';
      return problems.map((message) => ({ what, level: 'fail', message, advice }));
    }),
  );
  return found.flat();
}
