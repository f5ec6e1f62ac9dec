// `npx tsx scripts/screenshots.ts FOLDER [PAGE ...]`: every page of the router's list, empty and full, dark and light, at 1280 and 820 px, as pictures to look at. Full is the demo with its manager signed in. Judges nothing.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import { launchChromium } from '../proof/lib/chromium.ts';
import { addresses, open } from '../test/serve/views.ts';
import { FILES, makeWorld } from '../test/serve/world.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
];
const SCHEMES = ['dark', 'light'] as const;

const [folder, ...pages] = process.argv.slice(2);
if (!folder) {
  console.error('usage: npx tsx scripts/screenshots.ts FOLDER [PAGE ...], after npm run build');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

/** Of what it is called, at each size in each scheme. */
async function take(page: Page, view: string, hash: string, name: string): Promise<void> {
  for (const size of SIZES)
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await open(page, hash);
      const file = `${view}-${name}-${size.width}-${colorScheme}.png`;
      await page.screenshot({ path: join(resolve(folder!), file), animations: 'disabled' });
    }
}

const wanted = (view: string) => pages.length === 0 || pages.includes(view);
const browser = await launchChromium();

async function empty(): Promise<void> {
  const world = await makeWorld({ n: 1, size: 64 });
  const app = await world.app();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const context = await browser.newContext({ reducedMotion: 'reduce', extraHTTPHeaders: FILES });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  for (const { page: view, hash } of addresses(undefined))
    if (wanted(view)) await take(page, view, hash, 'empty');
  await context.close();
  await world.close();
}

/** The demo, once all has happened in it. */
async function full(): Promise<void> {
  const main = join(import.meta.dirname, '../dist/main.js');
  const demo = spawn(process.execPath, [main, 'demo', '--pace', '0.3'], { stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
  try {
    const signIn = await new Promise<RegExpExecArray>((found, lost) => {
      let last: RegExpExecArray | null = null;
      demo.once('exit', () => lost(new Error('the demo ended')));
      createInterface(demo.stdout).on('line', (line) => {
        last = /manager: (\w+), password (\w+), at (http\S+)/.exec(line) ?? last;
        if (/^What to look at/.test(line)) found(last!);
      });
    });
    const [, name, password, url] = signIn as unknown as [string, string, string, string];
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(url);
    if (wanted('sign-in')) await take(page, 'sign-in', '#/sign-in', 'full');
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Manage' }).waitFor();
    const { items } = (await (await context.request.get(new URL('/api/images?basis=answer', url).href)).json()) as { items: { sha256: string; series?: number }[] }; // prettier-ignore
    // of the instrument whose pictures are the larger ones
    const waiting = (await (await context.request.get(new URL('/api/images?state=asked&instrument=Merlin', url).href)).json()) as { items: { sha256: string }[] }; // prettier-ignore
    const question = `#/answer/${waiting.items[0]?.sha256 ?? ''}`;
    for (const { page: view, hash } of addresses(
      items.find(({ series }) => series !== undefined) ?? items[0],
    ))
      if (view !== 'sign-in' && wanted(view)) await take(page, view, view === 'answer' ? question : hash, 'full'); // prettier-ignore
    await context.close();
  } finally {
    demo.kill('SIGINT');
  }
}

await empty();
await full();
await browser.close();
