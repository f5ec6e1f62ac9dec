// Bottlenecks of an image that was read under another backbone: one more child job, counted as an attempt like the first. Changes no state.

import type { Bottlenecks } from '../domain/job.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import type { ReadDeps } from './stage.ts';

/** The picture and header that were committed stay as they are. Errors: those of the child; `too_many_attempts`. */
export function bottlenecksAgain(deps: Omit<ReadDeps, 'thumb' | 'concurrency'>): (image: Image) => Promise<Bottlenecks> {
  const { store } = deps;
  return async ({ sha256, name }) => {
    await deps.ready();
    store.attempts.begin(sha256, 'read', name, deps.now().toISOString());
    try {
      const path = await deps.acquired(sha256);
      const sidecar = store.images.sidecar(sha256); // the info bar of some vendors is only known from it
      const { bottlenecks } = await deps.run({ path, name, ...deps.model, limits: deps.limits, ...(sidecar ? { sidecar } : {}) }); // prettier-ignore
      if (!bottlenecks) throw new SemtagError('bottlenecks_missing', `${name}: it shows no sample, so there are none`);
      store.bottlenecks.put(sha256, bottlenecks);
      store.attempts.end(sha256, 'read');
      return bottlenecks;
    } catch (error) {
      // what nobody can explain may be the image's doing and keeps counting (R2)
      if (!asSemtagError(error).unexplained) store.attempts.end(sha256, 'read');
      throw error;
    }
  };
} // prettier-ignore
