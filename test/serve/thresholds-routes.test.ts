// /api/thresholds on a real store: the numbers follow the answers, a save is checked against the version that was seen, private projects are not counted.

import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import Value from 'typebox/value';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: FastifyInstance;
type Doc = { paths: Record<string, Record<string, { responses: Record<string, { content: { 'application/json': { schema: object } } }> }>> }; // prettier-ignore
let doc: Doc;

beforeAll(async () => {
  world = await makeWorld({ n: 8, size: 64, webDir: '/nonexistent' });
  app = await world.app('files');
  doc = (await app.inject('/api/openapi.json')).json();
});
afterAll(() => world.close());

const get = async <T>(url: string): Promise<T> => {
  const answer = await app.inject(url);
  const { schema } = doc.paths[url.split('?')[0]!]!['get']!.responses['200']!.content['application/json'];
  const body: unknown = answer.json();
  if (answer.statusCode === 200) expect(Value.Errors(schema, body)).toEqual([]);
  return body as T;
};
const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
type Counts = { candidate: { all: { images: number; counts: Record<string, object>; wrong: number } }; waiting: object }; // prettier-ignore
const whatIf = (query: string) => get<Counts>(`/api/thresholds/what-if?${query}`);
type Overview = { inForce: { version: number; auto: number }; history: Record<string, number | boolean>; versions: { version: number; reason: string; auto: number }[] }; // prettier-ignore
const overview = () => get<Overview>('/api/thresholds');

test('every answer is in the history at once, as what it is, and one that is taken back is not', async () => {
  const asked = await world.asked(0, 'Nanowires', 'Fibres', 0.61);
  const checked = await world.checked(1, 'Powder');
  const corrected = await world.automatic(2, 'Tips');
  await world.asked(3, 'Tips', 'Powder', 0.75);
  const say = (sha256: string, category: 'Fibres' | 'Powder', promptVersion?: number) =>
    world.deps.answers.label(sha256, {
      answer: { kind: 'category', category },
      by: 'Anna',
      ...(promptVersion === undefined ? {} : { promptVersion }),
    });
  expect((await overview()).history).toMatchObject({ images: 0, asked: 0, automatic: true });
  say(asked, 'Fibres', 0);
  say(checked, 'Powder', 0);
  say(corrected, 'Powder');
  expect((await overview()).history).toMatchObject({ images: 3, asked: 1, drawn: 1, otherwise: 1, hidden: false }); // prettier-ignore
  const { candidate, waiting } = await whatIf('auto=0.6&prompt=0.35');
  expect(candidate.all).toMatchObject({
    images: 3,
    counts: { auto: { first: 1, second: 1, neither: 1 }, prompt: { first: 0 } },
    wrong: 2,
  });
  expect(waiting).toEqual({ asked: 1, above: 1 });
  const own = await whatIf('auto=0.6&prompt=0.35&perCategory=Nanowires:0.61:0.2,Tips:0.95:0.9');
  expect(own.candidate.all.counts).toMatchObject({ prompt: { second: 1, neither: 1 }, auto: { first: 1 } });
  expect(own.waiting).toEqual({ asked: 1, above: 0 });
  world.store.teaching.set(false, 'Mia', 'x', new Date().toISOString());
  expect((await whatIf('auto=0.6&prompt=0.35')).waiting).toEqual({ asked: 1, above: 0 });
  world.store.teaching.set(true, 'Mia', 'x', new Date().toISOString());
  const { bins } = await get<{ bins: { first: number; second: number }[] }>('/api/thresholds/plots?category=Nanowires'); // prettier-ignore
  expect(bins.reduce((sum, bin) => sum + bin.first + bin.second, 0)).toBe(1);
  world.deps.answers.undo(asked, 'Anna');
  expect((await overview()).history).toMatchObject({ images: 2, asked: 0 });
  // it stays with people
  expect((await whatIf('auto=0.6&prompt=0.35')).waiting).toEqual({ asked: 2, above: 1 });
  say(asked, 'Fibres');
});

test('a private project is not counted for who is no member, and nothing says how many', async () => {
  const before = (await overview()).history;
  world.store.projects.setPrivate(['2211'], new Date().toISOString());
  const mia = { name: 'Mia', role: 'manager' as const, projects: [] };
  const { secret } = world.store.tokens.add(mia, 'test', new Date().toISOString());
  const headers = { authorization: `Bearer ${secret}` };
  const { history } = (await app.inject({ url: '/api/thresholds', headers })).json<{ history: unknown }>();
  world.store.projects.setPrivate([], new Date().toISOString());
  expect(before).toMatchObject({ images: 3 });
  expect(history).toMatchObject({ images: 0, series: 0, hidden: true });
});

