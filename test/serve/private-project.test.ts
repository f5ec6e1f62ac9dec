// Who is no member of a private project finds nothing of it, whatever is asked for: every route is crawled as one who is not and as one who is.

import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Role } from '../../src/domain/access.ts';
import { statusOf } from '../../src/serve/status.ts';
import { tag } from './published.ts';
import { makeWorld, type World } from './world.ts';

const PROJECT = 'Thesis of Carla';
const NONE = '0'.repeat(64);
const ADDED = '2026-11-24T08:00:00.000Z';

type Who = { role: Role; name?: string; instruments?: string[]; headers: Record<string, string> };
const KINDS = ['a manager', 'an operator', 'a station of another instrument', 'a station of this instrument'];

type Parameter = { name: string; in: string; schema: { enum?: string[]; type?: string; pattern?: string } };
type Doc = { paths: Record<string, Record<string, { parameters?: Parameter[] }>> };

let world: World;
let app: FastifyInstance;
/** as it would be without anything of the private project */
let bare: { world: World; app: FastifyInstance; others: Who[] };
let member: Who;
/** of KINDS, in their order */
let others: Who[];
let headers: Record<string, string> = {};
/** of the private project: asked, asked, to be checked, aside, forwarded */
let secret: string[];
let open: string;
/** what must not be read anywhere */
let words: string[];

async function emptyWorld(): Promise<World> {
  const made = await makeWorld({ n: 8, size: 64, webDir: '/nonexistent' });
  const { store, deps, live } = made;
  const [instrument] = deps.config.instruments;
  deps.config = { ...deps.config, instruments: [{ ...instrument!, path: '{project}/*' }] };
  deps.status = (sight) => statusOf(store, deps.config, live, sight);
  return made;
}

beforeAll(async () => {
  world = await emptyWorld();
  const { store, deps } = world;
  secret = [
    await world.asked(0, 'Tips', 'Powder', 0.6, { at: ADDED }),
    await world.asked(1, 'Tips', 'Powder', 0.6, { at: ADDED }),
    await world.checked(2, 'Tips'),
    world.aside(3),
    await world.automatic(4, 'Fibres', ADDED),
  ];
  open = await world.asked(5, 'Tips', 'Powder', 0.6, { at: ADDED });
  deps.answers.correctFacts(secret, { project: PROJECT, sample: 'Sample-Q', operator: 'Carla Q' }, 'Dora');
  deps.answers.label(secret[1]!, { answer: { kind: 'category', category: 'Tips' }, by: 'Dora' });
  const checked = await world.checked(6, 'Tips');
  deps.answers.correctFacts([checked], { project: PROJECT }, 'Dora');
  const { promptVersion } = store.images.need(checked);
  deps.answers.label(checked, {
    answer: { kind: 'category', category: 'Fibres' },
    by: 'Dora',
    promptVersion,
  });
  const name = Buffer.from('half-private.jpg');
  const lying = { instrument: 'Merlin', dir: Buffer.from(PROJECT), name };
  store.files.see([{ sighting: { ...lying, role: 'image', size: 7, mtime_ns: '1' }, state: 'seen' }], ADDED);
  const { id } = store.files.current('Merlin', lying.dir, name)!;
  store.files.incomplete(id, { code: 'incomplete', message: 'half-private.jpg: no EOI marker' }, ADDED);
  world.live.looking = [{ instrument: 'Merlin', path: `${PROJECT}/growing.jpg`, reason: 'no EOI marker' }];
  store.projects.setPrivate([PROJECT], ADDED);
  world.forwarded(secret[4]!);
  const files = [0, 1, 2, 3, 4].map((n) => world.fixtures[n]!.file);
  const setting = { key: 'projects.private[0]', value: PROJECT, why: '', origin: 'line 9' };
  deps.settings = { path: '/etc/semtag.yaml', values: [setting], changed: () => false };
  const projects = [PROJECT];
  store.users.add('Ole', 'operator', projects, 'semtag', ADDED);
  store.tokens.add({ name: 'robot', role: 'harvester', projects }, 'semtag', ADDED);
  words = [
    PROJECT,
    checked,
    'Sample-Q',
    'Carla Q',
    'Dora',
    'half-private.jpg',
    'growing.jpg',
    ...secret,
    ...files,
  ];
  app = await world.app();
  member = token(world, 'Carla', 'manager', projects);
  others = await letIn(world, app);

  const without = await emptyWorld();
  await without.asked(5, 'Tips', 'Powder', 0.6, { at: ADDED });
  without.store.projects.setPrivate([PROJECT], ADDED);
  without.live.looking = [];
  const itsApp = await without.app();
  bare = { world: without, app: itsApp, others: await letIn(without, itsApp) };
});
afterAll(async () => {
  await world.close();
  await bare.world.close();
});

