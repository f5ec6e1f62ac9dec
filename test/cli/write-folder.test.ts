// Folders of models: written whole, and replaced only where semtag wrote all that is in them.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { foldersIn } from '../../src/classify/added.ts';
import { labelsText } from '../../src/classify/model-folder.ts';
import { refuseExisting, writeFolder } from '../../src/cli/write-folder.ts';
import { temporary } from './semtag.ts';

const json = (name: string, value: object) => ({ name, bytes: Buffer.from(JSON.stringify(value)) });
const text = (name: string, bytes: Uint8Array = Buffer.from(name)) => ({ name, bytes });

it.each([
  ['a moved model', [json('model.json', { format: 'semtag-model/1', files: { 'head.json': 'x' } }), text('head.json')]], // prettier-ignore
  ['an added backbone', [json('backbone.json', { format: 'semtag-backbone/1', file: 'b.onnx' }), text('b.onnx')]], // prettier-ignore
  ['a model as ONNX', [text('model.onnx'), text('labels.txt', labelsText()), text('README.md')]],
  ['a model as TensorFlow.js', [json('model.json', { weightsManifest: [{ paths: ['w.bin'] }] }), text('w.bin'), text('labels.txt', labelsText()), text('README.md')]], // prettier-ignore
])('--force replaces %s, and nothing that holds anything else', async (_, parts) => {
  const dir = join(temporary(), 'deep/out');
  await writeFolder(dir, parts);
  expect(() => refuseExisting(dir, false)).toThrow('--force replaces it');
  expect(() => refuseExisting(dir, true)).not.toThrow();
  await writeFolder(dir, [text('other')]);
  expect(readdirSync(dir)).toEqual(['other']);
  expect(() => refuseExisting(dir, true)).toThrow('did not write its other');
  await writeFolder(dir, [...parts, text('thesis.tex')]);
  expect(() => refuseExisting(dir, true)).toThrow('thesis.tex');
  expect(readdirSync(dirname(dir))).toEqual(['out']);
});

it('takes a folder that is empty and none that belongs to somebody', () => {
  const dir = temporary();
  expect(() => refuseExisting(dir, true)).not.toThrow();
  mkdirSync(join(dir, 'photos'));
  expect(() => refuseExisting(dir, true)).toThrow('photos');
  writeFileSync(join(dir, 'file'), '');
  expect(() => refuseExisting(join(dir, 'file'), true)).toThrow('is a file');
});

it('leaves what was there, and nothing half written, where it fails', async () => {
  const dir = temporary();
  await writeFolder(join(dir, 'out'), [text('a')]);
  await expect(writeFolder(join(dir, 'out'), [text('b'), text('no/such/folder')])).rejects.toThrow();
  expect(readdirSync(dir)).toEqual(['out']);
  expect(readFileSync(join(dir, 'out/a'), 'utf8')).toBe('a');
});

it('what a power cut left half written is not listed', () => {
  const dir = temporary();
  for (const name of ['ours', 'ours.123.part', 'ours.123.old', 'v1.part']) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'model.json'), '{}');
  }
  expect(foldersIn(dir, 'model.json').sort()).toEqual(['ours', 'v1.part']);
  expect(foldersIn(join(dir, 'nowhere'), 'model.json')).toEqual([]);
  expect(existsSync(join(dir, 'ours.123.old'))).toBe(true);
});
