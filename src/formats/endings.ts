// How the name of a file of each media type ends. Never the other way round: microscopes save JPEGs called .tif.

import type { MediaType } from './sniff.ts';

const ENDINGS: Record<MediaType, string> = {
  'image/tiff': '.tif',
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/bmp': '.bmp',
};

/** Empty where the media type is none of these. */
export const endingOf = (mediaType: string): string => ENDINGS[mediaType as MediaType] ?? '';
