// What speaks against an automatic label, in words. Pure.

import type { Image } from '../store/images.ts';

export function doubtWords(doubt: NonNullable<Image['doubt']>): string {
  return 'part' in doubt
    ? `another part of its acquisition was answered ${doubt.category}`
    : `answers speak for ${doubt.category} ${doubt.score.toFixed(3)}`;
}
