// Merging packets: nothing foreign is lost, ours is replaced and never doubled, and what is not well-formed is set aside.

import { describe, expect, test } from 'vitest';
import { escapeXml, scanXml, unescapeXml, type XmlElement } from '../../src/formats/xml.ts';
import { DC_NS, mergePacket, RDF_NS, SEMTAG_NS, semtagProperties } from '../../src/formats/xmp.ts';

function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}

const block = (
  category: string,
  more = '',
) => `<rdf:Description rdf:about="" xmlns:dc="${DC_NS}" xmlns:semtag="${SEMTAG_NS}">
  <dc:title><rdf:Alt><rdf:li xml:lang="x-default">ours</rdf:li></rdf:Alt></dc:title>
  <dc:subject><rdf:Bag><rdf:li>${category}</rdf:li></rdf:Bag></dc:subject>
  <semtag:category>${category}</semtag:category>${more}
</rdf:Description>
`;

const foreign = (body: string, rdf = 'rdf') =>
  Buffer.from(
    `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><${rdf}:RDF xmlns:${rdf}="${RDF_NS}">${body}</${rdf}:RDF></x:xmpmeta>${' '.repeat(50)}<?xpacket end="w"?>\0\0`,
  );

/** namespace local -> text, of every element and attribute of the packet */
function facts(packet: Buffer): string[] {
  const text = packet.toString().replaceAll('\0', '');
  const root = scanXml(text);
  if (!root) throw new Error(`not well-formed: ${text}`);
  return [...descendants(root)].flatMap((e) => [
    ...(e.children.length === 0 ? [`${e.ns}${e.local}=${text.slice(e.openEnd, e.closeStart)}`] : []),
    ...e.attributes.filter((a) => !a.name.startsWith('xmlns')).map((a) => `${a.ns}${a.local}=${a.value}`),
  ]);
}

const count = (packet: Buffer, part: string) => packet.toString().split(part).length - 1;

test('without an old packet ours stands alone', () => {
  const { bytes, old } = mergePacket(undefined, block('Tips'));
  expect(old).toBe('none');
  expect(semtagProperties(bytes)).toEqual({ category: 'Tips' });
});

describe('an old packet of others', () => {
  const theirs = `<rdf:Description rdf:about="" xmlns:diss="urn:diss" diss:HV="15 kV"><diss:WD rdf:parseType="Resource"><diss:value>5</diss:value></diss:WD></rdf:Description>`;

  test('keeps every property', () => {
    const { bytes, old } = mergePacket(foreign(theirs), block('Tips'));
    expect(old).toBe('merged');
    expect(facts(bytes)).toEqual(expect.arrayContaining([...facts(foreign(theirs)), ...facts(mergePacket(undefined, block('Tips')).bytes).filter((f) => !f.includes('xmptk'))])); // prettier-ignore
  });

  test('with another prefix for RDF, another about and no x:xmpmeta', () => {
    const old = `<R:RDF xmlns:R="${RDF_NS}"><R:Description R:about="uuid:1" xmlns:a="urn:a"><a:b>c</a:b></R:Description></R:RDF>`;
    const { bytes } = mergePacket(Buffer.from(old), block('Tips'));
    expect(facts(bytes)).toContain('urn:ab=c');
    expect(semtagProperties(bytes)).toEqual({ category: 'Tips' });
    expect(facts(bytes).filter((f) => f.startsWith(`${RDF_NS}about`))).toEqual([
      `${RDF_NS}about=uuid:1`,
      `${RDF_NS}about=uuid:1`,
    ]);
  });

  test('with an empty RDF element that closes itself', () => {
    const old = Buffer.from(`<rdf:RDF xmlns:rdf="${RDF_NS}"/>`);
    expect(semtagProperties(mergePacket(old, block('Tips')).bytes)).toEqual({ category: 'Tips' });
  });

  test('in UTF-16', () => {
    const { bytes } = mergePacket(
      Buffer.from('\ufeff' + foreign(theirs).toString(), 'utf16le'),
      block('Tips'),
    );
    expect(facts(bytes)).toContain('urn:dissHV=15 kV');
  });

  test('its title stays, keywords are joined, nothing stands twice', () => {
    const body = `<rdf:Description rdf:about="" xmlns:dc="${DC_NS}"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">theirs</rdf:li></rdf:Alt></dc:title><dc:subject><rdf:Bag><rdf:li>steel &amp; co</rdf:li></rdf:Bag></dc:subject></rdf:Description>`;
    const once = mergePacket(foreign(body), block('Tips')).bytes;
    expect(count(once, '<dc:title>')).toBe(1);
    expect(count(once, '<dc:subject>')).toBe(1);
    expect(facts(once)).toEqual(expect.arrayContaining([`${RDF_NS}li=theirs`, `${RDF_NS}li=steel &amp; co`, `${RDF_NS}li=Tips`])); // prettier-ignore
    // another label: the old keyword of ours goes, theirs stays
    const twice = mergePacket(once, block('Powder')).bytes;
    expect(facts(twice)).not.toContain(`${RDF_NS}li=Tips`);
    expect(facts(twice)).toEqual(
      expect.arrayContaining([`${RDF_NS}li=steel &amp; co`, `${RDF_NS}li=Powder`]),
    );
    expect(semtagProperties(twice)).toEqual({ category: 'Powder' });
  });
});

