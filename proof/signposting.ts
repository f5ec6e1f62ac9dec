// Claim: whoever has nothing but the address of a landing page finds by typed links all that is public of an image, and everything is what the links promise.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { makeFixtures } from '../fixtures/generate.ts';
import { uuidOf } from '../src/record/context.ts';
import { recordId } from '../src/record/record.ts';
import type { Proof } from './run.ts';
import { allImages, untilDone } from './lib/api.ts';
import { expander, type Expand } from './lib/expand.ts';
import { freePort } from './lib/free-port.ts';
import { makeLab, ROOT, startSemtag, type Lab, type Running } from './lib/service.ts';
import { printTable } from './lib/table.ts';
import { asText, fromHeader, fromLinkset, fromPage, type TypedLink } from './lib/typed-links.ts';
import { sha256, sha256File, until } from './lib/wait.ts';

const IMAGE = /\.(tiff?|png|jpe?g|bmp)$/i;
const SIDECAR = /\.(txt|hdr)$/i;
const CONTEXTS = resolve(ROOT, '../shared/schemas/rocrate');
const ROR = 'https://ror.org/012345654';
const KNOWN = 'Anna Example';
const ORCID = 'https://orcid.org/0000-0002-1825-0097';

/** What was looked at, and what of it was not as promised. */
class Tally {
  readonly rows = new Map<string, { tried: number; wrong: string[] }>();
  say(what: string, ok: boolean, wrong: string): boolean {
    const row = this.rows.get(what) ?? { tried: 0, wrong: [] };
    this.rows.set(what, row);
    row.tried++;
    if (!ok) row.wrong.push(wrong);
    return ok;
  }
  get wrong(): number {
    return [...this.rows.values()].reduce((sum, { wrong }) => sum + wrong.length, 0);
  }
}

/** Of the config. */
type Publish = { baseUrl?: string; open?: string; files?: boolean; fields?: string[] };

type Fetched = { url: string; status: number; headers: Headers; bytes: Buffer; text: string };

