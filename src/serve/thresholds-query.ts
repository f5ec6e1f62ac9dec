// Thresholds of single categories in an address: `Nanowires:0.9:0.4,Tips:0.7:0.3`, auto before prompt. Words only.

import { CATEGORIES, isCategory, type Category } from '../domain/categories.ts';
import type { Pair, ThresholdsValue } from '../domain/decision.ts';

/** Undefined for anything that is not of this form. */
export function pairsOf(text: string): Partial<Record<Category, Pair>> | undefined {
  const pairs: Partial<Record<Category, Pair>> = {};
  for (const part of text === '' ? [] : text.split(',')) {
    const [name, auto, prompt, ...more] = part.split(':');
    if (!isCategory(name) || !isNumber(auto) || !isNumber(prompt) || more.length > 0) return undefined;
    pairs[name] = { auto: Number(auto), prompt: Number(prompt) };
  }
  return pairs;
}

const isNumber = (text: string | undefined): text is string =>
  text !== undefined && /^(0|1|0?\.\d{1,17}|[01]\.\d{1,17}|\d(\.\d{1,17})?e-\d{1,2})$/.test(text);

export function pairsText(pairs: ThresholdsValue['perCategory'] = {}): string {
  return CATEGORIES.flatMap((name) => {
    const pair = pairs[name];
    return pair ? [`${name}:${pair.auto}:${pair.prompt}`] : [];
  }).join(',');
}
