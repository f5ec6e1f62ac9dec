// What the gallery and the page of an image are made of: search with words and filters, the record as a file, images that look alike, an address that lasts, and nothing of what somebody does not see.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { similarSeen } from '../../src/serve/similar.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: FastifyInstance;
let shas: string[];
const find = vi.fn(async (sha256: string, most: number) => {
  if (sha256 === shas[2]) return undefined;
  const others = shas.filter((one) => one !== sha256);
  const found = others.map((one, i) => ({ sha256: one, likeness: 1 - i / 10 })).slice(0, most);
  return { found, complete: sha256 === shas[0] };
});

beforeAll(async () => {
  world = await makeWorld({ n: 3, size: 128 });
  shas = [await world.automatic(0, 'Tips'), await world.asked(1, 'Fibres', 'Tips', 0.6), world.aside(2)];
  world.forwarded(shas[0]!);
  world.deps.similar = similarSeen(world.store, find);
  app = await world.app();
});
afterAll(() => world.close());

const get = async (url: string) => (await app.inject(url)).json<Record<string, unknown>>();
const found = async (query: string) =>
  ((await get(`/api/images?${query}`))['items'] as { sha256: string }[]).map(({ sha256 }) => sha256);

it('words and filters together', async () => {
  expect(await found('q=tips&category=Tips&project=2211')).toEqual([shas[0]]);
  expect(await found('q=run%203&state=asked')).toEqual([shas[1]]);
  expect(await found('q=run&state=quarantined')).toEqual([shas[2]]);
  expect(await found('q=nothinglikethis')).toEqual([]);
  expect((await app.inject('/api/images?voltageFrom=-1')).statusCode).toBe(400);
});

it('pages of one, each image once', async () => {
  const seen: string[] = [];
  for (let cursor = ''; ;) {
    const { items, next } = (await get(`/api/images?q=run&limit=1${cursor}`)) as unknown as { items: { sha256: string }[]; next?: string }; // prettier-ignore
    seen.push(...items.map(({ sha256 }) => sha256));
    if (next === undefined) break;
    cursor = `&cursor=${next}`;
  }
  expect(seen.toSorted()).toEqual(shas.toSorted());
});

it('the record as it was written, and not_found before that', async () => {
  const record = await app.inject(`/api/images/${shas[0]}/record`);
  expect(record.body).toBe('{"schema":"semtag-record/1","revision":1,"facts":{}}\n');
  expect(record.headers['content-disposition']).toContain('attachment');
  expect((await app.inject(`/api/images/${shas[1]}/record`)).statusCode).toBe(404);
});

it('images that look alike, most alike first; known says whether it can be compared', async () => {
  const alike = await get(`/api/images/${shas[0]}/similar`);
  expect(alike).toMatchObject({ known: true, complete: true, items: [{ image: { sha256: shas[1] }, likeness: 1 }, { image: { sha256: shas[2] } }] }); // prettier-ignore
  expect(await get(`/api/images/${shas[2]}/similar`)).toEqual({ known: false, items: [], complete: true });
  expect(await get(`/api/images/${shas[1]}/similar`)).toMatchObject({ known: true, complete: false });
});

it('an address that was written down leads to the page', async () => {
  const answer = await app.inject({ url: `/images/${shas[0]}`, headers: { accept: 'text/html' } });
  if (answer.statusCode !== 404) expect(answer.headers.location).toBe(`/#/image/${shas[0]}`);
});

it('a private project is neither found nor alike nor there', async () => {
  world.store.projects.setPrivate(['2211'], new Date().toISOString());
  expect(await found('q=run')).toEqual([]);
  expect(await found('project=2211')).toEqual([]);
  expect(await found('')).toEqual([]);
  for (const rest of ['', '/history', '/record', '/similar'])
    expect((await app.inject(`/api/images/${shas[0]}${rest}`)).statusCode, rest).toBe(404);
});
