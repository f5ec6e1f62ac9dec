// The name under which a person answers, as history and record show it. Words only; who somebody really is, nothing here knows.

const LONGEST = 80;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Two names that fold to the same are one person's. */
export const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

/** Why nobody can answer under this name, in words; undefined where it is one. `semtag` is how the history names the service itself. */
export function nameProblem(name: string): string | undefined {
  const trimmed = name.trim();
  if (!trimmed) return 'a name is needed';
  if (trimmed.toLowerCase() === 'semtag') return 'semtag is the name of the service itself';
  if (trimmed.length > LONGEST) return `a name has ${LONGEST} characters at most`;
  return CONTROL.test(trimmed) ? 'a name is one line without control characters' : undefined;
}
