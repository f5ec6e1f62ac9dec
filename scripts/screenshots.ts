// `npx tsx scripts/screenshots.ts FOLDER [PAGE ...]`: every page of the router's list, empty and full, dark and light, at 1280 and 820 px, as pictures to look at. Judges nothing.

import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { launchChromium } from '../proof/lib/chromium.ts';
import { addresses, fullWorld, open } from '../test/serve/views.ts';
import { makeWorld, WEB } from '../test/serve/world.ts';

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
const browser = await launchChromium();
const worlds = { empty: () => makeWorld({ n: 1, size: 64 }), full: () => fullWorld(WEB, 1024) };
for (const [name, make] of Object.entries(worlds)) {
  const world = await make();
  const app = await world.app();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(url);
  for (const { page: view, hash } of addresses(world))
    if (pages.length === 0 || pages.includes(view))
      for (const size of SIZES)
        for (const colorScheme of SCHEMES) {
          await page.setViewportSize(size);
          await page.emulateMedia({ colorScheme });
          await open(page, hash);
          const file = `${view}-${name}-${size.width}-${colorScheme}.png`;
          await page.screenshot({ path: join(resolve(folder), file), animations: 'disabled' });
        }
  await context.close();
  await world.close();
}
await browser.close();
