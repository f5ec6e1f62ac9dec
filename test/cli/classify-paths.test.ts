// `semtag classify`: what it says of paths that are not there, in the order of the paths; and its help.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import { semtag, temporary } from './semtag.ts';

type Line = { file: string; decision: string | null; error?: { code: string; message: string } };
const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

it('a path that is not there has a line with its error in its place, and the others go on', async () => {
  const dir = temporary();
  const [fixture] = await makeFixtures(dir, { n: 1, seed: 3, size: 128 });
  writeFileSync(join(dir, 'text.tif'), 'no image');
  const ended = await semtag(dir, 'classify', '--jsonl', 'gone.tif', fixture!.file, 'lost/', 'text.tif');
  const found = lines(ended.out);
  expect(found.map((line) => line.file)).toEqual(['gone.tif', fixture!.file, 'lost/', 'text.tif']);
  expect(found[0]!.error).toMatchObject({
    code: 'not_found',
    message: 'gone.tif: there is no such file or folder',
  });
  expect(found[1]!.error?.code ?? 'classified').not.toBe('not_found');
  expect(found[3]!.error?.code).toBe('not_an_image');
  expect(ended.code).toBe(1);
});

it('ends with 2 where nothing is there', async () => {
  const ended = await semtag(temporary(), 'classify', 'gone.tif');
  expect(ended).toMatchObject({ code: 2, out: '' });
  expect(ended.err).toContain('semtag: gone.tif: there is no such file or folder');
});

it('says its thresholds as one types them', async () => {
  expect((await semtag(temporary(), 'classify', '--help')).out).toMatch(/default:\s+0\.8,0\.35\)/);
});
