// Asks a service for images that look alike, and compares with the exact cosine to every place of the catalogue. Only looks.

import { randomOf } from '../../src/domain/random.ts';
import type { Catalogue } from './catalogue.ts';
import type { Running } from './service.ts';

const ALIKE = 12;
type Answer = { items: { image: { sha256: string } }[]; complete: boolean };

export type AlikeFigures = {
  ms: number[];
  /** the first question starts the child that compares, and waits until it has loaded all signatures */
  first: number;
  recall: number;
};

/** Asked for images whose bottlenecks are there. */
export async function alikeFigures(
  service: Running,
  { images, places, axes, whole }: Catalogue,
  times: number,
): Promise<AlikeFigures> {
  const random = randomOf(5);
  const ms: number[] = [];
  let hits = 0;
  for (let t = 0; t <= times; t++) {
    const i = images.length - 1 - Math.floor(random() * whole);
    const start = performance.now();
    const { items } = await service.get<Answer>(`/api/images/${images[i]!.sha256}/similar?limit=${ALIKE}`);
    ms.push(performance.now() - start);
    if (t === 0) continue;
    const exact = nearest(places, axes, i);
    hits += items.filter(({ image }) => exact.has(image.sha256)).length;
  }
  const [first = NaN, ...rest] = ms;
  return { ms: rest, first, recall: hits / (times * ALIKE) };

  function nearest(all: Float32Array, length: number, to: number): Set<string> {
    const likeness = new Float32Array(images.length);
    for (let k = 0; k < images.length; k++)
      for (let a = 0; a < length; a++) likeness[k]! += all[to * length + a]! * all[k * length + a]!;
    likeness[to] = -1;
    const least = likeness.toSorted().at(-ALIKE)!;
    return new Set(images.filter((_, k) => likeness[k]! >= least).map(({ sha256 }) => sha256));
  }
}
