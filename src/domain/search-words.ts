// The words of a text, as free text is searched by: without case and accents, split where letters end, as people type parts of file names. Knows no query language.

/** `GaAs_017-Übersicht.tif` -> gaas, 017, ubersicht, tif. A word is letters alone or digits alone. */
export function searchWords(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
  return plain.match(/\p{L}+|\p{N}+/gu) ?? [];
}

/** What a text is found by: its words, and its numbers also without leading zeros. */
export function foundBy(text: string): string[] {
  const bare = (word: string) => (/^0+\d/.test(word) ? [word.replace(/^0+/, '') || '0'] : []);
  return searchWords(text).flatMap((word) => [word, ...bare(word)]);
}

/** Of a word that is still being typed the beginning is enough; a single letter or digit begins too much, and is looked for as it is. */
export const MAY_BEGIN = 2;

/** Whether a text that is found by `words` is one that this query asks for: every word of it, the last as a beginning. */
export function asksFor(query: string, words: ReadonlySet<string>): boolean {
  const asked = searchWords(query);
  const last = asked.at(-1);
  return asked.every((word) =>
    word === last && word.length >= MAY_BEGIN
      ? [...words].some((one) => one.startsWith(word))
      : words.has(word),
  );
}