const letIn = async (to: World, by: FastifyInstance): Promise<Who[]> => [
  token(to, 'Max', 'manager'),
  token(to, 'Ben', 'operator'),
  await station(to, by, 'Other'),
  await station(to, by, 'Merlin'),
];

function token({ store }: World, name: string, role: Role, projects: string[] = []): Who {
  const { secret: held } = store.tokens.add({ name, role, projects }, 'semtag', ADDED);
  return { name, role, headers: { authorization: `Bearer ${held}` } };
}

/** What its page sends: the cookies, and the page's word with what it writes. */
async function station({ store }: World, by: FastifyInstance, instrument: string): Promise<Who> {
  const instruments = [instrument];
  const held = store.stations.pair({ name: `PC of ${instrument}`, instruments }, 'semtag', ADDED);
  const cookie = `semtag-station=${held}`;
  const me = await by.inject({ url: '/api/me', headers: { cookie } });
  const page = me.cookies.find(({ name }) => name === 'semtag-page')!.value;
  const { csrf } = me.json<{ csrf: string }>();
  return { role: 'operator', instruments, headers: { cookie: `${cookie}; semtag-page=${page}`, 'x-csrf-token': csrf } }; // prettier-ignore
}

/** Who makes somebody a member reads which private projects there are, and what the config says; of their images nothing. */
const NAMED_TO_MANAGERS = ['/api/people', '/api/settings', '/api/export'];

/** Every GET route with parameters that could lead to the project; the stream is listened to below. */
function addresses(doc: Doc): string[] {
  const values: Record<string, string[]> = { sha256: [...secret, open], id: Array.from({ length: 12 }, (_, i) => String(i + 1)) }; // prettier-ignore
  return Object.entries(doc.paths).flatMap(([pattern, { get }]) => {
    if (!get || pattern === '/api/events') return [];
    let urls = [pattern];
    for (const [, name] of pattern.matchAll(/\{(\w+)\}/g))
      urls = urls.flatMap((url) => (values[name!] ?? ['1']).map((value) => url.replace(`{${name}}`, value)));
    const queries = (get.parameters ?? [])
      .filter((one) => one.in === 'query')
      .flatMap(({ name, schema }) => (schema.enum ?? [PROJECT, 'Sample-Q', 'Carla Q', secret[0]!, '1']).map((value) => `?${name}=${encodeURIComponent(value)}`)); // prettier-ignore
    return urls.flatMap((url) => [url, ...queries.map((query) => url + query)]);
  });
}

/** What is found of the words in all that this caller is answered; a word that stands in the address is not counted there. */
async function crawl(who: Who): Promise<Set<string>> {
  ({ headers } = who);
  const found = new Set<string>();
  const doc = (await app.inject('/api/openapi.json')).json<Doc>();
  for (const url of addresses(doc)) {
    const answer = await app.inject({ url, headers });
    const said = `${answer.headers['content-disposition'] ?? ''} ${answer.body}`;
    const known = decodeURIComponent(url);
    const status = answer.statusCode;
    const named = who.role === 'manager' && NAMED_TO_MANAGERS.includes(url);
    for (const word of words) {
      if (named && word === PROJECT) continue;
      if (status === 200 && known.includes(`/${word}`)) found.add(word);
      if (!known.includes(word) && said.includes(word)) found.add(word);
    }
  }
  return found;
}

test('a member finds all of it', async () => {
  expect([...(await crawl(member))].sort()).toEqual([...new Set(words)].sort());
});

