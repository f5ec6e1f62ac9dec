// The name that someone who mistyped most likely meant. Only for messages; nothing is ever done with a guess.

import { distance } from 'fastest-levenshtein';

/** Among equally near ones that with the same first letter: people rarely mistype that one. Undefined where there are no names. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const far = (name: string) =>
    distance(name.toLowerCase(), word) + (name[0]?.toLowerCase() === word[0] ? 0 : 0.5);
  return names.toSorted((a, b) => far(a) - far(b))[0];
}
