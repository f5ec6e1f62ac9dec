// Whose answers a page takes back, in a real Chromium: with a key those given under the name that is there, with the button on an image any; and what is marked as not for training.

import { expect, test } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { inChromium, listen, looked, visit } from './browser.ts';
import { makeWorld } from './world.ts';

inChromium((its) => {
  test('the key takes back nothing of another person; the button on the image does and says who gave the answer', async () => {
    const world = await makeWorld({ n: 3, size: 128, webDir: its.webDir });
    const [first, second] = [await world.asked(0, 'Tips', 'Powder', 0.6), await world.asked(1, 'Tips', 'Powder', 0.6)]; // prettier-ignore
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, url, { name: 'Anna' });
    const said = (text: string | RegExp) => page.locator('.said p', { hasText: text }).waitFor();
    const label = (sha256: string) => world.store.images.need(sha256).label;
    await looked(page, first);
    await page.keyboard.press('Enter');
    await said('Tips');
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await page.getByRole('button', { name: 'not me' }).click();
    await page.getByRole('button', { name: 'Who answers?' }).click();
    await page.getByLabel('Name').fill('Ben');
    await page.keyboard.press('Enter');
    await page.getByText('not me').waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    await looked(page, second);
    await page.keyboard.press('u');
    await said('Nothing to undo on this page.');
    expect(label(first)).toMatchObject({ by: 'Anna' });

    await page.goto(`${url}/#/answer/${first}`);
    await page.reload();
    await looked(page, first);
    await page.getByText('given by Anna', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Take the answer back' }).click();
    expect(label(first)).toMatchObject({ by: 'Anna' });
    await page.getByRole('button', { name: 'Really take the answer of Anna back?' }).click();
    await said(/Taken back: Tips by Anna\. .* is asked again\./);
    expect(label(first)).toBeUndefined();
    expect(world.store.history.ofImage(first).at(-1)).toMatchObject({ who: 'Ben' });
    await page.getByRole('heading', { name: 'What does this show?' }).waitFor();
    expect(await page.getByRole('button', { name: 'Take the answer back' }).count()).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('the key takes back what stands beside it, also under the right name; a note stays with what was skipped; a finger marks a second one', async () => {
    const world = await makeWorld({ n: 4, size: 128, webDir: its.webDir });
    const images: string[] = [];
    for (let n = 0; n < 4; n++) images.push(await world.asked(n, 'Tips', 'Powder', 0.6));
    const [first, second, third, fourth] = images as [string, string, string, string];
    const { context, page, errors } = await visit(its.browser, await listen(world), { name: 'Anna' });
    const said = (text: string | RegExp) => page.locator('.said p', { hasText: text });
    const { name } = world.store.images.need(second);
    const label = (sha256: string) => world.store.images.need(sha256).label;
    const note = page.getByRole('button', { name: 'Note: two cracks' });
    await looked(page, first);
    await page.keyboard.press('Enter');
    await looked(page, second);
    world.deps.answers.label(second, { answer: { kind: 'unusable' }, by: 'Ben' });
    await said(`Ben answered ${name}`).waitFor();
    expect(await said(/^ ?Tips: /).count()).toBe(1);
    await looked(page, third);
    world.deps.answers.undo(second, 'Ben');
    await said(`Ben answered ${name}`).waitFor({ state: 'detached' });

    // the answer is another person's now, and so is the key
    await page.getByRole('button', { name: 'Anna', exact: true }).click();
    await page.getByRole('button', { name: 'under a wrong name' }).click();
    await page.getByLabel('They were those of').fill('Olaf');
    await page.locator('form .main').click();
    await page.getByRole('button', { name: 'Go on as Olaf' }).click();
    await looked(page, third);
    await page.keyboard.press('u');
    await said('Taken back: Tips').waitFor();
    expect(label(first)).toBeUndefined();

    await looked(page, first);
    await page.keyboard.press('a');
    await said('Nothing that waits looks like this one.').waitFor();
    await page.keyboard.press('l');
    await page.keyboard.press('t');
    await page.getByLabel('Note', { exact: true }).fill('two cracks');
    await page.keyboard.press('Enter');
    await note.waitFor();
    await page.waitForTimeout(340);
    await page.keyboard.press('s');
    await note.waitFor({ state: 'detached' });
    for (const one of [second, third, fourth])
      world.deps.answers.label(one, { answer: { kind: 'unusable' }, by: 'Ben' });
    await looked(page, first);
    await note.waitFor();
    const fibres = page.getByRole('button', { name: 'Fibres' });
    await fibres.dispatchEvent('pointerdown', { pointerType: 'touch' });
    await fibres.locator('em', { hasText: 'second' }).waitFor();
    await fibres.dispatchEvent('pointerup', { pointerType: 'touch' });
    await fibres.dispatchEvent('click', { detail: 1 });
    await page.keyboard.press('6');
    await said('Tips, also Fibres').waitFor();
    expect(label(first)).toMatchObject({ by: 'Olaf', second: 'Fibres', note: 'two cracks', teaches: false });
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('L marks the next answer alone as not for training; who does not teach is told', async () => {
    const world = await makeWorld({ n: 4, size: 128, webDir: its.webDir });
    const instruments = [{ name: 'Merlin', teach: true }];
    world.deps.answers = answers(world.store, () => undefined, undefined, { instruments, authors: ['Anna'] });
    const images: string[] = [];
    for (let n = 0; n < 3; n++) images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.6));
    const [first, second, third] = images as [string, string, string];
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, url, { name: 'Anna' });
    const said = (text: string | RegExp) => page.locator('.said p', { hasText: text }).waitFor();
    const mark = page.locator('.untaught');
    await looked(page, first);
    await page.keyboard.press('l');
    await page.getByRole('button', { name: 'Not for training', pressed: true }).waitFor(); // prettier-ignore
    await page.keyboard.press('Enter');
    await said(/Nanowires: .*\. Nothing is learned from it\./);
    expect(world.store.images.need(first).label).toMatchObject({ teaches: false });
    await looked(page, second);
    expect(await mark.getAttribute('aria-pressed')).toBe('false');
    await page.keyboard.press('Enter');
    await page.locator('.said p', { hasNotText: 'Nothing is learned' }).waitFor();
    await looked(page, third);
    expect(world.store.images.need(second).label).not.toHaveProperty('teaches');
    expect(world.store.lessons.after(0)).toMatchObject([{ sha256: second }]);
    await page.getByRole('button', { name: 'not me' }).click();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').fill('Ben');
    await page.keyboard.press('Enter');
    await looked(page, third);
    await page.keyboard.press('Enter');
    await said(/Nanowires: .*\. Nothing is learned from it\./);
    expect(world.store.images.need(third).label).toMatchObject({ by: 'Ben', teaches: false });
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });
});
