// One answer for several images over the API: what a question says of its look-alikes and parts, what `also` does, and what undo takes back.

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import type { Category } from '../../src/domain/categories.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: FastifyInstance;
const waiting: string[] = [];
let questions: { sha256: string; alike?: number; lookAlikes?: string[] }[] = [];

beforeAll(async () => {
  world = await makeWorld({ n: 6, size: 64, webDir: '/nonexistent' });
  for (let n = 0; n < 3; n++) waiting.push(await world.asked(n, 'Nanowires', 'Fibres', 0.6));
  world.deps.answers.correctFacts(waiting, { operator: 'Anna', sample: 'GaAs' }, 'Anna');
  world.deps.questions = async () => questions;
  app = await world.app();
});
afterAll(() => world.close());

const post = async (url: string, payload: object) => {
  const answer = await app.inject({ method: 'POST', url, payload });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
};
const answer = { kind: 'category', category: 'Tips' };
const label = (sha256: string, more: object) =>
  post(`/api/images/${sha256}/label`, { answer, by: 'Anna', promptVersion: 0, ...more });

test('a question names its look-alikes as they must be sent back, without those that were answered meanwhile', async () => {
  const [first, alike] = waiting as [string, string, string];
  const answered = await world.automatic(3, 'Powder');
  questions = [{ sha256: first, alike: 2, lookAlikes: [alike, answered] }];
  const { items } = (await app.inject('/api/prompts')).json<{ items: Record<string, unknown>[] }>();
  const { name } = world.store.images.need(alike);
  expect(items).toMatchObject([{ sha256: first, alike: 2, lookAlikes: [{ sha256: alike, promptVersion: 0, name }] }]); // prettier-ignore
  expect(items[0]).not.toHaveProperty('otherParts');
});

test('also: labelled with it, left out where it changed, strict in its form, and taken back with it', async () => {
  const [first, alike, gone] = waiting as [string, string, string];
  await label(gone, {});
  const also = [{ sha256: alike, promptVersion: 0 }, { sha256: gone, promptVersion: 0 }]; // prettier-ignore
  for (const wrong of [[alike], [{ sha256: alike }], [{ sha256: alike, promptVersion: 0, by: 'Ben' }]])
    expect((await label(first, { also: wrong })).status).toBe(400);
  expect((await label(first, { also: [{ sha256: 'f'.repeat(64), promptVersion: 0 }] })).status).toBe(404);
  expect(world.store.images.need(first).state).toBe('asked');
  const { status, body } = await label(first, { also });
  expect([status, body['together'], body['parts'], body['left']]).toEqual([200, [alike], [], [gone]]);
  expect(world.store.images.need(alike).label).toMatchObject({ category: 'Tips', lead: first });
  const corrected = await post(`/api/images/${first}/label`, { answer: { kind: 'category', category: 'Powder' }, by: 'Ben' }); // prettier-ignore
  expect([corrected.body['together'], corrected.body['parts']]).toEqual([[alike], []]);
  const undone = await post(`/api/images/${first}/undo`, { by: 'Anna', promptVersion: 2 });
  expect(undone.body).toMatchObject({ image: { sha256: first, state: 'asked' }, together: [alike] });
  expect(world.store.images.need(alike).state).toBe('asked');
});

test('a correction names the labels that rested on the answer before; the same word once more names none', async () => {
  const own = await makeWorld({ n: 2, size: 64, webDir: '/nonexistent' });
  const { store } = own;
  const instruments = [{ name: 'Merlin', teach: true }];
  own.deps.answers = answers(store, () => undefined, undefined, { instruments, authors: [] });
  const [first, alike] = [await own.asked(0, 'Nanowires', 'Fibres', 0.6), await own.asked(1, 'Nanowires', 'Fibres', 0.6)]; // prettier-ignore
  own.deps.answers.correctFacts([first, alike], { sample: 'GaAs' }, 'Anna');
  const service = await own.app();
  const say = async (category: Category) => {
    const payload = { answer: { kind: 'category', category }, by: 'Anna' };
    const reply = await service.inject({ method: 'POST', url: `/api/images/${first}/label`, payload });
    return reply.json<{ resting: string[] }>().resting;
  };
  expect(await say('Nanowires')).toEqual([]);
  const found = store.images.need(alike);
  const because = { position: 1, series: found.series!, lessons: [1], all: 1, settings: 'test' };
  const at = new Date().toISOString();
  const label = { kind: 'category', category: 'Nanowires', basis: 'auto', by: 'semtag', at, because } as const; // prettier-ignore
  store.rescoring.rescored([{ image: { ...found, series: found.series! }, scores: found.scores!, category: 'Nanowires', score: 0.9, decision: 'auto', thresholdsVersion: 1, model: found.model!, lesson: 1, taught: because, label }], at); // prettier-ignore
  expect(await say('Nanowires')).toEqual([]);
  expect(await say('Tips')).toEqual([alike]);
  await own.close();
});