test('ours is replaced, also what another tool put into the same element stays', () => {
  const once = mergePacket(undefined, block('Tips', '<semtag:old>1</semtag:old>')).bytes.toString();
  const edited = once.replace('</semtag:old>', '</semtag:old><lr:rating xmlns:lr="urn:lr">5</lr:rating>');
  const { bytes } = mergePacket(Buffer.from(edited), block('Powder'));
  expect(semtagProperties(bytes)).toEqual({ category: 'Powder' });
  expect(facts(bytes)).toContain('urn:lrrating=5');
  expect(count(bytes, '<dc:title>')).toBe(1);
});

test('the same input gives the same bytes', () => {
  const twice = [1, 2].map(
    () =>
      mergePacket(foreign('<rdf:Description rdf:about="" xmlns:a="urn:a" a:b="c"/>'), block('Tips')).bytes,
  );
  expect(twice[0]!.equals(twice[1]!)).toBe(true);
});

test.each([
  ['cut', foreign('<rdf:Description rdf:about="">').subarray(0, 150)],
  ['no XML', Buffer.from('not a packet at all')],
  ['no RDF', Buffer.from('<a/>')],
  ['a document type', Buffer.from(`<!DOCTYPE a [<!ENTITY b "c">]><rdf:RDF xmlns:rdf="${RDF_NS}"/>`)],
  ['invalid UTF-8', Buffer.concat([foreign(''), Buffer.from([0xff, 0xfe, 0x3e])])],
  ['a prefix that is not declared', foreign('<rdf:Description rdf:about="" nope:a="b"/>')],
  ['elements that cross', foreign('<rdf:Description rdf:about=""><a><b></a></b></rdf:Description>')],
])('an old packet that is %s is set aside', (_name, packet) => {
  const { bytes, old } = mergePacket(packet, block('Tips'));
  expect(old).toBe('unreadable');
  expect(semtagProperties(bytes)).toEqual({ category: 'Tips' });
});

test('hostile depth and width end soon', () => {
  const start = performance.now();
  expect(scanXml('<a>'.repeat(100_000))).toBeUndefined();
  expect(scanXml(`<a ${'b="c" '.repeat(50_000)}`)).toBeUndefined();
  expect(scanXml(`<${'a'.repeat(1_000_000)}`)).toBeUndefined();
  expect(scanXml(`<a ${'b'.repeat(200_000)}`)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(3000);
});

test('text survives escaping, what XML cannot hold is replaced', () => {
  const text = `a<b>&"c" 'd' ä 中 😀`;
  expect(unescapeXml(escapeXml(text))).toBe(text);
  expect(escapeXml('a\u0000b')).toBe('a\ufffdb');
  expect(unescapeXml('&#x41;&#66;')).toBe('AB');
});
