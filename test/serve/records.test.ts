// What harvesters and programs of the web are given, by inject on a real store: landing pages, renderings, links, revisions, bytes, search, sitemap, catalogue. Nothing private stands in any of it.

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { publishRules } from '../../src/domain/publish.ts';
import { uuidOf } from '../../src/record/context.ts';
import { recordId } from '../../src/record/record.ts';
import { negotiated } from '../../src/serve/records/accept.ts';
import { settle, tag } from './published.ts';
import { makeWorld, type World } from './world.ts';

let world: World;

const FACILITY = {
  name: 'Example <Centre>',
  ror: 'https://ror.org/012345654',
  licence: 'CC-BY-4.0',
  people: [{ name: 'Anna Example', orcid: 'https://orcid.org/0000-0002-1825-0097' }],
};

type Publish = { baseUrl?: string; open?: string; files?: boolean; fields?: string[]; withhold?: object[]; projects?: string[] }; // prettier-ignore

/** The app under this section of the config; what is public goes by it at once. */
async function appWith(publish: Publish = {}): Promise<FastifyInstance> {
  const { dataDir, instruments, targets } = world.deps.config;
  const { name, root, mode } = instruments[0]!;
  const config = checkConfig({ dataDir, instruments: [{ name, root, mode }], targets, facility: FACILITY, publish }); // prettier-ignore
  const rules = publishRules(config.publish, []);
  Object.assign(world.deps, { config, rules });
  settle(world);
  return world.app();
}

let shown: string;
let other: string;
let never: string;
let bare: FastifyInstance;
const of = (sha256: string, rest = '') => `/records/${uuidOf(recordId(sha256))}${rest}`;

beforeAll(async () => {
  world = await makeWorld({ n: 8, webDir: '/nonexistent' });
  bare = await appWith();
  const operator = { value: 'Anna Example', unit: null, origin: 'path' };
  shown = await world.automatic(0, 'Nanowires');
  other = await world.automatic(1, 'Powder');
  never = await world.automatic(2, 'Tips');
  world.store.revisions.correctFacts([shown, other, never], { operator }, 'Ben', new Date().toISOString());
  for (const sha256 of [shown, other, never]) tag(world, sha256);
  world.store.revisions.correctFacts([never], { project: null }, 'Ben', new Date().toISOString());
  settle(world);
});
afterAll(() => world.close());

const tags = (header: string) =>
  [...header.matchAll(/<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?/g)].map(([, href, rel, type]) => ({ href: href!, rel: rel!, type })); // prettier-ignore

test('who sees an image is told whether it is public, since when and where, or why not', async () => {
  onTestFinished(async () => {
    bare = await appWith();
  });
  const app = await appWith({ baseUrl: 'https://sem.example.org' });
  const publicationOf = async (sha256: string) =>
    (await app.inject(`/api/images/${sha256}`)).json<{ publication: unknown }>().publication;
  expect(await publicationOf(shown)).toEqual({
    given: true,
    since: expect.stringMatching(/^2\S+Z$/) as string,
    revision: 1,
    page: `https://sem.example.org${of(shown)}`,
  });
  expect(await publicationOf(never)).toEqual({ given: false, why: 'its project is not known' });
  expect((await app.inject(of(shown))).statusCode).toBe(200);
});

describe('negotiation', () => {
  const offers = ['text/html', 'application/json', 'application/ld+json', 'application/ld+json;profile="https://w3id.org/ro/crate"', 'text/csv;charset=utf-8;header=present']; // prettier-ignore
  test.each<[string | undefined, number | undefined]>([
    [undefined, 0],
    ['', 0],
    [' , ', 0],
    ['*/*', 0],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 0],
    ['application/json', 1],
    ['text/html;q=0.5, application/json;q=0.8', 1],
    ['application/*', 1],
    ['application/ld+json', 2],
    ['application/ld+json;profile="https://w3id.org/ro/crate"', 3],
    ['Application/LD+JSON ; Profile="https://w3id.org/ro/crate", text/html;q=0.1', 3],
    ['text/csv; charset=UTF-8', 4],
    ['text/*;q=0.3, text/html;q=0, */*;q=0.1', 4],
    ['image/png', undefined],
    ['text/html;q=0', undefined],
    ['text/html;q=nonsense', undefined],
    ['a, b;c="d,e;f", application/json', 1],
  ])('%s', (accept, n) => expect(negotiated(accept, offers)).toBe(n));
});

