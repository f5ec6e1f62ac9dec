// The dialog that corrects operator, project and sample, in a real Chromium: one image, all that wait with the same value, a value cleared.

import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inChromium, listen, looked, visit } from './browser.ts';
import { makeWorld, type World } from './world.ts';

inChromium((its) => {
  let world: World;
  let images: string[];
  beforeAll(async () => {
    world = await makeWorld({ n: 5, size: 512, webDir: its.webDir });
    const minute = (n: number) => new Date(Date.now() - 3_600_000 + n * 60_000).toISOString();
    images = [];
    for (let n = 0; n < 4; n++)
      images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.61, { at: minute(n) }));
    world.deps.answers.correctFacts(images, { sample: 'GaAs-17' }, 'Eve');
    world.deps.answers.correctFacts([images[3]!], { project: '3300' }, 'Eve');
  });
  afterAll(async () => {
    await world?.close();
  });

  const facts = (n: number) => world.store.images.need(images[n]!).facts;
  const saying = (page: Page, text: string) => page.locator('.said p', { hasText: text }).waitFor();

  test('E opens it with what is known and where from; the keys of the page rest; Enter corrects this image', async () => {
    const { context, page, errors } = await visit(its.browser, await listen(world), { name: 'Anna' });
    await looked(page, images[0]!);
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Operator, project, sample' });
    expect(await dialog.getByLabel('Project').inputValue()).toBe('2211');
    expect(await dialog.getByLabel('Sample').inputValue()).toBe('GaAs-17');
    await dialog.getByText('from path').waitFor();
    await dialog.getByText('corrected by Eve').waitFor();
    await dialog.getByLabel('Operator').fill('1n'); // neither an answer nor a key
    // text is marked to beyond the edge
    const field = (await dialog.getByLabel('Operator').boundingBox())!;
    await page.mouse.move(field.x + 20, field.y + field.height / 2);
    await page.mouse.down();
    await page.mouse.move(5, 5);
    await page.mouse.up();
    expect(await dialog.getByLabel('Operator').inputValue()).toBe('1n');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${v.impact} ${v.id}`)).toEqual([]);
    await page.keyboard.press('Enter');
    await saying(page, 'Corrected operator');
    expect(facts(0)).toMatchObject({
      operator: { value: '1n', origin: 'operator Anna' },
      project: { value: '2211' },
    });
    expect(facts(1).operator).toBeUndefined();
    await page.locator('.facts-line', { hasText: 'Sample GaAs-17 · Operator 1n · Project 2211' }).waitFor();
    expect(world.store.images.counts().asked).toBe(4);
    await looked(page, images[0]!);
    await page.keyboard.press('u'); // what the line at the bottom names
    await saying(page, 'Taken back: Corrected operator');
    expect(facts(0).operator).toBeUndefined();
    expect(errors).toEqual([]);
    await context.close();
  });

  test('for all that wait with the same value, and an emptied field is cleared', async () => {
    const { context, page, errors } = await visit(its.browser, await listen(world), { name: 'Anna' });
    await looked(page, images[0]!);
    await page.locator('.facts-line').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Project/).fill('');
    await dialog.getByLabel('also for the 2 waiting images of Merlin with the same value').check();
    await dialog.getByRole('button', { name: 'Correct 3 images' }).click();
    await saying(page, 'Corrected project: 3 images');
    // back where it was, not at the top of the page
    await page.waitForFunction(() => document.activeElement?.classList.contains('facts-line'));
    expect([0, 1, 2].map((n) => facts(n).project)).toEqual([undefined, undefined, undefined]);
    expect(facts(3).project).toMatchObject({ value: '3300' }); // another value stays
    expect(facts(1).sample).toMatchObject({ value: 'GaAs-17' });
    expect(errors).toEqual([]);
    await context.close();
  });

  test('who corrects is asked first; somebody answers the image meanwhile: what is typed stays, and is for that one', async () => {
    const { context, page } = await visit(its.browser, await listen(world));
    await looked(page, images[0]!);
    await page.locator('.facts-line').click();
    await page.getByRole('dialog', { name: 'Who answers?' }).waitFor();
    await page.getByLabel('Name').fill('Anna');
    await page.keyboard.press('Enter');
    const operator = page.getByRole('dialog', { name: 'Operator, project, sample' }).getByLabel('Operator');
    await operator.fill('Eve');
    world.deps.answers.label(images[0]!, { answer: { kind: 'unusable' }, by: 'Ben' });
    await page.waitForTimeout(500);
    expect(await operator.inputValue()).toBe('Eve');
    await context.route('**/api/facts', (route) => route.abort());
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('alert').waitFor(); // not sent: it stays open
    await context.unroute('**/api/facts');
    await page.keyboard.press('Enter');
    await saying(page, 'Ben answered');
    expect(facts(0).operator).toMatchObject({ value: 'Eve' });
    await looked(page, images[1]!);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await context.close();
  });
});
