// The Health page in a real Chromium: what is wrong with its next step, a pause begun and ended, a retry of one reason; nothing wrong says so; no serious finding of axe.

import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { inChromium, listen, visit } from './browser.ts';
import { makeWorld } from './world.ts';

inChromium((its) => {
  test('cards, graphs, a pause and a retry', async () => {
    const world = await makeWorld({ n: 6, size: 64, webDir: its.webDir });
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, `${url}/#/health`, {
      name: 'Mia',
      width: 820,
      manages: true,
    });
    await page.getByText('Nothing is wrong.').waitFor();
    await page.getByText('No question waits.').waitFor();

    await world.asked(0, 'Nanowires', 'Fibres', 0.61, { at: new Date(Date.now() - 2 * 86_400_000).toISOString() }); // prettier-ignore
    world.aside(1);
    const held = await world.automatic(2, 'Powder');
    world.live.targetsAway = new Map([
      ['archive', { reason: 'archive: no such folder', since: new Date().toISOString() }],
    ]);
    await page.getByRole('heading', { name: 'Archive away' }).waitFor();
    await page.getByRole('heading', { name: /1 question waits for an answer, the oldest/ }).waitFor();
    expect(await page.getByText(/1 waits, the oldest for 2 days/).count()).toBe(1);
    expect(await page.locator('.bars svg').count()).toBe(5);

    await page.getByLabel('Reason', { exact: true }).fill('service visit');
    // nothing is chosen before somebody does
    expect(await page.getByRole('button', { name: 'Pause', exact: true }).isDisabled()).toBe(true);
    await page.getByLabel('What', { exact: true }).selectOption('Merlin');
    // what was typed stays while it could not be paused
    await page.route('**/api/pauses', (route) => route.abort());
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.locator('.said-here', { hasText: 'semtag does not answer.' }).waitFor();
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe('service visit');
    await page.unroute('**/api/pauses');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Forwarding and publishing of Merlin are paused. Intake goes on.').waitFor();
    expect(world.store.pauses.list()).toMatchObject([{ name: 'Merlin', by: 'Mia', reason: 'service visit' }]);
    await page.getByRole('heading', { name: 'Forwarding of Merlin is paused' }).waitFor();
    await page.getByRole('link', { name: 'Go to Resume' }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Resume Merlin');
    await page.locator('.top', { hasText: 'Merlin goes on taking images' }).waitFor();

    await page.getByRole('button', { name: 'Try again: The structure of the file is damaged.' }).click();
    await page.getByText('1 tried again (The structure of the file is damaged).').waitFor();
    await page.getByText('Nothing is aside.').waitFor();
    const found = await new AxeBuilder({ page }).analyze();
    expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]); // prettier-ignore

    // an operator reads on Today why it has not left
    const { revision, edition } = world.store.images.need(held);
    const objects = [{ place: 'p.tif', kind: 'image' as const, sha256: 'e'.repeat(64), bytes: 1 }];
    world.store.deliveries.tagged({ sha256: held, revision, edition, record: '{"facts":{}}', method: 'tiff', taggedSha256: 'e'.repeat(64), deliveries: [{ target: 'archive', objects }], at: new Date().toISOString() }); // prettier-ignore
    await page.goto(`${url}/#/today`);
    await page
      .getByText(/Forwarding and publishing of Merlin are paused since \d\d:\d\d by Mia: service visit\./)
      .waitFor();
    // and everywhere else, each pause that holds it
    const project = { scope: 'project', name: '2211' } as const;
    world.store.pauses.add(project, 'Ben', 'embargo', new Date().toISOString());
    for (const hash of ['images', `image/${held}`]) {
      await page.goto(`${url}/#/${hash}`);
      await page.getByText('Paused on its way to the repository').waitFor();
      await page.getByText(/Forwarding and publishing of Merlin are paused since .* by Mia: service visit\. Forwarding and publishing of project 2211 are paused since .* by Ben: embargo\./).waitFor(); // prettier-ignore
    }
    await page.getByText('Owed to archive; it is sent when the pause ends.').waitFor();
    await page.goto(`${url}/#/health`);
    await page.getByRole('button', { name: 'Resume Merlin' }).click();
    await page.getByText('Forwarding and publishing of Merlin go on.').waitFor();
    expect(world.store.pauses.list()).toMatchObject([project]);
    await page.goto(`${url}/#/image/${held}`);
    await page.getByText(/^Forwarding and publishing of project 2211 are paused/).waitFor();
    await page.goto(`${url}/#/nonsense`);
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
    expect(errors.filter((text) => !text.includes('ERR_FAILED'))).toEqual([]);
    await context.close();
    await world.close();
  });
});
