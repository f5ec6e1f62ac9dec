// Every route, by inject, on a real store: what it answers, in the form that the OpenAPI document promises.

import { stat } from 'node:fs/promises';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import Value from 'typebox/value';
import { makeWorld, type World } from './world.ts';

type Doc = {
  openapi: string;
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
};

let world: World;
let app: FastifyInstance;
let doc: Doc;
let asked: string;
let choose: string;
let automatic: string;
let forwarded: string;
let aside: string;

beforeAll(async () => {
  world = await makeWorld({ n: 10, webDir: '/nonexistent' });
  asked = await world.asked(0, 'Nanowires', 'Fibres', 0.61, { at: '2026-11-24T08:00:00.000Z' });
  choose = await world.asked(1, 'Tips', 'Powder', 0.2, { at: '2026-11-24T08:00:01.000Z' });
  automatic = await world.automatic(2, 'Particles', '2026-11-24T08:00:02.000Z');
  forwarded = await world.automatic(3, 'Powder', '2026-11-24T08:00:03.000Z');
  world.forwarded(forwarded);
  aside = world.aside(4);
  app = await world.app();
  doc = (await app.inject('/api/openapi.json')).json();
});
afterAll(() => world.close());

/** Sends, and holds the answer against the schema of its status in the document. */
async function call(pattern: string, options: InjectOptions & { url: string }) {
  const answer = await app.inject(options);
  const method = (options.method ?? 'GET').toLowerCase();
  const { responses } = doc.paths[pattern]![method]!;
  const declared = responses[String(answer.statusCode)] ?? responses[`${String(answer.statusCode)[0]}XX`];
  expect(declared, `${method} ${pattern} declares ${answer.statusCode}`).toBeDefined();
  const schema = declared!.content?.['application/json']?.schema;
  const body: unknown = answer.headers['content-type']?.toString().includes('json')
    ? answer.json()
    : undefined;
  if (schema) expect(Value.Errors(schema, body)).toEqual([]);
  return { answer, body: body as never };
}

const image = (sha256: string, rest = '') => `/api/images/${sha256}${rest}`;
const post = (url: string, payload: object, headers = {}) => ({
  method: 'POST' as const,
  url,
  payload,
  headers,
});