describe.each(KINDS)('%s', (kind) => {
  const as = (): Who => {
    const who = others[KINDS.indexOf(kind)]!;
    ({ headers } = who);
    return who;
  };

  test('finds nothing of it', async () => {
    expect([...(await crawl(as()))]).toEqual([]);
  });

  test('counts without it', async () => {
    const who = as();
    const seen = who.instruments?.includes('Other') ? 0 : 1;
    const status = (await app.inject({ url: '/api/status', headers })).json<
      Record<string, Record<string, number>>
    >();
    const sum = Object.values(status['images']!).reduce((a, b) => a + b, 0);
    expect(sum).toBe(seen);
    expect(status).toMatchObject({
      doubted: 0,
      files: { incomplete: 0, seen: 0 },
      spool: { aside: 0, inFlight: seen * 1005 },
      teaching: { checks: 0 },
      today: { settled: 0, automatic: 0, answered: 0 },
    });
    expect((await app.inject({ url: '/api/prompts', headers })).json()).toMatchObject({ waiting: seen });
  });

  test('reads the figures that there would be without it, and tries nothing of it again', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T09:00:00Z') });
    onTestFinished(() => void vi.useRealTimers());
    const figures = (by: FastifyInstance, { headers }: Who) =>
      Promise.all(
        ['/api/status', '/api/queues', '/metrics', '/api/teaching'].map(async (url) => {
          const { body } = await by.inject({ url, headers });
          // what was done to an image while it was everybody's stays counted
          if (url === '/metrics') return body.replace(/^semtag_labels_total.*\n/gm, '');
          return { ...(JSON.parse(body) as object), throughput: undefined };
        }),
      );
    const other = bare.others[KINDS.indexOf(kind)]!;
    expect(await figures(app, as())).toEqual(await figures(bare.app, other));
    expect(await figures(app, member)).not.toEqual(await figures(bare.app, other));
    const { name: by = 'Ben' } = as();
    const retried = await app.inject({ method: 'POST', url: '/api/quarantine/retry', payload: { by }, headers }); // prettier-ignore
    expect(retried.json()).toEqual({ images: 0, files: 0, more: false });
  });

  test('hears nothing of it', async () => {
    as();
    expect(await heard()).toEqual([]);
  });

  test('is answered as if it were not there, also when it writes', async () => {
    const who = as();
    const series = world.store.images.need(secret[0]!).series ?? 0;
    const file = world.store.files.inState('incomplete')[0]!.id;
    const answer = { kind: 'none_of_these' };
    const by = who.name ?? 'Ben';
    const asked: [
      url: (sha256: string, id: number) => string,
      body: (sha256: string, id: number) => object,
    ][] = [
      // prettier-ignore
      [(sha256) => `/api/images/${sha256}/label`, () => ({ answer, by })],
      [(sha256) => `/api/images/${sha256}/undo`, () => ({ by })],
      [(sha256) => `/api/images/${sha256}/undo`, () => ({ by, promptVersion: 77 })],
      [(sha256) => `/api/images/${sha256}/retry`, () => ({ by })],
      [() => '/api/facts', (sha256) => ({ sha256s: [sha256], facts: { sample: 'x' }, by })],
      [() => '/api/screens', (sha256) => ({ page: 'a', sha256 })],
      [(_sha256, id) => `/api/series/${id}/split`, (sha256) => ({ sha256s: [sha256], by })],
      [(_sha256, id) => `/api/series/${id}/join`, (_sha256, id) => ({ into: id, by })],
    ];
    const told = async (url: string, payload: object) => {
      const { statusCode, body } = await app.inject({ method: 'POST', url, payload, headers });
      const { code, message, hint, image } = JSON.parse(body) as Record<string, unknown>;
      return { statusCode, code, message, hint, image };
    };
    const plain = (one: object) =>
      JSON.stringify(one)
        .replaceAll(/[0-9a-f]{64}/g, 'SHA')
        .replaceAll(/\b(series|file) \d+/g, '$1 ID');
    for (const [url, body] of asked)
      for (const sha256 of secret) {
        const unseen = await told(url(sha256, series), body(sha256, series));
        expect(unseen).toMatchObject({ statusCode: 404, code: 'not_found' });
        expect(plain(unseen)).toBe(plain(await told(url(NONE, 9999), body(NONE, 9999))));
      }
    expect(plain(await told(`/api/files/${file}/retry`, { by }))).toBe(plain(await told('/api/files/9999/retry', { by }))); // prettier-ignore
    const also = (sha256: string) => ({ answer, by, also: [{ sha256, promptVersion: 1 }] });
    expect(plain(await told(`/api/images/${open}/label`, also(secret[0]!)))).toBe(plain(await told(`/api/images/${open}/label`, also(NONE)))); // prettier-ignore
    expect(world.store.images.need(secret[0]!).state).toBe('asked');
  });
});

