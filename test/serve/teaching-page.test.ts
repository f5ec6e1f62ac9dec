// What answers teach, as people see it in a real Chromium: what an answer did, on what a label rests, what speaks against one, what a slip costs.

import { expect, test } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import type { Category } from '../../src/domain/categories.ts';
import { decide } from '../../src/domain/decision.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { inChromium, listen, looked, visit } from './browser.ts';
import { makeWorld } from './world.ts';

inChromium((its) => {
  test('an answer labels a look-alike, the pages say so, and taking it back says what falls with it', async () => {
    const world = await makeWorld({ n: 4, size: 128, webDir: its.webDir });
    const instruments = [{ name: 'Merlin', teach: true }];
    world.deps.answers = answers(world.store, () => undefined, undefined, { instruments, authors: [] });
    const images: string[] = [];
    for (let n = 0; n < 3; n++) images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.6));
    const [first, open, alike] = images as [string, string, string];
    const sure = await world.automatic(3, 'Powder');
    world.deps.answers.correctFacts([...images, sure], { sample: 'GaAs' }, 'Anna');
    const { series } = world.store.images.need(first);
    const at = () => new Date().toISOString();
    /** What the rescore stage commits. */
    const rescored = (sha256: string, category: Category) => {
      const found = world.store.images.need(sha256);
      const image = { ...found, series: found.series! };
      const scores = scoresOf(CATEGORIES.map((c) => (c === category ? 0.91 : 0.01)));
      const because = {
        position: world.store.lessons.position(),
        series: series!,
        lessons: [1],
        all: 1,
        settings: 'test',
      };
      const label = { kind: 'category', category, basis: 'auto', by: 'semtag', at: at(), because } as const;
      const { score, decision } = decide(scores, { version: 1, auto: 0.8, prompt: 0.35 });
      world.store.rescoring.rescored([{ image, scores, category, score, decision, thresholdsVersion: 1, model: image.model!, lesson: because.position, taught: because, label }], at()); // prettier-ignore
    };

    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, url, { name: 'Anna', manages: true });
    const said = (text: string | RegExp) => page.locator('.said p', { hasText: text }).waitFor();
    await looked(page, first);
    await expect.poll(() => world.deps.screens.open().has(first)).toBe(true);
    await page.keyboard.press('Enter');
    await said('Nanowires');
    expect(world.store.lessons.position()).toBe(1);
    rescored(alike, 'Nanowires');
    await said(/1 image of Merlin .*GaAs labelled itself because of answers, 1 still waits/);
    await looked(page, open);

    await page.keyboard.press('u');
    await said('1 image that was labelled because of it is judged anew');
    world.store.rescoring.doubt([
      {
        sha256: sure,
        series: world.store.images.need(sure).series!,
        doubt: { category: 'Fibres', score: 0.9, at: at() },
      },
    ]);
    await page.goto(`${url}/#/today?show=doubted`);
    await page.locator('.tile').first().waitFor();
    await page.locator('.filters a', { hasText: 'Doubted' }).locator('.count', { hasText: '1' }).waitFor();
    expect(await page.locator('.tile').count()).toBe(1);
    await page.getByText('Answers speak for Fibres').waitFor();
    await page.goto(`${url}/#/today?show=itself`);
    await page
      .getByText(/Labelled by itself because of 1 answer in this series, leaves in (10|9)\smin/)
      .waitFor();
    const tile = page.locator('.tile', { has: page.locator(`a[href$="${alike}"]`) });
    expect((await tile.innerText()).match(/because of 1 answer/g)).toHaveLength(1);
    await page.goto(`${url}/#/answer/${alike}`);
    await page.getByText(/It leaves in (10|9).min; until then an answer makes no new revision/).waitFor();
    await page.goto(`${url}/#/answer/${sure}`);
    await page.getByText('Answers in its series speak for Fibres 0.90. Yours decides.').waitFor();
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });
});
