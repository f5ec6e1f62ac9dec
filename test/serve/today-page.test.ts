// The Today page in a real Chromium: a score only beside its own category, what goes wrong in words, the whole tile leads to its image.

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
