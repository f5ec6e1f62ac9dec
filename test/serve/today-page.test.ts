// The Today page and the gallery in a real Chromium: a score only beside its own category, what goes wrong in words, the whole tile leads to its image, no list holds images of another one, no word that is typed is lost.

import { expect, test } from 'vitest';
import { inChromium, listen, looked, visit } from './browser.ts';
import { makeWorld } from './world.ts';

inChromium((its) => {
  test('a score stands only beside the category whose score it is', async () => {
    const world = await makeWorld({ n: 5, size: 128, webDir: its.webDir });
    const say = (sha256: string, answer: Parameters<typeof world.deps.answers.label>[1]['answer']) =>
      world.deps.answers.label(sha256, { answer, by: 'Anna' });
    const images: string[] = [];
    for (let n = 0; n < 4; n++) images.push(await world.asked(n, 'Patterned_surface', 'Tips', 0.74));
    say(images[0]!, { kind: 'category', category: 'Biological' });
    say(images[1]!, { kind: 'unusable' });
    say(images[2]!, { kind: 'category', category: 'Patterned_surface' });
    const observed = await world.observed(4, 'Patterned_surface', 0.74);
    const { context, page, errors } = await visit(its.browser, `${await listen(world)}/#/today`, {
      name: 'Ben',
    });
    const what = (sha256: string) =>
      page
        .locator('.tile', { has: page.locator(`a[href$="${sha256}"]`) })
        .locator('.what')
        .innerText()
        .then((text) => text.replace(/\s+/g, ' '));
    await page.locator('.tile').nth(4).waitFor();
    expect(await Promise.all([...images, observed].map(what))).toEqual([
      'Biological',
      'Unusable',
      'Patterned surface 0.74',
      'Patterned surface? 0.74',
      'would be Patterned surface 0.74',
    ]);
    // the words below a picture lead to it too; `?` lists the keys here as well
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys and categories' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const flag = (await page.locator('.tile .flag').first().boundingBox())!;
    const first = (await page.locator('.tile a').first().getAttribute('href'))!;
    await page.mouse.click(flag.x + 60, flag.y + 5);
    await looked(page, first.split('/').at(-1)!);
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('lists: older images come into their own list only, what cannot be had is said and comes later, words and filters go together', async () => {
    const world = await makeWorld({ n: 4, size: 64, webDir: its.webDir });
    const [asked, auto] = [await world.asked(0, 'Patterned_surface', 'Tips', 0.6), await world.automatic(1, 'Patterned_surface')]; // prettier-ignore
    const { context, page, errors } = await visit(its.browser, `${await listen(world)}/#/images`, { name: 'Anna' }); // prettier-ignore
    const tiles = page.locator('.tile');
    const words = page.getByRole('searchbox');
    await expect.poll(() => tiles.count()).toBe(2);
    await words.click();
    await page.keyboard.type('patterned ');
    await page.waitForURL(/q=patterned$/);
    await expect.poll(() => tiles.count()).toBe(1);
    await page.keyboard.type('surface');
    expect(await words.inputValue()).toBe('patterned surface');
    await page.getByLabel('Filter by').selectOption('basis');
    await page.locator('.add-filter select').nth(1).selectOption('auto');
    await page.waitForURL(/q=patterned\+surface&basis=auto|basis=auto&q=patterned\+surface/);
    await expect.poll(() => tiles.count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => tiles.count()).toBe(2);
    expect(await words.inputValue()).toBe('');

    // a list that goes on, and whose older part comes when somebody looks at another one
    await page.route(/api\/images\?limit=60$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), next: 'older' } });
    });
    let late: (() => Promise<void>) | undefined;
    await page.route(/cursor=older/, async (route) => {
      const response = await route.fetch({
        url: route
          .request()
          .url()
          .replace(/&cursor=older/, ''),
      });
      late = () => route.fulfill({ response });
    });
    await page.evaluate(() => (location.hash = '#/today'));
    await page.getByRole('button', { name: 'Show older' }).click();
    await expect.poll(() => late !== undefined).toBe(true);
    await page.getByRole('link', { name: 'Waiting' }).click();
    await page.locator(`.tile a[href$="${auto}"]`).waitFor({ state: 'detached' });
    await late!();
    await page.waitForTimeout(100);
    expect(await tiles.count()).toBe(1);

    await page.route('**/api/images*', (route) => route.abort());
    await page.getByRole('link', { name: 'Doubted' }).click();
    await page.getByRole('alert').getByText('semtag does not answer.').waitFor();
    expect(await tiles.count()).toBe(0);
    await page.unroute('**/api/images*');
    await page.route(`**/api/images/${asked}`, (route) => route.abort());
    await page.evaluate((sha256) => (location.hash = `#/image/${sha256}`), asked);
    await page.getByRole('heading', { name: 'Not shown yet' }).waitFor();
    await page.unroute(`**/api/images/${asked}`);
    world.aside(2); // something happens
    await page.getByRole('heading', { name: world.store.images.need(asked).name }).waitFor();
    expect(errors.filter((text) => !text.includes('ERR_FAILED'))).toEqual([]);
    await context.close();
    await world.close();
  });

  test('a repository that is away, intake that waits and a note on the model are said on top and on Today', async () => {
    const world = await makeWorld({ n: 2, size: 128, webDir: its.webDir });
    world.live.intake = { paused: true, reason: 'the disk is nearly full' };
    world.live.model = { name: 'test-head', engine: 'onnx', note: 'TensorFlow is not installed' };
    world.live.targetsAway = new Map([
      ['archive', { reason: 'no such folder', since: new Date().toISOString() }],
    ]);
    const { context, page } = await visit(its.browser, `${await listen(world)}/#/today`, { name: 'Anna' });
    for (const where of ['.top .tone-ask', '.today .concern'])
      for (const words of ['archive away', 'intake waits: the disk', 'model: TensorFlow is not'])
        await page.locator(where, { hasText: words }).waitFor();
    await context.close();
    await world.close();
  });
});
