// The image that was opened to correct its label, in a real Chromium: it stays on the screen until an answer for it was accepted.

import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inChromium, listen, looked, visit } from './browser.ts';
import { makeWorld, type World } from './world.ts';

inChromium((its) => {
  let world: World;
  /** two that wait, and one that labelled itself */
  let waiting: string[];
  let opened: string;
  beforeEach(async () => {
    world = await makeWorld({ n: 3, size: 256, webDir: its.webDir });
    waiting = [
      await world.asked(0, 'Nanowires', 'Fibres', 0.61),
      await world.asked(1, 'Tips', 'Powder', 0.5),
    ];
    opened = await world.automatic(2, 'Particles');
  });
  afterEach(() => world.close());

  const label = (sha256: string) => world.store.images.need(sha256).label;
  const labelOfOthers = () => waiting.map(label);
  const saying = (page: Page, text: string) => page.locator('.said p', { hasText: text }).waitFor();
  /** The second half of a double press, in the very moment that the page says this: however slow the machine, nobody has read it yet. */
  const pressAgainOnceSaid = (page: Page, text: string) =>
    page.evaluate((wanted) => {
      const watch = new MutationObserver(() => {
        if (!document.querySelector('.said')?.textContent.includes(wanted)) return;
        watch.disconnect();
        document.body.dispatchEvent(
          new KeyboardEvent('keydown', { key: '3', code: 'Digit3', bubbles: true }),
        );
        document.body.dataset['pressedAgain'] = 'yes';
      });
      watch.observe(document.body, { childList: true, subtree: true, characterData: true });
    }, text);
  const hash = (page: Page) => new URL(page.url()).hash;

  async function open(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Today' }).click();
    await page.getByLabel(`Show ${world.store.images.need(opened).name}`).click();
    await page.getByRole('link', { name: 'Correct the label' }).click();
    await page.getByText('Correct its label?').waitFor();
    await looked(page, opened);
  }

  test('without a name: what was pressed asks for one and answers nothing; pressed again it goes to the opened image', async () => {
    const { context, page, errors } = await visit(its.browser, await listen(world));
    await open(page);
    await page.keyboard.press('3');
    await page.getByRole('dialog', { name: 'Who answers?' }).waitFor();
    await page.waitForTimeout(200);
    expect(hash(page)).toBe(`#/answer/${opened}`);
    await looked(page, opened);
    await page.getByLabel('Name').fill('Anna');
    await page.keyboard.press('Enter');
    await looked(page, opened);
    expect(label(opened)).toMatchObject({ basis: 'auto' });
    await page.keyboard.press('3');
    await saying(page, `Biological: ${world.store.images.need(opened).name}`);
    expect(label(opened)).toMatchObject({ category: 'Biological', by: 'Anna' });
    expect(labelOfOthers()).toEqual([undefined, undefined]);
    await looked(page, waiting[0]!);
    expect(hash(page)).toBe('#/answer');
    expect(errors).toEqual([]);
    await context.close();
  });

  test('no name is given: the opened image stays, and a name that is given later answers nothing', async () => {
    const { context, page } = await visit(its.browser, await listen(world));
    await open(page);
    await page.keyboard.press('3');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Who answers?' }).click();
    await page.getByLabel('Name').fill('Anna');
    await page.keyboard.press('Enter');
    await page.getByText('not me').waitFor();
    await page.waitForTimeout(200);
    expect(label(opened)).toMatchObject({ category: 'Particles', basis: 'auto' });
    expect(labelOfOthers()).toEqual([undefined, undefined]);
    expect(hash(page)).toBe(`#/answer/${opened}`);
    await context.close();
  });

  test('the connection is lost: the opened image stays, the next key answers it', async () => {
    const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
    await open(page);
    await context.setOffline(true);
    await page.keyboard.press('3');
    await saying(page, 'It is not known whether this arrived');
    await page.waitForTimeout(200);
    expect(hash(page)).toBe(`#/answer/${opened}`);
    await context.setOffline(false);
    await page.keyboard.press('3');
    await saying(page, 'Biological');
    expect(label(opened)).toMatchObject({ category: 'Biological' });
    expect(labelOfOthers()).toEqual([undefined, undefined]);
    await context.close();
  });

  test('somebody else corrects it first: the page shows that, and overwrites nothing that it did not show', async () => {
    const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
    await open(page);
    const { name } = world.store.images.need(opened);
    const ben = (category: 'Fibres' | 'Tips') =>
      world.deps.answers.label(opened, { answer: { kind: 'category', category }, by: 'Ben' });
    ben('Fibres'); // told by the event
    await saying(page, `Ben answered ${name}`);
    await page.locator('.why', { hasText: 'Fibres. Labelled by Ben' }).waitFor();
    expect(hash(page)).toBe(`#/answer/${opened}`);
    await context.route('**/api/events', (route) => route.abort()); // and by the refusal
    await page.reload();
    await looked(page, opened);
    ben('Tips');
    await page.keyboard.press('3');
    await saying(page, `Ben answered ${name}`);
    expect(label(opened)).toMatchObject({ category: 'Tips', by: 'Ben' });
    await looked(page, opened);
    await page.keyboard.press('3');
    await saying(page, `Biological: ${name}`);
    expect(label(opened)).toMatchObject({ category: 'Biological', by: 'Anna' });
    expect(labelOfOthers()).toEqual([undefined, undefined]);
    await context.close();
  });

  test('somebody else was faster (409): the opened image stays, with what they said', async () => {
    const url = await listen(world);
    const { context, page } = await visit(its.browser, url, { name: 'Anna' });
    await looked(page, waiting[0]!);
    await context.route('**/api/events', (route) => route.abort()); // told by the refusal, not by the event
    await page.goto(`${url}/#/answer/${waiting[1]}`);
    await page.reload();
    await looked(page, waiting[1]!);
    const { name } = world.store.images.need(waiting[1]!);
    world.deps.answers.label(waiting[1]!, { answer: { kind: 'category', category: 'Fibres' }, by: 'Ben' });
    await pressAgainOnceSaid(page, `Ben answered ${name}`);
    await page.keyboard.press('3');
    await saying(page, `Ben answered ${name}`);
    await page.locator('body[data-pressed-again]').waitFor();
    await page.waitForTimeout(200);
    expect(label(waiting[1]!)).toMatchObject({ category: 'Fibres', by: 'Ben' });
    expect(hash(page)).toBe(`#/answer/${waiting[1]}`);
    await looked(page, waiting[1]!);
    expect(label(waiting[0]!)).toBeUndefined();
    await context.close();
  });
});
