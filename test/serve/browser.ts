// A real Chromium on the built pages and a real listening app. Watches for foreign requests, console errors and policy violations.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe } from 'vitest';
import { FILES, type World } from './world.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** False, with a word, where there is none; in CI a missing browser is a failure. */
function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true;
  if (process.env['CI'])
    throw new Error(`${CHROMIUM} is missing; CI needs a Chromium for the tests of the pages`);
  console.warn(`skipped: ${CHROMIUM} is missing; CHROMIUM=/path/to/chromium names another one`);
  return false;
}

export type Its = { browser: Browser; webDir: string };

/** A group of tests with the pages built and one browser started for them; `its` is filled before the first one and its hooks run. */
export function inChromium(tests: (its: Its) => void): void {
  describe.skipIf(!hasChromium())('in Chromium', () => {
    const its = {} as Its;
    beforeAll(async () => {
      its.webDir = await buildPages();
      its.browser = await launch();
    });
    afterAll(async () => {
      await its.browser?.close();
      if (its.webDir) rmSync(its.webDir, { recursive: true, force: true });
    });
    tests(its);
  });
}

async function buildPages(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'semtag-pages-'));
  const configFile = join(import.meta.dirname, '../../vite.config.ts');
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  return outDir;
}

function launch(): Promise<Browser> {
  // no sandbox: it cannot be had as root, and only pages of our own are opened
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

export async function listen(world: World): Promise<string> {
  const app = await world.app();
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

export type Visit = { context: BrowserContext; page: Page; foreign: string[]; errors: string[] };

/** A person at a browser of their own. */
export async function visit(
  browser: Browser,
  url: string,
  {
    name = undefined as string | undefined,
    width = 1280,
    height = 800,
    light = false,
    scale = 1,
    manages = false,
  } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    reducedMotion: 'reduce',
    colorScheme: light ? 'light' : 'dark',
    ...(manages ? { extraHTTPHeaders: FILES } : {}),
  });
  const foreign: string[] = [];
  const errors: string[] = [];
  await context.route(
    (u) => u.hostname !== '127.0.0.1',
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  if (name !== undefined)
    await context.addInitScript(
      `localStorage.getItem('semtag.person') ?? localStorage.setItem('semtag.person', JSON.stringify({ name: ${JSON.stringify(name)}, at: Date.now() }))`,
    );
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { context, page, foreign, errors };
}

/** The picture of this image is on the screen and has been long enough for a key to count. */
export async function looked(page: Page, sha256: string): Promise<void> {
  await page.waitForFunction((sha) => {
    const img = document.querySelector<HTMLImageElement>('.stage img');
    return img?.src.includes(sha) && img.complete && img.naturalWidth > 0;
  }, sha256);
  // the page hears of it a frame later, which is long on a busy machine
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  await page.waitForTimeout(340);
}

const AXE = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve(
  'axe-core/axe.min.js',
);
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

type Finding = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] };

/** What axe finds, in words; the rules of WCAG 2.2 A and AA, or only these. Put into a page once, however often it looks. */
export async function axe(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(readFileSync(AXE, 'utf8'));
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: WCAG };
  const violations = await page.evaluate(
    async (options) => {
      const { axe } = window as unknown as { axe: { run(of: Document, options: object): Promise<{ violations: Finding[] }> } }; // prettier-ignore
      return (await axe.run(document, options)).violations;
    },
    { runOnly, resultTypes: ['violations'] },
  );
  return violations.map(({ impact, id, nodes }) => `${impact} ${id}: ${nodes.map((n) => `${n.html} ${n.failureSummary}`).join(' | ')}`); // prettier-ignore
}

/** How far the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
