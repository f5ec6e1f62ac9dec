// Heads that gave scores are kept byte for byte: what is there and right is not written again, what is damaged is said and replaced.

import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keepHead, keptHeadOf, keptHeads } from '../../src/classify/kept-heads.ts';
import { loadModel, SHIPPED_HEAD } from '../../src/classify/model.ts';
import { temporary } from '../cli/semtag.ts';

test('once, whole, under its SHA-256', async () => {
  const dir = temporary();
  const model = await loadModel({});
  const { head } = model.reference;
  await keepHead(dir, model);
  const path = join(dir, `${head}.json`);
  expect(readdirSync(dir)).toEqual([`${head}.json`]);
  expect(readFileSync(path).equals(readFileSync(SHIPPED_HEAD))).toBe(true);
  const { ino } = statSync(path);
  await keepHead(dir, model);
  expect(statSync(path).ino).toBe(ino);
  expect(keptHeads(dir)).toEqual([{ name: model.reference.name, head, backbone: model.backbone.name, path, keptAt: expect.any(String) as string }]); // prettier-ignore
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
  expect(keptHeads(dir)[0]!.problem).toBeDefined();
  expect(() => keptHeadOf(keptHeads(dir), head.slice(0, 8))).toThrow(path);
  await keepHead(dir, model);
  expect(keptHeads(dir)[0]!.problem).toBeUndefined();
  // brought back, it is in use where it lies
  await keepHead(dir, await loadModel({ head: path }));
  expect(readdirSync(dir)).toHaveLength(1);
  expect(keptHeads(join(dir, 'none'))).toEqual([]);
});

test('a file that is not what was loaded from it any more is not kept', async () => {
  const dir = temporary();
  mkdirSync(join(dir, 'kept'));
  const path = join(dir, 'ours.json');
  const text = readFileSync(SHIPPED_HEAD, 'utf8');
  writeFileSync(path, text);
  const model = await loadModel({ head: path });
  writeFileSync(path, text.replace('bootstrap-1', 'bootstrap-2'));
  await expect(keepHead(join(dir, 'kept'), model)).rejects.toThrow(/changed while/);
  expect(readdirSync(join(dir, 'kept'))).toEqual([]);
});
