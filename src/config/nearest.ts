// The name that someone who mistyped most likely meant. Only for messages; nothing is ever done with a guess.

import { distance } from 'fastest-levenshtein';

/** Letters that differ, of all letters: beyond it the words have nothing to do with each other. `lsit` for list is half. */
const FAR = 0.5;

/**
 * Names that begin with what was typed come first (`MEMS`), then those with few letters wrong. Among equally near ones that with the same
 * first letter: people rarely mistype that one. Undefined where nothing is near.
 */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const begun = word.length >= 3 ? names.filter((name) => name.toLowerCase().startsWith(word)) : [];
  if (begun[0] !== undefined) return begun.toSorted((a, b) => a.length - b.length)[0];
  const far = (name: string) =>
    distance(name.toLowerCase(), word) + (name[0]?.toLowerCase() === word[0] ? 0 : 0.5);
  return names
    .filter((name) => distance(name.toLowerCase(), word) <= FAR * Math.max(name.length, word.length))
    .toSorted((a, b) => far(a) - far(b))[0];
}