describe('a public record', () => {
  test.each([
    ['text/html', /^<!doctype html>/],
    ['application/json', /"schema": "semtag-record\/1"/],
    ['application/ld+json', /schema\.org/],
    ['application/ld+json;profile="https://w3id.org/ro/crate"', /ro\/crate\/1\.2\/context/],
    ['application/vnd.datacite.datacite+xml', /kernel-4/],
    ['application/xml', /oai_dc/],
    ['application/rdf+xml', /xmpmeta|rdf:RDF/],
    ['application/linkset+json', /"anchor"/],
    ['text/csv', /urn:uuid/],
  ])('is given as %s where it is asked for', async (accept, holds) => {
    const answer = await bare.inject({ url: of(shown), headers: { accept } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain(accept.split(';')[0]);
    expect(answer.headers['vary']).toContain('Accept');
    expect(answer.body).toMatch(holds);
  });

  test('is found by its UUID in capitals too', async () => {
    const [, uuid = ''] = /records\/(.*)/.exec(of(shown))!;
    for (const rest of ['', '.json', '/revisions/1.json'])
      expect((await bare.inject(`/records/${uuid.toUpperCase()}${rest}`)).statusCode).toBe(200);
  });

  test('what there is not is 406, with what there is', async () => {
    const answer = await bare.inject({ url: of(shown), headers: { accept: 'image/png' } });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([406, 'not_acceptable']);
    expect(answer.body).toContain('application/vnd.datacite.datacite+xml');
  });

  test('is not sent again to who has it; each representation has a tag of its own', async () => {
    const etags = new Set<string>();
    for (const accept of ['text/html', 'application/json', 'text/csv']) {
      const first = await bare.inject({ url: of(shown), headers: { accept } });
      const etag = String(first.headers['etag']);
      etags.add(etag);
      const again = await bare.inject({ url: of(shown), headers: { accept, 'if-none-match': `"x", W/${etag}` } }); // prettier-ignore
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
      const modified = String(first.headers['last-modified']);
      const since = await bare.inject({ url: of(shown), headers: { accept, 'if-modified-since': modified } });
      expect(since.statusCode).toBe(304);
    }
    expect(etags.size).toBe(3);
  });

  test('leads to everything by typed links, and back; without a base URL none of them names a host, but those of the link set', async () => {
    const landing = await bare.inject(of(shown));
    const links = tags(String(landing.headers['link']));
    expect(links.filter(({ href }) => /^http/.test(href)).map(({ rel }) => rel)).toEqual(['type', 'type', 'license']); // prettier-ignore
    const inside = links.filter(({ href }) => href.startsWith('/'));
    expect(inside.map(({ rel }) => rel)).toEqual(['cite-as', 'preview', ...Array<string>(8).fill('describedby'), 'version-history', 'collection', 'linkset']); // prettier-ignore
    for (const { href, rel, type } of inside) {
      const answer = await bare.inject(href);
      expect([href, answer.statusCode]).toEqual([href, 200]);
      if (type) expect(answer.headers['content-type']).toContain(type);
      const back = tags(String(answer.headers['link'] ?? '')).map((one) => `${one.rel} ${one.href}`);
      if (rel === 'describedby') expect(back).toContain(`describes ${of(shown)}`);
      if (rel === 'preview') expect(back).toContain(`collection ${of(shown)}`);
    }
    const { linkset } = (await bare.inject(of(shown, '/linkset.json'))).json<{ linkset: { anchor: string; describedby?: { href: string }[] }[] }>(); // prettier-ignore
    expect(linkset[0]!.anchor).toBe(`http://localhost:80${of(shown)}`);
    expect(linkset[0]!.describedby!.map(({ href }) => href.replace('http://localhost:80', ''))).toEqual(inside.filter(({ rel }) => rel === 'describedby').map(({ href }) => href)); // prettier-ignore
    expect(landing.body).not.toContain('localhost');
    const catalogue = await bare.inject('/catalog.jsonld');
    expect(catalogue.json()).toMatchObject({ '@id': '/catalog.jsonld' });
    expect(catalogue.body).not.toContain('localhost');
  });

  test('has revisions that never change', async () => {
    const one = await bare.inject(of(shown, '/revisions/1.json'));
    // it may be withdrawn: nobody keeps it without asking
    expect(one.headers['cache-control']).toBe('private, no-cache');
    expect(one.json<{ revision: number }>().revision).toBe(1);
    const answer = { kind: 'category', category: 'Fibres', basis: 'answer', by: 'Ben Private', at: new Date().toISOString() } as const; // prettier-ignore
    world.store.revisions.label(shown, answer);
    tag(world, shown);
    settle(world);
    const list = (await bare.inject(of(shown, '/revisions'))).json<{ items: object[] }>();
    expect(list.items).toMatchObject([
      { revision: 2, category: 'Fibres', status: 'confirmed', href: of(shown, '/revisions/2.json') },
      { revision: 1, category: 'Nanowires', status: 'auto' },
    ]);
    expect((await bare.inject(of(shown, '/revisions/1.json'))).body).toBe(one.body);
    expect((await bare.inject(of(shown, '/revisions/3.json'))).statusCode).toBe(404);
    expect((await bare.inject(of(shown))).body).toContain('Fibres');
  });

  test('names no person, file, folder or serial number anywhere, and escapes what the config says', async () => {
    const image = world.store.images.need(shown);
    const { user_name, serial_number, sample_name } = image.header!.fields;
    const kept = ['Anna Example', '0000-0002-1825-0097', 'Ben Private', '2211', 'GaAs/run 3', image.name, image.facts.sample?.value, user_name?.value, serial_number?.value, sample_name?.value]; // prettier-ignore
    const pages = ['', '.json', '.xmp', '.datacite.xml', '.dc.xml', '.jsonld', '.ro-crate.json', '.kit-sem.json', '.csv', '/linkset.json', '/revisions', '/revisions/1.json', '/revisions/2.json'].map((rest) => of(shown, rest)); // prettier-ignore
    for (const url of [...pages, '/search.json', '/catalog.jsonld', '/vocabulary.ttl', '/vocabulary.jsonld', of(shown, '/thumb.jpg')]) {
      const answer = await bare.inject(url);
      expect([url, answer.statusCode]).toEqual([url, 200]);
      const text = answer.body + JSON.stringify(answer.headers);
      expect(kept.filter((one) => one !== undefined && text.includes(one))).toEqual([]);
    }
    const { body } = await bare.inject(of(shown));
    expect(body).toContain('Example &lt;Centre&gt;');
    expect(body).not.toContain('<Centre>');
  }); // prettier-ignore

  test('never public, unknown and not yet tagged are one answer; withdrawn is 410, paused 503 with Retry-After, a file 403', async () => {
    const { code, hint } = (await bare.inject(of('0'.repeat(64)))).json<Record<string, string>>();
    for (const rest of [
      '',
      '.json',
      '.csv',
      '/thumb.jpg',
      '/file',
      '/linkset.json',
      '/revisions',
      '/revisions/1.json',
    ]) {
      // prettier-ignore
      const answer = await bare.inject(of(never, rest));
      expect([rest, answer.statusCode]).toEqual([rest, 404]);
      expect(answer.json()).toMatchObject({ code, hint });
    }
    expect((await bare.inject(of(shown, '/file'))).json()).toMatchObject({ code: 'files_not_public' });
    const { pauses } = world.store;
    pauses.add({ scope: 'project', name: '2211' }, 'Ben', 'a reason', new Date().toISOString());
    for (const rest of ['', '.datacite.xml', '/thumb.jpg', '/revisions/1.json']) {
      const answer = await bare.inject(of(shown, rest));
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '3600']);
    }
    expect((await bare.inject('/search.json')).json()).toMatchObject({ items: [], facets: { total: 0 } });
    pauses.end({ scope: 'project', name: '2211' }, 'Ben', new Date().toISOString());
    pauses.add({ scope: 'all' }, 'Ben', 'a reason', new Date().toISOString());
    for (const url of [
      '/search.json',
      '/catalog.jsonld',
      of(shown, '/revisions/1.json'),
      '/oai?verb=Identify',
    ]) {
      const answer = await bare.inject(url);
      expect([url, answer.statusCode, answer.headers['retry-after']]).toEqual([url, 503, '3600']);
    }
    const based = await appWith({ baseUrl: 'https://sem.example.org' });
    for (const url of ['/sitemap.xml', '/sitemap-1.xml']) {
      const answer = await based.inject(url);
      expect([url, answer.statusCode, answer.headers['retry-after']]).toEqual([url, 503, '3600']);
    }
    pauses.end({ scope: 'all' }, 'Ben', new Date().toISOString());
    // all lists were refused: nobody missed anything, and nothing comes again
    expect(world.store.publication.isWalking()).toBe(false);
    const closed = await appWith({ withhold: [{ project: '2211' }] });
    for (const rest of ['', '.json', '/thumb.jpg', '/revisions/1.json'])
      expect((await closed.inject(of(shown, rest))).statusCode).toBe(410);
    const asked = (accept: string) => closed.inject({ url: of(shown), headers: { accept } });
    expect((await asked('text/html')).body).toContain('<h1>Withdrawn</h1>');
    expect((await asked('application/json')).json()).toMatchObject({ code: 'withdrawn' });
    expect((await closed.inject('/search.json')).json()).toMatchObject({ items: [], facets: { total: 0, category: [] } }); // prettier-ignore
    expect((await closed.inject('/catalog.jsonld')).json()).toMatchObject({ 'dcat:dataset': [] });
    await appWith();
  });
});

