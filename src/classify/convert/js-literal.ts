// The value that a packed module exports, taken out of its text: packages carry model.json and base64 shards so. Never runs anything of it.

/** Bundlers wrap it; the first `exports =` that a string or object follows is the module's own. */
const START = /\bexports\s*=\s*(?=["'{])/;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;
const WORD = /[A-Za-z_$][\w$]*|![01]/y;
const SPACE = /\s*/y;
const WORDS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  // what minifiers make of true and false
  ['!0', true],
  ['!1', false],
]);
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', 0: '\0' };

/** Strings, numbers, lists and objects of them (ECMA-262, 13.2), nothing that would have to be computed. Throws an Error that says where it is anything else. */
export function exportedLiteral(text: string): unknown {
  const start = START.exec(text);
  if (!start) throw new Error('no text or object is exported');
  let at = start.index + start[0].length;
  return value();

  function value(): unknown {
    const next = skip();
    if (next === '{') return object();
    if (next === '[') return list();
    if (next === '"' || next === "'") return string(next);
    const word = take(WORD);
    if (word !== undefined && WORDS.has(word)) return WORDS.get(word);
    const number = word === undefined ? take(NUMBER) : undefined;
    if (number === undefined) throw unexpected();
    return Number(number);
  }

  function object(): object {
    const entries: [string, unknown][] = [];
    for (at++; skip() !== '}'; comma('}')) {
      const quote = text[at]!;
      const key = quote === '"' || quote === "'" ? string(quote) : (take(WORD) ?? take(NUMBER));
      if (key === undefined || skip() !== ':') throw unexpected();
      at++;
      entries.push([key, value()]);
    }
    at++;
    return Object.fromEntries(entries);
  }

  function list(): unknown[] {
    const values: unknown[] = [];
    for (at++; skip() !== ']'; comma(']')) values.push(value());
    at++;
    return values;
  }

  function string(quote: string): string {
    const from = ++at;
    let plain = from;
    let read = '';
    for (let end = text.indexOf(quote, at); end >= 0; end = text.indexOf(quote, at)) {
      const slash = text.slice(at, end).indexOf('\\');
      if (slash < 0) {
        at = end + 1;
        return read + text.slice(plain, end);
      }
      read += text.slice(plain, at + slash);
      at += slash + 1;
      read += escaped();
      plain = at;
    }
    throw new Error(`the text that begins at ${from} does not end`);
  }

  function escaped(): string {
    const kind = text[at++] ?? '';
    const digits = kind === 'x' ? 2 : kind === 'u' ? 4 : 0;
    if (digits === 0) return ESCAPES[kind] ?? kind;
    const code = text.slice(at, at + digits);
    if (!/^[0-9a-f]+$/i.test(code) || code.length !== digits) throw unexpected();
    at += digits;
    return String.fromCharCode(parseInt(code, 16));
  }

  function comma(end: string): void {
    if (skip() === ',') at++;
    else if (text[at] !== end) throw unexpected();
  }

  function skip(): string | undefined {
    take(SPACE);
    return text[at];
  }

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  function unexpected(): Error {
    return new Error(`at ${at} it exports something that is no plain text or object`);
  }
}
