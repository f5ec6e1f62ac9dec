// Claim: the split 80/10/10 never moves an image when others are added, and another program on another machine comes to the same parts.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readDataset, type Example } from '../src/learn/dataset.ts';
import { partOfExample } from '../src/learn/held-out.ts';
import { PARTS, type Part } from '../src/learn/split.ts';
import { printTable } from './lib/table.ts';
import type { Proof } from './run.ts';

const ADDED = 1000;
/** So many are hashed again by openssl, a process each. */
const HASHED_AGAIN = 60;

export const proof: Proof = {
  claim: `${ADDED} files more move none that was there, and openssl comes to the same parts`,
  defaultDir: '../shared/sem-images',
  prove({ dir, n }) {
    const examples = readDataset(dir);
    const before = partsOf(examples);
    const home = mkdtempSync(join(tmpdir(), 'semtag-split-'));
    try {
      // empty files of the same names: the split reads names alone
      for (const { file } of examples) touch(join(home, file));
      if (existsSync(join(dir, 'MANIFEST.tsv')))
        copyFileSync(join(dir, 'MANIFEST.tsv'), join(home, 'MANIFEST.tsv'));
      const [{ file: first } = { file: '' }] = examples;
      for (let i = 0; i < ADDED; i++)
        touch(join(home, dirname(first), `${basename(first).slice(0, 3)}added-${i}.tif`));
      const after = partsOf(readDataset(home));
      const moved = [...before].filter(([file, part]) => after.get(file) !== part);
      const again = examples.slice(0, n ?? HASHED_AGAIN);
      const differ = again.filter((example) => opensslPart(example) !== before.get(example.file));
      printTable(
        ['part', 'images', 'share', `of the ${ADDED} added`],
        PARTS.map((part) => {
          const count = (of: Map<string, Part>) => [...of.values()].filter((p) => p === part).length;
          return [
            part,
            count(before),
            (count(before) / before.size).toFixed(3),
            count(after) - count(before),
          ];
        }),
      );
      return Promise.resolve({
        ok: moved.length === 0 && differ.length === 0 && after.size === before.size + ADDED,
        figures: `${before.size} images, ${after.size - before.size} added: ${moved.length} moved; ${again.length} hashed again by openssl: ${differ.length} differ`,
      });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

function partsOf(examples: Example[]): Map<string, Part> {
  return new Map(examples.map((example) => [example.file, partOfExample(example)]));
}

function touch(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
}

/** The first 32 bits of the SHA-256 of the group, or of the file's base name where it is a group of its own: below 80 %, below 90 %, above. */
function opensslPart({ file, group }: Example): Part {
  const key = group === file ? basename(file) : group;
  const hex = execFileSync('openssl', ['dgst', '-sha256', '-r'], { input: key, encoding: 'utf8' });
  const tenths = (parseInt(hex.slice(0, 8), 16) / 2 ** 32) * 10;
  return tenths < 8 ? 'train' : tenths < 9 ? 'validation' : 'test';
}
