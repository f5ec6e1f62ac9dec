// The model in use: the head that the config names, or the shipped one, checked against its backbone. Opens no engine: that is the children's.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SemtagError } from '../errors.ts';
import { BACKBONE_FILE, readBackbone } from './added.ts';
import { allBackbones, backboneKey, findBackbone, loadBackbone, type Backbone } from './backbones.ts';
import { readHeadFile } from './head-file.ts';
import { parseHead, scoresFrom, type Head } from './head.ts';
import type { Model } from './classification.ts';

/** The head that comes with semtag; its provenance lies beside it. */
export const SHIPPED_HEAD = fileURLToPath(new URL('../../models/head/bootstrap-1.json', import.meta.url));

/** `backboneKey`: what every process finds its backbone by (`findBackbone`). */
export type LoadedModel = Model & { head: Head; headPath: string; backbone: Backbone; backboneKey: string };

/** `backbone` absent: the one that the head was trained on. Throws model_missing when head or backbone is not there, is damaged, or they do not belong together. */
export async function loadModel(config: { backbone?: string; head?: string }): Promise<LoadedModel> {
  const path = config.head ?? SHIPPED_HEAD;
  const head = parseHead(await readHeadFile(path), path);
  const backbone = config.backbone ? findBackbone(config.backbone) : backboneOf(head, dirname(path));
  if (head.backbone.sha256 !== backbone.sha256)
    throw new SemtagError(
      'model_missing',
      `${path}: trained on ${head.backbone.name}, not on ${backbone.name}; train a head for that`,
    );
  await loadBackbone(backbone);
  return {
    reference: {
      name: head.name,
      head: head.sha256,
      backbone: { name: backbone.name, sha256: backbone.sha256 },
      preprocessing: head.preprocessing,
    },
    scores: (bottlenecks) => scoresFrom(head, bottlenecks),
    head,
    headPath: path,
    backbone,
    backboneKey: backboneKey(backbone),
  };
}

/** By its hash: the one beside a head that moved here with its folder, else the catalogue's. */
function backboneOf({ backbone }: Head, folder: string): Backbone {
  const beside = existsSync(join(folder, BACKBONE_FILE)) ? readBackbone(folder) : undefined;
  if (beside?.sha256 === backbone.sha256) return beside;
  return allBackbones().find(({ sha256 }) => sha256 === backbone.sha256) ?? findBackbone(backbone.name);
}
