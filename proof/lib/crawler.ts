// A crawler that asks every public address: all routes that the service names, every link in what it answers, all of OAI-PMH, every search. Judges nothing.

import { createHash } from 'node:crypto';

export type Fetched = { url: string; status: number; type: string; bytes: Buffer; sha256: string };

export type Crawl = {
  /** address of the service */
  url: string;
  /** what stands before addresses in its answers instead */
  base: string;
  headers: Record<string, string>;
  /** of images, to try in every route: somebody may have heard of them */
  sha256s: string[];
  uuids: string[];
  /** what somebody may search for */
  words: string[];
};

const FORMATS = ['oai_dc', 'datacite', 'oai_datacite', 'none'];
/** A service that names new addresses for ever would never be done. */
const MOST = 50_000;

export async function crawl({ url, base, headers, sha256s, uuids, words }: Crawl): Promise<Fetched[]> {
  const known = new Set<string>();
  const queue: string[] = [];
  const fetched: Fetched[] = [];
  const add = (address: string, from = url) => {
    let target: URL;
    try {
      target = new URL(address.startsWith(base) ? url + address.slice(base.length) : address, from);
    } catch {
      return; // text that only looks like an address
    }
    target.hash = '';
    if (target.origin !== url || known.has(target.href)) return;
    known.add(target.href);
    queue.push(target.href);
  };

  const openapi = (await (await fetch(`${url}/api/openapi.json`, { headers })).json()) as {
    paths: Record<string, { get?: object }>;
  };
  for (const [path, methods] of Object.entries(openapi.paths))
    if (methods.get) for (const one of filled(path, sha256s, uuids)) add(one);
  for (const one of ['/', '/metrics', '/api/openapi.json', ...oai(uuids), ...searches(words)]) add(one);

  while (queue.length > 0) {
    const some = queue.splice(0, 16);
    if (known.size > MOST) throw new Error(`more than ${MOST} addresses`);
    for (const one of await Promise.all(some.map((address) => ask(address, headers)))) {
      if (!one) continue;
      fetched.push(one);
      for (const link of linksOf(one)) add(link, one.url);
    }
  }
  return fetched;
}

/** Undefined for a stream that never ends. */
async function ask(url: string, headers: Record<string, string>): Promise<(Fetched & { link: string }) | undefined> {
  if (url.includes('/api/events')) return undefined;
  const response = await fetch(url, { headers, redirect: 'manual' });
  const bytes = Buffer.from(await response.arrayBuffer());
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const type = response.headers.get('content-type') ?? '';
  // what stands in headers is told as well
  const all = type.startsWith('image/') ? bytes : Buffer.concat([Buffer.from(head + '\n\n'), bytes]);
  return { url, status: response.status, type, bytes: all, sha256, link: response.headers.get('link') ?? '' };
} // prettier-ignore

function linksOf({ url, type, bytes, link }: Fetched & { link?: string }): string[] {
  if (type.startsWith('image/')) return [];
  const text = bytes.toString();
  const found = [...(link ?? '').matchAll(/<([^>]+)>/g), ...text.matchAll(/(?:href|src|content)="([^"#]+)"/g), ...text.matchAll(/"((?:https?:\/)?\/[^"\\\s]+)"/g), ...text.matchAll(/<loc>([^<]+)</g)].map(([, one]) => one!.replaceAll('&amp;', '&')); // prettier-ignore
  const { pathname, searchParams } = new URL(url);
  if (pathname === '/oai') {
    const [, token] = /<resumptionToken[^>]*>([^<]+)</.exec(text) ?? [];
    if (token) found.push(`/oai?verb=${searchParams.get('verb')}&resumptionToken=${encodeURIComponent(token)}`);
    for (const [, spec] of text.matchAll(/<setSpec>([^<]+)</g))
      for (const verb of ['ListRecords', 'ListIdentifiers'])
        found.push(`/oai?verb=${verb}&metadataPrefix=oai_dc&set=${encodeURIComponent(spec!)}`);
    for (const [, id] of text.matchAll(/<identifier>(urn:uuid:[^<]+)</g))
      for (const one of oai([id!.slice('urn:uuid:'.length)])) found.push(one);
  }
  const [, next] = /"next":"([^"]+)"/.exec(text) ?? [];
  if (next) {
    const onward = new URL(url);
    onward.searchParams.set('cursor', next);
    found.push(onward.href);
  }
  return found;
} // prettier-ignore

function filled(path: string, sha256s: string[], uuids: string[]): string[] {
  const values: Record<string, string[]> = { sha256: sha256s, uuid: uuids };
  return [...path.matchAll(/\{(\w+)\}/g)].reduce(
    (made, [name, key]) =>
      made.flatMap((one) => (values[key!] ?? ['1', '2']).map((value) => one.replace(name, value))),
    [path],
  );
}

const oai = (uuids: string[]): string[] => [
  ...['Identify', 'ListSets', 'ListMetadataFormats', 'none'].map((verb) => `/oai?verb=${verb}`),
  ...['ListRecords', 'ListIdentifiers'].flatMap((verb) => FORMATS.map((one) => `/oai?verb=${verb}&metadataPrefix=${one}`)),
  ...uuids.flatMap((uuid) => [
    `/oai?verb=ListMetadataFormats&identifier=urn:uuid:${uuid}`,
    ...FORMATS.map((one) => `/oai?verb=GetRecord&metadataPrefix=${one}&identifier=urn:uuid:${uuid}`),
  ]),
]; // prettier-ignore

const searches = (words: string[]): string[] =>
  ['', ...words].flatMap((word) =>
    ['q', 'instrument', 'detector', 'category', 'status'].map(
      (name) => `/search.json?limit=100${word ? `&${name}=${encodeURIComponent(word)}` : ''}`,
    ),
  );