describe('reading', () => {
  test('the document is OpenAPI 3.1 and names every route', () => {
    expect(doc.openapi).toBe('3.1.0');
    expect(Object.keys(doc.paths).sort()).toEqual(
      [
        '/health/live',
        '/health/ready',
        '/api/status',
        '/api/images',
        '/api/images/{sha256}',
        '/api/images/{sha256}/thumb',
        '/api/images/{sha256}/picture',
        '/api/images/{sha256}/file',
        '/api/images/{sha256}/history',
        '/api/images/{sha256}/record',
        '/api/images/{sha256}/similar',
        '/api/images/{sha256}/wider',
        '/api/images/{sha256}/label',
        '/api/images/{sha256}/undo',
        '/api/images/{sha256}/retry',
        '/api/me',
        '/api/sign-in',
        '/api/sign-out',
        '/api/link',
        '/api/link/use',
        '/api/password',
        '/api/people',
        '/api/people/users',
        '/api/people/users/{id}',
        '/api/people/users/{id}/link',
        '/api/people/first-manager',
        '/api/people/tokens',
        '/api/people/tokens/{id}/revoke',
        '/api/people/stations',
        '/api/people/stations/{id}/revoke',
        '/api/own',
        '/api/answers',
        '/api/answers/name',
        '/api/facts',
        '/api/series/{id}',
        '/api/series/{id}/split',
        '/api/series/{id}/join',
        '/api/screens',
        '/api/prompts',
        '/api/checks',
        '/api/teaching',
        '/api/settings',
        '/api/export',
        '/api/reports',
        '/api/reports/{name}',
        '/api/thresholds',
        '/api/thresholds/what-if',
        '/api/thresholds/plots',
        '/api/thresholds/roll-back',
        '/api/quarantine',
        '/api/quarantine/retry',
        '/api/queues',
        '/api/pauses',
        '/api/pauses/end',
        '/records/{uuid}',
        ...['json', 'xmp', 'datacite.xml', 'dc.xml', 'jsonld', 'ro-crate.json', 'kit-sem.json', 'csv'].map(
          (ending) => `/records/{uuid}.${ending}`,
        ),
        '/records/{uuid}/linkset.json',
        '/records/{uuid}/revisions',
        '/records/{uuid}/revisions/{revision}.json',
        '/records/{uuid}/thumb.jpg',
        '/records/{uuid}/file',
        '/records/style.css',
        '/search.json',
        '/sitemap.xml',
        '/sitemap-{part}.xml',
        '/catalog.jsonld',
        '/vocabulary.ttl',
        '/vocabulary.jsonld',
        '/metrics',
        '/api/files/{id}/retry',
        '/api/events',
      ].sort(),
    );
  });

  test('health: alive, ready, and not ready with every reason', async () => {
    expect((await call('/health/live', { url: '/health/live' })).body).toEqual({ live: true });
    expect((await call('/health/ready', { url: '/health/ready' })).body).toEqual({
      ready: true,
      reasons: [],
    });
    const { intake, model } = world.live;
    world.live.intake = { paused: true, reason: 'the spool is full' };
    world.live.model = null;
    world.live.waits = ['settle waits: EACCES'];
    const { answer } = await call('/health/ready', { url: '/health/ready' });
    const nobody = { headers: { 'x-forwarded-for': '192.0.2.7' } };
    const rebound = { headers: { host: 'evil.example' } };
    const others = [await app.inject({ url: '/health/ready', ...nobody }), await app.inject({ url: '/health/ready', ...rebound })]; // prettier-ignore
    Object.assign(world.live, { intake, model });
    delete world.live.waits;
    expect(answer.statusCode).toBe(503);
    expect(answer.json<{ reasons: { code: string }[] }>().reasons.map((r) => r.code)).toEqual([
      'model_missing',
      'intake_paused',
      'stage_waits',
    ]);
    expect(answer.body).toContain('EACCES');
    for (const other of others)
      expect(other.json()).toEqual({ ready: false, reasons: [{ code: 'model_missing' }, { code: 'intake_paused' }, { code: 'stage_waits' }] }); // prettier-ignore
  });

  test('status counts what is in the store', async () => {
    const { body } = await call('/api/status', { url: '/api/status' });
    expect(body).toMatchObject({
      images: { asked: 2, labelled: 1, forwarded: 1, quarantined: 1, settled: 0 },
      files: { settled: 5, incomplete: 0 },
      doubted: 0,
      spool: { inFlight: 1000 + 1001 + 1002 + 1003, aside: 1004 },
      roots: [{ instrument: 'Merlin', mode: 'auto' }],
      owed: [{ target: 'archive', owed: 0 }],
      thresholds: { version: 1, auto: 0.8, prompt: 0.35 },
    });
  });

  test('the list filters by state, category, instrument, basis and part of the name', async () => {
    const names = async (query: string) =>
      (await app.inject(`/api/images?${query}`))
        .json<{ items: { sha256: string }[] }>()
        .items.map((i) => i.sha256);
    expect(await names('state=asked')).toEqual([choose, asked]);
    expect(await names('category=Powder')).toEqual([forwarded]);
    expect(await names('instrument=Merlin')).toHaveLength(5);
    expect(await names('instrument=Other')).toEqual([]);
    expect(await names('basis=auto')).toEqual([forwarded, automatic]);
    expect(await names('project=2211')).toHaveLength(5);
    expect(await names('project=2212')).toEqual([]);
    expect(await names('operator=nobody')).toEqual([]);
    const sample = world.store.images.need(forwarded).facts.sample!.value;
    expect(await names(`sample=${encodeURIComponent(String(sample))}&state=forwarded`)).toEqual([forwarded]);
    expect(await names('from=2026-11-24T08:00:01Z&to=2026-11-24T08:00:03Z')).toEqual([automatic, choose]);
    expect(await names('to=2026-11-24T09:00:01%2B01:00')).toEqual([asked]);
    expect(await names('to=2026-11-24')).toEqual([]);
    for (const bad of ['yesterday', '2026-13-41', '2026-11-24T08:00:00'])
      expect((await call('/api/images', { url: `/api/images?from=${bad}` })).answer.statusCode).toBe(400);
    expect(await names(`q=${world.fixtures[4]!.file.toUpperCase()}`)).toEqual([aside]);
    await call('/api/images', { url: '/api/images?limit=2' });
  });

  test('one image: view, files, deliveries, record', async () => {
    const { body } = await call('/api/images/{sha256}', { url: image(forwarded) });
    expect(body).toMatchObject({
      image: {
        sha256: forwarded,
        state: 'forwarded',
        hasPicture: true,
        label: { category: 'Powder', basis: 'auto' },
      },
      files: [{ path: `GaAs/run 3/${world.fixtures[3]!.file}`, state: 'settled' }],
      deliveries: [{ target: 'archive', state: 'received' }],
      record: { schema: 'semtag-record/1', revision: 1 },
    });
    expect((await call('/api/images/{sha256}', { url: image(asked) })).body).not.toHaveProperty('record');
  });

  test('scores travel in full precision', async () => {
    const { suggestions } = (await app.inject(image(asked))).json<{
      image: { suggestions: { score: number }[] };
    }>().image;
    expect(suggestions.map((s) => s.score)).toEqual(
      Object.values(world.store.images.need(asked).scores!).sort((a, b) => b - a),
    );
  });

  test('history: every line of the image and of its files, in order', async () => {
    const { body } = await call('/api/images/{sha256}/history', { url: image(forwarded, '/history') });
    const { items } = body as { items: { id: number; subject: string; to?: string }[] };
    expect(items.filter((l) => l.subject === 'image').map((l) => l.to ?? '')).toEqual([
      'settled',
      'read',
      'labelled',
      'tagged',
      'forwarded',
    ]);
    expect(items.filter((l) => l.subject === 'delivery').map((l) => l.to)).toEqual(['received']);
    expect(items.some((l) => l.subject === 'file')).toBe(true);
    expect(items.map((l) => l.id)).toEqual(items.map((l) => l.id).sort((a, b) => a - b));
  });

  test('prompts: oldest first, with suggestions, header and field of view', async () => {
    const { body } = await call('/api/prompts', { url: '/api/prompts' });
    const { items, waiting } = body as {
      waiting: number;
      items: {
        sha256: string;
        decision: string;
        suggestions: { category: string }[];
        fieldOfView?: { value: number };
      }[];
    };
    expect([items.map((i) => i.sha256), waiting]).toEqual([[asked, choose], 2]);
    expect(items.map((i) => i.decision)).toEqual(['prompt', 'choose']);
    expect(items[0]!.suggestions.slice(0, 2).map((s) => s.category)).toEqual(['Nanowires', 'Fibres']);
    const { truth, width } = world.fixtures[0]!;
    expect(items[0]!.fieldOfView!.value).toBeCloseTo(truth.pixel_size_x_m! * width, 12);
    expect((await app.inject('/api/prompts?limit=1')).json<{ items: [] }>().items).toHaveLength(1);
  });

  test('quarantine: images and files with sentence and advice', async () => {
    const id = world.incomplete('half.jpg');
    const { body } = await call('/api/quarantine', { url: '/api/quarantine' });
    expect(body).toMatchObject({
      images: [
        { sha256: aside, error: { code: 'malformed', sentence: 'The structure of the file is damaged.' } },
      ],
      files: [{ id, path: 'half.jpg', error: { code: 'incomplete', message: 'half.jpg: no EOI marker' } }],
    });
    expect(
      (await call('/api/files/{id}/retry', post(`/api/files/${id}/retry`, { by: 'Anna' }))).answer.statusCode,
    ).toBe(202);
    expect(world.store.files.get(id)!.state).toBe('seen');
    expect(
      (await call('/api/files/{id}/retry', post(`/api/files/${id}/retry`, { by: 'Anna' }))).body,
    ).toMatchObject({
      code: 'wrong_state',
    });
    world.store.files.forget(id);
  });
});

