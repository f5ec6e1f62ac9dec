// What is said where a backbone or head is not there or is no such thing: never a TypeError.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadAlignmentHead, parseAlignmentHead } from '../../src/classify/alignment-head.ts';
import { modelPlaces } from '../../src/classify/added.ts';
import { findBackbone } from '../../src/classify/backbones.ts';
import { parseHead } from '../../src/classify/head.ts';

it('a backbone that is not there is told by what is wrong with its folder or name', () => {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-backbones-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'empty'));
  writeFileSync(join(dir, 'file'), '');
  expect(() => findBackbone(join(dir, 'gone'))).toThrow(
    `backbone ${join(dir, 'gone')}: there is no such folder`,
  );
  expect(() => findBackbone(join(dir, 'empty'))).toThrow('has no backbone.json');
  expect(() => findBackbone(join(dir, 'file'))).toThrow('it is a file');
  const said = () => findBackbone('no-such');
  expect(said).toThrow('there is efficientnet-lite0, ');
  expect(said).toThrow(`looked for in ${modelPlaces()[0]}`);
});

it.each(['null', '3', '[]', '{}', '{"format":"semtag-head/1"}', 'no json'])('%s is no head', (text) => {
  const missing = expect.objectContaining({ code: 'model_missing' }) as Error;
  expect(() => parseHead(text, 'here')).toThrow(missing);
  expect(() => parseAlignmentHead(text, 'here')).toThrow(missing);
});

it.each(['backbone', 'mean', 'weights', 'bias', 'temperature'])('an alignment head without its %s is a damaged one', async (part) => {
  const head = await loadAlignmentHead();
  const floats = (v: Float32Array) => Buffer.from(v.buffer, v.byteOffset, v.byteLength).toString('base64');
  const whole = { format: 'semtag-alignment-head/1', ...head, mean: floats(head.mean), scale: floats(head.scale), weights: floats(head.weights) };
  expect(() => parseAlignmentHead(JSON.stringify(whole), 'here')).not.toThrow();
  const damaged = JSON.stringify({ ...whole, [part]: undefined });
  expect(() => parseAlignmentHead(damaged, 'here')).toThrow(/here: (a part of it is missing|its parts do not fit)/);
}); // prettier-ignore
