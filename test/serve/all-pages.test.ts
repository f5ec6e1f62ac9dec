// Every page of the router's list, empty and full, dark and light, wide and half a screen: nothing that axe finds, nothing wider than the window, no error, and a first load that is small.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { axe, inChromium, listen, looked, overflow, visit } from './browser.ts';
import { settle, tag } from './published.ts';
import { uuidOf } from '../../src/record/context.ts';
import { recordId } from '../../src/record/record.ts';
import { addresses, fullWorld, open } from './views.ts';
import { makeWorld, type World } from './world.ts';

/** Colours do not hang on the width: each scheme is looked at once. */
const SIZES = [
  { size: { width: 1280, height: 800 }, colorScheme: 'dark' },
  { size: { width: 820, height: 1180 }, colorScheme: 'light' },
] as const;

/** Kilobytes, compressed. */
const FIRST_LOAD = 150;

inChromium((its) => {
  const worlds: [string, () => Promise<World>][] = [
    ['empty', () => makeWorld({ n: 1, size: 64, webDir: its.webDir })],
    ['full', () => fullWorld(its.webDir, 256)],
  ];

  for (const [name, make] of worlds)
    test(`${name}: no page has a finding of axe, is wider than the window or writes an error`, async () => {
      const world = await make();
      const { context, page, errors, foreign } = await visit(its.browser, await listen(world), { name: 'Anna', manages: true }); // prettier-ignore
      const views = addresses(world.store.images.list({}, 1)[0]);
      expect(views.length).toBeGreaterThan(8);
      for (const { hash } of views) {
        await open(page, hash);
        for (const { size, colorScheme } of SIZES) {
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme });
          expect(await axe(page), `${hash}, ${size.width} px, ${colorScheme}`).toEqual([]);
          expect(await overflow(page), `${hash}, ${size.width} px`).toBeLessThanOrEqual(0);
        }
      }
      expect([errors, foreign]).toEqual([[], []]);
      await context.close();
      await world.close();
    });

  test('the page of a public record runs no script, and its data for programs is not held for one', async () => {
    const world = await makeWorld({ n: 1, webDir: its.webDir });
    const sha256 = await world.automatic(0, 'Nanowires');
    tag(world, sha256);
    settle(world);
    const url = `${await listen(world)}/records/${uuidOf(recordId(sha256))}`;
    const { context, page, errors, foreign } = await visit(its.browser, url);
    for (const { size, colorScheme } of SIZES) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      expect(await page.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(
        0,
      );
      expect(await axe(page), `${size.width} px`).toEqual([]);
      expect(await overflow(page), `${size.width} px`).toBeLessThanOrEqual(0);
      const shots = process.env['SCREENSHOTS'];
      if (shots) await page.screenshot({ path: join(shots, `record-${size.width}.png`), fullPage: true });
    }
    const data = await page.locator('script').evaluateAll((all) => all.map((one) => (one as HTMLScriptElement).type)); // prettier-ignore
    expect(data).toEqual(['application/ld+json']);
    expect([errors, foreign]).toEqual([[], []]);
    await context.close();
    await world.close();
  });

  test('what the Answer page loads before it can be used is small', async () => {
    const world = await makeWorld({ n: 1, size: 64, webDir: its.webDir });
    const { context, page } = await visit(its.browser, `${await listen(world)}/#/answer`, { name: 'Anna' });
    await page.getByText('Nothing to answer').waitFor();
    const loaded = await page.evaluate(
      () =>
      [document.URL, ...performance.getEntriesByType('resource').map(({ name }) => name)].map((url) => new URL(url).pathname), // prettier-ignore
    );
    const built = readdirSync(its.webDir, { recursive: true, encoding: 'utf8' });
    const files = loaded.map((path) => (path === '/' ? 'index.html' : path.slice(1))).filter((path) => built.includes(path)); // prettier-ignore
    const kB =
      files.reduce((sum, file) => sum + gzipSync(readFileSync(join(its.webDir, file))).length, 0) / 1000;
    console.log(`first load: ${kB.toFixed(1)} kB compressed (${files.length} files)`);
    expect(files.length).toBeGreaterThan(2);
    expect(files.length, 'a browser fetches six at a time').toBeLessThan(7);
    expect(kB).toBeLessThan(FIRST_LOAD);
    await context.close();
    await world.close();
  });

  test('what an answer can carry and who said it: a note, a wrong name corrected and taken back, own images', async () => {
    const world = await makeWorld({ n: 4, size: 64, webDir: its.webDir });
    const { store } = world;
    const [first, second] = [await world.asked(0, 'Tips', 'Fibres', 0.6, { at: new Date(Date.now() - 1000).toISOString() }), await world.asked(1, 'Tips', 'Fibres', 0.6)]; // prettier-ignore
    const { context, page, errors } = await visit(its.browser, await listen(world), { name: 'Anna' });
    await looked(page, first);
    await page.keyboard.press('t');
    await page.getByLabel('Note', { exact: true }).fill('1 two cracks'); // no key counts while it is written
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Note: 1 two cracks' }).waitFor();
    await looked(page, first);
    await page.keyboard.press('Enter');
    await looked(page, second);
    expect(store.images.need(first).label).toMatchObject({ category: 'Tips', note: '1 two cracks', by: 'Anna' }); // prettier-ignore

    await page.getByRole('button', { name: 'Anna' }).click();
    await page.getByRole('button', { name: /wrong name/ }).click();
    await page.getByLabel('They were those of').fill('Ben');
    await page.getByRole('button', { name: '1 answer was Ben’s' }).click(); // prettier-ignore
    await page.getByText('1 answer now under Ben.').waitFor();
    expect(store.images.need(first).label!.by).toBe('Ben');
    await page.getByRole('button', { name: 'Go on as Ben' }).waitFor(); // or the next ones are Anna's again
    await page.getByRole('button', { name: 'Take that back' }).click();
    await page.getByText('1 answer now under Anna.').waitFor();
    expect(store.images.need(first).label!.by).toBe('Anna');
    await page.keyboard.press('Escape');

    await page.evaluate(() => (location.hash = '#/today?show=mine'));
    await page.locator(`.tile a[href$="${first}"]`).waitFor();
    expect(await page.locator('.tile').count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('asked in pauses: what is on the screen stays, the next question waits, and is asked on wish; nothing is switched on by itself', async () => {
    const world = await makeWorld({ n: 3, size: 64, webDir: its.webDir });
    const first = await world.asked(0, 'Tips', 'Fibres', 0.6, { at: new Date(Date.now() - 1000).toISOString() }); // prettier-ignore
    const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
    await looked(page, first);
    await page.getByRole('button', { name: 'Tell me' }).click();
    const switches = page.getByRole('dialog').getByRole('checkbox');
    expect(await switches.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).checked))).toEqual([false, false, false]); // prettier-ignore
    await page.getByLabel(/ask me in pauses/).check();
    await page.keyboard.press('Escape');
    const second = await world.asked(1, 'Tips', 'Fibres', 0.6);
    await page.locator(`.next a[href*="${second}"]`).waitFor();
    await looked(page, first);
    await page.keyboard.press('1');
    await page.getByRole('heading', { name: 'Taking images' }).waitFor();
    await page.keyboard.press('1'); // nobody sees what it would answer
    expect(world.store.images.need(second).state).toBe('asked');
    // what is taken back is seen at once, and nothing else
    await page.keyboard.press('u');
    await looked(page, first);
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Taking images' }).waitFor();
    await page.keyboard.press('Enter');
    await looked(page, second);
    await context.close();
    await world.close();
  });
});
