// The model in use: the head that the config names, or the shipped one, checked against its backbone. Opens no engine: that is the children's.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SemtagError } from '../errors.ts';
import { findBackbone, loadBackbone } from './backbones.ts';
import { parseHead, scoresFrom } from './head.ts';
import type { Model } from './classification.ts';

/** The head that comes with semtag; its provenance lies beside it. */
export const SHIPPED_HEAD = fileURLToPath(new URL('../../models/head/bootstrap-1.json', import.meta.url));

/** `backbone` absent: the one that the head was trained on. Throws model_missing when head or backbone is not there, is damaged, or they do not belong together. */
export async function loadModel(config: { backbone?: string; head?: string }): Promise<Model> {
  const path = config.head ?? SHIPPED_HEAD;
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new SemtagError('model_missing', `${path}: ${error.message}`, { cause: error });
  });
  const head = parseHead(text, path);
  const backbone = findBackbone(config.backbone ?? head.backbone.name);
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
  };
}
