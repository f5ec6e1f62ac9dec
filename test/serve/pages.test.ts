// The pages in a real Chromium: answering by keyboard, undo, two people at once, a lost connection, what screen readers get.

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, inChromium, listen, looked, overflow, visit } from './browser.ts';
import { fullWorld } from './views.ts';
import { makeWorld, type World } from './world.ts';

/** `SCREENSHOTS=docs/img` keeps what was looked at */
const shots = process.env['SCREENSHOTS'];
const shot = async (page: Page, name: string) =>
  shots && (await page.screenshot({ path: join(shots, `${name}.png`), animations: 'disabled' }));

const saying = (page: Page, text: string | RegExp) =>
  page.locator('.said p', { hasText: text }).waitFor({ timeout: 5000 });
const shownNow = async (page: Page) =>
  /images\/([0-9a-f]{64})/.exec((await page.locator('.stage img').getAttribute('src'))!)![1]!;

inChromium((its) => {
  async function withWorld(n: number, size: number, work: (world: World) => Promise<void>): Promise<void> {
    const world = await makeWorld({ n, size, webDir: its.webDir });
    try {
      await work(world);
    } finally {
      await world.close();
    }
  }

  const minute = (n: number) => new Date(Date.now() - 3_600_000 + n * 60_000).toISOString();

  test('answers by keyboard: who, digit, Enter, second category, none, unusable, skip, undo; nothing foreign, no error', () =>
    withWorld(9, 512, async (world) => {
      const images: string[] = [];
      for (let n = 0; n < 8; n++)
        images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.61, { at: minute(n) }));
      const label = (n: number) => world.store.images.need(images[n]!).label;
      const { context, page, foreign, errors } = await visit(its.browser, await listen(world));
      const press = async (n: number, key: string) => {
        await looked(page, images[n]!);
        await page.keyboard.press(key);
      };

      // nobody has given a name: what is typed is one, whole, and answers nothing
      await looked(page, images[0]!);
      await page.keyboard.type('Nanna');
      expect(await page.getByLabel('Name').inputValue()).toBe('Nanna');
      await page.getByLabel('Name').fill('Anna');
      await page.keyboard.press('Enter');
      await press(0, '3');
      await saying(page, 'Biological');
      expect(world.store.images.counts().asked).toBe(7);
      expect(label(0)).toMatchObject({ category: 'Biological', by: 'Anna' });

      await press(1, 'Enter');
      await saying(page, 'Nanowires');
      expect(label(1)).toMatchObject({ category: 'Nanowires' });

      await press(2, 'Shift+2');
      await page.getByText('second', { exact: true }).waitFor();
      await page.keyboard.press('0');
      await saying(page, 'Powder, also Fibres');
      expect(label(2)).toMatchObject({ category: 'Powder', second: 'Fibres' });

      await press(3, 'n');
      await saying(page, 'None of these');
      await press(4, 'x');
      await saying(page, 'Unusable');
      expect([label(3)!.kind, label(4)!.kind]).toEqual(['none_of_these', 'unusable']);

      await press(5, 's');
      await press(6, 's');
      await looked(page, images[7]!);
      await page.keyboard.press('u');
      await saying(page, 'Taken back: Unusable');
      expect(world.store.images.need(images[4]!).state).toBe('asked');
      await press(4, 'f');
      await page.keyboard.press('1');
      await saying(page, 'Particles');
      expect(label(4)).toMatchObject({ category: 'Particles' });

      for (const n of [7, 5, 6]) await press(n, 'Enter'); // what was skipped comes last
      await page.getByText('Nothing to answer').waitFor();
      expect(world.store.images.counts().asked).toBe(0);
      // it comes by itself
      const late = await world.asked(8, 'Tips', 'Powder', 0.5);
      await looked(page, late);
      expect([foreign, errors]).toEqual([[], []]);
      await context.close();
    }));

  test('a key counts once, only after a look, and never with a dialog open or on auto-repeat', () =>
    withWorld(4, 512, async (world) => {
      const images: string[] = [];
      for (let n = 0; n < 4; n++)
        images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.61, { at: minute(n) }));
      const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
      const asked = () => world.store.images.counts().asked;
      await looked(page, images[0]!);
      // a picture that could not be loaded was seen by nobody: only past it there is a way
      const picture = `**/api/images/${images[0]!}/picture`;
      await context.route(picture, (route) => route.abort());
      await page.reload();
      await page.getByText('could not be loaded; it is tried again').waitFor();
      await page.waitForTimeout(340);
      for (const key of ['Enter', '1', 'n']) await page.keyboard.press(key);
      await page.waitForTimeout(100);
      expect(asked()).toBe(4);
      await context.unroute(picture);
      await page.getByRole('button', { name: 'Load again' }).click();
      await looked(page, images[0]!);
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('1');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(asked()).toBe(4);
      await looked(page, images[0]!); // a key right behind a dialog does not count
      await page.keyboard.down('1');
      await page.keyboard.down('1'); // Playwright sends it as auto-repeat
      await saying(page, 'Particles');
      for (let i = 0; i < 8; i++) {
        await page.waitForTimeout(60);
        await page.keyboard.down('1');
      }
      await page.keyboard.up('1');
      expect(asked()).toBe(3);
      // the second half of a double press comes before anyone has seen the next picture
      await looked(page, images[1]!);
      await page.keyboard.press('2');
      await page.keyboard.press('2');
      await page.waitForTimeout(100);
      await page.keyboard.press('2');
      await looked(page, images[2]!);
      expect(asked()).toBe(2);
      // Enter after a click answers with the suggestion, not with the clicked button again
      await page
        .getByRole('button', { name: /^5 ?Nanowires|Nanowires/ })
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Tips' }).click();
      await looked(page, images[3]!);
      await page.keyboard.press('Enter');
      await saying(page, 'Nanowires');
      expect(world.store.images.need(images[2]!).label).toMatchObject({ category: 'Tips' });
      expect(world.store.images.need(images[3]!).label).toMatchObject({ category: 'Nanowires' });
      await context.close();
    }));

  test('the next picture stands within 150 ms of the key (median of ten, printed)', () =>
    withWorld(14, 1024, async (world) => {
      for (let n = 0; n < 12; n++) await world.asked(n, 'Nanowires', 'Fibres', 0.61, { at: minute(n) });
      const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
      const times: number[] = [];
      for (let n = 0; n < 10; n++) {
        await looked(page, await shownNow(page));
        times.push(
          await page.evaluate(async () => {
            const before = document.querySelector<HTMLImageElement>('.stage img')!.src;
            const start = performance.now();
            document.body.dispatchEvent(
              new KeyboardEvent('keydown', { key: '1', code: 'Digit1', bubbles: true }),
            );
            for (;;) {
              const img = document.querySelector<HTMLImageElement>('.stage img');
              if (img && img.src !== before && img.complete && img.naturalWidth > 0)
                return performance.now() - start;
              await new Promise(requestAnimationFrame);
            }
          }),
        );
      }
      times.sort((a, b) => a - b);
      console.log(`key to next picture: median ${times[5]!.toFixed(0)} ms, worst ${times[9]!.toFixed(0)} ms`);
      expect(times[5]).toBeLessThan(process.env['CI'] ? 1000 : 400); // the machine is shared; the figure is what counts
      await context.close();
    }));

  test('two people, one image: the second is told who said what, and goes on', () =>
    withWorld(4, 512, async (world) => {
      const images: string[] = [];
      for (let n = 0; n < 3; n++)
        images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.61, { at: minute(n) }));
      const url = await listen(world);
      const anna = await visit(its.browser, url, { name: 'Anna' });
      const ben = await visit(its.browser, url, { name: 'Ben' });
      // one looks, the other answers: told by the event
      await Promise.all([looked(anna.page, images[0]!), looked(ben.page, images[0]!)]);
      // one writes a note meanwhile: the image and the words stay until that is done, and what is pressed right behind it answers nothing
      await anna.page.keyboard.press('t');
      await anna.page.getByLabel('Note', { exact: true }).fill('two cracks');
      await ben.page.keyboard.press('2');
      await looked(ben.page, images[1]!);
      await anna.page.waitForTimeout(400);
      expect(await anna.page.getByLabel('Note', { exact: true }).inputValue()).toBe('two cracks');
      expect(await shownNow(anna.page)).toBe(images[0]);
      await anna.page.keyboard.press('Enter');
      await anna.page.keyboard.press('1');
      const { file } = world.fixtures[0]!;
      await saying(anna.page, new RegExp(`^ ?Ben answered ${file} at \\d\\d:\\d\\d: Fibres .your note was not sent: “two cracks”.$`)); // prettier-ignore
      await looked(anna.page, images[1]!);
      expect(images.map((sha256) => world.store.images.need(sha256).label?.by)).toEqual(['Ben', undefined, undefined]); // prettier-ignore
      await Promise.all([looked(anna.page, images[1]!), looked(ben.page, images[1]!)]);
      // both press at once: one is refused with what the other said
      await Promise.all([anna.page.keyboard.press('6'), ben.page.keyboard.press('7')]);
      await looked(anna.page, images[2]!);
      await looked(ben.page, images[2]!);
      const winner = world.store.images.need(images[1]!).label!;
      const loser = winner.by === 'Anna' ? ben : anna;
      await saying(loser.page, new RegExp(`${winner.by} answered ${world.fixtures[1]!.file}`));
      expect(world.store.history.of('image', images[1]!).filter((l) => l.to === 'labelled')).toHaveLength(1);
      expect([...anna.foreign, ...ben.foreign]).toEqual([]);
      // a refused answer is a 409, which Chromium itself puts on the console
      expect([...anna.errors, ...ben.errors].filter((e) => !e.includes('409'))).toEqual([]);
      await anna.context.close();
      await ben.context.close();
    }));

  test('the connection goes and comes: said so, the answer is not lost silently', () =>
    withWorld(3, 512, async (world) => {
      const first = await world.asked(0, 'Nanowires', 'Fibres', 0.61, { at: minute(0) });
      const second = await world.asked(1, 'Nanowires', 'Fibres', 0.61, { at: minute(1) });
      const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
      await looked(page, first);
      await context.setOffline(true);
      await page.evaluate(() => undefined);
      await page.keyboard.press('1');
      await saying(page, 'It is not known whether this arrived');
      expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
      expect(await shownNow(page)).toBe(first);
      await context.setOffline(false);
      await saying(page, 'Your answer has not arrived');
      expect(await page.locator('.said .tone-lost').count()).toBe(1); // it does not go by itself
      await page.keyboard.press('1');
      await saying(page, 'Particles');
      // it arrives, and what the service says of it is cut off: looked at, not guessed
      await looked(page, second);
      await context.route('**/label', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: '{"image":' });
      });
      await page.keyboard.press('2');
      await saying(page, `It had arrived. Fibres: ${world.fixtures[1]!.file}`);
      await page.getByText('Nothing to answer').waitFor();
      // what waits cannot be looked up: said, and tried again
      await context.route('**/api/prompts*', (route) => route.abort());
      await page.reload();
      await page.locator('main', { hasText: 'What waits could not be looked up' }).waitFor();
      await context.unroute('**/api/prompts*');
      await page.getByText('Nothing to answer').waitFor();
      await context.close();
    }));

  test('the service stops and starts again: the page says so and finds back by itself, and a new one loads its pages anew, but not under somebody who types', () =>
    withWorld(3, 512, async (world) => {
      const first = await world.asked(0, 'Nanowires', 'Fibres', 0.61, { at: minute(0) });
      const app = await world.app();
      const address = await app.listen({ host: '127.0.0.1', port: 0 });
      const { context, page } = await visit(its.browser, address, { name: 'Anna' });
      await looked(page, first);
      await page.keyboard.press('t');
      const note = page.getByLabel('Note', { exact: true });
      await note.fill('two cracks');
      await app.close();
      await page.getByText('Connection lost').waitFor();
      const contentType = 'text/event-stream';
      const body = 'event: hello\ndata: {"version":"9.9.9"}\n\n';
      await context.route('**/api/events', (route) => route.fulfill({ contentType, body }), { times: 1 });
      const again = await world.app();
      const second = await world.asked(1, 'Tips', 'Powder', 0.5);
      await again.listen({ host: '127.0.0.1', port: Number(new URL(address).port) });
      await page.getByText('Connection lost').waitFor({ state: 'detached', timeout: 15_000 });
      await page.locator(`.next a[href*="${second}"]`).waitFor();
      await page.waitForTimeout(1_200);
      expect(await note.inputValue()).toBe('two cracks');
      const loaded = page.waitForEvent('load');
      await page.keyboard.press('Escape');
      await loaded;
      await looked(page, first);
      await context.close();
    }));

  test('zoom, pan and a scale bar that stays true', () =>
    withWorld(3, 512, async (world) => {
      const sha256 = await world.asked(0, 'Nanowires', 'Fibres', 0.61);
      const { truth, width } = world.fixtures[0]!;
      const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
      await looked(page, sha256);
      const units: Record<string, number> = { mm: 1e-3, µm: 1e-6, nm: 1e-9 };
      const read = async () => {
        const [value, unit] = (await page.locator('.scale .length').innerText()).split('\u202f');
        const bar = (await page.locator('.scale .bar').boundingBox())!.width;
        const shown = (await page.locator('.stage img').boundingBox())!.width;
        return { metres: Number(value) * units[unit!]!, bar, shown };
      };
      const check = ({ metres, bar, shown }: Awaited<ReturnType<typeof read>>) =>
        expect(((bar / shown) * width * truth.pixel_size_x_m!) / metres).toBeCloseTo(1, 2);
      const before = await read();
      check(before);
      const stage = (await page.locator('.stage').boundingBox())!;
      await page.mouse.move(stage.x + 300, stage.y + 200);
      for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -300);
      await page.waitForTimeout(100);
      const zoomed = await read();
      expect(zoomed.shown).toBeGreaterThan(before.shown * 3);
      check(zoomed);
      const left = (await page.locator('.stage img').boundingBox())!.x;
      await page.mouse.down();
      await page.mouse.move(stage.x + 340, stage.y + 200);
      await page.mouse.up();
      expect((await page.locator('.stage img').boundingBox())!.x - left).toBeCloseTo(40, 0);
      await page.keyboard.press('f');
      await page.waitForTimeout(50);
      expect((await read()).shown).toBeCloseTo(before.shown, 0);
      expect(world.store.images.counts().asked).toBe(1);
      await context.close();
    }));

  test('Today: every state in words, the reason of what is aside, retry', () =>
    withWorld(8, 512, async (world) => {
      await world.asked(0, 'Nanowires', 'Fibres', 0.61);
      await world.automatic(1, 'Particles');
      world.forwarded(await world.automatic(2, 'Powder'));
      const aside = world.aside(3);
      const id = world.incomplete('half.jpg');
      await world.read(4);
      const { context, page, errors } = await visit(its.browser, `${await listen(world)}/#/today`, {
        name: 'Anna',
      });
      for (const words of [
        'Waits for an answer',
        'Labelled by itself',
        'At the repository',
        'Aside',
        'Being classified',
      ])
        await page.locator('.flag', { hasText: words }).waitFor();
      await page
        .locator('.tile', { hasText: 'The structure of the file is damaged.' })
        .getByText('Retry')
        .click();
      await page.getByText('is tried again').waitFor();
      expect(world.store.images.need(aside).state).toBe('settled');
      await page.locator('.files li', { hasText: 'half.jpg' }).getByText('Retry').click();
      await page.locator('.files').waitFor({ state: 'detached' });
      expect(world.store.files.get(id)!.state).toBe('seen');
      await page.getByRole('link', { name: 'By people' }).click();
      await page.getByText('None at the moment.').waitFor();
      expect(errors).toEqual([]);
      await context.close();
    }));

  test('after half an hour without anyone the name is gone', () =>
    withWorld(2, 64, async (world) => {
      const { context, page } = await visit(its.browser, await listen(world), { name: 'Anna' });
      await page.getByText('Anna').waitFor();
      await page.evaluate(() =>
        localStorage.setItem('semtag.person', JSON.stringify({ name: 'Anna', at: Date.now() - 31 * 60_000 })),
      );
      await page.keyboard.press('Shift'); // the first sign of the next person does not bring it back
      await page.getByRole('button', { name: 'Who answers?' }).waitFor();
      await context.close();
    }));

  describe('as it looks and is read out', () => {
    let world: World;
    let url: string;
    let choose: string;
    beforeAll(async () => {
      world = await fullWorld(its.webDir, 1024);
      choose = await world.asked(12, 'Porous_Sponge', 'Powder', 0.24);
      url = await listen(world);
    });
    afterAll(() => world.close());

    const SIZES = [
      [1280, 800],
      [820, 1180],
      [960, 1000],
    ] as const;
    /** The question and all choices are in sight, the page does not scroll. */
    const LOW = [
      [1366, 640],
      [1366, 560],
      [1280, 657],
      [1024, 768],
    ] as const;
    test('the Answer page: picture first, nothing cut, no overflow, no finding of axe, at three sizes, dark and light', async () => {
      const { context, page, errors } = await visit(its.browser, `${url}/#/answer`, { name: 'Anna' });
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        await looked(page, await shownNow(page));
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Undo' }).waitFor();
        await looked(page, await shownNow(page));
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const where = `${width} px, ${colorScheme}`;
          expect(await overflow(page), where).toBeLessThanOrEqual(0);
          const box = (await page.locator('.picture').boundingBox())!;
          expect((box.width * box.height) / (width * height), where).toBeGreaterThan(0.6);
          const file = world.store.images.need(await shownNow(page)).name;
          expect(await page.locator('.picture .caption').innerText()).toContain(file);
          const values = page.locator('.facts dd, .caption');
          const cut = await values.evaluateAll((all) => all.filter((v) => v.scrollWidth > v.clientWidth));
          expect(cut, where).toEqual([]);
          const scrolls = await page.locator('.panel').evaluate((p) => p.scrollHeight - p.clientHeight);
          expect(scrolls, `${where}: the panel needs no scrolling`).toBeLessThanOrEqual(0);
          await shot(page, `answer-${width}${colorScheme === 'light' ? '-light' : ''}`);
          expect(await axe(page), where).toEqual([]);
        }
        await page.keyboard.press('u');
        await saying(page, 'Taken back');
      }
      for (const [width, height] of LOW) {
        await page.setViewportSize({ width, height });
        await looked(page, await shownNow(page));
        const where = `${width} x ${height}`;
        const beyond = await page.evaluate(() => {
          const panel = document.querySelector('.panel')!;
          const below = [...document.querySelectorAll('h1, .choices, .choices button')].filter(
            (one) => one.getBoundingClientRect().bottom > panel.getBoundingClientRect().bottom,
          );
          const page = document.documentElement;
          return [below.length, page.scrollHeight - innerHeight, panel.scrollWidth - panel.clientWidth];
        });
        expect(beyond, `${where}: below the panel, page and panel scroll`).toEqual([0, 0, 0]);
        await shot(page, `answer-low-${width}-${height}`);
      }
      expect(errors).toEqual([]);
      await context.close();
    });

    test('help, name and the empty page pass axe too, and 200 % zoom scrolls in one direction only', async () => {
      const { context, page } = await visit(its.browser, url, { width: 640, height: 400, scale: 2 });
      await page.locator('.stage img').waitFor();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      await shot(page, 'zoom200');
      await page.setViewportSize({ width: 1280, height: 800 });
      const clean = async (name: string) => {
        await shot(page, name);
        expect(await axe(page), name).toEqual([]);
      };
      await page.getByRole('button', { name: 'Who answers?' }).click();
      await clean('who');
      await page.getByLabel('Name').fill('Anna');
      await page.keyboard.press('Enter');
      await page.goto(`${url}/#/answer/${choose}`);
      await looked(page, choose);
      await page.keyboard.press('Enter'); // no suggestion to accept
      await page.keyboard.press('Shift+2');
      await clean('choose');
      expect(world.store.images.need(choose).state).toBe('asked');
      await page.getByRole('button', { name: /Keys and categories/ }).click();
      await page.getByRole('dialog').waitFor();
      await clean('help');
      await page.keyboard.press('Escape');
      for (const image of world.store.images.inState('asked', 100))
        world.deps.answers.label(image.sha256, { answer: { kind: 'unusable' }, by: 'Ben' });
      await page.getByText('Nothing to answer').waitFor({ timeout: 20_000 });
      await clean('nothing');
      await context.close();
    });
  });
});
