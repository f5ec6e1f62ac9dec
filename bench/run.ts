// `npm run bench [-- DIR]`: where the milliseconds of an image go, each part measured alone and warm in one process. Prints; judges nothing.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFixtures } from '../fixtures/generate.ts';
import { measureParts } from '../proof/lib/parts.ts';
import { printTable } from '../proof/lib/table.ts';

const home = mkdtempSync(join(tmpdir(), 'semtag-bench-'));
try {
  const dir = process.argv[2] ? resolve(process.argv[2]) : join(home, 'made');
  if (!process.argv[2]) await makeFixtures(dir, { n: 30, seed: 2, size: 1024 });
  const paths = readdirSync(dir)
    .filter((name) => /\.tiff?$/i.test(name))
    .map((name) => join(dir, name));
  const parts = await measureParts(paths, join(home, 'parts'));
  const sum = parts.reduce((total, { ms }) => total + ms, 0);
  printTable(
    ['part', 'median ms', 'share'],
    [...parts.map(({ name, ms }) => [name, ms, `${((100 * ms) / sum).toFixed(0)} %`]), ['sum', sum, '']],
  );
  console.log(`${paths.length} files of ${dir}`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
