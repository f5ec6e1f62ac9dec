// Blind checks and the Teaching page in a real Chromium: nothing on the screen says what the machine said, an answer counts once and can be taken back, a manager is told and may act.

import { expect, test } from 'vitest';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { inChromium, listen, looked, visit } from './browser.ts';
import { makeWorld } from './world.ts';

inChromium((its) => {
  test('after the questions a label is checked without being shown; the answer confirms it and can be taken back', async () => {
    const world = await makeWorld({ n: 3, size: 128, webDir: its.webDir });
    const { store } = world;
    const check = await world.checked(0, 'Powder');
    const asked = await world.asked(1, 'Tips', 'Nanowires', 0.6);
    const { context, page, errors } = await visit(its.browser, await listen(world), { name: 'Anna' });
    const said = (text: string | RegExp) => page.locator('.said p', { hasText: text }).waitFor();
    await looked(page, asked);
    // the image to check is no link to what is known of it
    expect(await page.locator('.bottom .next a').count()).toBe(0);
    await page.keyboard.press('Enter');
    await looked(page, check);
    await page.getByRole('heading', { name: 'Blind check: what does this show?' }).waitFor();
    expect(await page.locator('.choice').count()).toBe(CATEGORIES.length);
    expect(await page.locator('.choice .value, .choice .bar, .choice.offered').count()).toBe(0);
    const words = await page.locator('.asks, .facts, .facts-line, .caption').allInnerTexts();
    expect(words.join(' ')).not.toMatch(/Powder|score|0\.\d/);
    await page.keyboard.press('Enter'); // there is no suggestion to accept
    await page.keyboard.press('s'); // alone it stays
    await said('This is the only one that waits');
    expect(store.checks.openCount()).toBe(1);

    await page.keyboard.press(String(CATEGORIES.indexOf('Powder') + 1).slice(-1));
    await said('Powder');
    await page.getByRole('heading', { name: 'Nothing to answer' }).waitFor();
    expect(store.images.need(check).label).toMatchObject({ category: 'Powder', basis: 'answer', by: 'Anna' });
    expect(store.checks.answered('share')).toHaveLength(1);
    await page.keyboard.press('u');
    await said(/Taken back: Powder\. The check of .* waits again\./);
    await looked(page, check);
    // as before: its label is there, and nothing on the screen says it
    expect(store.images.need(check)).toMatchObject({ state: 'labelled', label: { category: 'Powder', basis: 'auto' } }); // prettier-ignore
    await page.getByRole('heading', { name: 'Blind check: what does this show?' }).waitFor();
    expect(await page.locator('.choice .value, .choice .bar, .choice.offered').count()).toBe(0);
    const again = await page.locator('.asks, .facts, .facts-line, .caption').allInnerTexts();
    expect(again.join(' ')).not.toMatch(/Powder|score|0\.\d/);
    await page.keyboard.press(String(CATEGORIES.indexOf('Tips') + 1).slice(-1));
    await said('Tips');
    expect(store.checks.answered('share')).toMatchObject([{ sha256: check, label: { category: 'Tips' } }]);
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('one that somebody else answers meanwhile goes, and an image that was opened by hand is seen with its label', async () => {
    const world = await makeWorld({ n: 3, size: 128, webDir: its.webDir });
    const [first, second] = [await world.checked(0, 'Powder'), await world.checked(1, 'Tips')];
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, `${url}/#/answer/${second}`, { name: 'Anna' });
    await looked(page, second);
    await page.getByRole('heading', { name: 'Correct its label?' }).waitFor();
    await page.waitForTimeout(400);
    await page.getByRole('heading', { name: 'Correct its label?' }).waitFor();
    await page.goto(`${url}/#/answer`);
    await looked(page, first);
    const answer = { kind: 'category', category: 'Powder' } as const;
    world.deps.answers.label(first, { answer, by: 'Ben', promptVersion: 0 });
    await page.locator('.said p', { hasText: /Ben answered .*: Powder/ }).waitFor();
    await looked(page, second);
    await page.getByRole('heading', { name: 'Blind check' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('the Teaching page says how it does and which answers to look at; a manager sets teaching aside and back', async () => {
    const world = await makeWorld({ n: 5, size: 128, webDir: its.webDir });
    const { store } = world;
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, `${url}/#/today`, {
      name: 'Mia',
      manages: true,
    });
    await page.getByRole('link', { name: 'How teaching does' }).click();
    for (const words of [
      'In use: what people answer counts',
      'Drawn from all automatic labels: none was checked yet.',
      'No label waits for a blind check.',
      'No check so far met an image',
      'No answer stands against what looks like it.',
    ])
      await page.getByText(words).waitFor();

    const wrong = await world.checked(0, 'Powder', 'Tips');
    await world.checked(1, 'Powder');
    const tips = { answer: { kind: 'category', category: 'Tips' }, by: 'Ben' } as const;
    world.deps.answers.label(wrong, { ...tips, promptVersion: 0 });
    const odd = await world.asked(2, 'Fibres', 'Nanowires', 0.7);
    const at = new Date().toISOString();
    store.revisions.label(odd, { kind: 'category', category: 'Tips', basis: 'answer', by: 'Ben', at }, 0, true); // prettier-ignore
    await page.getByRole('button', { name: 'Look again' }).click();
    for (const words of [
      'Drawn from all automatic labels: 1 of 1 checked was wrong (labels since ',
      '1 automatic label waits for a blind check',
      'the head alone was right in 1 series and the taught one in 0',
      'Ben said Tips; it had next to no score.',
    ])
      await page.getByText(words).waitFor();
    await page.getByText('The one that was wrong:').waitFor();
    await page.getByText('Labelled itself Powder; a person said Tips.').waitFor();
    await page.getByText('The head alone: Tips; the taught one: Powder; a person: Tips.').waitFor();
    expect(await page.locator(`.teaching a[href="#/image/${wrong}"]`).count()).toBe(2);
    expect(await page.locator(`.teaching .tile a[href="#/image/${odd}"]`).count()).toBe(1);

    expect(await page.getByRole('button', { name: 'Set aside' }).isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('odd samples?'); // a question mark opens no help here
    expect(await page.getByRole('dialog').count()).toBe(0);
    // the answer takes its time: a second press does nothing
    await context.route('**/api/teaching', async (route) => {
      if (route.request().method() === 'POST') await page.waitForTimeout(300);
      await route.continue();
    });
    await page.getByRole('button', { name: 'Set aside' }).dblclick();
    await page.getByText('Set aside by Mia: odd samples?').waitFor();
    await page.getByText('Teaching is set aside.', { exact: true }).waitFor();
    await page.locator('.top .tone-ask', { hasText: 'teaching is set aside' }).waitFor();
    expect(store.teaching.current()).toMatchObject({ use: false, by: 'Mia', reason: 'odd samples?' });
    await page.getByLabel('Reason').fill('looked at them');
    await page.getByRole('button', { name: 'Put to use again' }).click();
    await page.getByText('In use again. Mia: looked at them').waitFor();
    expect(store.teaching.current().use).toBe(true);
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('a manager without a name is told what it is for, and who left the page meanwhile has decided nothing', async () => {
    const world = await makeWorld({ n: 1, size: 128, webDir: its.webDir });
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, `${url}/#/teaching`, { manages: true });
    const setAside = async () => {
      await page.getByLabel('Reason').fill('odd samples');
      await page.getByRole('button', { name: 'Set aside' }).click();
      await page.getByRole('dialog', { name: 'Who decides this?' }).waitFor();
      await page.getByText('Your name goes into the history, with the reason.').waitFor();
    };
    const give = async () => {
      await page.getByLabel('Name').fill('Mia');
      await page.getByRole('button', { name: 'Go on as Mia' }).click();
      await page.getByText('not me').waitFor();
    };
    await setAside();
    await page.evaluate(() => (location.hash = '#/today'));
    await page.getByRole('heading', { name: 'Teaching' }).waitFor({ state: 'detached' });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(world.store.teaching.current().use).toBe(true);
    await page.goto(`${url}/#/teaching`);
    await setAside();
    await give();
    await page.getByText('Set aside by Mia: odd samples').waitFor();
    expect(errors).toEqual([]);
    await context.close();
    // who may not decide it reads who does
    const other = await visit(its.browser, `${url}/#/teaching`);
    await other.page.getByText('A facility manager puts it to use again, with a reason.').waitFor();
    expect(await other.page.getByLabel('Reason').count()).toBe(0);
    await other.context.close();
    await world.close();
  });
});
