// Near-duplicates on made-up pictures, through the real decoder and network: what was done to a copy, and what is no copy.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFeatures, type Features } from '../../src/classify/features.ts';
import { pictureHash } from '../../src/classify/picture-hash.ts';
import { pictureOf } from '../../src/classify/preprocess.ts';
import { randomOf } from '../../src/domain/random.ts';
import type { TrainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { leaks, namedPairs, nearDuplicates } from '../../src/learn/near-duplicates.ts';
import { readImage } from '../../src/read/image.ts';
import { speckled } from '../classify/pictures.ts';

const root = mkdtempSync(join(tmpdir(), 'semtag-near-'));
let features: Features;
beforeAll(async () => (features = await openFeatures({})));
afterAll(async () => {
  await features.close();
  rmSync(root, { recursive: true });
});

const WIDTH = 480;
const HEIGHT = 360;

function blobs(seed: number): Sharp {
  const { width, height, data } = speckled(WIDTH, HEIGHT, 8, seed);
  return sharp(data as Uint8Array, { raw: { width, height, channels: 1 } });
}

/** A texture that looks alike everywhere: no large shapes to hold on to. */
function grains(seed: number): Sharp {
  const random = randomOf(seed);
  const small = Uint8Array.from({ length: 60 * 45 }, () => 60 + 140 * random());
  return sharp(small, { raw: { width: 60, height: 45, channels: 1 } }).resize(WIDTH, HEIGHT, {
    kernel: 'cubic',
  });
}

async function looked(name: string, picture: Sharp, group = name): Promise<TrainingBottlenecks> {
  const path = join(root, name);
  writeFileSync(path, name.endsWith('.jpg') ? await picture.jpeg({ quality: 70 }).toBuffer() : await picture.png().toBuffer()); // prettier-ignore
  let hash = '';
  const facts = await readImage({ path, name, limits: { pixels: 1e6 } }, async (grey, area) => {
    const picture = pictureOf(grey, area);
    hash = pictureHash(picture);
    return features.of(picture);
  });
  const example = { file: name, path, category: 'Tips' as const, group };
  return { example, sha256: name, views: facts.bottlenecks!.views, pictureHash: hash };
}

const EDITS: Record<string, (picture: Sharp) => Sharp> = {
  'saved-again.jpg': (p) => p,
  'half.png': (p) => p.resize(WIDTH / 2),
  'brighter.png': (p) => p.linear(1, 25),
  'less-contrast.png': (p) => p.linear(0.7, 20),
  'trimmed.png': (p) => p.extract({ left: 4, top: 3, width: WIDTH - 8, height: HEIGHT - 5 }),
};

test.each([
  ['blobs', blobs],
  ['grains', grains],
])(
  'copies of %s are found whatever was done to them; other pictures of the same kind are none',
  async (_kind, draw) => {
    const set = await Promise.all(
      Array.from({ length: 8 }, (_, i) => looked(`other-${i}.png`, draw(i + 10))),
    );
    const original = set.length;
    set.push(await looked('original.png', draw(1)));
    for (const [name, edit] of Object.entries(EDITS)) {
      const whole = sharp(await draw(1).png().toBuffer());
      set.push(await looked(name, edit(whole)));
    }
    const pairs = nearDuplicates(set);
    const files = namedPairs(set, pairs).map((pair) => pair.files);
    const ofOriginal = pairs.filter(({ a, b }) => a === original || b === original);
    expect(ofOriginal.map(({ a, b }) => set[a === original ? b : a]!.example.file).sort()).toEqual(Object.keys(EDITS).sort()); // prettier-ignore
    expect(files.flat().filter((file) => file.startsWith('other'))).toEqual([]);
  },
  60_000,
);

test('in a set too small for a mean the hashes alone decide', async () => {
  const [a, b] = [await looked('a.png', blobs(1)), await looked('b.jpg', blobs(1))];
  expect(nearDuplicates([a, b])).toHaveLength(1);
  expect(nearDuplicates([a, await looked('c.png', blobs(2))])).toEqual([]);
  const { example, sha256, views } = b;
  expect(nearDuplicates([a, { example, sha256, views }])).toEqual([]);
});

test('bits that differ are those of the hashes', async () => {
  const one = await looked('one.png', blobs(1));
  const flipped = (BigInt(`0x${one.pictureHash!}`) ^ 0b10010000000000000000000000000000000000001n).toString(16).padStart(16, '0'); // prettier-ignore
  expect(nearDuplicates([one, { ...one, pictureHash: flipped }])[0]!.bits).toBe(3);
});

test('only the side that is judged by a head which learned from its copy leaks', () => {
  const pair = [{ a: 0, b: 1, bits: 0, cosine: 1 }];
  const part = ['train', 'test'];
  expect([...leaks(pair, (judged, other) => part[judged] === 'test' && part[other] === 'train')]).toEqual([
    1,
  ]);
  expect([...leaks(pair, () => true)].sort()).toEqual([0, 1]);
  expect(leaks(pair, () => false).size).toBe(0);
});