async function get(url: string, headers: Record<string, string> = {}): Promise<Fetched> {
  const response = await fetch(url, { headers: { accept: '*/*', ...headers }, redirect: 'manual' });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { url, status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}

const typeOf = ({ headers }: Fetched): string => (headers.get('content-type') ?? '').split(';')[0]!;

export const proof: Proof = {
  claim: 'from the bare address of a landing page a machine finds all that is public of an image by typed links, and every target is what was promised',
  defaultDir: '../shared/vendor-files',
  async prove({ dir, keep, n, short }) {
    const all = readdirSync(dir).filter((name) => IMAGE.test(name)).sort();
    const names = n ? all.slice(0, n) : short ? all.filter((_, i) => i % 6 === 0) : all;
    const port = await freePort();
    const lab = makeLab({ ...(keep ? { keep } : {}), instrument: { quiet: 0.3, path: '{project}/{operator}/*' } });
    const { count, known } = await fill(lab, dir, names, short ? 4 : 10);
    const tally = new Tally();
    const expand = existsSync(CONTEXTS) ? expander(CONTEXTS) : undefined;
    let statements = 0;

    async function pass(name: string, publish: Publish): Promise<number> {
      configure(lab, port, publish);
      const service = await startSemtag(lab);
      try {
        await untilDone(service, count);
        const images = (await allImages(service)).filter(({ state }) => state === 'forwarded');
        await until('everything is public', 60, async () => {
          const { facets } = await service.get<{ facets: { total: number; complete: boolean } }>('/search.json');
          return facets.complete && facets.total === images.length;
        });
        const landings = await landingPages(service, tally, 'baseUrl' in publish);
        tally.say(`${name}: every image has its landing page`, landings.length === images.length, `${landings.length} of ${images.length}`);
        const kept = await written(landings);
        const hers = (landing: string) => known.has(landing.slice(landing.lastIndexOf('/') + 1));
        const authors = landings.filter(hers).length;
        tally.say(`${name}: images of one who has an ORCID iD, and of one who has not`, authors > 0 && authors < landings.length, `${authors} of ${landings.length}`);
        for (const landing of landings) {
          const author = hers(landing) && publish.fields?.includes('creator') ? ORCID : undefined;
          statements += await follow(landing, name, publish.files === true, author, tally, expand);
        }
        statements += await wholes(service, tally, expand);
        await relabel(service, images.slice(0, 3).map((image) => image.sha256));
        for (const [url, body] of kept) tally.say('revisions are what they were, after a new label too', (await get(url)).text === body, url);
        return landings.length;
      } finally {
        await service.stop();
      }
    }

    try {
      const base = { baseUrl: `http://127.0.0.1:${port}`, open: 'everybody', files: true, fields: ['creator'] };
      const withBase = await pass('base URL, files, creator', base);
      const without = await pass('nothing but the defaults', {});
      const rows = [...tally.rows].map(([what, { tried, wrong }]) => [what, tried, wrong.length === 0 ? '-' : `${wrong.length}: ${wrong.slice(0, 2).join('; ')}`.slice(0, 200)]);
      printTable(['what a machine meets', 'tried', 'not so'], rows);
      if (!expand) console.log(`NOT TRIED: ${CONTEXTS} is not there, no JSON-LD was expanded`);
      return {
        ok: tally.wrong === 0 && withBase > 0 && withBase === without && (short || expand !== undefined),
        figures: `${withBase} landing pages, twice; ${[...tally.rows.values()].reduce((sum, { tried }) => sum + tried, 0)} checks, ${tally.wrong} not so; ${statements} statements expanded from JSON-LD`,
      };
    } finally {
      lab.remove();
    }
  },
}; // prettier-ignore

/** Instrument files of a project and an operator who is known; made ones of one who is not. Returns how many, and the UUIDs of the records of hers. */
async function fill(
  lab: Lab,
  dir: string,
  names: string[],
  made: number,
): Promise<{ count: number; known: Set<string> }> {
  const of = (operator: string) => {
    const folder = join(lab.acquired, 'GaAs wires', operator);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const real = of(KNOWN);
  for (const name of readdirSync(dir))
    if (SIDECAR.test(name) || names.includes(name)) copyFileSync(join(dir, name), join(real, name));
  const fixtures = await makeFixtures(of('Ben'), { n: made, seed: 5, size: 256 });
  const known = new Set(names.map((name) => uuidOf(recordId(sha256File(join(real, name)), ROR))));
  return { count: names.length + fixtures.length, known };
}

function configure(lab: Lab, port: number, publish: Publish): void {
  const config = parse(readFileSync(lab.config, 'utf8')) as Record<string, unknown>;
  const facility = {
    name: 'Example Centre',
    ror: ROR,
    licence: 'CC-BY-4.0',
    people: [{ name: KNOWN, orcid: ORCID }],
  };
  const [instrument] = config['instruments'] as object[];
  const instruments = [{ ...instrument, atFirstStart: 'take' }];
  writeFileSync(lab.config, stringify({ ...config, instruments, serve: { port }, facility, publish }));
}

/** From the sitemap, where there is one; else from the search, page by page. */
async function landingPages(service: Running, tally: Tally, sitemap: boolean): Promise<string[]> {
  const locs = (text: string) => [...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, loc]) => loc!);
  const searched: string[] = [];
  for (let next: string | undefined = ''; next !== undefined;) {
    const page: { items: { href: string }[]; next?: string } = await service.get(`/search.json?limit=10${next && `&cursor=${next}`}`); // prettier-ignore
    searched.push(...page.items.map(({ href }) => new URL(href, service.url).href));
    next = page.next;
  }
  if (!sitemap) return searched;
  const found: string[] = [];
  for (const part of locs((await get(`${service.url}/sitemap.xml`)).text)) found.push(...locs((await get(part)).text)); // prettier-ignore
  tally.say('the sitemap and the search name the same pages', found.toSorted().join() === searched.toSorted().join(), `${found.length} and ${searched.length}`); // prettier-ignore
  return found;
}

/** Every revision there is, by address. */
async function written(landings: string[]): Promise<[url: string, body: string][]> {
  const kept: [string, string][] = [];
  for (const landing of landings) {
    const { items } = JSON.parse((await get(`${landing}/revisions`)).text) as { items: { href: string }[] };
    for (const { href } of items) {
      const { url, text } = await get(new URL(href, landing).href);
      kept.push([url, text]);
    }
  }
  return kept;
}

