// A small XML scanner: the tree of elements with their positions, so that text can be put in without touching the rest. It refuses what is
// not well-formed, and document types (entities can blow up). It never resolves or validates anything. XML 1.0 and Namespaces in XML 1.0.

export type XmlAttribute = {
  /** as written, with prefix */
  name: string;
  /** namespace URI; '' without prefix */
  ns: string;
  local: string;
  /** raw, between the quotes */
  value: string;
  /** positions of the whole attribute in the text */
  start: number;
  end: number;
};

export type XmlElement = {
  name: string;
  ns: string;
  local: string;
  attributes: XmlAttribute[];
  children: XmlElement[];
  /** prefix -> URI in force inside this element */
  scope: Record<string, string>;
  /** `<` of the start tag .. just behind `>` of the end tag */
  start: number;
  end: number;
  /** just behind the start tag .. `<` of the end tag; both equal `end` for an element that closes itself */
  openEnd: number;
  closeStart: number;
};

const MAX_DEPTH = 100;
const MAX_ELEMENTS = 200_000;
const NAME = '[A-Za-z_\\u0080-\\uffff][\\w.\\-\\u0080-\\uffff]*';
const QNAME = `(?:${NAME}:)?${NAME}`;
const START_TAG = new RegExp(`<(${QNAME})((?:\\s+${QNAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y');
const END_TAG = new RegExp(`</(${QNAME})\\s*>`, 'y');
const ATTRIBUTE = new RegExp(`(${QNAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');
const REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/;
// eslint-disable-next-line no-control-regex -- these are the characters that XML 1.0 forbids
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The one root element; undefined when the text is not well-formed. Comments and processing instructions are passed over. */
export function scanXml(text: string): XmlElement | undefined {
  if (FORBIDDEN.test(text)) return undefined;
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  for (let at = 0; ;) {
    const tag = text.indexOf('<', at);
    const between = text.slice(at, tag < 0 ? text.length : tag);
    if (open.length === 0 ? between.replace('\ufeff', '').trim() !== '' : REFERENCE.test(between))
      return undefined;
    if (tag < 0) return open.length === 0 ? root : undefined;
    const skipped = skip(text, tag);
    if (skipped === undefined) return undefined;
    if (skipped > tag) {
      at = skipped;
      continue;
    }
    END_TAG.lastIndex = tag;
    const close = END_TAG.exec(text);
    if (close) {
      const element = open.pop();
      if (!element || element.name !== close[1]) return undefined;
      element.closeStart = tag;
      at = element.end = END_TAG.lastIndex;
      continue;
    }
    START_TAG.lastIndex = tag;
    const start = START_TAG.exec(text);
    if (!start || ++elements > MAX_ELEMENTS || open.length >= MAX_DEPTH) return undefined;
    const parent = open.at(-1);
    if (!parent && root) return undefined;
    at = START_TAG.lastIndex;
    const element = elementOf(
      start,
      tag,
      at,
      parent?.scope ?? { xml: 'http://www.w3.org/XML/1998/namespace' },
    );
    if (!element) return undefined;
    if (parent) parent.children.push(element);
    else root = element;
    if (start[3] === '') open.push(element);
  }
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const FORBIDDEN_ALL = new RegExp(FORBIDDEN, 'g');

export function escapeXml(value: string): string {
  // what XML cannot hold at all becomes the replacement character
  return value.replace(FORBIDDEN_ALL, '\ufffd').replace(/[&<>"']/g, (c) => ESCAPES[c]!);
}

export function unescapeXml(raw: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return raw.replace(/&(#x[\da-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (!name.startsWith('#')) return named[name] ?? whole;
    const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Behind a comment, CDATA section or processing instruction; the same position when there is none; undefined when it has no end. */
function skip(text: string, at: number): number | undefined {
  const kinds: [string, string][] = [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ];
  for (const [begin, end] of kinds) {
    if (!text.startsWith(begin, at)) continue;
    const found = text.indexOf(end, at + begin.length);
    return found < 0 ? undefined : found + end.length;
  }
  return at;
}

function elementOf(
  tag: RegExpExecArray,
  start: number,
  openEnd: number,
  outer: Record<string, string>,
): XmlElement | undefined {
  const [, name = '', rest = ''] = tag;
  const found = [...rest.matchAll(ATTRIBUTE)].map((m) => {
    const at = start + 1 + name.length + m.index;
    return { name: m[1]!, value: m[2] ?? m[3] ?? '', start: at, end: at + m[0].length };
  });
  if (found.some((a) => REFERENCE.test(a.value))) return undefined;
  if (new Set(found.map((a) => a.name)).size < found.length) return undefined;
  let scope = outer;
  for (const { name: attribute, value } of found) {
    if (attribute === 'xmlns') scope = { ...scope, '': unescapeXml(value) };
    else if (attribute.startsWith('xmlns:')) scope = { ...scope, [attribute.slice(6)]: unescapeXml(value) };
  }
  const resolve = (qname: string, bare: string): { ns: string; local: string } | undefined => {
    const colon = qname.indexOf(':');
    if (colon < 0) return { ns: bare, local: qname };
    const prefix = qname.slice(0, colon);
    const ns = prefix === 'xmlns' ? 'http://www.w3.org/2000/xmlns/' : scope[prefix];
    return ns === undefined ? undefined : { ns, local: qname.slice(colon + 1) };
  };
  const own = resolve(name, scope[''] ?? '');
  if (!own) return undefined;
  const attributes: XmlAttribute[] = [];
  for (const attribute of found) {
    const resolved = resolve(attribute.name, '');
    if (!resolved) return undefined;
    attributes.push({ ...attribute, ...resolved });
  }
  return { name, ...own, attributes, children: [], scope, start, end: openEnd, openEnd, closeStart: openEnd };
}
