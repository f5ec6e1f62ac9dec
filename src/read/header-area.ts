// The rows of a stored picture that are the sample, from what a header says. Says nothing where the header and the file do not fit together.

import type { HeaderInput } from './header-input.ts';
import { imageSize, sizeOrigin } from './header-input.ts';
import { putNumber, warn, type Draft } from './header-fields.ts';
import type { Origin } from '../domain/header.ts';

/** The frame that the header describes, in its own pixels. `height` counts scan rows, without the info bar. */
export type Frame = { width: number; height: number; origin: Origin };

/**
 * Sets the scan area and image size from a frame. A picture saved narrower than its frame is scaled: then the rows scale with it.
 * Gives frame pixels a stored pixel (1 when they are the same), undefined where frame and file do not fit.
 */
export function putFrame(draft: Draft, input: HeaderInput, frame: Frame): number | undefined {
  const stored = imageSize(input, draft.page);
  if (!stored) return undefined;
  const ratio = frame.width / stored.width;
  const rows = Math.round(frame.height / ratio);
  if (!(frame.width > 0 && rows > 0 && rows <= stored.height)) {
    warn(
      draft,
      'size_differs',
      `${frame.origin} says ${frame.width} x ${frame.height} pixels, the file holds ${stored.width} x ${stored.height}`,
    );
    return undefined;
  }
  draft.scanArea = { width: stored.width, height: rows, origin: frame.origin };
  putNumber(draft, 'image_width_px', stored.width, sizeOrigin(input, 'width'));
  putNumber(draft, 'image_height_px', rows, ratio === 1 ? frame.origin : 'derived');
  return ratio;
}

/** Rows of an info bar below the scan, as the header counts them. */
export function putBar(draft: Draft, input: HeaderInput, bar: number, origin: Origin): void {
  const stored = imageSize(input, draft.page);
  if (!stored) return;
  if (!Number.isInteger(bar) || bar < 0 || bar >= stored.height) {
    warn(draft, 'size_differs', `${origin} says ${bar} rows of info bar, the file has ${stored.height} rows`);
    return;
  }
  draft.scanArea = { width: stored.width, height: stored.height - bar, origin };
  putNumber(draft, 'image_width_px', stored.width, sizeOrigin(input, 'width'));
  putNumber(
    draft,
    'image_height_px',
    stored.height - bar,
    bar === 0 ? sizeOrigin(input, 'height') : 'derived',
  );
}

/** Nothing in the header tells the bar: the stored size it is; the pixels will show what is bar. */
export function putStoredSize(draft: Draft, input: HeaderInput): void {
  const stored = imageSize(input, draft.page);
  putNumber(draft, 'image_width_px', stored?.width, sizeOrigin(input, 'width'));
  putNumber(draft, 'image_height_px', stored?.height, sizeOrigin(input, 'height'));
}
