// The stream of events on a listening app: live lines, resuming, falling far behind, the end at shutdown.

import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: FastifyInstance;
let url: string;
beforeAll(async () => {
  world = await makeWorld({ n: 3, size: 64, webDir: '/nonexistent' });
  app = await world.app();
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/events`;
});
afterAll(() => world.close());

type Event = {
  id?: number;
  event: string;
  data: { id?: number; key?: string; to?: string; version?: string };
};

async function open(lastEventId?: number, who: Record<string, string> = {}) {
  const abort = new AbortController();
  const from = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
  const response = await fetch(url, { headers: { ...from, ...who }, signal: abort.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    response,
    close: () => abort.abort(),
    /** the next event; undefined at the end of the stream */
    async next(): Promise<Event | undefined> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
          const id = field('id');
          const data = JSON.parse(field('data')!) as Event['data'];
          return { event: field('event')!, data, ...(id === undefined ? {} : { id: Number(id) }) };
        }
        const { value, done } = await reader.read();
        if (done) return undefined;
        text += value;
      }
    },
  };
}

test('hello, then a line for everything that happens from now on', async () => {
  await world.read(0);
  const stream = await open();
  expect(stream.response.headers.get('content-type')).toContain('text/event-stream');
  expect(stream.response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await stream.next()).toEqual({ event: 'hello', data: { version: '0.1.0' } });
  const sha256 = await world.read(1);
  const events = [await stream.next(), await stream.next(), await stream.next()];
  expect(events.filter((e) => e!.data.key === sha256).map((e) => e!.data.to)).toEqual(['settled', 'read']);
  expect(events.every((e) => e!.event === 'history' && e!.id === e!.data.id)).toBe(true);
  stream.close();
});

test('resumes after Last-Event-ID without a gap or a repetition', async () => {
  const from = world.store.history.lastId() - 2;
  await world.read(2);
  const stream = await open(from);
  await stream.next();
  const ids: number[] = [];
  while (ids.at(-1) !== world.store.history.lastId()) ids.push((await stream.next())!.id!);
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, i) => from + 1 + i));
  stream.close();
});

test('too far behind, or from another database: load everything again', async () => {
  const last = world.store.history.lastId();
  for (const id of [last + 50, 0]) {
    if (id === 0)
      for (let i = 0; i < 1001; i++)
        world.store.history.add({
          at: new Date().toISOString(),
          subject: 'image',
          key: 'x',
          who: 'semtag',
          what: 'noted',
        });
    const stream = await open(id);
    await stream.next();
    expect(await stream.next()).toEqual({ event: 'reload', data: {}, id: world.store.history.lastId() });
    stream.close();
  }
});

test('who was revoked, signed out, or sees less than before hears nothing more', async () => {
  const { tokens, users, sessions, history } = world.store;
  const at = new Date().toISOString();
  const { token, secret } = tokens.add({ name: 'robot', role: 'operator', projects: [] }, 'Mia', at);
  const people = ['Anna', 'Ben', 'Carla'].map(
    (name) => users.add(name, 'operator', ['P'], 'Mia', at, 'x').id,
  );
  for (const id of people) sessions.start(`session of ${id}`, id, 'x', 3600, new Date());
  const streams = await Promise.all([
    open(undefined, { authorization: `Bearer ${secret}` }),
    ...people.map((id) =>
      open(undefined, { cookie: `semtag-session=${encodeURIComponent(`session of ${id}`)}` }),
    ),
  ]);
  for (const stream of streams) expect((await stream.next())!.event).toBe('hello');
  tokens.revoke(token.id, 'Mia', at);
  sessions.end(`session of ${people[0]}`);
  users.change(people[1]!, { leave: ['P'] }, 'Mia', at);
  history.add({ at, subject: 'thresholds', key: '1', who: 'Mia', what: 'after it' });
  const [robot, anna, ben, carla] = await Promise.all(streams.map((stream) => stream.next()));
  expect([robot, anna, ben]).toEqual([undefined, undefined, undefined]);
  expect(carla!.data).toMatchObject({ what: 'after it' });
  streams[3]!.close();
});

test('closing the app ends the streams at once', async () => {
  const stream = await open();
  await stream.next();
  const start = performance.now();
  const ended = stream.next();
  await app.close();
  expect(await ended).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(2000);
});
