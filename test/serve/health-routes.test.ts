// Queue health, pauses, the retry of many and the metrics, by inject on a real store: the figures are those of the rows, and what somebody does not see is in none.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import Value from 'typebox/value';
import { parse } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONCERN_CODES } from '../../src/serve/concerns.ts';
import { measuring } from '../../src/serve/measured.ts';
import { QueueHealthSchema, type QueueHealth } from '../../src/serve/queue-health.ts';
import { makeWorld, type World } from './world.ts';

const DOCS = join(import.meta.dirname, '../../docs/monitoring');
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

let world: World;
let app: FastifyInstance;
let automatic: string;
let headers: Record<string, string>;
const measured = measuring();

beforeAll(async () => {
  world = await makeWorld({ n: 8, size: 64, webDir: '/nonexistent' });
  await world.asked(0, 'Nanowires', 'Fibres', 0.61, { at: ago(2 * 86_400) });
  await world.asked(1, 'Tips', 'Powder', 0.2, { at: ago(600) });
  automatic = await world.automatic(2, 'Particles', ago(20));
  world.forwarded(await world.automatic(3, 'Powder', ago(30)));
  for (const n of [4, 5]) world.aside(n);
  world.incomplete('half.tif');
  world.deps.measured = measured.registry;
  world.live.disk = { freeBytes: 9e9, sizeBytes: 99e9, reserveBytes: 5e9, quotaBytes: 50e9, databaseBytes: 1, bottlenecksBytes: 2, measuredHours: 24, fullInDays: 12.4 }; // prettier-ignore
  app = await world.app();
  // a manager who is no member of any private project
  const mia = { name: 'Mia', role: 'manager' as const, projects: [] };
  const { secret } = world.store.tokens.add(mia, 'test', ago(0));
  headers = { authorization: `Bearer ${secret}` };
});
afterAll(async () => {
  measured.close();
  await world.close();
});

const health = async () => {
  const body: QueueHealth = (await app.inject({ url: '/api/queues', headers })).json();
  expect(Value.Errors(QueueHealthSchema, body)).toEqual([]);
  return body;
};
const post = async (url: string, payload: object) => {
  const answer = await app.inject({ method: 'POST', url, payload, headers });
  return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
};
const concerns = async () => (await health()).status.concerns.map(({ code }) => code);
const pause = { scope: 'project', name: '2211', by: 'Mia' };

test('ages, throughput and what is aside are those of the rows', async () => {
  const { prompts, throughput, aside, held, status } = await health();
  expect(prompts.waiting).toBe(2);
  expect(prompts.ages.map(({ waiting }) => waiting)).toEqual([0, 1, 0, 0, 1, 0, 0]);
  expect(prompts.oldest).toBe(status.oldestPrompt);
  const sum = (spans: QueueHealth['throughput']['hours'], what: 'settled' | 'automatic' | 'forwarded') =>
    spans.reduce((all, span) => all + span[what], 0);
  expect([throughput.hours.length, throughput.days.length]).toEqual([24, 14]);
  expect([sum(throughput.hours, 'settled'), sum(throughput.days, 'settled')]).toEqual([3, 4]);
  expect([sum(throughput.hours, 'automatic'), sum(throughput.hours, 'forwarded')]).toEqual([2, 1]);
  expect(aside).toMatchObject([
    { code: 'malformed', images: 2, files: 0, sentence: 'The structure of the file is damaged.' },
    { code: 'incomplete', images: 0, files: 1 },
  ]);
  expect(held).toEqual({ archive: 0 });
  expect(JSON.stringify(throughput)).not.toMatch(/"by"/);
});

test('the concerns: worst first, each with what to do next', async () => {
  expect(await concerns()).toEqual(['disk_near_reserve', 'prompts_old', 'aside']);
  world.live.intake = { paused: true, reason: 'the spool is full' };
  world.live.targetsAway = new Map([
    ['archive', { reason: 'archive: no such folder', since: new Date().toISOString() }],
  ]);
  const { status } = await health();
  expect(status.concerns.map(({ level, words }) => `${level} ${words}`)).toEqual([
    'red intake waits: the spool is full',
    'red archive away',
    'amber the disk reaches its reserve in about 12 days',
    'amber 2 questions wait for an answer, the oldest for more than a day',
    'amber 2 images and 1 incomplete file aside',
  ]);
  for (const { next } of status.concerns) expect(next).toMatch(/^[A-Z].{10,}\.$/);
  world.live.intake = { paused: false };
  delete world.live.targetsAway;
});

