// A picture that every machine can make to the last bit, and what a model says of it: so that a model that moved can be seen to say the same.

import type { Bottlenecks } from '../domain/job.ts';
import type { Scores } from '../domain/scores.ts';
import type { Grey } from '../domain/grey.ts';
import type { Backbone } from './backbones.ts';
import { createEngine } from './engine.ts';
import { scoresFrom, type Head } from './head.ts';
import { pictureOf, viewsOf } from './preprocess.ts';

const WIDTH = 640;
const HEIGHT = 480;

/** Wires, grains and a gradient, by whole numbers only. */
export function knownPicture(): Grey {
  const data = new Uint8Array(WIDTH * HEIGHT);
  let state = 1;
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes, 7.1: noise enough
      const wire = (x + 2 * y) % 57 < 9 ? 90 : 0;
      const grain = ((x % 96) - 48) ** 2 + ((y % 80) - 40) ** 2 < 500 ? 60 : 0;
      data[y * WIDTH + x] = 20 + Math.floor((x * 40) / WIDTH) + wire + grain + ((state >>> 24) & 31);
    }
  return { width: WIDTH, height: HEIGHT, data, bits: 8 };
}

/** Scores of the known picture by ONNX Runtime, unrounded. Errors: `model_missing`, `engine_missing`. */
export async function knownScores(backbone: Backbone, head: Head): Promise<Scores> {
  const engine = await createEngine('onnx', backbone);
  try {
    const picture = pictureOf(knownPicture(), { width: WIDTH, height: HEIGHT });
    const views = await engine.features(viewsOf(picture, backbone.side));
    const { sha256, preprocessing } = backbone;
    const bottlenecks: Bottlenecks = { backbone: sha256, preprocessing, engine: engine.name, views };
    return scoresFrom(head, bottlenecks);
  } finally {
    await engine.close();
  }
}
