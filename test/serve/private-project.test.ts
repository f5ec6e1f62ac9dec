// Where a private project shows: on its images, their series, and at the start where its name is nearly that of another.

import { expect, onTestFinished, test } from 'vitest';
import { makeWorld } from './world.ts';

test('an image of a private project and its series say so, others do not; a name that is nearly borne is found', async () => {
  const world = await makeWorld({ n: 2, size: 64, webDir: '/nonexistent' });
  onTestFinished(() => world.close());
  const { store } = world;
  const [inside, outside] = [await world.asked(0, 'Tips', 'Powder', 0.6), await world.asked(1, 'Tips', 'Powder', 0.6)]; // prettier-ignore
  world.deps.answers.correctFacts([inside], { project: 'Thesis of Carla' }, 'Anna');
  expect(store.projects.slips(['thesis of  Carla', 'Thesis of Carla', 'Thesis of Karl'])).toEqual([{ name: 'thesis of  Carla', borne: 'Thesis of Carla' }]); // prettier-ignore
  store.projects.setPrivate(['Thesis of Carla'], new Date().toISOString());
  const app = await world.app();
  const get = async (url: string) => (await app.inject(url)).json<Record<string, unknown>>();
  const privateProject = 'Thesis of Carla';
  expect(await get(`/api/images/${inside}`)).toMatchObject({ image: { privateProject } });
  expect((await get(`/api/images/${outside}`))['image']).not.toHaveProperty('privateProject');
  const { items } = (await get('/api/prompts')) as { items: { sha256: string; privateProject?: string }[] };
  expect(items.flatMap((one) => (one.privateProject ? [one.sha256] : []))).toEqual([inside]);
  const seriesOf = (sha256: string) => get(`/api/series/${store.images.need(sha256).series}`);
  expect(await seriesOf(inside)).toMatchObject({ series: { privateProject } });
  expect((await seriesOf(outside))['series']).not.toHaveProperty('privateProject');
});