describe('bytes', () => {
  test('thumb and picture: JPEG, kept for ever, 304 for who has it', async () => {
    for (const form of ['thumb', 'picture']) {
      const { answer } = await call(`/api/images/{sha256}/${form}`, { url: image(asked, `/${form}`) });
      expect(answer.rawPayload.subarray(0, 2).toString('hex')).toBe('ffd8');
      expect(answer.headers).toMatchObject({ 'content-type': 'image/jpeg' });
      expect(answer.headers['cache-control']).toContain('immutable');
      const { etag } = answer.headers;
      const again = await app.inject({
        url: image(asked, `/${form}`),
        headers: { 'if-none-match': `W/"x", ${etag}` },
      });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
  });

  test('a picture that was never made is 404 and not kept', async () => {
    const { answer } = await call('/api/images/{sha256}/thumb', { url: image(aside, '/thumb') });
    expect([answer.statusCode, answer.headers['cache-control'], answer.headers['etag']]).toEqual([
      404,
      'no-store',
      undefined,
    ]);
    expect(answer.json()).toMatchObject({ code: 'not_found' });
  });

  test('the file: tagged where there is one, else as acquired, under a safe name', async () => {
    const acquired = await app.inject(image(asked, '/file'));
    const { size } = await stat(await world.deps.files.acquired(asked));
    expect([acquired.statusCode, acquired.rawPayload.length]).toEqual([200, size]);
    expect(acquired.headers['content-type']).toBe(world.fixtures[0]!.mediaType);
    expect(acquired.headers['content-disposition']).toMatch(/^attachment; filename="/);
    const tagged = await app.inject(image(forwarded, '/file'));
    expect(tagged.headers['etag']).toBe(`"${'b'.repeat(64)}"`);
    const bare = await app.inject(image(forwarded, '/file?form=acquired'));
    expect(bare.headers['etag']).toBe(`"${forwarded}"`);
    expect((await app.inject(image(asked, '/file?form=tagged'))).json()).toMatchObject({ code: 'not_found' });
  });

  test('byte ranges: first, last, from the end, none left, not for other bytes', async () => {
    const whole = (await app.inject(image(asked, '/file'))).rawPayload;
    const part = async (range: string, more = {}) => {
      const { statusCode, headers, rawPayload } = await app.inject({
        url: image(asked, '/file'),
        headers: { range, ...more },
      });
      return {
        statusCode,
        range: headers['content-range'],
        length: headers['content-length'],
        bytes: rawPayload,
      };
    };
    const n = whole.length;
    expect(await part('bytes=0-9')).toEqual({
      statusCode: 206,
      range: `bytes 0-9/${n}`,
      length: '10',
      bytes: whole.subarray(0, 10),
    });
    expect((await part('bytes=100-')).bytes).toEqual(whole.subarray(100));
    expect((await part(`bytes=-7`)).bytes).toEqual(whole.subarray(-7));
    expect((await part(`bytes=5-${n * 2}`)).range).toBe(`bytes 5-${n - 1}/${n}`);
    expect(await part(`bytes=${n}-`)).toMatchObject({ statusCode: 416, range: `bytes */${n}` });
    expect(await part('bytes=0-1,4-5')).toMatchObject({ statusCode: 200 });
    expect(await part('bytes=0-9', { 'if-range': '"other"' })).toMatchObject({ statusCode: 200 });
  });

  test('HEAD tells the length and sends nothing', async () => {
    const { statusCode, headers, body } = await app.inject({ method: 'HEAD', url: image(asked, '/picture') });
    expect([statusCode, body]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBeGreaterThan(1000);
  });
});

describe('writing', () => {
  test('label, undo, label again: the image moves, the history says who', async () => {
    const sha256 = await world.asked(5, 'Biological', 'Fibres', 0.5);
    const answer = { kind: 'category', category: 'Biological', second: 'Fibres' };
    const first = await call(
      '/api/images/{sha256}/label',
      post(image(sha256, '/label'), { answer, by: ' Anna ', promptVersion: 0, note: 'clear' }),
    );
    expect(first.body).toMatchObject({
      image: {
        state: 'labelled',
        promptVersion: 1,
        label: { ...answer, by: 'Anna', basis: 'answer', note: 'clear' },
      },
    });
    const undone = await call(
      '/api/images/{sha256}/undo',
      post(image(sha256, '/undo'), { by: 'Anna', promptVersion: 1 }),
    );
    expect(undone.body).toMatchObject({ image: { state: 'asked', promptVersion: 2 } });
    expect(undone.body).not.toHaveProperty('image.label');
    const again = await call('/api/images/{sha256}/undo', post(image(sha256, '/undo'), { by: 'Anna' }));
    expect(again.body).toMatchObject({ code: 'nothing_to_undo', image: { state: 'asked' } });
    for (const kind of ['none_of_these', 'unusable']) {
      const { body } = await call(
        '/api/images/{sha256}/label',
        post(image(sha256, '/label'), { answer: { kind }, by: 'Ben' }),
      );
      expect(body).toMatchObject({ image: { label: { kind, by: 'Ben' } } });
    }
    expect(world.store.history.of('image', sha256).map((l) => l.who)).toEqual(
      expect.arrayContaining(['semtag', 'Anna', 'Ben']),
    );
  });

  test('two people at once: one wins, the other gets 409 and what the first one said', async () => {
    const sha256 = await world.asked(6, 'Tips', 'Nanowires', 0.5);
    const by = (name: string, category: string) =>
      app.inject(
        post(image(sha256, '/label'), { answer: { kind: 'category', category }, by: name, promptVersion: 0 }),
      );
    const both = await Promise.all([by('Anna', 'Tips'), by('Ben', 'Fibres')]);
    expect(both.map((a) => a.statusCode).sort()).toEqual([200, 409]);
    const winner = world.store.images.need(sha256).label!;
    const lost = both.find((a) => a.statusCode === 409)!.json<{ code: string; image: { label: object } }>();
    expect([lost.code, lost.image.label]).toEqual(['stale_prompt', winner]);
    const stale = await app.inject(post(image(sha256, '/undo'), { by: 'Ben', promptVersion: 0 }));
    expect(stale.json()).toMatchObject({ code: 'stale_prompt', image: { label: winner } });
  });

  test('a correction of a label that is not the one that was seen gets 409 too, and checks nothing', async () => {
    const sha256 = await world.checked(8, 'Tips');
    const { promptVersion } = world.store.images.need(sha256);
    const by = (name: string, category: string) =>
      app.inject(post(image(sha256, '/label'), { answer: { kind: 'category', category }, by: name, corrects: promptVersion })); // prettier-ignore
    expect((await by('Ben', 'Fibres')).statusCode).toBe(200);
    const late = await by('Anna', 'Powder');
    expect(late.statusCode).toBe(409);
    const { label } = world.store.images.need(sha256);
    expect(label).toMatchObject({ category: 'Fibres', by: 'Ben' });
    expect(late.json()).toMatchObject({ code: 'stale_prompt', image: { label } });
    // whoever corrects has seen the label: no blind check
    expect(world.store.checks.answered('share')).toEqual([]);
  });

  test('retry brings an image back from aside; one that is fine has nothing to retry', async () => {
    const sha256 = world.aside(7);
    const { body } = await call('/api/images/{sha256}/retry', post(image(sha256, '/retry'), { by: 'Anna' }));
    expect(body).toMatchObject({ image: { state: 'settled' } });
    const { answer } = await call(
      '/api/images/{sha256}/retry',
      post(image(forwarded, '/retry'), { by: 'Anna' }),
    );
    expect([answer.statusCode, answer.json()]).toMatchObject([409, { code: 'wrong_state' }]);
  });

  test('facts: many images at once, all or none', async () => {
    const facts = { sample: 'GaAs-18', operator: 'jlin' };
    const { body } = await call(
      '/api/facts',
      post('/api/facts', { sha256s: [asked, choose], facts, by: 'Anna' }),
    );
    const { items } = body as { items: { facts: object }[] };
    const sample = { value: 'GaAs-18', unit: null, origin: 'operator Anna' };
    expect(items).toMatchObject([{ facts: { sample } }, { facts: { sample } }]);
    const cleared = post('/api/facts', { sha256s: [asked], facts: { sample: null }, by: 'Anna' });
    expect((await call('/api/facts', cleared)).body).not.toHaveProperty('items.0.facts.sample');
    const half = { sha256s: [asked, 'f'.repeat(64)], facts: { sample: 'X' }, by: 'Anna' };
    expect((await call('/api/facts', post('/api/facts', half))).answer.statusCode).toBe(404);
    expect(world.store.images.need(choose).facts.sample).toEqual(sample);
    for (const value of ['  ', 'x'.repeat(201)]) {
      const odd = post('/api/facts', { sha256s: [choose], facts: { sample: value }, by: 'Anna' });
      expect((await call('/api/facts', odd)).body).toMatchObject({ code: 'bad_request' });
    }
  });

  test.each([
    [{ answer: 'Tips' }, 'answer must be { "kind": "category", "category": …, "second"?: … } or { "kind": "none_of_these" } or { "kind": "unusable" }'],
    [{ answer: { kind: 'category' } }, 'answer must have required properties category'],
    [{ answer: { kind: 'category', category: 'Dust' } }, 'answer/category must be one of Particles, Fibres, Biological, Patterned_surface, Nanowires, Tips, Films_Coated_Surface, Porous_Sponge, MEMS_devices_and_electrodes, Powder'],
    [{ answer: { kind: 'unusable', why: 'x' } }, 'answer must not have why'],
  ])('what an answer may be is said once: %j', async (body, words) => {
    const { body: refused } = await call('/api/images/{sha256}/label', post(image(asked, '/label'), body));
    expect(refused).toMatchObject({ code: 'bad_request', message: `The request is not valid: body/${words}.` });
  }); // prettier-ignore

  test('of what may be null, what is no null is told what it lacks', async () => {
    const { body } = await call('/api/screens', post('/api/screens', { page: 'a', sha256: 'abc' }));
    expect(body).toMatchObject({ message: expect.stringMatching(/^[^,]*body\/sha256 must match pattern /) as string }); // prettier-ignore
  });

  test('a wrong name: what was answered under it, whose it is, and nothing the second time', async () => {
    const span = 'name=Anna&since=2026-11-24T00:00:00Z';
    await call('/api/images/{sha256}/label', post(image(choose, '/label'), { answer: { kind: 'unusable' }, by: 'Anna' })); // prettier-ignore
    const { body: given } = await call('/api/answers', { url: `/api/answers?${span}` });
    const items = (given as { items: { sha256: string }[] }).items;
    expect(items.map(({ sha256 }) => sha256)).toContain(choose);
    const body = { sha256s: [choose], from: 'Anna', to: 'Ben', by: 'Ben' };
    const correct = post('/api/answers/name', body);
    expect((await call('/api/answers/name', correct)).body).toEqual({ changed: [choose], left: [] });
    expect((await call('/api/answers/name', correct)).body).toEqual({ changed: [], left: [choose] });
    for (const [name, value] of [['to', 'semtag'], ['more', 1], ['sha256s', []]] as const) // prettier-ignore
      expect((await call('/api/answers/name', post('/api/answers/name', { ...body, [name]: value }))).answer.statusCode).toBe(400); // prettier-ignore
    const own = await call('/api/own', { url: '/api/own?name=Ben' });
    expect((own.body as { items: { sha256: string }[] }).items.map(({ sha256 }) => sha256)).toContain(choose); // prettier-ignore
    expect((await call('/api/images/{sha256}/wider', { url: image(choose, '/wider') })).body).toEqual({ items: [] }); // prettier-ignore
    expect((await call('/api/images/{sha256}/wider', { url: image('0'.repeat(64), '/wider') })).answer.statusCode).toBe(404); // prettier-ignore
  });
});
