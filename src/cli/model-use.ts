// `semtag model use NAME|DIR|SHA256`: writes a model into a config, after it was seen that head and backbone belong together. Restarts nothing.

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { modelFolder } from '../classify/added.ts';
import { BACKBONES, DEFAULT_BACKBONE } from '../classify/backbones.ts';
import { keptHeadOf, keptHeads } from '../classify/kept-heads.ts';
import { HEAD_FILE } from '../classify/model-folder.ts';
import { loadModel, type LoadedModel } from '../classify/model.ts';
import { editSection } from '../config/edit.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';
import { dataPaths } from '../paths.ts';
import { configPath, type CommonOptions } from './options.ts';
import { replaceConfig } from './replace-config.ts';
import { print } from './report.ts';

export type UseOptions = CommonOptions & { dryRun?: boolean };

export const SHIPPED = 'shipped';

export async function use(name: string, options: UseOptions): Promise<void> {
  const path = configPath(options.config);
  const { model: before, dataDir } = loadConfig(path);
  const head = headOf(name, dataDir);
  const named = head === undefined ? {} : { head };
  const model = await loadModel(named).catch((error: unknown) =>
    // its backbone may lie where only the config says
    loadModel({ ...named, backbone: before.backbone }).catch(() => {
      throw error;
    }),
  );
  const backbone = keyInConfig(model);
  const after = { backbone, ...(head === undefined ? {} : { head }) };
  const changes = changesOf(before, after);
  if (changes.length > 0 && !options.dryRun) await rewrite(path, after);
  const { reference } = model;
  const value = { config: path, written: changes.length > 0 && !options.dryRun, changes, model: reference };
  print(value, options.json === true, () =>
    [
      `${reference.name} on ${reference.backbone.name}: head and backbone are there and belong together`,
      ...changes.map(({ key, from, to }) => `model.${key}: ${from ?? '(not set)'} -> ${to ?? '(not set)'}`),
      changes.length === 0
        ? `${path}: uses it already`
        : options.dryRun
          ? 'not written (dry run)'
          : `${path}: written; a service that is running takes it at its next start`,
    ].join('\n'),
  );
}

/** Path of the head that a name, path or SHA-256 means; undefined for the shipped one. */
function headOf(name: string, dataDir: string): string | undefined {
  if (name === SHIPPED) return undefined;
  const folder = modelFolder(name) ?? (existsSync(name) ? name : undefined);
  if (folder === undefined) return keptHeadOf(keptHeads(dataPaths(dataDir).heads), name).path;
  const head = statSync(folder).isDirectory() ? join(folder, HEAD_FILE) : folder;
  if (!existsSync(head))
    throw new SemtagError('not_found', `${folder}: it has no ${HEAD_FILE}; a backbone alone needs a head, which \`semtag train --backbone\` makes`); // prettier-ignore
  return resolve(head);
}

/** The catalogue's by name; any other by its folder, so that it does not matter who starts the service. */
function keyInConfig({ backbone, backboneKey }: LoadedModel): string {
  return BACKBONES.find(({ sha256, name }) => sha256 === backbone.sha256 && name === DEFAULT_BACKBONE)?.name ?? resolveFolder(backboneKey); // prettier-ignore
}

function resolveFolder(key: string): string {
  return /[/\\]/.test(key) ? resolve(key) : key;
}

type Change = { key: 'backbone' | 'head'; from?: string | undefined; to?: string | undefined };

function changesOf(before: Config['model'], after: { backbone: string; head?: string }): Change[] {
  return (['backbone', 'head'] as const)
    .map((key): Change => ({ key, from: before[key], to: after[key] }))
    .filter(({ from, to }) => from !== to);
}

/** A link stays one: the file that it leads to is written. */
async function rewrite(link: string, { backbone, head }: { backbone: string; head?: string }): Promise<void> {
  const path = realpathSync(link);
  const values = { backbone: backbone === DEFAULT_BACKBONE ? undefined : backbone, head };
  const text = editSection(readFileSync(path, 'utf8'), 'model', values);
  await replaceConfig(path, text, ({ model }) => {
    if (model.backbone !== backbone || model.head !== head)
      throw new SemtagError('config_invalid', `${path}: its section model could not be changed; set backbone to ${backbone} and head to ${head}`); // prettier-ignore
  });
}
