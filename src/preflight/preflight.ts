// Says before the start what would not work, and what would work but should not be so. Leaves nothing behind; changes nothing.

import type { Config } from '../config/schema.ts';
import { checkDataDir } from './data-dir.ts';
import { checkModel } from './model.ts';
import { checkPort } from './port.ts';
import { checkPublish } from './publish.ts';
import { checkRoots } from './roots.ts';
import { checkTargets } from './targets.ts';
import { checkTls } from './tls.ts';

/** `fail`: it would not start, or this part of it would not work. `warn`: it works, and somebody should know. */
export type Finding = { what: string; level: 'ok' | 'warn' | 'fail'; message: string; advice?: string };

/** `running`: address of a service that uses this data directory now; its port is then not counted as taken. */
export async function preflight(config: Config, running?: string): Promise<Finding[]> {
  const findings = await Promise.all([
    checkDataDir(config, running),
    checkRoots(config),
    checkTargets(config),
    checkModel(config),
    checkPort(config, running),
  ]);
  return [...findings.flat(), ...checkTls(config), ...checkPublish(config)];
}
