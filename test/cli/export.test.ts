// `semtag export`: tables, lines, crates and bags that other programs read back, complete or what is public of them; whole or not at all.

import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishRules } from '../../src/domain/publish.ts';
import type { SemRecord } from '../../src/record/record.ts';
import { at, world } from '../store/world.ts';
import { semtag, temporary, writeConfig } from './semtag.ts';

/** Three tagged images, one that waits; of the three one is of a private project and one withheld. The tagged files are there. */
function place() {
  const { dataDir, store, image, tag } = world();
  const dir = temporary();
  for (const name of ['acquired', 'repository']) mkdirSync(join(dir, name));
  const publish = { withhold: [{ project: 'Held', until: '2999-01-01' }] };
  writeConfig(dir, { dataDir, publish, projects: { private: ['Secret'] } });
  const hashes = ['open.tif', 'secret.tif', 'held.tif'].map((name, i) => image(name, 'tagged', i));
  image('waits.tif', 'asked', 5);
  for (const [i, project] of [undefined, 'Secret', 'Held'].entries()) {
    if (!project) continue;
    store.revisions.correctFacts([hashes[i]!], { project: { value: project, unit: null, origin: 'operator' } }, 'Anna', at(20)); // prettier-ignore
    tag(hashes[i]!, 30);
  }
  mkdirSync(join(dataDir, 'tagged'), { recursive: true });
  for (const [i, hash] of hashes.entries())
    writeFileSync(join(dataDir, 'tagged', `${hash}.${i ? 2 : 1}.image`), `tagged ${hash} ${i ? 2 : 1}`);
  const rules = publishRules({ projects: ['*'], withhold: [{ ...publish.withhold[0]!, forward: true }], fields: [], files: false }, ['Secret']); // prettier-ignore
  store.publication.goBy(rules, '2026-01-01', false);
  while (store.publication.settle(rules, new Date(at(100))));
  store.close();
  return { dir, dataDir, hashes };
}

const columnsOf = (line: string) => line.split(',');
const filesOf = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name).slice(dir.length + 1))
    .sort();

it('a table of a search on the standard output, what it is about beside it', async () => {
  const { dir, hashes } = place();
  const { code, out, err } = await semtag(dir, 'export', '--category', 'Tips');
  expect(code).toBe(0);
  const [head, ...rows] = out.trimEnd().split('\r\n');
  const at = columnsOf(head!).indexOf('sha256');
  expect(rows.map((row) => columnsOf(row)[at]).sort()).toEqual(hashes.toSorted());
  expect(err).toContain('3 records written');
  const some = await semtag(dir, 'export', '--project', 'secret', '--json', '--as', 'jsonl', '--dry-run');
  expect(JSON.parse(some.out)).toMatchObject({ records: 0, dryRun: true });
});

it('what must not leave this machine comes only where it is asked for', async () => {
  const { dir, dataDir } = place();
  writeConfig(dir, { dataDir, publish: { withhold: [{ project: 'Held', forward: false }] } });
  const run = async (...more: string[]) => JSON.parse((await semtag(dir, 'export', '--dry-run', '--json', ...more)).out) as object; // prettier-ignore
  expect(await run()).toMatchObject({ records: 2, withheld: 1, withoutRecord: 1 });
  expect(await run('--withheld')).toMatchObject({ records: 3, withheld: 0 });
});

it('only what is public, cut down to it; a file is not replaced unasked', async () => {
  const { dir, hashes } = place();
  const run = (...more: string[]) => semtag(dir, 'export', '--as', 'jsonl', '--public', 'out/public.jsonl', '--json', ...more); // prettier-ignore
  expect(JSON.parse((await run()).out)).toMatchObject({ records: 1, withoutRecord: 3 });
  const text = readFileSync(join(dir, 'out/public.jsonl'), 'utf8');
  expect(text.trimEnd().split('\n').map((line) => (JSON.parse(line) as SemRecord).acquired.sha256)).toEqual([hashes[0]]); // prettier-ignore
  for (const word of ['Anna', 'open.tif', '2211', 'Secret', 'Held']) expect(text).not.toContain(word);
  expect(readdirSync(join(dir, 'out'))).toEqual(['public.jsonl']);
  expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('--force') as string });
  expect((await run('--force')).code).toBe(0);
  const files = await semtag(dir, 'export', '--as', 'bagit', '--public', '--files', 'bag');
  expect(files).toMatchObject({ code: 2, err: expect.stringContaining('publish.files') as string });
});

it('a bag with the images: every hash holds, each day is a crate, a file that is not what it was is left out', async () => {
  const { dir, hashes } = place();
  const { code, out } = await semtag(dir, 'export', '--as', 'bagit', '--files', 'bags/one', '--json');
  expect([code, JSON.parse(out)]).toMatchObject([0, { records: 3, withoutRecord: 1, files: 3, withoutFile: 0 }]); // prettier-ignore
  const bag = join(dir, 'bags/one');
  for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
    execFileSync('sha256sum', ['--check', '--strict', '--quiet', manifest], { cwd: bag });
  expect(readFileSync(join(bag, 'bagit.txt'), 'utf8')).toBe('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'); // prettier-ignore
  const listed = readFileSync(join(bag, 'manifest-sha256.txt'), 'utf8').trimEnd().split('\n');
  expect(listed.map((line) => line.slice(66)).sort()).toEqual(filesOf(join(bag, 'data')).map((one) => `data/${one}`)); // prettier-ignore
  expect(readFileSync(join(bag, 'bag-info.txt'), 'utf8')).toMatch(/^Payload-Oxum: \d+\.7$/m);
  const crate = JSON.parse(readFileSync(join(bag, 'data/2026-01-01/ro-crate-metadata.json'), 'utf8')) as {
    '@graph': { '@id': string; '@type': string | string[]; sha256?: string; contentSize?: string }[];
  };
  // what a crate says of a file is true of the file that lies in it
  const images = crate['@graph'].filter((one) => one.sha256 && one['@type'].includes('File'));
  expect(images).toHaveLength(3);
  for (const one of images) {
    const bytes = readFileSync(join(bag, 'data/2026-01-01', one['@id']));
    expect([one.sha256, one.contentSize]).toEqual([createHash('sha256').update(bytes).digest('hex'), String(bytes.length)]); // prettier-ignore
  }
  const acquired = crate['@graph']
    .filter(({ '@id': id }) => id.startsWith('hash://'))
    .map(({ sha256 }) => sha256);
  for (const sha256 of acquired) expect(hashes).toContain(sha256);

  const again = await semtag(dir, 'export', '--as', 'ro-crate', 'bags/one');
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('not empty') as string });
  expect(readdirSync(join(dir, 'bags'))).toEqual(['one']);
});

it('a file that cannot be had is left out and said; crates do without a bag', async () => {
  const { dir, dataDir, hashes } = place();
  writeFileSync(join(dataDir, 'tagged', `${hashes[0]!}.1.image`), 'something else');
  const { code, err } = await semtag(dir, 'export', '--as', 'ro-crate', '--files', 'crates');
  expect([code, err]).toEqual([1, expect.stringContaining('open.tif: left out')]);
  const files = filesOf(join(dir, 'crates'));
  expect(files.filter((one) => one.endsWith('.tif'))).toHaveLength(2);
  expect(files.filter((one) => one.includes('/records/'))).toHaveLength(3);
  expect(existsSync(join(dir, 'crates/bagit.txt'))).toBe(false);
});
