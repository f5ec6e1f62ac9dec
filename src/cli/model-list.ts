// `semtag model list`: the backbones and models of this machine, whether their files are there, and which is in use. Opens no engine.

import { basename, join } from 'node:path';
import { foldersIn, modelPlaces } from '../classify/added.ts';
import { allBackbones, DEFAULT_BACKBONE, loadBackbone, type Backbone } from '../classify/backbones.ts';
import { keptHeads } from '../classify/kept-heads.ts';
import { MODEL_FILE, readModelJson } from '../classify/model-folder.ts';
import { loadModel } from '../classify/model.ts';
import { asSemtagError } from '../errors.ts';
import { dataPaths } from '../paths.ts';
import { configOf, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { table } from './table.ts';

export type ListOptions = CommonOptions;

export async function list(options: ListOptions): Promise<void> {
  const backbones = await Promise.all(allBackbones().map(row));
  const shipped = await loadModel({});
  const models = [
    { name: shipped.reference.name, head: shipped.reference.head, backbone: shipped.reference.backbone.name, folder: 'shipped' },
    ...modelPlaces().flatMap(modelsIn),
  ]; // prettier-ignore
  const inUse = await used(options);
  const kept = (inUse?.dataDir ? keptHeads(dataPaths(inUse.dataDir).heads) : []).map((one) => ({ ...one, inUse: one.head === inUse?.head }));
  print({ backbones, models, ...(inUse ? { inUse } : {}), kept }, options.json === true, () =>
    [
      table(
        backbones.map((b) => [b.name === DEFAULT_BACKBONE ? `${b.name} (default)` : b.name, `${b.side} px`, b.length, b.taps.join(' + '), b.size ?? '-', b.licence, b.here ? 'yes' : `no: ${b.problem}`]),
        ['backbone', 'picture', 'numbers', 'taps', 'MB', 'licence', 'here'],
      ),
      '',
      table(models.map((m) => [m.name, m.backbone, m.head.slice(0, 12), m.folder]), ['model', 'backbone', 'head', 'lies in']),
      ...(kept.length > 0 ? ['', table(kept.map((k) => [k.name, k.backbone, k.head.slice(0, 12), k.keptAt, k.problem ?? (k.inUse ? 'in use' : '')]), ['kept head', 'backbone', 'head', 'kept since (UTC)', ''])] : []),
      ...(inUse ? ['', inUse.problem ? `in use by the config: ${inUse.problem}` : `in use by the config: ${inUse.name} on ${inUse.backbone}`] : []),
      '',
      `added and imported ones are looked for in ${modelPlaces().join(', then ')}`,
    ].join('\n'),
  );
} // prettier-ignore

type Row = Pick<Backbone, 'name' | 'sha256' | 'side' | 'taps' | 'length' | 'licence' | 'about' | 'folder'> & {
  here: boolean;
  /** MB */
  size?: string;
  problem?: string;
};

/** `here`: the file is there with the right hash; made now, where it has to be converted. */
async function row(backbone: Backbone): Promise<Row> {
  const { name, sha256, side, taps, length, licence, about, folder } = backbone;
  const known = { name, sha256, side, taps, length, licence, about, ...(folder ? { folder } : {}) };
  try {
    const { bytes } = await loadBackbone(backbone);
    return { ...known, here: true, size: (bytes.length / 1e6).toFixed(1) };
  } catch (error) {
    return { ...known, here: false, problem: asSemtagError(error).message };
  }
}

function modelsIn(place: string): { name: string; head: string; backbone: string; folder: string }[] {
  return foldersIn(place, MODEL_FILE)
    .map((name) => join(place, name))
    .map((folder) => {
      try {
        const { name, head, backbone } = readModelJson(folder);
        return { name, head: head.sha256, backbone: backbone.name, folder };
      } catch (error) {
        return { name: basename(folder), head: '', backbone: '-', folder: asSemtagError(error).message };
      }
    });
}

/** Nothing where no config is named and none lies where it is looked for. */
async function used(options: CommonOptions): Promise<{ name?: string; head?: string; backbone?: string; problem?: string; dataDir: string } | undefined> {
  let config;
  try {
    config = configOf(options);
  } catch (error) {
    if (options.config) throw error;
    return undefined;
  }
  const { dataDir } = config;
  try {
    const { reference } = await loadModel(config.model);
    return { name: reference.name, head: reference.head, backbone: reference.backbone.name, dataDir };
  } catch (error) {
    return { problem: asSemtagError(error).message, dataDir };
  }
} // prettier-ignore
