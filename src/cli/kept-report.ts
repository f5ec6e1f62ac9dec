// Where a report goes that managers are to open from the Settings page: `reports/` in the data directory of the config. Names the file; writes nothing.

import { basename, join } from 'node:path';
import { Option } from 'commander';
import { loadConfig } from '../config/load.ts';
import { dataPaths } from '../paths.ts';
import { configPath } from './options.ts';

export const reportOption = (): Option =>
  new Option('--report', 'keep the report where the Settings page shows it (data directory of the config)');

/** `evaluation-labelled-2026-11-26-0914.html`: the folder's name with what a file may be called. */
export function keptReport(kind: string, dir: string, config: string | undefined, now = new Date()): string {
  const { dataDir } = loadConfig(configPath(config));
  const of = basename(dir).replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60); // prettier-ignore
  const at = now.toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  return join(dataPaths(dataDir).reports, `${kind}-${of}-${at}.html`);
}