describe('with a base URL, files and a creator', () => {
  const baseUrl = 'https://sem.example.org/images';
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await appWith({ baseUrl, files: true, fields: ['creator'], open: 'everybody' });
  });

  test('links are whole addresses, name the author and the file', async () => {
    const landing = await app.inject({ url: of(other), headers: { 'x-forwarded-for': '192.0.2.7' } });
    expect(landing.headers['cache-control']).toBe('public, no-cache');
    const links = tags(String(landing.headers['link']));
    expect(links.every(({ href }) => href.startsWith('https://'))).toBe(true);
    expect(links).toContainEqual({ rel: 'author', href: FACILITY.people[0]!.orcid, type: undefined });
    expect(links.filter(({ rel }) => rel === 'item')).toMatchObject([{ href: `${baseUrl}${of(other, '/file')}` }, { href: `${baseUrl}${of(other, '/file')}?form=acquired` }]); // prettier-ignore
    expect(landing.body).toContain('Anna Example');
    // everybody is given what is public, and nothing else
    const apart = { 'x-forwarded-for': '192.0.2.7' };
    expect((await app.inject({ url: '/api/me', headers: apart })).statusCode).toBe(401);
    const payload = { old: 'x', password: 'y' };
    expect((await app.inject({ method: 'POST', url: '/api/password', headers: apart, payload })).statusCode).toBe(401); // prettier-ignore
    // in the page what a browser loads is relative: the policy lets in nothing else
    expect(landing.body).toMatch(/<img src="[0-9a-f-]{36}\/thumb\.jpg"/);
  });

  test('files are given in ranges, under a name that tells nothing', async () => {
    const whole = await app.inject(of(other, '/file?form=acquired'));
    expect(whole.statusCode).toBe(200);
    expect(whole.headers['etag']).toBe(`"${other}"`);
    expect(whole.headers['content-disposition']).toContain(uuidOf(recordId(other)));
    const part = await app.inject({ url: of(other, '/file?form=acquired'), headers: { range: 'bytes=2-5' } });
    expect([part.statusCode, part.rawPayload]).toEqual([206, whole.rawPayload.subarray(2, 6)]);
    expect((await app.inject(of(other, '/file'))).headers['etag']).toBe(`"${'b'.repeat(64)}"`);
  });

  test('the sitemap leads to every landing page', async () => {
    const index = await app.inject('/sitemap.xml');
    const parts = [...index.body.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, loc]) => loc!);
    const found: string[] = [];
    for (const part of parts) {
      const { body } = await app.inject(part.slice(baseUrl.length));
      found.push(...[...body.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, loc]) => loc!));
    }
    expect(found.sort()).toEqual([shown, other].map((sha256) => baseUrl + of(sha256)).sort());
    expect((await app.inject('/sitemap-7.xml')).statusCode).toBe(404);
    expect((await bare.inject('/sitemap.xml')).json()).toMatchObject({ hint: expect.stringContaining('publish.baseUrl') as string }); // prettier-ignore
  });

  test('the catalogue has a data set for each set that there is, and who publishes it', async () => {
    const catalogue = (await app.inject('/catalog.jsonld')).json<{ 'dcat:dataset': { '@id': string }[] }>();
    expect(catalogue['dcat:dataset'].map((one) => one['@id'].split('#')[1])).toEqual(['category-Fibres', 'category-Powder', 'instrument-Merlin']); // prettier-ignore
    expect(catalogue).toMatchObject({
      'dcterms:license': { '@id': 'https://spdx.org/licenses/CC-BY-4.0' },
      'dcterms:publisher': { '@id': FACILITY.ror },
    });
  });
});

