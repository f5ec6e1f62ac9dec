// What the app refuses: foreign pages, rebound names, wrong methods, odd bodies; and how it says so.

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressElsewhere, isOwnHost, refuseBind } from '../../src/serve/bind.ts';
import { attachment } from '../../src/serve/send-path.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: FastifyInstance;
let asked: string;
beforeAll(async () => {
  world = await makeWorld({ n: 2, webDir: '/nonexistent' });
  asked = await world.asked(0, 'Nanowires', 'Fibres', 0.61);
  app = await world.app();
});
afterAll(() => world.close());

const body = { answer: { kind: 'category', category: 'Tips' }, by: 'Anna', promptVersion: 999 };
/** With the wrong promptVersion on purpose: past the guard it ends in 409 and changes nothing. */
const label = (headers: Record<string, string>, payload: object | string = body) =>
  app.inject({ method: 'POST', url: `/api/images/${asked}/label`, headers, payload });

describe('the guard', () => {
  test.each([
    [{ host: 'localhost:8321' }, 409],
    [{ host: '127.0.0.1:8321', origin: 'http://127.0.0.1:8321', 'sec-fetch-site': 'same-origin' }, 409],
    [{ host: '[::1]:8321', origin: 'http://[::1]:8321' }, 409],
    [{ host: 'LOCALHOST:9', origin: 'http://localhost:9' }, 409],
    [{ host: 'evil.example' }, 403],
    [{ host: 'evil.example:8321', origin: 'http://evil.example:8321' }, 403],
    [{ host: 'localhost.evil.example:8321' }, 403],
    [{ host: '127.0.0.1:8321', origin: 'http://evil.example' }, 403],
    [{ host: '127.0.0.1:8321', origin: 'http://127.0.0.1:9999' }, 403],
    [{ host: '127.0.0.1:8321', origin: 'null' }, 403],
    [{ host: '127.0.0.1:8321', 'sec-fetch-site': 'cross-site' }, 403],
    [{ host: '127.0.0.1:8321', 'sec-fetch-site': 'same-site' }, 403],
  ])('%j -> %i', async (headers, status) => {
    const answer = await label(headers);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      status,
      status === 403 ? 'forbidden_origin' : 'stale_prompt',
    ]);
  });

  test('every writing route is behind it, and none changed anything', async () => {
    const before = world.store.history.lastId();
    for (const url of [
      `/api/images/${asked}/label`,
      `/api/images/${asked}/undo`,
      `/api/images/${asked}/retry`,
      '/api/facts',
      '/api/files/1/retry',
    ]) {
      const answer = await app.inject({
        method: 'POST',
        url,
        headers: { origin: 'http://evil.example' },
        payload: { by: 'A' },
      });
      expect(answer.statusCode, url).toBe(403);
    }
    expect(world.store.history.lastId()).toBe(before);
  });

  test('reading too needs a Host of ours, health does not', async () => {
    const headers = { host: 'rebound.example' };
    expect((await app.inject({ url: '/api/images', headers })).statusCode).toBe(403);
    expect((await app.inject({ url: '/health/live', headers })).statusCode).toBe(200);
  });

  test('listening is for loopback alone', () => {
    const plain = { proxy: [] };
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost'])
      expect(() => refuseBind({ host, ...plain }, false)).not.toThrow();
    const refused = expect.objectContaining({ code: 'bind_refused' }) as Error;
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'sem-pc', '', '::ffff:10.0.0.1'])
      expect(() => refuseBind({ host, ...plain }, true), host).toThrow(refused);
    const names: string[] = [];
    expect(isOwnHost('127.0.0.7:1', { host: '127.0.0.7', names })).toBe(true);
    expect(isOwnHost('user@localhost', { host: '127.0.0.1', names })).toBe(false);
    expect(isOwnHost(undefined, { host: '127.0.0.1', names })).toBe(false);
    expect(isOwnHost('sem.example.org', { host: '127.0.0.1', names })).toBe(false);
    expect(isOwnHost('SEM.example.org:8321', { host: '127.0.0.1', names: ['sem.Example.org'] })).toBe(true);
  });

  test('links for others bear the name of the config, and there are none where nothing encrypts or nothing is named', () => {
    const serve = { host: '127.0.0.1', port: 8321, names: ['sem.example.org'], proxy: [] as string[] };
    expect(addressElsewhere(serve)).toBeUndefined();
    expect(addressElsewhere({ ...serve, proxy: ['127.0.0.1'] })).toBe('https://sem.example.org');
    expect(addressElsewhere({ ...serve, proxy: ['127.0.0.1'], names: [] })).toBeUndefined();
    const tls = { cert: 'c.pem', key: 'k.pem' };
    expect(addressElsewhere({ ...serve, host: '0.0.0.0', tls })).toBe('https://sem.example.org:8321');
  });
});

