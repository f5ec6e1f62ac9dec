// What speaks against an automatic label, in words. Pure.

import { categoryTitle } from '../domain/categories.ts';
import type { Image } from '../store/images.ts';

export function doubtWords(doubt: NonNullable<Image['doubt']>): string {
  return 'part' in doubt
    ? `another part of its acquisition was answered ${categoryTitle(doubt.category)}`
    : `answers speak for ${categoryTitle(doubt.category)} ${doubt.score.toFixed(3)}`;
}
