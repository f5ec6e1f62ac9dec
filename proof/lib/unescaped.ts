// Texts as people read them: the escapes of JSON, XML and addresses undone by what kind of text it is. For looking for words, not for parsing.

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const CONTROLS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const ofXml = (text: string): string =>
  text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (all, hex?: string, figure?: string, name?: string) => {
    if (name) return NAMED[name.toLowerCase()]!;
    const code = hex ? parseInt(hex, 16) : Number(figure);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  }); // prettier-ignore

const ofJson = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, hex?: string, one?: string) =>
    hex ? String.fromCharCode(parseInt(hex, 16)) : (CONTROLS[one!] ?? one!),
  );

/** One after the other, so that what is no UTF-8 leaves the rest as it should be. */
const ofAddress = (text: string): string =>
  text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });

/** `kind`: a media type or the end of a file's name. A page may hold JSON, a JSON text may hold XML, and each may hold addresses. */
export function unescaped(text: string, kind: string): string {
  const json = /json/.test(kind);
  const first = json ? ofJson(text) : /xml|html|xmp|rdf/.test(kind) ? ofXml(text) : /csv/.test(kind) ? text.replaceAll('""', '"') : text; // prettier-ignore
  const inside = /html/.test(kind) ? [ofJson(first)] : json && first.includes('&') ? [ofXml(first)] : [];
  return [first, ...inside]
    .map((one) => (/%[0-9a-f]{2}/i.test(one) ? `${one}\n${ofAddress(one)}` : one))
    .join('\n')
    .normalize('NFC');
}
