// What the head alone says of images whose bottlenecks are stored, in the form that teaching has: for a head that answers cannot teach. Knows no answer.

import type { Teach } from '../domain/teaching.ts';
import type { Store } from '../store/store.ts';
import type { Model } from './classification.ts';

/** Undefined for an image without bottlenecks of this backbone. */
export function headAlone(store: Pick<Store, 'bottlenecks' | 'lessons'>, model: Model): Teach {
  const { backbone, preprocessing } = model.reference;
  return async (images) => {
    const lesson = store.lessons.position();
    return images.map(({ sha256 }) => {
      const stored = store.bottlenecks.get(sha256, backbone.sha256, preprocessing);
      if (!stored) return undefined;
      const scores = model.scores(stored);
      return { head: scores, scores, lesson, engine: stored.engine };
    });
  };
}