/** Everything that hangs on one landing page. Returns how many statements its JSON-LD makes. */
async function follow(landing: string, pass: string, files: boolean, author: string | undefined, tally: Tally, expand: Expand | undefined): Promise<number> {
  const page = await get(landing);
  tally.say('a landing page is HTML', page.status === 200 && typeOf(page) === 'text/html', `${landing}: ${page.status} ${typeOf(page)}`);
  const links = fromHeader(page.headers.get('link'), landing);
  const of = (rel: string) => links.filter((link) => link.rel === rel);
  const needed: [rel: string, least: number][] = [['cite-as', 1], ['type', 2], ['describedby', 8], ['license', 1], ['linkset', 1], ['collection', 1], ['preview', 1], ['item', files ? 2 : 0]];
  for (const [rel, least] of needed) tally.say(`level 1: ${rel}`, of(rel).length >= least, landing);
  tally.say('level 1: author, where it may be known and has an ORCID iD', of('author').map(({ href }) => href).join() === (author ?? ''), landing);
  tally.say('her name stands in the page where it may be known, and nowhere else', page.text.includes(KNOWN) === (author !== undefined), landing);
  const inPage = fromPage(page.text, landing).map(asText).sort().join('\n');
  tally.say('the page itself has the links of its header', inPage === links.map((link) => asText({ ...link, profile: '' })).sort().join('\n'), landing);

  let statements = 0;
  const expanded = async (what: string, at: string, text: string, how: (value: object) => Promise<number> | undefined) => {
    try {
      const made = (await how(JSON.parse(text) as object)) ?? 0;
      statements += made;
      tally.say(`JSON-LD expands: ${what}`, made > 0, `${at}: nothing`);
    } catch (error) {
      tally.say(`JSON-LD expands: ${what}`, false, `${at}: ${String(error).slice(0, 150)}`);
    }
  };
  const inScript = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(page.text)?.[1];
  if (expand) await expanded('schema.org in the page', landing, inScript ?? '', (value) => expand.statements(value, landing));

  for (const link of links) {
    const outside = new URL(link.href).origin !== new URL(landing).origin;
    if (outside || link.rel === 'cite-as') continue;
    const target = await get(link.href);
    const what = link.rel === 'describedby' ? `describedby ${link.type}${link.profile ? ` (${link.profile})` : ''}` : link.rel;
    tally.say(`target is what was promised: ${what}`, target.status === 200 && typeOf(target) === link.type, `${link.href}: ${target.status} ${typeOf(target)}`);
    const again = await get(link.href, { 'if-none-match': target.headers.get('etag') ?? '' });
    tally.say('what is known is not sent again (ETag, 304)', again.status === 304 && again.bytes.length === 0, `${link.href}: ${again.status}`);
    if (link.rel === 'describedby') await describing(link, target, landing, tally);
    if (['item', 'preview'].includes(link.rel)) backTo(target, 'collection', landing, tally);
    if (expand && link.type?.endsWith('ld+json') && link.rel === 'describedby') await expanded(link.profile ?? '', link.href, target.text, (value) => expand.statements(value, link.href));
  }
  await linkset(of('linkset')[0]!, landing, links, tally);
  if (expand) await expanded('link set (RFC 9264, appendix A)', landing, (await get(of('linkset')[0]!.href)).text, (value) => expand.linkset(value));
  await asWritten(landing, tally);
  if (files) await described(of('item'), landing, tally);
  else tally.say(`${pass}: the file itself is refused with a reason`, (await get(`${landing}/file`)).status === 403, landing);
  return statements;
} // prettier-ignore

/** A rendering leads back, and is what the landing page gives to who asks for its type. */
async function describing(link: TypedLink, target: Fetched, landing: string, tally: Tally): Promise<void> {
  backTo(target, 'describes', landing, tally);
  if (link.href.endsWith('.kit-sem.json')) return; // its type is that of the record
  const accept = link.profile?.includes('ro/crate') ? `${link.type};profile="${link.profile}"` : link.type!;
  const asked = await get(landing, { accept });
  tally.say('the landing page gives it to who asks for its type', asked.text === target.text && asked.headers.get('vary')?.includes('Accept') === true, `${landing} as ${accept}`); // prettier-ignore
}

