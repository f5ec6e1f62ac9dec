// A Chromium for proofs: people at browsers of their own, who press keys and nothing else. Opens no page but the service's.

import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

export function launchChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`${CHROMIUM} is missing; CHROMIUM=/path/to/chromium names another one`);
  // no sandbox: it cannot be had as root
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

declare global {
  interface Window {
    /** milliseconds from each key to the next picture on the screen */
    keyToPicture: number[];
  }
}

/** Runs in the page: from the moment the key arrives until another picture is decoded and a frame has drawn it. Text, since what compiles this file leaves calls in functions that no page knows. */
const WATCH_KEYS = `
  window.keyToPicture = [];
  performance.setResourceTimingBufferSize(10000);
  const picture = () => document.querySelector('.stage img');
  addEventListener('keydown', () => {
    const before = picture()?.src;
    const start = performance.now();
    const look = () => {
      const now = picture();
      if (now && now.src !== before && now.complete && now.naturalWidth > 0)
        now.decode().then(() => requestAnimationFrame(() => setTimeout(() => keyToPicture.push(performance.now() - start))), () => undefined);
      else if (performance.now() - start < 60000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);`;

/** Frames, so that the page has run what it does once a picture is drawn; then a little more than its 300 ms, by the clock of the page. */
const COUNTS = `new Promise((done) => {
  const frame = (n) => (n === 0 ? setTimeout(done, 340) : requestAnimationFrame(() => setTimeout(() => frame(n - 1))));
  frame(3);
})`;

/** A machine that others use too. */
const SLOW = { timeout: 60_000 };

export type Person = {
  page: Page;
  /** keys pressed so far */
  keys: number;
  press(key: string): Promise<void>;
  /** SHA-256 of the picture on the screen, once it has been there long enough for a key to count; never that of `not` */
  looked(not?: string): Promise<string>;
  /** the bottom line says this */
  said(words: RegExp): Promise<string>;
};

export async function personAt(browser: Browser, url: string): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  await context.addInitScript(`{${WATCH_KEYS}}`);
  const page = await context.newPage();
  await page.goto(url);
  const person: Person = {
    page,
    keys: 0,
    async press(key) {
      person.keys++;
      await page.keyboard.press(key);
    },
    async looked(not) {
      const found = await page.waitForFunction(
        (other) => {
          const img = document.querySelector<HTMLImageElement>('.stage img');
          const sha256 = /images\/([0-9a-f]{64})/.exec(img?.src ?? '')?.[1];
          return img?.complete && img.naturalWidth > 0 && sha256 !== other ? sha256 : undefined;
        },
        not,
        SLOW,
      );
      // the page's own rule: 300 ms from where it knows of the picture, which on a busy machine is some frames later
      await page.evaluate(COUNTS);
      return (await found.jsonValue()) as string;
    },
    async said(words) {
      const line = page.locator('.said p', { hasText: words });
      await line.waitFor(SLOW);
      return line.innerText();
    },
  };
  return person;
}
