// `/oai` by inject on a real store: every verb, every error, and lists that are read while they change.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { publishRules } from '../../src/domain/publish.ts';
import { RECORD_SCHEMA, recordId, recordText, type SemRecord } from '../../src/record/record.ts';
import { buildApp } from '../../src/serve/app.ts';
import { FORMATS } from '../../src/serve/oai/formats.ts';
import { setOf, setsOf, slugOf } from '../../src/serve/oai/sets.ts';
import type { Image } from '../../src/store/images.ts';
import { openStore } from '../../src/store/store.ts';
import { makeWorld, type World } from './world.ts';

const SCHEMAS = join(import.meta.dirname, '../../../shared/schemas');
const ALL = 205;

let world: World;
let app: FastifyInstance;
let shas: string[];

beforeAll(async () => {
  world = await makeWorld({ n: 1, size: 64, webDir: '/nonexistent' });
  app = await world.app();
  shas = Array.from({ length: ALL }, (_, i) => image(i));
  settle();
});
afterAll(() => world.close());

/** Settled, labelled and tagged as the stages do it, without bytes. */
function image(n: number): string {
  const { store } = world;
  const sha256 = String(n).padStart(64, 'a');
  const key = { instrument: 'SEM 1', dir: Buffer.from(''), name: Buffer.from(`${n}.tif`) };
  const sighting = { ...key, role: 'image' as const, size: n, mtime_ns: '1' };
  store.files.see([{ sighting, state: 'seen' }], at());
  const file = store.files.current(key.instrument, key.dir, key.name)!;
  const facts = { project: { value: 'open', unit: null, origin: 'path' } };
  store.files.settle({ file, sha256, bytes: n, mediaType: 'image/tiff', name: `${n}.tif`, facts, at: at() });
  const picture = { width: 8, height: 8, bitsPerSample: 8, scanArea: { width: 8, height: 8, origin: 'pixels' as const } }; // prettier-ignore
  store.images.read(sha256, { format: 'generic', fields: {}, warnings: [], page: 0 }, picture, {}, at());
  relabel(sha256, n);
  return sha256;
}

function relabel(sha256: string, n: number): void {
  const { store } = world;
  const category = CATEGORIES[n % 10]!;
  const { state } = store.images.need(sha256);
  if (state === 'read') {
    const backbone = { name: 'b', sha256: 'b'.repeat(64) };
    const model = { name: 'test', head: 'd'.repeat(64), backbone, preprocessing: '1', engine: 'onnx' };
    const scores = Object.fromEntries(CATEGORIES.map((one) => [one, one === category ? 0.91 : 0.01]));
    const thresholds = { version: 1, auto: 0.8, prompt: 0.35 };
    const label = { kind: 'category' as const, category, basis: 'auto' as const, by: 'semtag', at: at() };
    store.images.classified(sha256, { scores: scores as never, decision: 'auto', category, score: 0.91, thresholds, model }, label, at()); // prettier-ignore
  } else store.revisions.label(sha256, { kind: 'category', category, basis: 'answer', by: 'Anna', at: at() });
  const now = store.images.need(sha256);
  const record = recordText(recordFor(now));
  store.deliveries.tagged({ sha256, revision: now.revision, edition: now.edition, record, method: 'tiff', taggedSha256: 'e'.repeat(64), deliveries: [], at: at() }); // prettier-ignore
}

const recordFor = (image: Image): SemRecord => ({
  schema: RECORD_SCHEMA,
  id: recordId(image.sha256),
  revision: image.revision,
  cause: image.cause,
  acquired: { name: image.name, bytes: image.bytes, sha256: image.sha256, mediaType: image.mediaType, settledAt: image.settledAt, files: [] }, // prettier-ignore
  instrument: { name: image.instrument },
  facts: image.facts,
  label: { kind: 'category', category: image.label!.category!, basis: image.label!.basis, by: 'x', at: image.label!.at }, // prettier-ignore
  relations: {},
});

const at = () => new Date().toISOString();
const TODAY = '2026-01-01';

/** What the publisher does. `clock`: as far from now, s. */
function settle(clock = 0): void {
  const { store, deps } = world;
  store.publication.goBy(deps.rules, TODAY, false);
  while (store.publication.settle(deps.rules, new Date(Date.now() + clock * 1000)));
}

