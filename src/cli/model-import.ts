// `semtag model import DIR`: takes in an exported model once every hash is right and it gives the scores that it gave where it came from.

import { join, resolve } from 'node:path';
import { placeToAdd } from '../classify/added.ts';
import { checkModelFolder, HEAD_FILE, MODEL_FILE, readModelJson } from '../classify/model-folder.ts';
import { readFileSync } from 'node:fs';
import { refuseForeignCalibration } from './carried-calibration.ts';
import { notShared } from './model-add.ts';
import { print } from './report.ts';
import { refuseExisting, writeFolder } from './write-folder.ts';

export type ImportOptions = { to?: string; force?: boolean; json?: boolean; dryRun?: boolean };

export async function importModel(dir: string, options: ImportOptions): Promise<void> {
  const from = resolve(dir);
  const { name } = readModelJson(from);
  const place = options.to ? { dir: resolve(options.to), shared: true } : placeToAdd();
  const out = join(place.dir, name);
  refuseExisting(out, options.force === true || options.dryRun === true);
  const { json, parts, head, backbone, apart } = await checkModelFolder(from);
  refuseForeignCalibration(parts, head, from);
  const all = [...parts, { name: MODEL_FILE, bytes: readFileSync(join(from, MODEL_FILE)) }];
  if (!options.dryRun) await writeFolder(out, all);
  const value = {
    ...(options.dryRun ? {} : { out }),
    name,
    head: json.head.sha256,
    backbone: { name: backbone.name, sha256: backbone.sha256 },
    files: all.length,
    apart,
  };
  print(value, options.json === true, () =>
    [
      `${name}: ${parts.length} files with the right hash, scores of the known picture ${apart === 0 ? 'equal' : `within ${apart.toExponential(1)}`}`,
      options.dryRun ? 'not imported (dry run)' : `${out}: to use it, \`semtag model use ${name} --config FILE\`; its head is ${join(out, HEAD_FILE)}`,
      ...(place.shared ? [] : [notShared(place.dir)]),
    ].join('\n'),
  ); // prettier-ignore
}