test('a pause: with reason and author, twice the same, seen everywhere, and ended', async () => {
  expect(await post('/api/pauses', { ...pause, reason: ' ' })).toMatchObject({
    status: 400,
    code: 'bad_request',
  });
  expect(await post('/api/pauses', { ...pause, name: 'nobody', reason: 'x' })).toMatchObject({ status: 404 });
  expect(await post('/api/pauses', { scope: 'all', name: 'x', by: 'Mia', reason: 'x' })).toMatchObject({ status: 400 }); // prettier-ignore
  expect(await post('/api/pauses', { ...pause, reason: 'x', more: 1 })).toMatchObject({ status: 400 });
  const { sha256, revision, edition } = world.store.images.need(automatic);
  const objects = [{ place: 'p.tif', kind: 'image' as const, sha256: 'e'.repeat(64), bytes: 1 }];
  world.store.deliveries.tagged({ sha256, revision, edition, record: '{"facts":{}}', method: 'tiff', taggedSha256: 'e'.repeat(64), deliveries: [{ target: 'archive', objects }], at: ago(0) }); // prettier-ignore
  const done = await post('/api/pauses', { ...pause, reason: 'embargo' });
  expect(done).toMatchObject({ status: 200, pauses: [{ scope: 'project', name: '2211', by: 'Mia', reason: 'embargo' }] }); // prettier-ignore
  expect(await post('/api/pauses', { ...pause, reason: 'other' })).toEqual(done);
  expect(await concerns()).toContain('forwarding_paused');
  expect((await health()).held).toEqual({ archive: 1 });
  expect((await app.inject(`/api/images/${sha256}`)).json()).toMatchObject({ paused: { reason: 'embargo' } });
  await refusesHarvesters(sha256);
  expect(world.store.history.of('project', '2211')).toMatchObject([{ who: 'Mia' }]);
  expect(await post('/api/pauses/end', pause)).toMatchObject({ status: 200, pauses: [] });
  expect(await post('/api/pauses/end', pause)).toMatchObject({ status: 200, pauses: [] });
  expect((await app.inject(`/api/images/${sha256}`)).json()).not.toHaveProperty('paused');
});

/** The others in the house see an image that is paused as ever, harvesters none by this way. */
async function refusesHarvesters(sha256: string): Promise<void> {
  const { secret } = world.store.tokens.add({ name: 'harvest', role: 'harvester', projects: [] }, 'test', ago(0)); // prettier-ignore
  const harvester = { authorization: `Bearer ${secret}` };
  for (const path of ['', '/thumb', '/picture', '/file', '/file?form=acquired', '/record']) {
    const url = `/api/images/${sha256}${path}`;
    expect([path, (await app.inject({ url, headers })).statusCode]).toEqual([path, 200]);
    expect([path, (await app.inject({ url, headers: harvester })).statusCode]).toEqual([path, 403]);
  }
}

/** Lines of the exposition format: the name, and a value that is a number. */
async function metrics(): Promise<Map<string, number>> {
  const answer = await app.inject({ url: '/metrics', headers });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']); // prettier-ignore
  const lines = answer.body.split('\n').filter((line) => line && !line.startsWith('#'));
  for (const line of lines) expect(line).toMatch(/^[a-z_0-9]+(\{[^}]*\})? -?[0-9.e+-]+$/);
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))])); // prettier-ignore
}

