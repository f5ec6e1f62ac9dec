// Milliseconds from the address of the gallery to its first 50 thumbnails, in Chromium.

import { launchChromium } from './chromium.ts';

const THUMBNAILS = 50;

export async function galleryOpened(url: string, times: number): Promise<number[]> {
  const browser = await launchChromium();
  const ms: number[] = [];
  try {
    for (let i = 0; i < times; i++) {
      // nothing is in its cache
      const context = await browser.newContext({ viewport: { width: 1600, height: 2400 } });
      const page = await context.newPage();
      const start = performance.now();
      await page.goto(`${url}/#/images`);
      await page.waitForFunction((wanted) => {
        const images = [...document.querySelectorAll<HTMLImageElement>('.tile img')];
        return images.filter((one) => one.complete && one.naturalWidth > 0).length >= wanted;
      }, THUMBNAILS);
      ms.push(performance.now() - start);
      await context.close();
    }
    return ms;
  } finally {
    await browser.close();
  }
}