function backTo(target: Fetched, rel: string, landing: string, tally: Tally): void {
  const back = fromHeader(target.headers.get('link'), target.url);
  tally.say(`leads back: ${rel}`, back.some((link) => link.rel === rel && link.href === landing), target.url); // prettier-ignore
}

/** Level 2 says what level 1 says, of every address. */
async function linkset(link: TypedLink, landing: string, links: TypedLink[], tally: Tally): Promise<void> {
  const contexts = fromLinkset((await get(link.href)).text);
  const same = (a: TypedLink[], b: TypedLink[]) => a.map(asText).sort().join('\n') === b.map(asText).sort().join('\n'); // prettier-ignore
  tally.say('level 2: the link set has the links of the landing page', same(contexts.get(landing) ?? [], links), landing); // prettier-ignore
  for (const [anchor, said] of contexts) {
    if (anchor === landing) continue;
    const { headers } = await get(anchor);
    tally.say('level 2: and those of every other address', same(fromHeader(headers.get('link'), anchor), said), anchor); // prettier-ignore
  }
}

async function asWritten(landing: string, tally: Tally): Promise<void> {
  const { items } = JSON.parse((await get(`${landing}/revisions`)).text) as { items: { href: string }[] };
  for (const { href } of items) {
    const revision = await get(new URL(href, landing).href);
    const again = await get(new URL(href, landing).href, {
      'if-none-match': revision.headers.get('etag') ?? '',
    });
    const kept = revision.headers.get('cache-control') ?? '';
    tally.say('a revision stays as it is, and is asked for again: it may be withdrawn', revision.status === 200 && kept.includes('no-cache') && again.status === 304, href); // prettier-ignore
  }
}

/** The bytes of its items: as the record says, and in parts. */
async function described(items: TypedLink[], landing: string, tally: Tally): Promise<void> {
  type Record = { acquired: { sha256: string; bytes: number } };
  const { acquired } = JSON.parse((await get(landing, { accept: 'application/json' })).text) as Record;
  let found = false;
  for (const { href } of items) {
    const item = await get(href);
    found ||= sha256(item.bytes) === acquired.sha256 && item.bytes.length === acquired.bytes;
    tally.say('the tag of an item is the hash of its bytes', item.headers.get('etag') === `"${sha256(item.bytes)}"`, href); // prettier-ignore
    const part = await get(href, { range: 'bytes=100-199' });
    tally.say('an item comes in parts', part.status === 206 && part.bytes.equals(item.bytes.subarray(100, 200)), href); // prettier-ignore
  }
  tally.say('an item has the hash and length that the record names', found, landing);
}

/** What stands for all of them together. */
async function wholes(service: Running, tally: Tally, expand: Expand | undefined): Promise<number> {
  if (!expand) return 0;
  let statements = 0;
  for (const path of ['/catalog.jsonld', '/vocabulary.jsonld']) {
    const { text, url } = await get(service.url + path);
    const made = await expand.statements(JSON.parse(text) as object, url).catch((error: unknown) => String(error)); // prettier-ignore
    tally.say(`JSON-LD expands: ${path}`, typeof made === 'number' && made > 20, String(made).slice(0, 150));
    if (typeof made === 'number') statements += made;
  }
  return statements;
}

/** Corrected by a person, so that there is a next revision. */
async function relabel(service: Running, sha256s: string[]): Promise<void> {
  for (const hash of sha256s) {
    const { image } = await service.get<{ image: { promptVersion: number } }>(`/api/images/${hash}`);
    await service.post(`/api/images/${hash}/label`, { answer: { kind: 'category', category: 'Tips' }, by: 'proof', corrects: image.promptVersion }); // prettier-ignore
  }
  await until(
    'new labels are tagged',
    60,
    async () =>
    (await allImages(service)).filter(({ sha256: one }) => sha256s.includes(one)).every(({ state }) => state === 'forwarded'), // prettier-ignore
  );
}