test('metrics: the same figures under names that Prometheus knows', async () => {
  await measured.read(async () => undefined);
  const now = await metrics();
  expect(now.get('semtag_images{state="asked"}')).toBe(2);
  expect(now.get('semtag_prompts_oldest_age_seconds')).toBeGreaterThan(2 * 86_400 - 1);
  expect(now.get('semtag_labels_total{basis="auto"}')).toBe(2);
  expect(now.get('semtag_aside{code="malformed"}')).toBe(2);
  expect(now.get('semtag_aside_all')).toBe(3);
  expect(now.get('semtag_deliveries_owed{target="archive"}')).toBe(1);
  expect(now.get('semtag_disk_free_bytes')).toBe(9e9);
  expect(now.get('semtag_read_duration_seconds_count')).toBe(1);
  expect(now.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(now.get('semtag_concerns{code="prompts_old"}')).toBe(1);
  for (const code of CONCERN_CODES) expect(now.has(`semtag_concerns{code="${code}"}`)).toBe(true);
});

test('a private project is in no figure of somebody who is no member of it, nor paused or retried by them', async () => {
  world.store.projects.setPrivate(['2211'], ago(0));
  const { prompts, throughput, aside } = await health();
  expect([prompts.waiting, throughput.days.at(-1)]).toMatchObject([0, { settled: 0, automatic: 0 }]);
  expect(aside).toMatchObject([{ code: 'incomplete', images: 0, files: 1 }]);
  const now = await metrics();
  expect(now.get('semtag_prompts_oldest_age_seconds')).toBe(0);
  expect([...now.keys()].filter((name) => /labels_total\{|aside\{code="malformed"/.test(name))).toEqual([]);
  expect(await post('/api/pauses', { ...pause, reason: 'x' })).toMatchObject({ status: 404 });
  expect(await post('/api/quarantine/retry', { by: 'Mia', code: 'malformed' })).toMatchObject({ images: 0, more: false }); // prettier-ignore
  world.store.projects.setPrivate([], ago(0));
});

test('the rules and the dashboard name only metrics that there are', async () => {
  // those that are there only at times
  const sometimes = ['semtag_scan_age_seconds', 'semtag_label_error_ratio', 'up'];
  const names = new Set([...(await metrics()).keys()].map((name) => name.split('{')[0]!));
  for (const name of sometimes) names.add(name);
  const check = (expression: string) => {
    const used = expression.replace(/\{[^}]*\}|"[^"]*"|\b(by|on|without|ignoring) *\([^)]*\)/g, '').match(/\b[a-z][a-z_0-9]*_[a-z_0-9]+\b(?! *\()|\bup\b/g) ?? []; // prettier-ignore
    const known = used.filter((name) => !/^(quantile_over_time|histogram_quantile)$/.test(name));
    expect(known.length, expression).toBeGreaterThan(0);
    for (const name of known) expect([...names], expression).toContain(name);
  };
  const rules = parse(readFileSync(join(DOCS, 'alerts.yaml'), 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
  };
  const alerts = rules.groups.flatMap((group) => group.rules);
  expect(alerts.length).toBeGreaterThan(8);
  for (const { expr, annotations } of alerts) {
    check(expr);
    expect(annotations['summary']).toBeTruthy();
    expect(annotations['description']).toBeTruthy();
  }
  const { panels } = JSON.parse(readFileSync(join(DOCS, 'dashboard.json'), 'utf8')) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(8);
  expressions.forEach(check);
  expect(() => check('semtag_no_such_thing > 1')).toThrow();
});

test('a retry of many: of one reason, then of all; again is nothing', async () => {
  expect(await post('/api/quarantine/retry', { by: 'Mia', code: 'malformed' })).toMatchObject({ status: 200, images: 2, files: 0, more: false }); // prettier-ignore
  expect((await health()).aside).toMatchObject([{ code: 'incomplete' }]);
  expect(await post('/api/quarantine/retry', { by: 'Mia' })).toMatchObject({ images: 0, files: 1 });
  expect(await post('/api/quarantine/retry', { by: 'Mia' })).toMatchObject({ images: 0, files: 0, more: false }); // prettier-ignore
  expect(await post('/api/quarantine/retry', { by: 'Mia', code: 'nonsense' })).toMatchObject({ status: 400 });
  expect(await post('/api/quarantine/retry', { by: 'Ben' })).toMatchObject({ code: 'other_name' });
  expect(await concerns()).not.toContain('aside');
});
