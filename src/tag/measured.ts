// The alignment of wires and fibres, measured on their way into the record. It costs more than the network: nothing else is measured. It never keeps an image back.

import { ALIGNED_CATEGORIES, type AlignmentMeasures } from '../domain/alignment.ts';
import { asSemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';

export type MeasureDeps = {
  store: Store;
  /** by a child, on the acquired bytes; undefined for a picture without edges */
  measure: (image: Image) => Promise<AlignmentMeasures | undefined>;
  /** it goes on without its measures */
  unmeasured?: (image: Image, reason: string) => void;
};

export function wantsMeasure({ label, alignment, picture }: Image): boolean {
  return (
    label?.category !== undefined &&
    ALIGNED_CATEGORIES.includes(label.category) &&
    alignment === undefined &&
    !picture?.frame
  );
}

/**
 * The image with its measures, where a child could take them; else as it was. Errors: what may be the image's doing, so that the attempt counts,
 * and what is to be tried again.
 */
export async function measured(image: Image, { store, measure, unmeasured }: MeasureDeps): Promise<Image> {
  try {
    const measures = await measure(image);
    if (!measures) return image;
    store.images.measured(image.sha256, measures);
    return store.images.need(image.sha256);
  } catch (thrown) {
    const error = asSemtagError(thrown);
    if (error.unexplained || error.retryable) throw error;
    unmeasured?.(image, error.message);
    return image;
  }
}