/** Words of the project in the stream from its beginning on. */
async function heard(): Promise<string[]> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const stop = new AbortController();
  const stream = await fetch(`http://127.0.0.1:${port}/api/events`, { headers: { ...headers, 'last-event-id': '0' }, signal: stop.signal }); // prettier-ignore
  let text = '';
  // the whole past comes in one go with the greeting: what a line of the service itself would be is written last
  const last = world.store.history.lastId();
  world.store.history.add({ at: ADDED, subject: 'thresholds', key: '1', who: 'Max', what: `after ${last}` });
  const reader = stream.body!.getReader();
  while (!text.includes(`after ${last}`)) text += Buffer.from((await reader.read()).value!).toString();
  stop.abort();
  return words.filter((word) => text.includes(word));
}

test('a member hears of it, and its browser keeps no picture of it', async () => {
  ({ headers } = member);
  expect(await heard()).toContain(secret[0]);
  expect((await app.inject({ url: `/api/images/${secret[0]}/thumb`, headers })).headers['cache-control']).toBe('private, no-store'); // prettier-ignore
  expect(
    (await app.inject({ url: `/api/images/${open}/thumb`, headers })).headers['cache-control'],
  ).toContain('immutable');
});

test('an image of a private project and its series say so, others do not', async () => {
  ({ headers } = member);
  const get = async (url: string) => (await app.inject({ url, headers })).json<Record<string, unknown>>();
  const privateProject = PROJECT;
  expect(await get(`/api/images/${secret[0]}`)).toMatchObject({ image: { privateProject } });
  expect((await get(`/api/images/${open}`))['image']).not.toHaveProperty('privateProject');
  const { items } = (await get('/api/prompts')) as { items: { sha256: string; privateProject?: string }[] };
  expect(items.flatMap((one) => (one.privateProject ? [one.sha256] : []))).toEqual([secret[0]]);
  const seriesOf = (sha256: string) => get(`/api/series/${world.store.images.need(sha256).series}`);
  expect(await seriesOf(secret[0]!)).toMatchObject({ series: { privateProject } });
  expect((await seriesOf(open))['series']).not.toHaveProperty('privateProject');
});

test('a name that is nearly borne is found', async () => {
  const other = await makeWorld({ n: 1, size: 64, webDir: '/nonexistent' });
  onTestFinished(() => other.close());
  const { store, deps } = other;
  deps.answers.correctFacts([await other.read(0)], { project: PROJECT }, 'Anna');
  expect(store.projects.withholdNothing([{ project: PROJECT.toUpperCase(), forward: true }, { project: 'Thesis of Karl', operator: 'Nobody', forward: true }])).toEqual(['Thesis of Karl', 'Nobody']); // prettier-ignore
  expect(store.projects.slips(['thesis of  Carla', PROJECT, 'Thesis of Karl'])).toEqual([{ name: 'thesis of  Carla', borne: PROJECT }]); // prettier-ignore
});

test('a record that still names the project is its members alone, also once the image has left it', async () => {
  const other = await makeWorld({ n: 1, size: 64, webDir: '/nonexistent' });
  onTestFinished(() => other.close());
  const { store, deps } = other;
  const sha256 = await other.automatic(0, 'Tips');
  deps.answers.correctFacts([sha256], { project: PROJECT }, 'Carla');
  tag(other, sha256);
  store.projects.setPrivate([PROJECT], ADDED);
  deps.answers.correctFacts([sha256], { project: 'Open' }, 'Carla');
  const app = await other.app();
  const as = async (who: Who, rest: string) => app.inject({ url: `/api/images/${sha256}${rest}`, headers: who.headers }); // prettier-ignore
  const ben = token(other, 'Ben', 'operator');
  const carla = token(other, 'Carla', 'operator', [PROJECT]);
  expect((await as(carla, '/record')).body).toContain(PROJECT);
  const shown = await as(ben, '');
  expect(shown.statusCode).toBe(200);
  expect(shown.body).not.toContain(PROJECT);
  expect((await as(ben, '/record')).statusCode).toBe(404);
  expect((await as(ben, '/file?form=tagged')).statusCode).toBe(404);
});
