// A manager at the Thresholds and People pages in a real Chromium: what is saved is what was seen, what another saved meanwhile is looked at first; accounts, links, stations and the own password.

import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axe, inChromium, listen, visit } from './browser.ts';
import { makeWorld } from './world.ts';

const PASSWORD = 'correct horse battery';

/** The path of a link that is shown, in this browser. */
async function linkOf(page: Page): Promise<string> {
  const shown = await page.locator('.secret code').textContent();
  await page.getByRole('button', { name: 'Done' }).click();
  return shown!;
}

inChromium((its) => {
  test('thresholds by keyboard: figures only of what is on the handles, a save needs them and a reason, what another saved meanwhile is looked at before it is written over, rolled back', async () => {
    const world = await makeWorld({ n: 6, size: 64, webDir: its.webDir });
    for (const n of [0, 1, 2, 3]) {
      const sha256 = await world.asked(n, 'Nanowires', 'Fibres', 0.5 + n / 10);
      world.deps.answers.label(sha256, { answer: { kind: 'category', category: 'Nanowires' }, by: 'Anna', promptVersion: 0 }); // prettier-ignore
    }
    const url = await listen(world);
    const { context, page } = await visit(its.browser, `${url}/#/thresholds`, { name: 'Mia', manages: true });
    const row = (name: string) => page.locator('.ways tr', { hasText: name }).locator('.number').first();
    const auto = page.getByRole('slider', { name: /labels itself above/ });
    await expect.poll(() => row('label').first().textContent()).toBe('0');
    await auto.focus();
    for (let i = 0; i < 2; i++) await page.keyboard.press('PageDown');
    expect(await auto.getAttribute('aria-valuenow')).toBe('0.6');
    // 0.6 is not above 0.6: two of 0.5, 0.6, 0.7, 0.8
    await expect.poll(() => row('label').first().textContent()).toBe('2');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => row('label').first().textContent()).toBe('3');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('slider');
    await page.locator('figcaption', { hasText: 'Among the labels that this setting gives: not enough data (n = 3, from' }).waitFor(); // prettier-ignore

    const save = page.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('few are wrong');
    expect(await save.isDisabled()).toBe(false);
    const held: (() => Promise<void>)[] = [];
    const hold = (address: string) => page.route(address, (route) => void held.push(() => route.continue()));
    await hold('**/api/thresholds/what-if*');
    await auto.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => held.length).toBe(1);
    expect([await row('label').first().textContent(), await save.isDisabled()]).toEqual(['…', true]);
    await held.pop()!();
    await expect.poll(() => row('label').first().textContent()).toBe('2');
    await page.unroute('**/api/thresholds/what-if*');
    await page.route('**/api/thresholds/what-if*', (route) => route.abort());
    await page.keyboard.press('ArrowLeft');
    await page.getByText('What this setting would have done is not known.').waitFor();
    expect(await save.isDisabled()).toBe(false);
    await page.unroute('**/api/thresholds/what-if*');
    // no score of another category under the name of this one
    const bars = page.locator('.plot [class^=bar-][aria-hidden]');
    expect(await bars.count()).toBeGreaterThan(0);
    await hold('**/api/thresholds/plots*');
    await page.getByLabel('Category').selectOption('Tips');
    await expect.poll(() => held.length).toBe(1);
    expect(await bars.count()).toBe(0);
    await held.pop()!();
    await page.unroute('**/api/thresholds/plots*');
    await page.getByLabel('Category').selectOption('');
    await expect.poll(() => bars.count()).toBeGreaterThan(0);

    // the page has not heard of it: the service says so
    await page.route('**/api/status', (route) => route.abort());
    world.store.thresholds.save({ auto: 0.9, prompt: 0.4 }, 'meanwhile', 'Ben', new Date().toISOString());
    await save.click();
    await page.getByText(/^Ben saved version 2 meanwhile, auto above 0\.9, .*: meanwhile\. The handles stay as they are here/).waitFor(); // prettier-ignore
    expect(world.store.thresholds.current()).toMatchObject({ auto: 0.9, version: 2 });
    expect([await save.isDisabled(), await page.getByLabel('Reason').inputValue()]).toEqual([true, '']);
    await page.locator('.ways th', { hasText: 'version 2' }).waitFor();
    await page.getByLabel('Reason').fill('few are wrong');
    await save.click();
    await page.getByText('Version 3 is in force.').waitFor();
    await page.getByText('Seen among the labels that version 3 gave').waitFor();
    await page.locator('.ways th', { hasText: 'version 3' }).waitFor();
    await page.unroute('**/api/status');
    expect(world.store.thresholds.current()).toMatchObject({ auto: 0.59, prompt: 0.35, author: 'Mia', reason: 'few are wrong' }); // prettier-ignore

    const card = page.locator('.versions li', { hasText: 'meanwhile' });
    await card.getByRole('button', { name: 'Roll back …' }).click();
    await page.keyboard.type('slip');
    await card.getByRole('button', { name: 'Cancel' }).click();
    await card.getByRole('button', { name: 'Roll back …' }).click();
    await card.getByText('Now version 3 is in force: auto above 0.59').waitFor();
    await card.getByLabel('Why back to version 2?').fill('as Ben had it');
    expect(await axe(page)).toEqual([]);
    await card.getByRole('button', { name: 'Roll back to version 2' }).click();
    await page.getByText('Version 4 is in force.').waitFor();
    expect(world.store.thresholds.current()).toMatchObject({ auto: 0.9, prompt: 0.4, reason: expect.stringContaining('as Ben had it') as string }); // prettier-ignore
    // what another saves is in force here too; handles that nobody moved follow it
    world.store.thresholds.save({ auto: 0.7, prompt: 0.3 }, 'fewer', 'Ben', new Date().toISOString());
    world.aside(5);
    await page.getByText('Seen among the labels that version 5 gave').waitFor();
    await expect.poll(() => auto.getAttribute('aria-valuenow')).toBe('0.7');
    await context.close();
    await world.close();
  });

  test('people: an account by link, a manager made by two clicks, a token that stays until it is taken, a station of one instrument, the own password changed, signed out', async () => {
    const world = await makeWorld({ n: 1, size: 64, webDir: its.webDir });
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, `${url}/#/people`, { name: 'Mia', manages: true }); // prettier-ignore
    const forms = page.locator('main form');
    await forms.nth(0).getByLabel('Name').fill('Carla');
    await page.getByRole('button', { name: 'Add account' }).click();
    await page.getByText('It opens on this machine only').waitFor();
    const link = await linkOf(page);
    await page.getByText('link not used yet').waitFor();
    const role = () => world.store.users.list()[0]!.role;
    await page.getByLabel('Role of Carla').selectOption('manager');
    await page.getByRole('button', { name: 'Really let Carla manage?' }).waitFor();
    await page.getByRole('heading', { name: 'People' }).click();
    await expect.poll(() => page.getByLabel('Role of Carla').inputValue()).toBe('operator');
    expect(role()).toBe('operator');
    await page.getByLabel('Role of Carla').selectOption('manager');
    await page.getByRole('button', { name: 'Really let Carla manage?' }).click();
    await expect.poll(role).toBe('manager');
    await page.getByRole('button', { name: /^Really/ }).waitFor({ state: 'detached' });
    await expect.poll(() => page.getByLabel('Role of Carla').inputValue()).toBe('manager');
    await page.getByLabel('Role of Carla').selectOption('operator');
    await page.getByRole('button', { name: /Really make Carla operator/ }).click();
    await expect.poll(role).toBe('operator');
    await forms.nth(1).getByLabel('Name').fill('harvest');
    await forms.nth(1).getByLabel('Days that it holds').fill('30');
    await page.getByRole('button', { name: 'Make token' }).dblclick();
    await expect.poll(() => page.locator('.secret code').textContent()).toMatch(/^semtag_/);
    expect(world.store.tokens.list().map(({ name }) => name)).toEqual(['harvest']);
    await page.getByRole('cell', { name: /^until \S/ }).waitFor();
    await page.getByRole('button', { name: 'Disable' }).dblclick();
    expect(world.store.users.list()[0]!.disabled).toBe(false);
    await page.getByLabel('Role of Carla').selectOption('harvester');
    await expect.poll(role).toBe('harvester');
    await page.getByLabel('Role of Carla').selectOption('operator');
    await expect.poll(role).toBe('operator');
    expect(await page.locator('.secret code').textContent()).toMatch(/^semtag_/);
    await page.getByRole('button', { name: 'Done' }).click();
    await forms.nth(2).getByLabel('Name').fill('Left PC');
    await page.getByRole('button', { name: 'Pair station' }).click();
    const pairing = await linkOf(page);
    // a link that was used goes, and who used it is here
    await forms.nth(2).getByLabel('Name').fill('Right PC');
    await page.getByRole('button', { name: 'Pair station' }).click();
    const code = (await page.locator('.secret code').textContent())!.split('link=')[1]!;
    world.store.links.use(code, new Date(), () => world.store.stations.pair({ name: 'Right PC', instruments: ['Merlin'] }, 'Mia', new Date().toISOString())); // prettier-ignore
    await page.getByRole('rowheader', { name: 'Right PC' }).waitFor();
    await page.locator('.secret').waitFor({ state: 'detached' });
    // what somebody else changes meanwhile stays
    const { store } = world;
    store.projects.setPrivate(['P 1', 'P 2'], new Date().toISOString());
    store.users.change(store.users.named('Carla')!.id, { join: ['P 1'] }, 'Ben', new Date().toISOString());
    await page.reload();
    await page.getByRole('checkbox', { name: 'P 2' }).waitFor();
    store.users.change(store.users.named('Carla')!.id, { leave: ['P 1'] }, 'Ben', new Date().toISOString());
    await page.getByRole('checkbox', { name: 'P 2' }).click();
    await expect.poll(() => store.users.named('Carla')!.projects).toEqual(['P 2']);
    expect(await axe(page)).toEqual([]);
    // the page asked for the link that was used, and was told so
    expect(errors.filter((text) => !text.includes('410 (Gone)'))).toEqual([]);
    await context.close();

    const carla = await visit(its.browser, link);
    await carla.page.getByText('12 to 128 characters, without your name').waitFor();
    await carla.page.getByLabel('Password').fill('password1234');
    await carla.page.getByRole('button', { name: 'Show' }).click();
    expect(await carla.page.getByLabel('Password').getAttribute('type')).toBe('text');
    await carla.page.getByRole('button', { name: 'Set your password' }).click();
    await carla.page.getByRole('alert').getByText('guessed early').waitFor();
    await carla.page.getByLabel('Password').fill(PASSWORD);
    await carla.page.getByRole('button', { name: 'Set your password' }).click();
    await carla.page.getByRole('button', { name: 'Carla' }).click();
    expect(await axe(carla.page)).toEqual([]);
    // a dialog belongs to the page that it was opened on
    await carla.page.evaluate(() => (location.hash = '#/today'));
    await carla.page.getByRole('dialog').waitFor({ state: 'detached' });
    await carla.page.getByRole('button', { name: 'Carla' }).click();
    const dialog = carla.page.getByRole('dialog');
    await dialog.getByLabel('Old password').fill(PASSWORD);
    await dialog.getByLabel('New password').fill('seven sage goblets');
    await carla.page.getByRole('button', { name: 'Change password' }).click();
    await carla.page.getByText('Changed. Your other browsers are signed out.').waitFor();
    expect(await dialog.locator('input').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value))).toEqual(['', '']); // prettier-ignore
    await dialog.getByRole('button', { name: 'Close' }).click();
    const used = carla.page.waitForRequest((one) => one.headers()['x-in-use'] === '1');
    await carla.page.getByRole('button', { name: 'Sign out' }).click();
    await used;
    await carla.page.getByRole('link', { name: 'Sign in' }).click();
    await carla.page.getByLabel('Name').fill('Carla');
    await carla.page.getByLabel('Password').fill('seven sage goblets');
    await carla.page.getByRole('button', { name: 'Sign in' }).click();
    await carla.page.getByRole('button', { name: 'Carla' }).waitFor();
    await carla.context.close();

    const station = await visit(its.browser, pairing);
    await station.page.getByText('people answer here for Merlin').waitFor();
    await station.page.getByRole('button', { name: 'Pair this browser' }).click();
    await station.page.getByText('Nothing to answer').waitFor();
    expect(world.store.stations.list()).toMatchObject([
      { name: 'Left PC', instruments: ['Merlin'] },
      { name: 'Right PC' },
    ]);
    await station.context.close();
    await world.close();
  });
});
