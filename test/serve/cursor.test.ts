// Paging through the list while images arrive and change: every image that was there comes once, in order.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromCursor, toCursor } from '../../src/serve/cursor.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld({ n: 12, size: 64, webDir: '/nonexistent' });
});
afterAll(() => world.close());

test('pages of two while new images settle between them, some in the same millisecond', async () => {
  const app = await world.app();
  const at = (n: number) => `2026-11-24T08:00:0${n}.000Z`;
  const there: string[] = [];
  for (let n = 0; n < 7; n++) there.push(await world.read(n, { at: at(Math.floor(n / 3)) }));
  type Page = { items: { sha256: string }[]; next?: string };
  const seen: string[] = [];
  let page = (await app.inject('/api/images?limit=2')).json<Page>();
  let more = 7;
  for (;;) {
    seen.push(...page.items.map((i) => i.sha256));
    if (!page.next) break;
    if (more < 12) await world.read(more++, { at: at(9) });
    page = (await app.inject(`/api/images?limit=2&cursor=${page.next}`)).json<Page>();
  }
  expect(more).toBeGreaterThan(8);
  expect([...seen].sort()).toEqual([...there].sort());
  expect(new Set(seen).size).toBe(7);
  const times = seen.map((s) => world.store.images.need(s).settledAt);
  expect(times).toEqual([...times].sort().reverse());
});

test('a cursor gives back its position; anything else is refused', () => {
  const position = { settledAt: '2026-11-24T08:00:00.000Z', sha256: 'a'.repeat(64) };
  expect(fromCursor(toCursor(position))).toEqual(position);
  expect(fromCursor(toCursor({ number: 12 }))).toEqual({ number: 12 });
  const made = (text: string) => Buffer.from(text).toString('base64url');
  for (const other of [made(`rubbish ${position.sha256}`), made('number 012'), `${toCursor(position)}!`])
    expect(() => fromCursor(other)).toThrow(expect.objectContaining({ code: 'bad_request' }));
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => fromCursor(text)).toThrow(expect.objectContaining({ code: 'bad_request' }));
    }),
  );
});
