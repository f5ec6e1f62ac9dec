// The name under which a person answers, as history and record show it. Words only; who somebody really is, nothing here knows.

const LONGEST = 80;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Two names that fold to the same are one person's. */
export const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** Cyrillic and Greek letters that are drawn like Latin ones, large or small, behind the Latin one that they are taken for. */
const DRAWN_ALIKE = 'aаα bвβ cсϲ eеε hнһη iіι jј kкκ mмμ nпν oоο pрρ sѕ tтτ uυ vѵ xхχ yуγ zζ';
const LATIN = new Map(
  DRAWN_ALIKE.split(' ').flatMap(([latin, ...others]) => others.map((one) => [one, latin!] as const)),
);

/** Two names with the same are hard to tell apart on a screen. */
export const drawn = (name: string): string =>
  [...folded(name).replace(/[^\p{L}\p{M}\p{N}]/gu, '')].map((one) => LATIN.get(one) ?? one).join('');

/** Why nobody can answer under this name, in words; undefined where it is one. `semtag` is how the history names the service itself. */
export function nameProblem(name: string): string | undefined {
  const trimmed = name.trim();
  if (!trimmed) return 'a name is needed';
  if (drawn(trimmed) === 'semtag') return 'semtag is the name of the service itself';
  if (trimmed.length > LONGEST) return `a name has ${LONGEST} characters at most`;
  return CONTROL.test(trimmed) ? 'a name is one line without control characters' : undefined;
}
