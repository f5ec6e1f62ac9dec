// `semtag tag`: a tagged copy and its record without a service; the file itself stays as it was, and untag gives it back.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import { recordId, type SemRecord } from '../../src/record/record.ts';
import { semtag, temporary } from './semtag.ts';

let picture: Buffer;
beforeAll(async () => {
  const dir = `${process.env['TMPDIR'] ?? '/tmp'}/semtag-tag-${process.pid}`;
  const made = await makeFixtures(dir, { n: 12, seed: 3, size: 256 });
  const one = made.find((f) => f.file.endsWith('.tif') && !f.sidecar && !f.frame)!;
  picture = readFileSync(join(dir, one.file));
});

function folder(): string {
  const dir = temporary();
  writeFileSync(join(dir, 'a.tif'), picture);
  return dir;
}

test('a person says what it shows: copy and record say so, the file is untouched, untag gives its bytes', async () => {
  const dir = folder();
  const args = ['tag', 'a.tif', '-o', 'out', '--category', 'tips', '--by', 'Anna', '--json'];
  const dry = await semtag(dir, ...args, '--dry-run');
  expect([dry.code, existsSync(join(dir, 'out'))]).toEqual([0, false]);
  const done = await semtag(dir, ...args);
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(done.out)).toMatchObject({
    file: 'a.tif',
    tagged: 'out/a.tif',
    label: { category: 'Tips', by: 'Anna' },
  });
  expect(readFileSync(join(dir, 'a.tif')).equals(picture)).toBe(true);
  const record = JSON.parse(readFileSync(join(dir, 'out/a.tif.json'), 'utf8')) as SemRecord;
  expect(record).toMatchObject({
    label: { basis: 'answer' },
    cause: 'tagged by hand',
    acquired: { name: 'a.tif' },
  });
  expect(Object.keys(record.classification!.scores)).toHaveLength(10);
  // as a record of the service has it, nothing more
  const keys = ['category', 'decision', 'model', 'score', 'scores', 'thresholds'];
  expect(Object.keys(record.classification!).sort()).toEqual(keys);
  expect(readFileSync(join(dir, 'out/a.tif')).includes('<semtag:category>Tips<')).toBe(true);
  const restored = await semtag(dir, 'untag', 'out/a.tif', '-o', 'back');
  expect(restored.code).toBe(0);
  expect(readFileSync(join(dir, 'back/a.tif')).equals(picture)).toBe(true);
});

test('without a person it is labelled above the threshold only, and the scores are in the record', async () => {
  const dir = folder();
  await semtag(dir, 'tag', 'a.tif', '-o', 'out');
  const { label, classification } = JSON.parse(
    readFileSync(join(dir, 'out/a.tif.json'), 'utf8'),
  ) as SemRecord;
  expect(label.kind).toBe(classification!.score > 0.8 ? 'category' : 'unlabelled');
  expect(label.by).toBe('semtag');
});

test('never replaces the file itself, nor a copy without --force; one that fails does not stop the others', async () => {
  const dir = folder();
  mkdirSync(join(dir, 'in'));
  writeFileSync(join(dir, 'in', 'broken.tif'), picture.subarray(0, 100));
  writeFileSync(join(dir, 'in', 'whole.tif'), picture);
  const itself = await semtag(dir, 'tag', 'a.tif', '-o', '.', '--force');
  expect([itself.code, itself.err]).toEqual([1, expect.stringContaining('a.tif: the copy would replace it')]);
  expect(readFileSync(join(dir, 'a.tif')).equals(picture)).toBe(true);
  const both = await semtag(dir, 'tag', 'in', '-o', 'out');
  expect([both.code, both.err]).toEqual([1, expect.stringContaining('broken.tif')]);
  expect(readdirSync(join(dir, 'out')).sort()).toEqual(['whole.tif', 'whole.tif.json']);
  const again = await semtag(dir, 'tag', 'in/whole.tif', '-o', 'out');
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('--force')]);
  expect((await semtag(dir, 'tag', 'in/whole.tif', '-o', 'out', '--force')).code).toBe(0);
});

test('a category that does not exist is refused with the nearest name', async () => {
  const dir = folder();
  const { code, err } = await semtag(dir, 'tag', 'a.tif', '-o', 'out', '--category', 'Nanowire');
  expect([code, err]).toEqual([2, expect.stringContaining('did you mean Nanowires')]);
  expect(existsSync(join(dir, 'out'))).toBe(false);
});

test('two files of one name are not written over each other, nor a record that is there', async () => {
  const dir = folder();
  for (const name of ['one', 'two']) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'x.tif'), picture);
  }
  const both = await semtag(dir, 'tag', 'one/x.tif', 'two/x.tif', '-o', 'out', '--force', '--json');
  expect([both.code, both.err]).toEqual([1, expect.stringContaining('two/x.tif: another file of that name')]);
  mkdirSync(join(dir, 'out2'));
  writeFileSync(join(dir, 'out2', 'x.tif.json'), 'somebody wrote this');
  const record = await semtag(dir, 'tag', 'one/x.tif', '-o', 'out2');
  expect([record.code, record.err]).toEqual([1, expect.stringContaining('x.tif.json: it is there already')]);
  expect(readFileSync(join(dir, 'out2', 'x.tif.json'), 'utf8')).toBe('somebody wrote this');
});

test('record prints what is known of a file, with what the config says, and stores nothing', async () => {
  const dir = folder();
  const facility = 'facility: { name: Example Centre, ror: "https://ror.org/012345654", licence: CC-BY-4.0 }';
  writeFileSync(join(dir, 'semtag.yaml'), `dataDir: ${join(dir, 'data')}\n${facility}\n`);
  const kit = await semtag(dir, 'record', 'a.tif', '--as', 'kit-sem');
  expect(kit).toMatchObject({ code: 0 });
  expect(kit.err).toMatch(/^missing: \/entry\/technique$/m);
  const record = JSON.parse((await semtag(dir, 'record', 'a.tif', '--no-store')).out) as SemRecord;
  expect(record).toMatchObject({ facility: { name: 'Example Centre' }, rights: { licence: 'CC-BY-4.0' } });
  expect(record.classification!.model.training).toMatchObject({ images: 668 });
  expect(record.id).toBe(recordId(record.acquired.sha256, 'https://ror.org/012345654'));
  expect(readdirSync(dir).sort()).toEqual(['a.tif', 'semtag.yaml']);
});
