// Every page on a world, by the list of the router: what tests and screenshots walk through, so that a new page is looked at without being named here.

import type { Page } from 'playwright-core';
import { PAGES } from '../../src/serve/web/router.ts';
import { makeWorld, type World } from './world.ts';

/** The address behind # of each page; of those of an image and its series only where one is given. */
export function addresses(image?: { sha256: string; series?: number }): { page: string; hash: string }[] {
  return PAGES.flatMap((page): { page: string; hash: string }[] => {
    if (page === 'image') return image ? [{ page, hash: `#/image/${image.sha256}` }] : [];
    if (page === 'series') return image?.series === undefined ? [] : [{ page, hash: `#/series/${image.series}` }]; // prettier-ignore
    return [{ page, hash: `#/${page}` }];
  });
}

/** Goes there, and waits until the page is loaded and what it asked for is drawn. */
export async function open(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.locator('main').first().waitFor();
  await page.waitForLoadState('load');
  await page.waitForFunction(
    () =>
      document.querySelector('main') &&
      !document.querySelector('[aria-busy=true]') &&
      [...document.images].every((img) => img.complete || img.getBoundingClientRect().top > innerHeight),
  );
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
}

/** Something of everything: waiting, labelled by itself and by people, at the repository, aside, a check that teaching lost. */
export async function fullWorld(webDir: string, size: number): Promise<World> {
  const world = await makeWorld({ n: 14, size, webDir });
  const minute = (n: number) => new Date(Date.now() - 3_600_000 + n * 60_000).toISOString();
  for (let n = 6; n < 10; n++) await world.automatic(n, world.fixtures[n]!.category!, minute(n));
  world.forwarded(await world.automatic(10, world.fixtures[10]!.category!, minute(10)));
  world.aside(11);
  world.incomplete('session 4/half.jpg');
  const first = world.fixtures.findIndex((f) => f.truth.magnification && f.truth.pixel_size_x_m);
  const order = [first, ...[0, 1, 2, 3, 4, 5].filter((n) => n !== first)];
  for (const [i, n] of order.entries()) {
    const category = world.fixtures[n]!.category!;
    await world.asked(n, category, category === 'Fibres' ? 'Tips' : 'Fibres', 0.61, { at: minute(i) });
  }
  const lost = await world.checked(13, 'Powder', 'Tips');
  const answer = { kind: 'category', category: 'Tips' } as const;
  world.deps.answers.label(lost, { answer, by: 'Ben', promptVersion: 0 });
  const { users, tokens, stations, pauses } = world.store;
  const mia = users.add('Mia', 'manager', [], 'Mia', minute(0));
  users.change(
    users.add('Ben', 'operator', [], mia.name, minute(1)).id,
    { disabled: true },
    mia.name,
    minute(2),
  );
  tokens.add({ name: 'repository', role: 'harvester', projects: [] }, mia.name, minute(3));
  stations.pair({ name: 'SEM 2', instruments: ['Merlin'] }, mia.name, minute(4));
  pauses.add({ scope: 'project', name: 'GaAs' }, mia.name, 'embargo', minute(5));
  return world;
}
