// Content negotiation (RFC 9110, 12.5.1): which of the offered media types a request asks for. Pure.

type Range = { type: string; parameters: Map<string, string>; q: number };

/** Position of the offer that fits best; of several alike the first one. Who asks for nothing takes anything. Undefined where none is acceptable. */
export function negotiated(accept: string | undefined, offers: readonly string[]): number | undefined {
  const asked = split(accept ?? '', ',');
  const ranges = (asked.length > 0 ? asked : ['*/*']).map(rangeOf);
  let best: { n: number; q: number } | undefined;
  for (const [n, offer] of offers.entries()) {
    const q = qualityOf(rangeOf(offer), ranges);
    if (q > (best?.q ?? 0)) best = { n, q };
  }
  return best?.n;
}

/** Of the most specific range that holds it, 0..1. */
function qualityOf(offer: Range, ranges: Range[]): number {
  const fitting = ranges
    .map((range) => ({ q: range.q, rank: rankOf(range, offer) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank);
  return fitting[0]?.q ?? 0;
}

/** 0: it does not fit. */
function rankOf({ type, parameters }: Range, offer: Range): number {
  if (type === '*/*') return 1;
  if (type.endsWith('/*')) return offer.type.startsWith(type.slice(0, -1)) ? 2 : 0;
  if (type !== offer.type) return 0;
  for (const [name, value] of parameters) if (offer.parameters.get(name) !== value) return 0;
  return 3 + parameters.size;
}

function rangeOf(text: string): Range {
  const [type = '', ...rest] = split(text, ';');
  const parameters = new Map<string, string>();
  let q = 1;
  for (const parameter of rest) {
    const [, name = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(parameter) ?? [];
    const plain = value.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1');
    if (name.toLowerCase() === 'q') q = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(plain) ? Number(plain) : 0;
    else parameters.set(name.toLowerCase(), name.toLowerCase() === 'charset' ? plain.toLowerCase() : plain);
  }
  return { type: type.toLowerCase(), parameters, q };
}

/** At separators that stand in no quotes; without empty parts. */
function split(text: string, separator: ',' | ';'): string[] {
  const parts = text.match(
    separator === ',' ? /(?:"(?:\\.|[^"\\])*"|[^,"])+/g : /(?:"(?:\\.|[^"\\])*"|[^;"])+/g,
  );
  return (parts ?? []).map((part) => part.trim()).filter((part) => part !== '');
}
