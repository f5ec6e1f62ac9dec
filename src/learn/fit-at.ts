// One fit at a given strength of L2: the rows, their weights and the taps of a set, in an order that the seed decides.

import { totalmem } from 'node:os';
import { findBackbone, type Backbone } from '../classify/backbones.ts';
import { rootOf } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import { randomOf } from '../domain/random.ts';
import { SemtagError } from '../errors.ts';
import type { TrainingBottlenecks } from './bottlenecks.ts';
import type { Fit, FitOptions, FitSettings } from './fit.ts';
import { fitSoftmax, type Rows } from './softmax-regression.ts';
import { emphasisOf, imageWeights } from './weights.ts';

export function fitAt(
  set: TrainingBottlenecks[],
  settings: FitSettings,
  C: number,
  options: FitOptions = {},
): Fit {
  const backbone = findBackbone(settings.backbone);
  const fitted = fitSoftmax(rowsOf(set, settings, backbone), {
    classes: CATEGORIES.length,
    C,
    emphasis: emphasisOf(backbone, settings),
    ...options,
  });
  return {
    backbone: { name: backbone.name, sha256: backbone.sha256 },
    preprocessing: backbone.preprocessing,
    length: backbone.length,
    roots: settings.roots,
    temperature: 1,
    C,
    ...fitted,
  };
}

/** Of the machine's memory, that a training may take: the rest is for the bottlenecks themselves, the children and the system. */
const SHARE_OF_MEMORY = 0.5;
/** Bytes of a number, and how often a row is held: as it is, standardised, and in the products of the fit. */
const [BYTES, HELD] = [4, 3];

/**
 * Errors: `training_data` where rows of so many images and views would not fit into memory: images x views x length x 4 bytes x 3 above half
 * of it. Said before bottlenecks are made.
 */
export function refuseTooLarge(images: number, views: number, length: number, memory = totalmem()): void {
  const bytes = (of: number) => images * of * length * BYTES * HELD;
  const most = SHARE_OF_MEMORY * memory;
  if (bytes(views) <= most) return;
  const gb = (value: number) => `${(value / 1e9).toFixed(1)} GB`;
  const fitting = Math.floor(most / bytes(1));
  throw new SemtagError(
    'training_data',
    `${images} images with ${views} views need ${gb(bytes(views))} of memory; a training may take ${gb(most)} here, half of it`,
    { advice: fitting < 2 ? 'Use fewer images, or a machine with more memory.' : `Use fewer views (--views ${fitting}), fewer images, or a machine with more memory.` },
  );
} // prettier-ignore

/** An image counts once, however many views it has. */
function rowsOf(set: TrainingBottlenecks[], settings: FitSettings, { length }: Backbone): Rows {
  const viewsOf = ({ views }: TrainingBottlenecks) => Math.min(settings.views, views.length);
  const n = set.reduce((sum, one) => sum + viewsOf(one), 0);
  refuseTooLarge(set.length, Math.ceil(n / set.length), length); // what was answered comes with two views
  const rows = { x: new Float32Array(n * length), y: new Int32Array(n), w: new Float64Array(n) };
  const weights = imageWeights(
    set.map(({ example }) => example),
    settings,
  );
  let row = 0;
  for (const image of shuffled(set.length, settings.seed)) {
    const { example, views } = set[image]!;
    const count = viewsOf(set[image]!);
    for (let v = 0; v < count; v++, row++) {
      rows.x.set(settings.roots ? views[v]!.map(rootOf) : views[v]!, row * length);
      rows.y[row] = CATEGORIES.indexOf(example.category);
      rows.w[row] = weights[image]! / count;
    }
  }
  return { ...rows, n, length };
}

function shuffled(n: number, seed: number): number[] {
  const random = randomOf(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
