// The name that someone who mistyped most likely meant. Only for messages; nothing is ever done with a guess.

import { distance } from 'fastest-levenshtein';

export function nearest(typed: string, names: readonly string[]): string {
  const far = (name: string) => distance(name.toLowerCase(), typed.toLowerCase());
  return names.toSorted((a, b) => far(a) - far(b))[0]!;
}
