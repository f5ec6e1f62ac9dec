// Which head and thresholds a verb means by "the model in use": the head that was named, else the config's, else the shipped one. Reads the config; opens no database.

import { PAPER_THRESHOLDS, type Thresholds } from '../domain/decision.ts';
import { loadConfig } from '../config/load.ts';
import { configPath } from './options.ts';

export type InUse = { head?: string; backbone?: string; thresholds: Thresholds };

/** A config that is named must be there; one that is not there is no error. Thresholds that were changed in a running service are in its database, not here. */
export function modelInUse({ head, config }: { head?: string; config?: string }): InUse {
  if (head) return { head, thresholds: PAPER_THRESHOLDS };
  const path = whereItIs(config);
  if (path === undefined) return { thresholds: PAPER_THRESHOLDS };
  const { model, thresholds } = loadConfig(path);
  return {
    backbone: model.backbone,
    ...(model.head ? { head: model.head } : {}),
    thresholds: { version: 0, ...thresholds },
  };
}

function whereItIs(config?: string): string | undefined {
  try {
    return configPath(config);
  } catch {
    return undefined;
  }
}
