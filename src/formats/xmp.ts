// XMP packets: wrapping, reading and merging ours into one that is there. Never drops a foreign property and never touches the file itself.
// Format: XMP Specification Part 1 (ISO 16684-1) section 7, Part 3 for where a file keeps its packet.

import { scanXml, unescapeXml, type XmlElement } from './xml.ts';

/** Ours. A URN, because a host name we do not own would promise a page that we cannot keep. */
export const SEMTAG_NS = 'urn:semtag:ns:1#';
export const RDF_NS = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
export const DC_NS = 'http://purl.org/dc/elements/1.1/';

/** A packet above this is not parsed: ours is written fresh and the old bytes are kept. */
export const MAX_PACKET_BYTES = 16 * 1024 * 1024;

/** `none`: there was no packet. `unreadable`: there was one that is not well-formed; ours stands alone, its bytes are kept in the file. */
export type Merged = { bytes: Buffer; old: 'none' | 'merged' | 'unreadable' };

/**
 * `blocks`: rdf:Description elements with rdf:about="" that declare every prefix they use but `rdf`. What semtag wrote before is replaced. A
 * property that the old packet has from others stays theirs and ours is left out, because XMP allows a property once; only the keywords of
 * dc:subject are joined.
 */
export function mergePacket(old: Buffer | undefined, blocks: string): Merged {
  if (!parse(`<rdf:RDF xmlns:rdf="${RDF_NS}">${blocks}</rdf:RDF>`))
    throw new Error('the XMP block is not well-formed');
  if (!old?.length) return { bytes: wrap(fresh(blocks)), old: 'none' };
  const packet = parse(decode(old) ?? '');
  if (!packet) return { bytes: wrap(fresh(blocks)), old: 'unreadable' };
  return { bytes: wrap(merge(packet, blocks)), old: 'merged' };
}

