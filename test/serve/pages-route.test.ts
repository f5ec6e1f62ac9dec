// Paths that are none: a browser is led to a page, a program gets its error.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type World } from './world.ts';

let webDir: string;
let world: World;
beforeAll(async () => {
  webDir = mkdtempSync(join(tmpdir(), 'semtag-web-'));
  writeFileSync(join(webDir, 'index.html'), '<!doctype html>');
  world = await makeWorld({ n: 1, size: 64, webDir });
});
afterAll(async () => {
  await world?.close();
  rmSync(webDir, { recursive: true, force: true });
});

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test.each([
  ['/today', '/#/today'],
  ['/today?show=aside', '/#/today'],
  ['/answer', '/'],
  ['/images/old', '/'],
])('a browser that opens %s goes to %s', async (url, location) => {
  const answer = await (await world.app()).inject({ url, headers: HTML });
  expect([answer.statusCode, answer.headers.location]).toEqual([302, location]);
});

test('a program, another method and /api/ get the error as before', async () => {
  const app = await world.app();
  for (const request of [
    { url: '/today', headers: { accept: 'application/json' } },
    { url: '/today' },
    { url: '/today', method: 'DELETE' as const, headers: HTML },
    { url: '/api/nothing', headers: HTML },
  ]) {
    const answer = await app.inject(request);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'not_found']);
  }
  expect((await app.inject({ url: '/', headers: HTML })).statusCode).toBe(200);
});