test('save: the next version with author and reason; another manager meanwhile: 409, nothing changed', async () => {
  const save = { auto: 0.7, prompt: 0.3, perCategory: { Tips: { auto: 0.9, prompt: 0.4 } }, reason: ' fewer questions ', by: 'Mia', version: 1 }; // prettier-ignore
  const both = await Promise.all([post('/api/thresholds', save), post('/api/thresholds', { ...save, auto: 0.6 })]); // prettier-ignore
  expect(both.map(({ statusCode }) => statusCode)).toEqual([200, 409]);
  expect(both[0].json()).toMatchObject({ version: 2, auto: 0.7, reason: 'fewer questions', author: 'Mia', perCategory: { Tips: { auto: 0.9 } } }); // prettier-ignore
  expect(both[1].json()).toMatchObject({ code: 'stale_thresholds' });
  expect(world.store.thresholds.versions()).toHaveLength(2);
  expect(world.store.history.of('thresholds', '2')).toMatchObject([{ who: 'Mia', what: 'fewer questions' }]);
});

test('roll back: the old values as a new version that names the old one', async () => {
  const back = { to: 1, reason: 'too many wrong', by: 'Mia', version: 2 };
  const done = await post('/api/thresholds/roll-back', back);
  expect(done.json()).toMatchObject({ version: 3, auto: 0.8, reason: 'Back to version 1: too many wrong' });
  expect(done.json()).not.toHaveProperty('perCategory');
  expect((await post('/api/thresholds/roll-back', back)).statusCode).toBe(409);
  expect((await post('/api/thresholds/roll-back', { ...back, to: 99, version: 3 })).statusCode).toBe(404);
  // what is said before the reason does not count
  for (const [length, status] of [
    [500, 200],
    [501, 400],
  ] as const) {
    const sent = await post('/api/thresholds/roll-back', { ...back, reason: 'x'.repeat(length), version: 3 });
    expect(sent.statusCode, String(length)).toBe(status);
  }
});

test('a blind check counts by the scores by which its label was given, also where they were made again since', async () => {
  const { store, deps } = world;
  const sha256 = await world.checked(5, 'Powder');
  const { series, promptVersion, scores, model, score, thresholdsVersion } = store.images.need(sha256);
  const again = { scores: { ...scores!, Powder: 0.99 }, category: 'Powder', score: 0.99, decision: 'auto', model: model!, lesson: 1 } as const; // prettier-ignore
  const image = { sha256, series: series!, promptVersion };
  store.rescoring.rebase(
    [{ ...again, image, thresholdsVersion: 7, rebase: false }],
    new Date().toISOString(),
  );
  expect(store.images.need(sha256)).toMatchObject({ score: 0.99, label: { basis: 'auto' } });
  deps.answers.label(sha256, { answer: { kind: 'category', category: 'Powder' }, by: 'Anna', promptVersion });
  const { now } = store.confirmed.after(0, 100).find((change) => change.sha256 === sha256)!;
  expect(now).toMatchObject({ top: 'Powder', score, version: thresholdsVersion, stratum: 'drawn' });
});

test.each([
  ['prompt above auto', { auto: 0.4, prompt: 0.5 }],
  ['no score', { auto: 1.2, prompt: 0.5 }],
  ['of one category', { auto: 0.8, prompt: 0.3, perCategory: { Tips: { auto: 0.3, prompt: 0.4 } } }],
  ['no category', { auto: 0.8, prompt: 0.3, perCategory: { Dust: { auto: 0.8, prompt: 0.4 } } }],
  ['no reason', { auto: 0.8, prompt: 0.3, reason: '  ' }],
  ['nobody', { auto: 0.8, prompt: 0.3, by: '' }],
  ['an unknown key', { auto: 0.8, prompt: 0.3, force: true }],
])('refused: %s', async (_, body) => {
  const sent = await post('/api/thresholds', { reason: 'x', by: 'Mia', version: 3, ...body });
  expect([sent.statusCode, sent.json<{ code: string }>().code]).toEqual([400, 'bad_request']);
});

test('what is no thresholds in a query is refused', async () => {
  for (const query of [
    'auto=0.3&prompt=0.4',
    'auto=0.8&prompt=0.3&perCategory=Dust:1:0',
    'auto=x&prompt=0',
    'auto=0.8&prompt=0.3&against=77',
  ])
    // prettier-ignore
    expect((await app.inject(`/api/thresholds/what-if?${query}`)).statusCode).toBeGreaterThanOrEqual(400);
});