/** The simple properties of ours in a packet, by local name; undefined when there is no readable packet or none of ours in it. */
export function semtagProperties(packet: Buffer): Record<string, string> | undefined {
  const parsed = parse(decode(packet) ?? '');
  if (!parsed) return undefined;
  const found: Record<string, string> = {};
  for (const description of parsed.rdf.children.filter(isDescription)) {
    for (const a of description.attributes) if (a.ns === SEMTAG_NS) found[a.local] = unescapeXml(a.value);
    for (const c of description.children)
      if (c.ns === SEMTAG_NS && c.children.length === 0) found[c.local] = content(parsed.text, c);
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

type Packet = { text: string; root: XmlElement; rdf: XmlElement };
type Edit = { start: number; end: number; text: string };
type Property = { ns: string; local: string; start: number; end: number; element?: XmlElement };

function parse(text: string): Packet | undefined {
  const root = scanXml(text);
  const rdf = root && [root, ...root.children].find((e) => e.ns === RDF_NS && e.local === 'RDF');
  return rdf && { text, root, rdf };
}

/** UTF-8 is the rule in files; UTF-16 exists in sidecars and old tools (XMP Part 1, 7.3.2). */
function decode(bytes: Buffer): string | undefined {
  if (bytes.length > MAX_PACKET_BYTES) return undefined;
  const [a, b] = bytes;
  const encoding =
    (a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)
      ? 'utf-16le'
      : (a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)
        ? 'utf-16be'
        : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    // packets are padded with spaces, and by some writers with NULs
    return text.slice(text.indexOf('<'), text.lastIndexOf('>') + 1);
  } catch {
    return undefined;
  }
}

function fresh(blocks: string): string {
  const rdf = `<rdf:RDF xmlns:rdf="${RDF_NS}">\n${blocks}</rdf:RDF>`;
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="semtag">\n${rdf}\n</x:xmpmeta>`;
}

/** The id is fixed by the specification (Part 1, 7.3.2). No padding: whoever edits it writes a new one. */
function wrap(body: string): Buffer {
  return Buffer.from(
    `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${body}\n<?xpacket end="w"?>`,
  );
}

function merge(packet: Packet, blocks: string): string {
  const { text, root, rdf } = packet;
  const ours = parse(`<rdf:RDF xmlns:rdf="${RDF_NS}">${blocks}</rdf:RDF>`)!;
  const ourProperties = ours.rdf.children.flatMap(properties);
  const edits: Edit[] = [];
  const theirs: Property[] = [];
  for (const description of rdf.children.filter(isDescription)) {
    const all = properties(description);
    if (!all.some((p) => p.ns === SEMTAG_NS)) {
      theirs.push(...all);
      continue;
    }
    // written by semtag before; another tool may have put its own properties into the same element
    const stale = all.filter((p) => p.ns === SEMTAG_NS || ourProperties.some((o) => same(o, p)));
    if (stale.length === all.length) edits.push({ start: description.start, end: description.end, text: '' });
    else {
      edits.push(...stale.map((p) => ({ start: p.start, end: p.end, text: '' })));
      theirs.push(...all.filter((p) => !stale.includes(p)));
    }
  }
  const about = rdf.children.flatMap((d) => d.attributes).find((a) => a.ns === RDF_NS && a.local === 'about');
  let added = withoutDoubles(packet, ours, theirs, edits);
  // all descriptions of a packet must name the same resource (Part 1, 7.4)
  if (about?.value)
    added = added.replaceAll('rdf:about=""', () => `rdf:about="${about.value.replaceAll('"', '&quot;')}"`);
  if (rdf.scope['rdf'] !== RDF_NS)
    added = added.replaceAll('<rdf:Description ', `<rdf:Description xmlns:rdf="${RDF_NS}" `);
  if (rdf.openEnd === rdf.end)
    edits.push({ start: rdf.end - 2, end: rdf.end, text: `>\n${added}</${rdf.name}>` });
  else edits.push({ start: rdf.closeStart, end: rdf.closeStart, text: added });
  return apply(text, edits).slice(root.start, root.end - text.length || undefined);
}

/** Our blocks without the properties that others wrote; keywords go into their bag, which is added to `edits`. */
function withoutDoubles(packet: Packet, ours: Packet, theirs: Property[], edits: Edit[]): string {
  const cuts: Edit[] = [];
  for (const property of ours.rdf.children.flatMap(properties)) {
    const there = theirs.find((p) => same(p, property));
    if (!there) continue;
    const joined =
      property.ns === DC_NS && property.local === 'subject'
        ? joinKeywords(packet, there, ours, property)
        : undefined;
    if (joined) edits.push(...joined.edits);
    // remembered, so that the next revision can take them out of the foreign bag again
    const note = joined?.added.map((k) => `<rdf:li>${k}</rdf:li>`).join('');
    const text = note
      ? `<semtag:joinedSubjects xmlns:semtag="${SEMTAG_NS}"><rdf:Bag>${note}</rdf:Bag></semtag:joinedSubjects>`
      : '';
    cuts.push({ start: property.start, end: property.end, text });
  }
  return apply(ours.text, cuts).slice(ours.rdf.openEnd, ours.rdf.closeStart - ours.text.length);
}

/** Raw keyword texts that were put into the foreign bag; undefined when it is no bag we understand. */
function joinKeywords(
  packet: Packet,
  there: Property,
  ours: Packet,
  property: Property,
): { edits: Edit[]; added: string[] } | undefined {
  const bag = there.element?.children[0];
  if (!bag || bag.ns !== RDF_NS || bag.openEnd === bag.end) return undefined;
  const items = (text: string, of: XmlElement | undefined): { key: string; element: XmlElement }[] =>
    (of?.children ?? []).map((element) => ({
      key: text.slice(element.openEnd, element.closeStart).trim(),
      element,
    }));
  const earlier = packet.rdf.children
    .flatMap((d) => d.children)
    .filter((e) => e.ns === SEMTAG_NS && e.local === 'joinedSubjects')
    .flatMap((e) => items(packet.text, e.children[0]).map((i) => i.key));
  const have = items(packet.text, bag);
  const stale = have.filter((i) => earlier.includes(i.key));
  const kept = have.filter((i) => !stale.includes(i)).map((i) => i.key);
  const added = items(ours.text, property.element?.children[0])
    .map((i) => i.key)
    .filter((key) => !kept.includes(key));
  const prefix = bag.name.slice(0, -bag.local.length);
  const text = added.map((key) => `<${prefix}li>${key}</${prefix}li>`).join('');
  return {
    added,
    edits: [
      ...stale.map(({ element }) => ({ start: element.start, end: element.end, text: '' })),
      { start: bag.closeStart, end: bag.closeStart, text },
    ],
  };
}

function isDescription(element: XmlElement): boolean {
  return element.ns === RDF_NS && element.local === 'Description';
}

/** Properties stand as child elements or as attributes (Part 1, 7.9.2.2). */
function properties(description: XmlElement): Property[] {
  const attributes = description.attributes.filter(
    (a) => a.ns !== '' && a.ns !== RDF_NS && a.name !== 'xmlns' && !/^xml(ns)?:/.test(a.name),
  );
  return [...attributes, ...description.children.map((c) => ({ ...c, element: c }))];
}

function same(a: Property, b: Property): boolean {
  return a.ns === b.ns && a.local === b.local;
}

function content(text: string, element: XmlElement): string {
  return unescapeXml(text.slice(element.openEnd, element.closeStart).trim());
}

function apply(text: string, edits: Edit[]): string {
  let result = text;
  // from the back, so that positions in front stay right
  for (const { start, end, text: put } of [...edits].sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + put + result.slice(end);
  return result;
}
