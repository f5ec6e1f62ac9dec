// Look-alikes under the picture and the page of a series, as a person uses them in a real Chromium.

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { inChromium, listen, looked, visit } from './browser.ts';
import { makeWorld, type World } from './world.ts';

/** The same picture in another format: settled and read, without a picture of its own. */
function settled({ store }: World, name: string): string {
  const at = new Date().toISOString();
  const sha256 = createHash('sha256').update(name).digest('hex');
  const key = { instrument: 'Merlin', dir: Buffer.from('GaAs/run 3'), name: Buffer.from(name) };
  store.files.see([{ sighting: { ...key, role: 'image', size: 5, mtime_ns: '1' }, state: 'seen' }], at);
  const file = store.files.current(key.instrument, key.dir, key.name)!;
  store.files.settle({ file, sha256, bytes: 5, mediaType: 'image/tiff', name, facts: {}, at });
  const scanArea = { width: 8, height: 8, origin: 'pixels' };
  store.images.read(sha256, { format: 'generic', fields: {}, warnings: [], page: 0 }, { width: 8, height: 8, bitsPerSample: 8, scanArea }, {}, at); // prettier-ignore
  return sha256;
}

const SHOTS = process.env['SHOTS'];

inChromium((its) => {
  test('none is ticked by itself; A ticks all, one is ticked off, one answer is for those, one undo takes all back', async () => {
    const world = await makeWorld({ n: 5, size: 128, webDir: its.webDir });
    const waiting: string[] = [];
    for (let n = 0; n < 5; n++) waiting.push(await world.asked(n, 'Nanowires', 'Fibres', 0.6));
    world.deps.answers.correctFacts(waiting, { sample: 'GaAs' }, 'Anna');
    const [first, ...alike] = waiting as [string, ...string[]];
    world.deps.questions = async () => {
      const lookAlikes = alike.filter((one) => world.store.images.need(one).state === 'asked');
      return waiting.map((sha256) => ({ sha256, ...(sha256 === first ? { alike: 4, lookAlikes } : {}) }));
    };
    const { context, page, errors } = await visit(its.browser, await listen(world), { name: 'Anna' });
    const said = (text: string | RegExp) => page.locator('.said p', { hasText: text }).waitFor();
    await looked(page, first);
    const strip = page.getByRole('region', { name: 'Look-alikes' });
    await strip.getByText('Same for these 4 look-alikes').waitFor();
    expect(await strip.locator('input:checked').count()).toBe(0);
    await page.keyboard.press('a');
    await strip.getByText('4 ticked').waitFor();
    await page.keyboard.press('a');
    await strip.getByText('not ticked').waitFor();
    await page.keyboard.press('a');
    await strip.locator('label').nth(1).click();
    await strip.getByText('3 ticked').waitFor();
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/answer-look-alikes-1280.png` });
    // a ticked box takes no key away
    await page.keyboard.press('Enter');
    await said(/Nanowires: .* and 3 look-alikes$/);
    const states = () => waiting.map((sha256) => world.store.images.need(sha256).state);
    expect(states()).toEqual(['labelled', 'labelled', 'asked', 'labelled', 'labelled']);
    expect(world.store.images.need(alike[0]!).label).toMatchObject({ by: 'Anna', lead: first });
    // the next one is none of those
    await looked(page, alike[1]!);
    await page.keyboard.press('u');
    await said(/and 3 that went with it are asked again/);
    expect(states()).toEqual(Array(5).fill('asked'));
    await looked(page, first);
    await strip.getByText('not ticked').waitFor();
    await page.setViewportSize({ width: 820, height: 1100 });
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/answer-look-alikes-820.png` });
    expect(errors).toEqual([]);
    await context.close();
    await world.close();
  });

  test('parts of one acquisition are asked about once, and the page says so', async () => {
    const world = await makeWorld({ n: 2, size: 128, webDir: its.webDir });
    const other = await world.asked(0, 'Nanowires', 'Fibres', 0.6);
    const { scores, category, score, decision, model } = world.store.images.need(other);
    const thresholds = { version: 1, auto: 0.8, prompt: 0.35 };
    const classification = { scores: scores!, category: category!, score: score!, decision: decision!, model: model!, thresholds }; // prettier-ignore
    world.deps.answers.label(other, { answer: { kind: 'unusable' }, by: 'Ben' });
    const parts = [];
    for (const [n, name] of ['wire_SE.jpg', 'wire_SE.tif'].entries()) {
      if (n === 0) parts.push(await world.read(1, { name }));
      else parts.push(settled(world, name));
      world.store.images.classified(parts[n]!, classification, undefined, new Date().toISOString());
    }
    const [first, second] = parts as [string, string];
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, url, { name: 'Anna' });
    await looked(page, first);
    const both = 'Its answer is for another part of one acquisition (formats) too: ';
    await page.getByText(`${both}wire_SE.tif.`).waitFor();
    await page.goto(`${url}/#/answer/${second}`);
    await page.getByText(`${both}wire_SE.jpg.`).waitFor();
    await page.goto(`${url}/#/answer/${first}`);
    await looked(page, first);
    await page.keyboard.press('Enter');
    await page.locator('.said p', { hasText: /Nanowires: wire_SE\.jpg and 1 more of the same acquisition$/ }).waitFor(); // prettier-ignore
    await page.getByText('Nothing to answer').waitFor();
    await page.goto(`${url}/#/answer/${second}`);
    await page.getByText('Labelled by Anna together with another image').waitFor();
    expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
    await context.close();
    await world.close();
  });

  test('a series says what lies in it and what keeps it from that; what is proposed or picked is split off, taken back, joined by two clicks', async () => {
    const world = await makeWorld({ n: 9, size: 128, webDir: its.webDir });
    const instruments = [{ name: 'Merlin', teach: true }];
    world.deps.answers = answers(world.store, () => undefined, undefined, { instruments, authors: [] });
    const images: string[] = [];
    for (let n = 0; n < 8; n++) images.push(await world.asked(n, 'Nanowires', 'Fibres', 0.6));
    world.deps.answers.correctFacts(images, { sample: 'GaAs' }, 'Anna');
    const id = world.store.images.need(images[0]!).series!;
    const odd = images.slice(0, 3);
    world.deps.spread = async (sha256s) => {
      const groups = [sha256s.filter((one) => !odd.includes(one)), sha256s.filter((one) => odd.includes(one))] as [string[], string[]]; // prettier-ignore
      const two = groups.every((group) => group.length > 0);
      return { images: sha256s.length, likeness: two ? 0.2 : 0.8, ...(two ? { subjects: groups } : {}) };
    };
    const url = await listen(world);
    const { context, page, errors } = await visit(its.browser, `${url}/#/answer/${images[0]}`, { name: 'Anna' }); // prettier-ignore
    await looked(page, images[0]!);
    await page.route('**/api/series/*?full=true', (route) => route.abort());
    await page.getByRole('link', { name: 'Its series' }).click();
    await page.getByRole('alert').getByText('semtag does not answer.').waitFor();
    await page.unroute('**/api/series/*?full=true');
    world.aside(8); // something happens
    await page.getByRole('heading', { name: /GaAs$/ }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByText('It looks as if two subjects lie here.').waitFor();
    await page.getByText('5 like this').waitFor();
    await page.getByText('3 like that', { exact: true }).waitFor();
    if (SHOTS) {
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${SHOTS}/series-1280.png` });
      await page.setViewportSize({ width: 820, height: 1100 });
      await page.screenshot({ path: `${SHOTS}/series-820.png` });
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    await page.getByRole('button', { name: 'Split off the 3 like that' }).click();
    await page.getByText(/3 images are the series .*GaAs \(2\) now\./).waitFor();
    await page.getByText('These images look alike.').waitFor();
    expect(await page.locator('.tile').count()).toBe(5);
    const added = world.store.images.need(odd[0]!).series!;
    expect(added).not.toBe(id);
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/series-split-1280.png` });
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('3 images went into').waitFor();
    await expect.poll(() => page.locator('.tile').count()).toBe(8);
    expect(world.store.series.get(added)).toMatchObject({ joined: id });

    // by hand, and joined from the choice
    await page.locator('.tile .pick').nth(0).click();
    await page.locator('.tile .pick').nth(1).click();
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/series-picked-1280.png` });
    await page.getByRole('button', { name: 'Split off 2 images' }).click();
    await page.getByText(/2 images are the series/).waitFor();
    await page.getByRole('link', { name: 'Show it' }).click();
    await page.getByRole('heading', { name: /GaAs \(2\)$/ }).waitFor();
    expect(await page.locator('.tile').count()).toBe(2);
    await page.getByLabel('Join with').selectOption(String(id));
    const { series: part } = world.store.images.need(images[7]!);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('button', { name: 'Really join?' }).waitFor();
    expect(world.store.series.get(part!)!.joined).toBeUndefined();
    await page.getByRole('button', { name: 'Really join?' }).click();
    await page.getByText('was joined with another series').waitFor();
    await page.getByRole('link', { name: 'Show that one' }).click();
    await expect.poll(() => page.locator('.tile').count()).toBe(8);
    await page.goto(`${url}/#/series/999`);
    await page.getByText('There is no series 999.').waitFor();
    expect(errors.filter((text) => !/404|ERR_FAILED/.test(text))).toEqual([]);
    await context.close();
    await world.close();
  });
});