describe('search', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await appWith();
  });
  const search = async (query: string) =>
    (await app.inject(`/search.json?${query}`)).json<{ items: { id: string }[]; next?: string; facets?: { total: number; complete: boolean } & Record<string, { value: string; count: number }[]> }>(); // prettier-ignore
  const ids = async (query: string) => (await search(query)).items.map(({ id }) => id);

  test('finds by set, range and words, newest change first, page by page, with counts', async () => {
    const [first, second] = await ids('');
    expect([first, second].sort()).toEqual([recordId(shown), recordId(other)].sort());
    const page = await search('limit=1');
    expect(page.items.map(({ id }) => id)).toEqual([first]);
    const rest = await search(`limit=1&cursor=${page.next}`);
    expect([rest.items.map(({ id }) => id), rest.facets]).toEqual([[second], undefined]);
    expect(await ids('category=Powder')).toEqual([recordId(other)]);
    expect(await ids('status=confirmed')).toEqual([recordId(shown)]);
    expect(await ids('q=fibr merl')).toEqual([recordId(shown)]);
    expect(await ids('q=ibres')).toEqual([]);
    expect(await ids('q=2211')).toEqual([]);
    const { facets } = await search('instrument=Merlin');
    expect(facets).toMatchObject({ total: 2, complete: true, instrument: [{ value: 'Merlin', count: 2 }] });
    const { voltage } = { voltage: world.store.images.need(other).header!.fields.accelerating_voltage_V!.value }; // prettier-ignore
    expect(await ids(`voltageFrom=${voltage}&voltageTo=${voltage}&category=Powder`)).toEqual([
      recordId(other),
    ]);
    expect(await ids(`voltageFrom=${voltage * 2}&category=Powder`)).toEqual([]);
    const acquired = world.store.images.need(other).header!.fields.acquired_at!.value;
    expect(await ids(`from=${acquired.slice(0, 10)}&to=${acquired.slice(0, 10)}&category=Powder`)).toEqual([recordId(other)]); // prettier-ignore
    expect(await ids(`to=${Number(acquired.slice(0, 4)) - 1}&category=Powder`)).toEqual([]);
  });

  test('counts the same while another project is paused or rules are on their way, and says when it may not be all', async () => {
    const { pauses, publication } = world.store;
    pauses.add({ scope: 'project', name: 'other' }, 'Ben', 'a reason', new Date().toISOString());
    expect((await search('')).facets).toMatchObject({ total: 2, complete: true });
    pauses.end({ scope: 'project', name: 'other' }, 'Ben', new Date().toISOString());
    expect(publication.isWalking()).toBe(true);
    expect((await search('')).facets).toMatchObject({ total: 2, complete: false });
    settle(world);
    const newest = (await ids(''))[0] === recordId(shown) ? shown : other;
    world.store.revisions.correctFacts([newest], { project: null }, 'Ben', new Date().toISOString());
    expect((await search('')).facets).toMatchObject({ total: 1 });
    expect((await search('')).items).toHaveLength(1);
    const catalogue = (await app.inject('/catalog.jsonld')).json<{ 'dcat:dataset': { '@id': string }[] }>();
    expect(catalogue['dcat:dataset'].map((one) => one['@id'].split('#')[1])).toEqual([newest === shown ? 'category-Powder' : 'category-Fibres', 'instrument-Merlin']); // prettier-ignore
  });

  test('refuses what it does not know', async () => {
    const wrong = ['name=x', 'category=Dust', 'cursor=abc', 'limit=1000', 'from=soon'];
    const never = ['q=*', 'from=2026-02-30', 'to=2026-13', 'from=2026-01-01T25', 'from=2026-02&to=2026-01', 'voltageFrom=2&voltageTo=1', 'magnificationFrom=2&magnificationTo=1']; // prettier-ignore
    for (const query of [...wrong, ...never])
      expect([query, (await app.inject(`/search.json?${query}`)).statusCode]).toEqual([query, 400]);
    expect(await ids('q=')).toHaveLength((await ids('')).length);
    expect(await ids('from=2000-02-29T10:00&to=2000')).toEqual([]);
  });
});
