// The routes of the blind check and of teaching, by inject: the view that is blind, the answer that is refused, what a manager is told and may do.

import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import Value from 'typebox/value';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { makeWorld, type World } from './world.ts';

async function place(): Promise<{ world: World; app: FastifyInstance }> {
  const world = await makeWorld({ n: 3, size: 128, webDir: '/nonexistent' });
  onTestFinished(() => world.close());
  return { world, app: await world.app('files') };
}

const post = (url: string, payload: object) => ({ method: 'POST' as const, url, payload });
const labelled = (sha256: string, category: string, by: string, promptVersion: number) =>
  post(`/api/images/${sha256}/label`, { answer: { kind: 'category', category }, by, promptVersion });

type Docs = { paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, { schema: object }> }> }>> }; // prettier-ignore

async function asPromised(app: FastifyInstance, path: string): Promise<Record<string, unknown>> {
  const doc = (await app.inject('/api/openapi.json')).json<Docs>();
  const answer = await app.inject(path);
  expect(answer.statusCode).toBe(200);
  const schema = doc.paths[path]!['get']!.responses['200']!.content['application/json']!.schema;
  expect(Value.Errors(schema, answer.json())).toEqual([]);
  return answer.json();
}

test('a check shows the image and nothing of what the machine said of it', async () => {
  const { world, app } = await place();
  const sha256 = await world.checked(0, 'Particles');
  await world.automatic(1, 'Powder');
  const { items, open } = (await asPromised(app, '/api/checks')) as { items: object[]; open: number };
  expect(open).toBe(1);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ sha256, hasPicture: true, promptVersion: 0 });
  expect(Object.keys(items[0]!).sort()).toEqual(
    ['facts', 'fieldOfView', 'hasPicture', 'header', 'instrument', 'name', 'picture', 'promptVersion', 'sha256'], // prettier-ignore
  );
  const text = JSON.stringify(items);
  for (const word of [...CATEGORIES, 'score', 'label', 'suggest', 'auto', 'state'])
    expect(text).not.toContain(word);
  expect((await app.inject('/api/status')).json()).toMatchObject({ teaching: { use: true, checks: 1 } });
});

test('the first answer counts, the second is told what the first one said; taken back the check waits again', async () => {
  const { world, app } = await place();
  const sha256 = await world.checked(0, 'Particles');
  const [first, second] = await Promise.all([
    app.inject(labelled(sha256, 'Particles', 'Anna', 0)),
    app.inject(labelled(sha256, 'Tips', 'Ben', 0)),
  ]);
  expect(first.json()).toMatchObject({ image: { label: { category: 'Particles', basis: 'answer', by: 'Anna' }, promptVersion: 1 } }); // prettier-ignore
  expect(second.statusCode).toBe(409);
  expect(second.json()).toMatchObject({ code: 'stale_prompt', image: { label: { by: 'Anna' } } });
  expect((await app.inject('/api/checks')).json()).toEqual({ items: [], open: 0 });
  const undone = await app.inject(post(`/api/images/${sha256}/undo`, { by: 'Anna', promptVersion: 1 }));
  expect(undone.json()).toMatchObject({
    image: { state: 'labelled', label: { basis: 'auto' }, promptVersion: 2 },
  });
  expect((await app.inject('/api/checks')).json()).toMatchObject({ items: [{ sha256, promptVersion: 2 }], open: 1 }); // prettier-ignore
});

test('one that is at the repository gets its next revision with the answer', async () => {
  const { world, app } = await place();
  const sha256 = await world.checked(0, 'Particles');
  world.forwarded(sha256);
  expect((await app.inject('/api/checks')).json()).toMatchObject({ open: 1 });
  const answer = await app.inject(labelled(sha256, 'Particles', 'Anna', 0));
  expect(answer.json()).toMatchObject({ image: { state: 'labelled', revision: 2 } });
});

test('teaching: use, error, guard and answers to look at; a manager sets it aside and back', async () => {
  const { world, app } = await place();
  const [right, wrong] = [await world.checked(0, 'Particles'), await world.checked(1, 'Powder', 'Fibres')];
  const asked = await world.asked(2, 'Tips', 'Powder', 0.6);
  await app.inject(labelled(right, 'Particles', 'Anna', 0));
  await app.inject(labelled(wrong, 'Fibres', 'Ben', 0));
  world.deps.odd = () => Promise.reject(new Error('it ended'));
  const body = await asPromised(await world.app(), '/api/teaching');
  const checked = { machine: 'Powder', head: 'Fibres', person: { kind: 'category', category: 'Fibres' } };
  expect(body).toMatchObject({
    use: true,
    checks: {
      share: 0.02,
      open: 0,
      drawn: { checked: 2, wrong: 1 },
      first: { checked: 2, wrong: 1 },
      wrong: { all: 1, images: [{ sha256: wrong, checked }] },
    },
    guard: {
      headRight: { series: 1, images: [{ sha256: wrong, checked }] },
      taughtRight: { series: 0, images: [] },
    },
    odd: { answers: [], note: expect.stringContaining('it ended') as string },
  });
  expect(body).not.toHaveProperty('checks.drawn.error');

  const aside = { use: false, by: 'Mia', reason: 'odd samples' };
  const said = await app.inject(post('/api/teaching', aside));
  expect(said.json()).toMatchObject({ ...aside, since: expect.any(String) as string });
  expect((await app.inject(post('/api/teaching', aside))).json()).toMatchObject({ code: 'wrong_state' });
  expect((await app.inject('/api/status')).json()).toMatchObject({ teaching: aside });
  for (const bad of [
    {},
    { ...aside, reason: '' },
    { ...aside, by: 'semtag' },
    { ...aside, more: 1 },
    { ...aside, use: 'no' },
  ])
    // prettier-ignore
    expect((await app.inject(post('/api/teaching', bad))).statusCode, JSON.stringify(bad)).toBe(400);
  const back = await app.inject(post('/api/teaching', { use: true, by: 'Mia', reason: 'looked at' }));
  expect(back.json()).toMatchObject({ use: true, by: 'Mia' });
  expect((await app.inject('/api/teaching')).json()).toMatchObject({ guard: { headRight: { series: 0, images: [] } } }); // prettier-ignore
  expect(world.store.images.need(asked).state).toBe('asked');
});

test('an answer that had no score is among those to look at, with its image', async () => {
  const { world, app } = await place();
  const sha256 = await world.asked(0, 'Tips', 'Powder', 0.6);
  const at = new Date().toISOString();
  world.store.revisions.label(
    sha256,
    { kind: 'category', category: 'Biological', basis: 'answer', by: 'Ben', at },
    0,
    true,
  );
  const { odd } = await asPromised(app, '/api/teaching');
  expect(odd).toMatchObject({ answers: [{ image: { sha256 }, by: 'Ben', category: 'Biological', implausible: true }], people: [] }); // prettier-ignore
  const { odd: forOperators } = await asPromised(await world.app(), '/api/teaching');
  expect(Object.keys(forOperators as object).sort()).toEqual(['all', 'answers']); // whose are out of line managers are told
});
