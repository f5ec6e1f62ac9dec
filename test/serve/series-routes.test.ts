// Series over the API: shown with how alike its images are, split, joined; strict in its form.

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: FastifyInstance;
const images: string[] = [];
let id: number;

beforeAll(async () => {
  world = await makeWorld({ n: 6, size: 64, webDir: '/nonexistent' });
  for (let n = 0; n < 3; n++) images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.6));
  world.deps.answers.correctFacts(images, { sample: 'GaAs' }, 'Anna');
  id = world.store.images.need(images[0]!).series!;
  world.deps.spread = async (sha256s) =>
    sha256s.length < 3 ? undefined : { images: sha256s.length, likeness: 0.25, subjects: [sha256s.slice(1), sha256s.slice(0, 1)] }; // prettier-ignore
  app = await world.app();
});
afterAll(() => world.close());

const get = async (url: string) => {
  const answer = await app.inject(url);
  return { status: answer.statusCode, body: answer.json<Record<string, never>>() };
};
const post = async (url: string, payload: object) => {
  const answer = await app.inject({ method: 'POST', url, payload });
  return { status: answer.statusCode, body: answer.json<{ series: { id: number } & Record<string, unknown> } & Record<string, unknown>>() }; // prettier-ignore
};

test('the counts alone for those who ask often, in full for those who look', async () => {
  expect((await get(`/api/series/${id}`)).body).toEqual({
    series: expect.objectContaining({ id, images: 3, waiting: 3, answers: 0, because: 0 }) as object,
  });
  const { body } = await get(`/api/series/${id}?full=true`);
  expect(body).toMatchObject({ spread: { images: 3, likeness: 0.25 }, others: [] });
  expect((await get('/api/series/99')).status).toBe(404);
  for (const query of ['full=yes', 'spread=true'])
    expect((await get(`/api/series/${id}?${query}`)).status).toBe(400);
});

test('split and joined again', async () => {
  const split = await post(`/api/series/${id}/split`, { sha256s: images.slice(0, 1), by: 'Anna' });
  expect(split).toMatchObject({ status: 200, body: { moved: 1, series: { images: 1 } } });
  const added = split.body.series.id;
  expect(world.store.images.need(images[0]!).series).toBe(added);
  const { body } = await get(`/api/series/${added}?full=true`);
  expect(body).toMatchObject({ others: [{ id, images: 2 }] });
  expect(body).not.toHaveProperty('spread');
  const joined = await post(`/api/series/${added}/join`, { into: id, by: 'Anna' });
  expect(joined).toMatchObject({ status: 200, body: { moved: 1, series: { id, images: 3 } } });
  expect((await get(`/api/series/${added}`)).body).toMatchObject({ series: { images: 0, joined: id } });
  expect((await post(`/api/series/${added}/join`, { into: id, by: 'Anna' })).status).toBe(409);
});

test('what is no request is refused', async () => {
  const bad = async (url: string, payload: object) => expect((await post(url, payload)).status).toBe(400);
  await bad(`/api/series/${id}/split`, { sha256s: [], by: 'Anna' });
  await bad(`/api/series/${id}/split`, { sha256s: images, by: 'Anna' });
  await bad(`/api/series/${id}/split`, { sha256s: images.slice(1), by: 'semtag' });
  await bad(`/api/series/${id}/split`, { sha256s: images.slice(1), by: 'Anna', name: 'x' });
  await bad(`/api/series/${id}/join`, { into: id, by: 'Anna' });
  await bad(`/api/series/0/join`, { into: id, by: 'Anna' });
  expect((await post(`/api/series/${id}/join`, { into: 99, by: 'Anna' })).status).toBe(404);
});
