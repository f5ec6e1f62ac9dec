// `semtag config export FILE`: config, thresholds and head in use as one file for another SEM PC. Changes nothing here.

import { resolve } from 'node:path';
import { loadModel } from '../classify/model.ts';
import { loadConfig } from '../config/load.ts';
import { settingsFile, settingsFileText } from '../serve/settings-file.ts';
import { openReader } from '../store/reader.ts';
import { configPath, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { refuseToReplace, writeResult } from './write-result.ts';

export type ExportOptions = CommonOptions & { force?: boolean };

/** `-` is stdout. */
export async function exportSettings(file: string, options: ExportOptions): Promise<void> {
  const path = configPath(options.config);
  const { dataDir, model } = loadConfig(path);
  if (file !== '-') refuseToReplace([file], options.force === true);
  const { reference, headPath } = await loadModel(model);
  const reader = openReader(dataDir);
  const thresholds = reader.thresholds.versions();
  reader.close();
  const made = await settingsFile({
    configPath: path,
    dataDir,
    model: { head: reference.head, headPath },
    thresholds,
  });
  if (file === '-') return void process.stdout.write(settingsFileText(made));
  await writeResult(resolve(file), settingsFileText(made));
  const value = { file: resolve(file), head: reference.head, thresholds: thresholds[0]?.version ?? 0 };
  print(value, options.json === true, () =>
    [
      `${value.file}: config, ${thresholds.length} versions of the thresholds, head ${reference.name}`,
      'It holds the whole config with its comments, but no password, token or key. `semtag config import` takes it.',
    ].join('\n'),
  );
}