type Answer = { status: number; xml: string; error: string | undefined };
async function oai(query: string, to = app): Promise<Answer> {
  const { statusCode: status, body: xml, headers } = await to.inject(`/oai?${query}`);
  expect([status, headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8']);
  return { status, xml, error: /<error code="(\w+)">/.exec(xml)?.[1] };
}

const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}[^>]*>([^<]*)</${name}>`, 'g'))].map((m) => m[1]!);
const idsOf = ({ xml }: Answer) => all(xml, 'identifier');
const tokenOf = ({ xml }: Answer) => all(xml, 'resumptionToken')[0];
const next = (answer: Answer, verb = 'ListIdentifiers') => `verb=${verb}&resumptionToken=${encodeURIComponent(tokenOf(answer)!)}`; // prettier-ignore
/** With a right checksum, whatever stands in it. */
function forged(text: string): string {
  const inside = Buffer.from(text).toString('base64url');
  return `${inside}.${createHash('sha256').update(`semtag oai ${inside}`).digest('hex').slice(0, 16)}`;
}

const LIST = 'verb=ListIdentifiers&metadataPrefix=oai_dc';
const idOf = (sha256: string) => world.store.publication.record(sha256, 1)!.id;

/** The rest of a list; `between`: before each further page. */
async function rest(first: Answer, between = () => {}, to = app): Promise<string[]> {
  const verb = first.xml.includes('<ListRecords>') ? 'ListRecords' : 'ListIdentifiers';
  const ids = idsOf(first);
  for (let page = first; tokenOf(page);) {
    between();
    page = await oai(next(page, verb), to);
    ids.push(...idsOf(page));
  }
  return ids;
}

describe('errors', () => {
  test.each([
    ['', 'badVerb'],
    ['verb=Harvest', 'badVerb'],
    ['verb=identify', 'badVerb'],
    ['verb=Identify&verb=Identify', 'badVerb'],
    ['verb=Identify&more=1', 'badArgument'],
    ['verb=Identify&__proto__=1', 'badArgument'],
    ['verb=GetRecord', 'badArgument'],
    ['verb=GetRecord&identifier=x', 'badArgument'],
    ['verb=GetRecord&identifier=x&metadataPrefix=oai_dc', 'idDoesNotExist'],
    ['verb=GetRecord&identifier=%00%20%3C%26&metadataPrefix=oai_dc', 'idDoesNotExist'],
    ['verb=ListMetadataFormats&identifier=urn:uuid:none', 'idDoesNotExist'],
    ['verb=ListRecords', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=a%20b', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=marc', 'cannotDisseminateFormat'],
    [`${LIST}&metadataPrefix=oai_dc`, 'badArgument'],
    [`${LIST}&from=2026-02-30`, 'badArgument'],
    [`${LIST}&from=2026-01-01T24:00:00Z`, 'badArgument'],
    [`${LIST}&from=2026-01-01T00:00:00.5Z`, 'badArgument'],
    [`${LIST}&from=2026-01-01T00:00:00`, 'badArgument'],
    [`${LIST}&from=2026-01`, 'badArgument'],
    [`${LIST}&from=2026-01-01&until=2026-01-02T00:00:00Z`, 'badArgument'],
    [`${LIST}&from=2026-01-02&until=2026-01-01`, 'badArgument'],
    [`${LIST}&until=2001-01-01`, 'noRecordsMatch'],
    [`${LIST}&from=2999-01-01`, 'noRecordsMatch'],
    [`${LIST}&set=a:`, 'badArgument'],
    [`${LIST}&set=a%20b`, 'badArgument'],
    ...['project:x', 'category:Dust', 'status:odd', 'category:Tips:x', 'instrument:~zz'].map((set) => [
      `${LIST}&set=${set}`,
      'noRecordsMatch',
    ]),
    [`${LIST}&resumptionToken=x`, 'badArgument'],
    ['verb=ListRecords&resumptionToken=x', 'badResumptionToken'],
    ['verb=ListRecords&resumptionToken=..', 'badResumptionToken'],
    ['verb=ListSets&resumptionToken=x', 'badResumptionToken'],
  ])('%s: %s', async (query, code) => {
    const { xml, error } = await oai(query);
    expect(error).toBe(code);
    if (code === 'badVerb' || code === 'badArgument') expect(xml).toContain('<request>http');
    else expect(xml).toMatch(/<request verb="/);
  });

  test('a token that was mangled, of another verb, or of changes that are not there any more', async () => {
    const first = await oai(LIST);
    const token = tokenOf(first)!;
    expect((await oai(next(first, 'ListRecords'))).error).toBe('badResumptionToken');
    expect((await oai(`verb=ListIdentifiers&resumptionToken=${token.slice(0, -1)}`)).error).toBe('badResumptionToken'); // prettier-ignore
    // the checksum is no secret: what stands in a token may be anything
    const going = [1, 'ListIdentifiers', 'oai_dc', 0, 0, '', '', ''];
    const made = (parts: unknown) => forged(JSON.stringify(parts));
    expect((await oai(`verb=ListIdentifiers&resumptionToken=${made(going)}`)).error).toBeUndefined();
    const odd = [null, {}, [], [2], [...going, ''], ...going.slice(2).map((part, i) => going.with(i + 2, typeof part === 'number' ? '0' : 0)), going.with(3, -1)]; // prettier-ignore
    for (const one of [...odd.map(made), forged('{')])
      expect([one, (await oai(`verb=ListIdentifiers&resumptionToken=${one}`)).error]).toEqual([one, 'badResumptionToken']); // prettier-ignore
    const other = await makeWorld({ n: 1, size: 64, webDir: '/nonexistent' });
    expect((await oai(next(first), await other.app())).error).toBe('badResumptionToken');
    await other.close();
  });

  test('other methods are 405 with Allow, other bodies 415 and 413, who is not let in 401', async () => {
    const put = await app.inject({ method: 'PUT', url: '/oai' });
    expect([put.statusCode, put.headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
    expect((await app.inject({ method: 'POST', url: '/oai', payload: { verb: 'Identify' } })).statusCode).toBe(415); // prettier-ignore
    expect((await post(`verb=${'x'.repeat(9000)}`)).statusCode).toBe(413);
    const elsewhere = await app.inject({ url: '/oai?verb=Identify', headers: { 'x-forwarded-for': '192.0.2.7' } }); // prettier-ignore
    expect([elsewhere.statusCode, elsewhere.json()]).toMatchObject([401, { code: 'sign_in' }]);
  });
});

const post = (payload: string) =>
  app.inject({ method: 'POST', url: '/oai', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload }); // prettier-ignore

describe('verbs', () => {
  test('Identify: what the protocol requires, and an address only where the config has one', async () => {
    const { xml } = await oai('verb=Identify');
    expect(all(xml, 'baseURL')).toEqual(['http://localhost:80/oai']);
    expect(all(xml, 'adminEmail')).toEqual(['nobody@semtag.invalid']);
    expect(all(xml, 'deletedRecord')).toEqual(['persistent']);
    expect(all(xml, 'granularity')).toEqual(['YYYY-MM-DDThh:mm:ssZ']);
    expect(all(xml, 'earliestDatestamp')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const publish = { ...world.deps.config.publish, baseUrl: 'https://sem.example.org', email: 'sem@example.org' }; // prettier-ignore
    const config = { ...world.deps.config, publish, facility: { ...world.deps.config.facility, name: 'A & B' } }; // prettier-ignore
    const named = await buildApp({ ...world.deps, config });
    const other = await oai('verb=Identify', named);
    await named.close();
    expect(all(other.xml, 'baseURL')).toEqual(['https://sem.example.org/oai']);
    expect(all(other.xml, 'adminEmail')).toEqual(['sem@example.org']);
    expect(all(other.xml, 'repositoryName')).toEqual(['A &amp; B']);
  });

  test('POST is answered as GET', async () => {
    const asked = `${LIST}&set=category%3ATips`;
    expect(withoutDate((await post(asked)).body)).toBe(withoutDate((await oai(asked)).xml));
  });

  test('formats, sets, one record in each format', async () => {
    expect(all((await oai('verb=ListMetadataFormats')).xml, 'metadataPrefix')).toEqual(['oai_dc', 'datacite', 'oai_datacite']); // prettier-ignore
    const id = idOf(shas[0]!);
    expect((await oai(`verb=ListMetadataFormats&identifier=${id}`)).error).toBeUndefined();
    expect(all((await oai('verb=ListSets')).xml, 'setSpec')).toEqual([
      'category',
      ...CATEGORIES.toSorted().map((one) => `category:${one}`),
      'instrument',
      'instrument:SEM_1',
      'status',
      'status:auto',
      'status:confirmed',
      'status:unlabelled',
    ]);
    for (const { prefix, namespace } of FORMATS) {
      const { xml } = await oai(`verb=GetRecord&identifier=${id}&metadataPrefix=${prefix}`);
      expect(all(xml, 'setSpec')).toEqual([`category:${CATEGORIES[0]}`, 'instrument:SEM_1', 'status:auto']);
      expect(xml).toContain(`="${namespace}"`);
    }
  });

  test.each(['SEM 1', 'SEM_1', 'SEM-1', 'Gerät ~1', "a'b(c)*!", '😀'])(
    'the set of instrument %s is of it alone',
    (instrument) => {
      const item = { instrument, category: null, status: 'auto' } as never;
      const [spec] = setsOf(item);
      expect(spec).toMatch(/^instrument:[A-Za-z0-9_.~-]+$/);
      expect(setOf(spec!)).toEqual({ instrument });
      expect(slugOf(instrument)).not.toBe(slugOf(`${instrument}_`));
    },
  );

  test('lists by set, by day and by second', async () => {
    const tips = await rest(await oai(`${LIST}&set=category:Tips`));
    expect(tips).toHaveLength(shas.filter((_, n) => CATEGORIES[n % 10] === 'Tips').length);
    for (const set of ['category', 'instrument', 'instrument:SEM_1', 'status', 'status:auto'])
      expect(await rest(await oai(`${LIST}&set=${set}`)), set).toHaveLength(ALL);
    expect((await oai(`${LIST}&set=status:confirmed`)).error).toBe('noRecordsMatch');
    const [stamp] = all((await oai(LIST)).xml, 'datestamp');
    const day = stamp!.slice(0, 10);
    expect(await rest(await oai(`${LIST}&from=${day}&until=${day}`))).toHaveLength(ALL);
    expect((await oai(`${LIST}&from=${stamp}&until=${stamp}`)).error).toBeUndefined();
  });
});

describe('a list that is read while it changes', () => {
  test('ends with an empty token, names each item once, and goes on after a restart', async () => {
    const first = await oai(LIST);
    const again = await buildApp({ ...world.deps, store: openStore(join(world.dir, 'data')) });
    const ids = await rest(first, undefined, again);
    await again.close();
    expect([ids.length, new Set(ids).size]).toEqual([ALL, ALL]);
    const last = await oai(next(await oai(next(first))));
    expect(last.xml).toContain('<resumptionToken cursor="200"></resumptionToken>');
    expect(await oai(`${LIST}&set=category:Tips`)).toMatchObject({ xml: expect.not.stringContaining('resumptionToken') as string }); // prettier-ignore
  });

  test('misses nothing that comes or gets another label meanwhile', async () => {
    const first = await oai(LIST);
    const responded = all(first.xml, 'responseDate')[0]!;
    let more = 1000;
    const fresh: string[] = [];
    const moved = [shas[3]!, shas[150]!, shas[204]!];
    const ids = await rest(first, () => {
      if (more < 1005) fresh.push(image(more++));
      if (moved[more - 1001]) relabel(moved[more - 1001]!, 7);
      settle();
    });
    expect(fresh.length).toBeGreaterThan(1);
    const published = world.store.publication.list({}, world.deps.rules, TODAY, 1000).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(published));
    // what changed since is asked for with the time of the first answer
    const since = await rest(await oai(`${LIST}&from=${responded}`));
    expect(since).toEqual(expect.arrayContaining([...fresh, ...moved.slice(0, 2)].map(idOf)));
    const { xml } = await oai(`verb=GetRecord&metadataPrefix=oai_dc&identifier=${idOf(moved[0]!)}`);
    expect(all(xml, 'setSpec')).toEqual([`category:${CATEGORIES[7]}`, 'instrument:SEM_1', 'status:confirmed']); // prettier-ignore
  });

  test('never hears of a time before the one it was told, though the clock goes back', async () => {
    const told = all((await oai(LIST)).xml, 'responseDate')[0]!;
    const late = image(2000);
    settle(-3600);
    expect(idsOf(await oai(`${LIST}&from=${told}`))).toContain(idOf(late));
    // neither after a restart
    const store = openStore(join(world.dir, 'data'));
    expect(store.publication.tell(0)).toBeGreaterThanOrEqual(Date.parse(told) / 1000);
    store.close();
  });

  test('says of what was taken back that it is deleted', async () => {
    const sha256 = image(3000);
    settle();
    const id = idOf(sha256);
    world.store.revisions.correctFacts([sha256], { project: null }, 'Anna', at());
    settle();
    const { xml } = await oai(`verb=GetRecord&identifier=${id}&metadataPrefix=datacite`);
    expect(xml).toMatch(/<record><header status="deleted"><identifier>[^<]*<\/identifier>.*<\/header><\/record>/); // prettier-ignore
    expect(await rest(await oai(LIST))).toContain(id);
  });

  test('is not stopped by a record that cannot be written: its header stands, and what is known of it', async () => {
    const sha256 = image(4000);
    settle();
    const id = idOf(sha256);
    const format = FORMATS[0]!;
    const { write } = format;
    format.write = (given) => {
      if (given.item.id === id) throw new Error('odd');
      return write(given);
    };
    const { xml } = await oai(`verb=GetRecord&identifier=${id}&metadataPrefix=oai_dc`);
    format.write = write;
    expect(xml).toContain(`<dc:identifier>${id}</dc:identifier>`);
    expect(xml).not.toContain('deleted');
    const db = new Database(join(world.dir, 'data', 'semtag.db'));
    const put = db.prepare('UPDATE revision SET record = ? WHERE sha256 = ?');
    put.run('{', sha256);
    const ids = await rest(await oai('verb=ListRecords&metadataPrefix=oai_dc'));
    put.run(recordText(recordFor(world.store.images.need(sha256))), sha256);
    db.close();
    expect(ids).toContain(id);
  });

  test('gives no record of a project that the rules of now keep back, though its image is in another by now', async () => {
    const id = idOf(shas[10]!);
    world.store.revisions.correctFacts([shas[10]!], { project: { value: 'other', unit: null, origin: 'Anna' } }, 'Anna', at()); // prettier-ignore
    const withhold = [{ project: 'open', forward: true }];
    const rules = publishRules({ ...world.deps.config.publish, withhold }, []);
    const closed = await buildApp({ ...world.deps, rules });
    const { xml } = await oai(`verb=GetRecord&identifier=${id}&metadataPrefix=oai_dc`, closed);
    const lists = await Promise.all(['ListRecords', 'ListIdentifiers'].map((verb) => oai(`verb=${verb}&metadataPrefix=oai_dc&set=category:${CATEGORIES[0]}`, closed))); // prettier-ignore
    await closed.close();
    for (const said of [xml, ...lists.map((list) => list.xml)])
      expect(said).toContain(`<header status="deleted"><identifier>${id}</identifier>`);
  });

  test('waits while publishing is paused', async () => {
    const id = idOf(shas[0]!);
    world.store.pauses.add({ scope: 'project', name: 'open' }, 'Ben', 'a reason', at());
    // what was taken back, and what is in another project by now
    expect(idsOf(await oai(LIST))).toHaveLength(2);
    const one = await app.inject(`/oai?verb=GetRecord&identifier=${id}&metadataPrefix=oai_dc`);
    expect([one.statusCode, one.headers['retry-after']]).toEqual([503, '3600']);
    world.store.pauses.add({ scope: 'all' }, 'Ben', 'a reason', at());
    expect((await app.inject('/oai?verb=Identify')).statusCode).toBe(503);
    world.store.pauses.end({ scope: 'all' }, 'Ben', at());
    world.store.pauses.end({ scope: 'project', name: 'open' }, 'Ben', at());
    settle();
    expect((await oai(LIST)).error).toBeUndefined();
  });
});

const withoutDate = (xml: string) => xml.replace(/<responseDate>[^<]*/, '');

test.skipIf(!existsSync(SCHEMAS))('answers are valid by the schemas of the protocol', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-oai-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const id = idOf(shas[0]!);
  const asked = [
    'verb=Identify',
    'verb=ListSets',
    'verb=ListMetadataFormats',
    'verb=Odd',
    LIST,
    ...FORMATS.flatMap(({ prefix }) => [
      `verb=ListRecords&metadataPrefix=${prefix}`,
      `verb=GetRecord&metadataPrefix=${prefix}&identifier=${id}`,
    ]),
  ];
  const files = await Promise.all(
    asked.map(async (query, i) => {
      const file = join(dir, `${i}.xml`);
      writeFileSync(file, (await oai(query)).xml);
      return file;
    }),
  );
  const item = world.store.publication.list({}, world.deps.rules, TODAY, 1)[0]!;
  for (const { prefix, bare } of FORMATS) {
    const { xml } = await oai(`verb=GetRecord&metadataPrefix=${prefix}&identifier=${id}`);
    const file = join(dir, `bare-${prefix}.xml`);
    writeFileSync(file, xml.replace(/<metadata>[^]*<\/metadata>/, `<metadata>${bare(item)}</metadata>`));
    files.push(file);
  }
  const run = () =>
    execFileSync('xmllint', ['--nonet', '--noout', '--schema', 'oai/oai-combined.xsd', ...files], {
      cwd: SCHEMAS,
      env: { ...process.env, XML_CATALOG_FILES: 'catalog.xml' },
      stdio: 'pipe',
    });
  expect(run).not.toThrow();
});