describe('errors have one form', () => {
  test.each([
    ['no such route', { url: '/api/nothing' }, 404, 'not_found'],
    ['no such image', { url: `/api/images/${'0'.repeat(64)}` }, 404, 'not_found'],
    ['no SHA-256', { url: '/api/images/abc' }, 400, 'bad_request'],
    ['limit out of range', { url: '/api/images?limit=0' }, 400, 'bad_request'],
    ['limit no number', { url: '/api/images?limit=ten' }, 400, 'bad_request'],
    ['unknown state', { url: '/api/images?state=lost' }, 400, 'bad_request'],
    ['unknown parameter', { url: '/api/images?sort=name' }, 400, 'bad_request'],
    ['foreign cursor', { url: '/api/images?cursor=abc' }, 400, 'bad_request'],
    ['undecodable path', { url: '/api/images/%ff' }, 400, 'bad_request'],
  ])('%s', async (_, request, status, code) => {
    const answer = await app.inject(request);
    const error = answer.json<Record<string, string>>();
    expect([answer.statusCode, Object.keys(error).sort()]).toEqual([
      status,
      ['code', 'hint', 'message', 'requestId'],
    ]);
    expect(error['code']).toBe(code);
    expect(error['requestId']).toBe(answer.headers['x-request-id']);
  });

  test.each([
    ['a number for a string', { ...body, by: 7 }, 400],
    ['a string for a number', { ...body, promptVersion: '1' }, 400],
    ['an unknown key', { ...body, extra: 1 }, 400],
    ['an eleventh category', { ...body, answer: { kind: 'category', category: 'Dust' } }, 400],
    ['a category with none of these', { ...body, answer: { kind: 'none_of_these', category: 'Tips' } }, 400],
    [
      'twice the same category',
      { ...body, answer: { kind: 'category', category: 'Tips', second: 'Tips' } },
      400,
    ],
    ['nobody', { ...body, by: '  ' }, 400],
    ['the name of the service', { ...body, by: 'Semtag' }, 400],
    ['a line break in the name', { ...body, by: 'a\nb' }, 400],
    ['a list', [], 400],
    ['too much', { ...body, note: 'x'.repeat(200_000) }, 413],
  ])('a body with %s is refused', async (_, payload, status) => {
    const answer = await label({}, payload);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, 'bad_request']);
  });

  test('a name that is none is refused in words', async () => {
    for (const [by, words] of [
      ['', 'a name is needed'],
      ['semtag', 'semtag is the name of the service itself'],
    ]) {
      const answer = await label({}, { ...body, by });
      expect(answer.json<{ message: string }>().message).toContain(words);
    }
  });

  test('what is not JSON, or broken JSON, is refused', async () => {
    const texts = [['text/plain', '{}', 415], ['application/x-www-form-urlencoded', 'a=1', 415], ['application/json', '{', 400]] as const; // prettier-ignore
    for (const [type, payload, status] of texts)
      expect((await label({ 'content-type': type }, payload)).statusCode, type).toBe(status);
  });

  test.each(['/api/prompts?limit=true', '/api/prompts?limit=', '/api/prompts?limit=1.5', '/api/series/true'])(
    '%s is no number',
    async (url) => {
      expect((await app.inject(url)).statusCode).toBe(400);
    },
  );

  test('a known path with another method: 405 with Allow', async () => {
    const cases = [
      ['DELETE', '/api/images', 'GET, HEAD'],
      ['GET', `/api/images/${asked}/label`, 'POST'],
      ['PUT', '/api/facts', 'POST'],
      ['OPTIONS', '/api/prompts', 'GET, HEAD'],
      ['POST', '/health/live', 'GET, HEAD'],
      ['POST', '/api/events', 'GET'],
    ] as const;
    for (const [method, url, allow] of cases) {
      const answer = await app.inject({ method, url });
      expect([url, answer.statusCode, answer.headers['allow']]).toEqual([url, 405, allow]);
    }
  });

  test('an unexpected error shows nothing of its insides', async () => {
    const files = { ...world.deps.files };
    world.deps.files.picture = async () => {
      throw new Error('/secret/path');
    };
    const answer = await app.inject(`/api/images/${asked}/picture`);
    Object.assign(world.deps.files, files);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([500, 'internal']);
    expect(answer.body).not.toContain('secret');
  });
});

test('every answer carries a strict policy and may not be framed, sniffed or read by other sites', async () => {
  for (const url of ['/api/status', '/api/nothing', '/health/live']) {
    const { headers } = await app.inject(url);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

test.each([
  ['a.tif', `attachment; filename="a.tif"; filename*=UTF-8''a.tif`],
  ['../../etc/x"y.tif', `attachment; filename="x_y.tif"; filename*=UTF-8''x%22y.tif`],
  ['C:\\data\\b.tif', `attachment; filename="b.tif"; filename*=UTF-8''b.tif`],
  [
    'Größe (1)\r\nX: 1.tif',
    `attachment; filename="Gr__e (1)__X: 1.tif"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%281%29__X%3A%201.tif`,
  ],
  ['\ud800.tif', `attachment; filename="_.tif"; filename*=UTF-8''_.tif`],
  ['', `attachment; filename="image"; filename*=UTF-8''image`],
])('a file named %j is saved safely', (name, header) => expect(attachment(name)).toBe(header));
