// `semtag alignment`: one line an image, a report, a head of one's own; what fails is said and does not stop the others.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { wirePicture } from '../../fixtures/wires.ts';
import { semtag, temporary } from './semtag.ts';

async function wires(path: string, seed: number, bundle: number): Promise<void> {
  const { grey } = wirePicture({ seed, width: 256, height: 192, angle: 60, bundle, count: 40, diameter: 5, spread: 2, noise: 0.03 }); // prettier-ignore
  await sharp(grey.data, { raw: { width: grey.width, height: grey.height, channels: 1 } })
    .png()
    .toFile(path);
}

describe('semtag alignment', () => {
  it('measures images, prints them in order, and makes a report that needs nothing else', { timeout: 120_000 }, async () => {
    const dir = temporary();
    await wires(join(dir, 'a.png'), 1, 1);
    await wires(join(dir, 'b.png'), 2, 0);
    writeFileSync(join(dir, 'broken.png'), 'no image');
    const ended = await semtag(dir, 'alignment', '--json', '--html', 'out/report.html', 'broken.png', 'b.png', 'a.png');
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('broken.png');
    const lines = ended.out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, number | string>);
    expect(lines.map(({ file }) => file)).toEqual(['b.png', 'a.png']);
    const [none, all] = lines;
    expect(all).toMatchObject({ measure: 'gradient-1', probability: expect.any(Number) as number });
    expect(all!['alignedFraction']).toBeGreaterThan(0.9);
    expect(Math.abs(Number(all!['orientation']) - 60)).toBeLessThan(2);
    expect(Number(none!['alignedFraction'])).toBeLessThan(0.5);
    expect(Number(none!['globalCoherency'])).toBeLessThan(Number(all!['globalCoherency']));
    const report = readFileSync(join(dir, 'out/report.html'), 'utf8');
    expect(report.match(/<img src="data:image\/jpeg/g)).toHaveLength(4);
    expect(report).not.toMatch(/(src|href)="(?!data:|#)/);
    expect(report).toContain(Number(all!['alignedFraction']).toFixed(2));

    const shown = await semtag(dir, 'alignment', 'a.png');
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/file +aligned +global +local +fraction +direction\n\s*a\.png +[01]\.\d\d/);
  });

  it('trains a head that it can use, refuses to replace one, and says what a list lacks', { timeout: 240_000 }, async () => {
    const dir = temporary();
    mkdirSync(join(dir, 'wires'));
    const rows = ['file\talignment\tcategory\tgroup'];
    for (let k = 0; k < 4; k++) {
      await wires(join(dir, 'wires', `${k}.png`), 10 + k, k % 2);
      rows.push(`wires/${k}.png\t${k % 2 ? '' : 'not_'}aligned\tNanowires\tg${k}`);
    }
    writeFileSync(join(dir, 'LIST.tsv'), rows.join('\n'));
    const dry = await semtag(dir, 'alignment', 'train', 'LIST.tsv', '--out', 'own.json', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toMatch(/4 images, 2 aligned, of 4 groups[\s\S]*not written/);
    const trained = await semtag(dir, 'alignment', 'train', 'LIST.tsv', '--out', 'own.json', '--json');
    const { head, data } = JSON.parse(trained.out) as { head: { sha256: string }; data: { images: number } };
    expect(data.images).toBe(4);
    expect(dry.out).toContain(head.sha256); // the same twice
    expect(readFileSync(join(dir, 'own.provenance.json'), 'utf8')).not.toContain(dir);
    const used = await semtag(dir, 'alignment', '--head', 'own.json', '--json', 'wires/1.png');
    expect((JSON.parse(used.out) as { probability: number }).probability).toBeGreaterThan(0.5);
    const again = await semtag(dir, 'alignment', 'train', 'LIST.tsv', '--out', 'own.json');
    expect(again.code).toBe(2);
    expect(again.err).toContain('--force replaces it');
    writeFileSync(join(dir, 'LIST.tsv'), 'file\nwires/1.png');
    expect((await semtag(dir, 'alignment', 'train', 'LIST.tsv', '--dry-run')).err).toContain('columns file and alignment');
  });

  it('says which path is not there', async () => {
    const ended = await semtag(temporary(), 'alignment', 'no-such.tif');
    expect(ended.code).not.toBe(0);
    expect(ended.err).toContain('no-such.tif');
  });
}); // prettier-ignore
