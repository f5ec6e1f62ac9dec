// `semtag train --catalogue`: a head from what people labelled in the service, alone and beside a folder; and what it needs.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBackbone } from '../../src/classify/backbones.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { randomOf } from '../../src/domain/random.ts';
import { openStore } from '../../src/store/store.ts';
import { answer, at, classification, header, sha } from '../store/world.ts';
import { home, semtag } from './semtag.ts';

const { sha256: backbone, preprocessing, length } = findBackbone();
const picture = {
  width: 64,
  height: 48,
  bitsPerSample: 8,
  scanArea: { width: 64, height: 48, origin: 'pixels' as const },
};

/** Images that a person labelled Tips or Powder, in twenty folders, with bottlenecks that tell the two apart. */
function fill(dataDir: string, count: number): void {
  const store = openStore(dataDir);
  const random = randomOf(3);
  for (let i = 0; i < count; i++) {
    const name = `image-${i}.tif`;
    const category: Category = i % 2 ? 'Tips' : 'Powder';
    const key = { instrument: 'SEM 1', dir: Buffer.from(`sample ${i % 20}`), name: Buffer.from(name) };
    store.files.see([{ sighting: { ...key, role: 'image', size: 10, mtime_ns: '1' }, state: 'seen' }], at(i));
    const file = store.files.current(key.instrument, key.dir, key.name)!;
    const sha256 = sha(name);
    store.files.settle({ file, sha256, bytes: 10, mediaType: 'image/tiff', name, facts: {}, at: at(i) });
    store.images.read(sha256, header, picture, {}, at(i));
    store.images.classified(sha256, classification(), undefined, at(i));
    store.revisions.label(sha256, answer(category, 'Anna', i));
    const views = [0, 1].map(() =>
      Float32Array.from({ length }, (_, j) => random() + (j % 20 === i % 2 ? 1 : 0)),
    );
    store.bottlenecks.put(sha256, { backbone, preprocessing, engine: 'onnx', views });
  }
  store.close();
}

type Provenance = {
  data: { from: string; images: number; groups: number; categories: Record<string, { images: number }> };
  steps?: { points: unknown[] };
};

describe('semtag train --catalogue', () => {
  it('learns from answers alone, with the steps as a page', { timeout: 120_000 }, async () => {
    const dir = home();
    const dataDir = join(dir, 'data');
    mkdirSync(dataDir);
    fill(dataDir, 60);
    const args = ['--catalogue', '--folds', '2', '--out', 'ours.json', '--sweep', '--html', 'steps.html'];
    const ended = await semtag(dir, 'train', ...args, '--json');
    expect(ended).toMatchObject({ code: 0, err: '' });
    const { data, steps } = JSON.parse(ended.out) as Provenance;
    expect(data).toMatchObject({ from: 'catalogue', images: 60, groups: 20 });
    expect(CATEGORIES.filter((c) => data.categories[c]!.images > 0).sort()).toEqual(['Powder', 'Tips']);
    const html = readFileSync(join(dir, 'steps.html'), 'utf8');
    expect(html).toContain('<svg');
    expect(steps!.points.length).toBeGreaterThan(3);
    expect(JSON.parse(readFileSync(join(dir, 'ours.provenance.json'), 'utf8'))).not.toHaveProperty('steps');

    const again = await semtag(dir, 'train', ...args);
    expect(again.code).toBe(2);
    expect(again.err).toContain('--force replaces it');
  });

  it('says what is missing: a source, a config, a database, labels, the sweep', async () => {
    const dir = home();
    const cases: [string[], string][] = [
      [[], 'name a folder of labelled images, or --catalogue'],
      [['--catalogue'], 'there is no database yet'],
      [['--catalogue', '--config', 'none.yaml'], 'none.yaml'],
      [['--catalogue', '--html', 'x.html'], '--sweep'],
    ];
    for (const [args, message] of cases) {
      const ended = await semtag(dir, 'train', ...args);
      expect(ended.code).not.toBe(0);
      expect(ended.err).toContain(message);
    }
    mkdirSync(join(dir, 'data'));
    fill(join(dir, 'data'), 0);
    const none = await semtag(dir, 'train', '--catalogue');
    expect(none.code).toBe(1);
    expect(none.err).toContain('catalogue: there are no labelled images');
  });
}); // prettier-ignore
