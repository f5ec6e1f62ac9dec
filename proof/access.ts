// Claim: nobody does or sees what they may not: points of OWASP ASVS 4.0.3, level 1, each with a check against the running service, and a fuzzer over the OpenAPI document finds nothing.

import { request as rawRequest, type IncomingMessage } from 'node:http';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import Fastify from 'fastify';
import { writeTiff } from '../fixtures/tiff-writer.ts';
import type { Role } from '../src/domain/access.ts';
import { accessOf } from '../src/serve/access.ts';
import { attachment } from '../src/serve/send-path.ts';
import { openStore } from '../src/store/store.ts';
import type { Proof } from './run.ts';
import { LETS_IN, WHO_MAY } from './lib/who-may.ts';
import { findFuzzer, fuzz, leftOut } from './lib/schemathesis.ts';
import { makeLab, startSemtag, type Lab, type Running } from './lib/service.ts';
import { printTable } from './lib/table.ts';
import { until } from './lib/wait.ts';

const PROJECT = 'a private project';
const SECRET = 'c'.repeat(64);
const NONE = '0'.repeat(64);
const UUID = '00000000-0000-8000-8000-000000000000';
const HALF = 'half-private.tif';
/** images that everybody sees */
const OPEN = 3;

/** Of the lists of passwords that leaked most often, those of twelve characters and more. */
const LEAKED = [
  '1234567890123',
  'qwertyuiop123',
  'password1234',
  'passwordpassword',
  'iloveyou1234',
  'unbelievable',
];

const NO_FUZZER = 'schemathesis cannot be had; SCHEMATHESIS=/path/to/schemathesis names one';

type Answer = { status: number; headers: IncomingMessage['headers']; text: string };
type Who = { name: string; headers: Record<string, string> };
type Route = { method: string; path: string };
/** `check` gives what is wrong; none: it holds */
type Point = { id: string; what: string; check: () => Promise<string[]> };

const NOT_MET: [id: string, why: string][] = [
  ['2.1.8', 'no strength meter: a password is taken or refused, with the reason'],
  ['4.3.1', 'no second factor'],
  ['14.4.2', 'JSON is sent with nosniff and its type, without a name to save it under'],
];

const NOT_APPLICABLE: [id: string, why: string][] = [
  ['2.7, 2.8, 2.9', 'no one-time passwords, SMS or hardware keys: accounts are local to one machine'],
  ['5.2.3, 5.3.6, 5.3.7, 5.3.10', 'no mail, LDAP, XPath; no script evaluates what was sent'],
  [
    '8.2.2',
    'the pages keep no image in browser storage; pictures of private projects are sent with no-store',
  ],
  ['10.3', 'no update by itself, no code from elsewhere: script-src is self'],
  ['12.1, 12.2, 12.4', 'nothing is uploaded: images come from the acquisition directory'],
  ['12.6, 5.2.6', 'no address that a request names is fetched'],
  ['13.2.2, 13.3', 'JSON alone; no SOAP, no GraphQL'],
];

export const proof: Proof = {
  claim: 'nobody does or sees what they may not, and a fuzzer over the OpenAPI document finds nothing',
  async prove({ keep, short }) {
    const program = findFuzzer();
    const lab = makeLab({
      ...(keep ? { keep } : {}),
      instrument: { atFirstStart: 'take', quiet: 0.3, mode: 'ask', path: '{project}/*' },
    });
    const tokens = seed(lab);
    const log = join(lab.home, 'log.txt');
    const service = await startSemtag(lab, {}, log);
    try {
      const token = (name: string): Who => ({ name, headers: bearer(tokens[name]!) });
      const everybody: Who[] = [
        { name: 'nobody', headers: { 'x-forwarded-for': '192.0.2.7' } },
        { name: 'this machine', headers: {} },
        ...['operator', 'manager', 'harvester'].map(token),
      ];
      const routes = await routesOf(service);
      const without = await figuresWithout(service, tokens['operator']!);
      hide(lab);
      const points = pointsOf(service, lab, log, routes, everybody, tokens, without);
      const rows: [string, string, string][] = [];
      for (const { id, what, check } of points) {
        const wrong = await check();
        rows.push([id, what, wrong.length === 0 ? 'holds' : `NOT: ${wrong.slice(0, 3).join('; ')}`]);
      }
      const size = short ? { examples: 3, seconds: 30 } : { examples: 40, seconds: 120 };
      let cases = 0;
      const kinds = ['manager', 'operator'];
      const fuzzed = program ? await Promise.all(kinds.map((who) => fuzz(program, service.url, tokens[who]!, size))) : []; // prettier-ignore
      if (!program) rows.push(['5.1, 13.1', 'a fuzzer', `NOT fuzzed: ${NO_FUZZER}`]);
      for (const [i, found] of fuzzed.entries()) {
        cases += found.cases;
        // one that hardly asked anything found nothing out
        const enough = found.cases >= routes.length;
        if (!found.ok || !enough) console.log(found.text.slice(-6000));
        rows.push(['5.1, 13.1', `fuzzed as ${kinds[i]}: ${found.cases} requests`, found.ok && enough ? 'holds' : 'NOT: see above']); // prettier-ignore
      }
      printTable(['ASVS 4.0.3', 'point', 'result'], rows);
      console.log(`not met: ${NOT_MET.map(([id, why]) => `${id}: ${why}`).join('. ')}.`);
      console.log(`not applicable: ${NOT_APPLICABLE.map(([id, why]) => `${id}: ${why}`).join('. ')}.`);
      console.log(`checks of the fuzzer left out: ${leftOut}.`);
      if (keep) writeFileSync(join(keep, 'access-table.md'), markdown(rows));
      const held = rows.filter(([, , result]) => result === 'holds').length;
      const fell = rows.some(([, , result]) => result.startsWith('NOT'));
      return {
        ok: !fell,
        figures: `${held} of ${rows.length} points hold; ${routes.length} routes x ${everybody.length} kinds of callers; ${cases} fuzzed requests`,
      };
    } finally {
      await service.stop();
      lab.remove();
    }
  },
};

/** Images that everybody sees, and tokens. */
function seed(lab: Lab): Record<string, string> {
  mkdirSync(lab.dataDir, { recursive: true });
  // what the fuzzer finds to ask about; an empty directory would count as away
  for (let k = 0; k < OPEN; k++) {
    const samples = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * 31 + k * 97 + i * i * 7) % 250);
    writeFileSync(join(lab.acquired, `open-${k}.tif`), writeTiff([{ width: 64, height: 64, samples }]));
  }
  const store = openStore(lab.dataDir);
  const at = new Date().toISOString();
  const made: [name: string, role: Role, projects: string[]][] = [
    ['operator', 'operator', []],
    ['manager', 'manager', []],
    ['harvester', 'harvester', []],
    ['member', 'manager', [PROJECT]],
  ];
  const tokens = made.map(([name, role, projects]) => [name, store.tokens.add({ name, role, projects }, 'proof', at).secret]); // prettier-ignore
  store.close();
  const config = readFileSync(lab.config, 'utf8');
  writeFileSync(lab.config, `${config}projects:\n  private:\n    - ${PROJECT}\n`);
  return Object.fromEntries(tokens) as Record<string, string>;
}

/** An image of the private project that was never a file, and a file of it that never became whole. */
function hide(lab: Lab): void {
  const store = openStore(lab.dataDir);
  const at = new Date().toISOString();
  const see = (dir: string, name: string, size: number, mtime_ns: string) => {
    const place = { instrument: 'sem', dir: Buffer.from(dir), name: Buffer.from(name) };
    store.files.see([{ sighting: { ...place, role: 'image', size, mtime_ns }, state: 'seen' }], at);
    return store.files.current(place.instrument, place.dir, place.name)!;
  };
  const file = see('d', 'private-name.tif', 1, '1');
  const facts = { project: { value: PROJECT, unit: null, origin: 'path' } };
  store.files.settle({ file, sha256: SECRET, bytes: 1, mediaType: 'image/tiff', name: 'private-name.tif', facts, at }); // prettier-ignore
  store.images.quarantine(SECRET, { code: 'malformed', message: 'private-name.tif: no strips' }, at);
  // known before the scan finds it: one that stands still and was given up stays so
  const half = join(lab.home, HALF);
  writeFileSync(half, 'II*');
  const { size, mtimeNs } = statSync(half, { bigint: true });
  const { id } = see(PROJECT, HALF, Number(size), String(mtimeNs));
  store.files.incomplete(id, { code: 'incomplete', message: `${HALF}: no image` }, at);
  store.close();
  mkdirSync(join(lab.acquired, PROJECT));
  renameSync(half, join(lab.acquired, PROJECT, HALF));
}

/** Passes with the clock, or with what this machine does beside. */
const OF_THE_CLOCK = new Set(['uptime', 'disk', 'today', 'throughput', 'requestId']);
const ISO_TIME = /^\d{4}-\d\d-\d\dT/;

/** Every figure of the state that this caller reads. */
async function figures(service: Running, token: string): Promise<string[]> {
  const read = async (path: string) => (await send(service, 'GET', path, bearer(token))).text;
  const still = (key: string, value: unknown) =>
    OF_THE_CLOCK.has(key) || (typeof value === 'string' && ISO_TIME.test(value)) ? undefined : value;
  const [status, queues] = [JSON.parse(await read('/api/status')) as object, JSON.parse(await read('/api/queues')) as object]; // prettier-ignore
  const metrics = (await read('/metrics')).split('\n').filter((line) => line.startsWith('semtag_') && !/_seconds|disk_|database_/.test(line)); // prettier-ignore
  return [...[status, queues].map((one) => JSON.stringify(one, still)), ...metrics];
}

/** Once nothing moves any more. */
async function figuresWithout(service: Running, token: string): Promise<string[]> {
  await until('the images have come to rest', 60, async () => {
    const { images: n } = await service.get<{ images: Record<string, number> }>('/api/status');
    return (n['asked'] ?? 0) + (n['forwarded'] ?? 0) + (n['quarantined'] ?? 0) === OPEN;
  });
  return figures(service, token);
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

async function routesOf(service: Running): Promise<Route[]> {
  const doc = await service.get<{ paths: Record<string, Record<string, object>> }>('/api/openapi.json');
  const named = Object.entries(doc.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
  // protocols of their own, which the document does not describe
  return [...named, { method: 'GET', path: '/oai' }, { method: 'POST', path: '/oai' }];
}

/** The path goes out as it is: fetch would tidy it up. A stream is read no further than its head. */
function send(service: Running, method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const { hostname, port } = new URL(service.url);
  return new Promise((done, fail) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = rawRequest({ hostname, port, method, path, headers: { ...length, ...headers } }, (answer) => {
      const { statusCode: status = 0, headers: got } = answer;
      if (got['content-type']?.includes('event-stream')) {
        answer.destroy();
        done({ status, headers: got, text: '' });
      } else readAll(answer).then((text) => done({ status, headers: got, text }), fail);
    });
    sent.on('error', fail);
    sent.end(body);
  });
} // prettier-ignore

const JSON_TYPE = { 'content-type': 'application/json' };
const filled = (path: string, sha256: string, id = '1') =>
  path
    .replace('{sha256}', sha256)
    .replace('{uuid}', UUID)
    .replace(/\{\w+\}/, id);

function pointsOf(service: Running, lab: Lab, log: string, routes: Route[], everybody: Who[], tokens: Record<string, string>, without: string[]): Point[] {
  const get = (path: string, headers: Record<string, string> = {}) => send(service, 'GET', path, headers);
  const codeOf = ({ text }: Answer) => (text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined);
  const reading = routes.filter(({ method }) => method === 'GET');
  const bad = (list: [boolean, string][]) => list.filter(([holds]) => !holds).map(([, name]) => name);

  /** Everything that somebody is answered, whatever stands in the address left out. */
  async function crawl(who: string): Promise<string> {
    let all = '';
    for (const { path } of reading.filter((one) => one.path !== '/api/events')) {
      const url = filled(path, SECRET);
      const { status, text: said } = await get(url, bearer(tokens[who]!));
      // who makes members reads which private projects there are, and what the config says
      const named = ['/api/people', '/api/settings', '/api/export'].includes(path) && who === 'manager';
      const text = named ? said.replaceAll(PROJECT, '') : said;
      all += status === 200 ? text : text.replaceAll(SECRET, '');
    }
    return all;
  }

  return [
    { id: '4.1.1, 4.1.3', what: 'every route, every kind of caller: let through as the table of this proof says', async check() {
      const served = new Set(routes.map(({ method, path }) => `${method} ${path}`));
      const wrong = [...WHO_MAY.keys()].filter((route) => !served.has(route)).map((route) => `${route} is gone`);
      for (const { method, path } of routes) {
        const needs = WHO_MAY.get(`${method} ${path}`);
        if (!needs) wrong.push(`${method} ${path} is not in the table`);
        else for (const { name, headers } of everybody) {
          const body = method === 'GET' ? undefined : '{}';
          const answer = await send(service, method, filled(path, NONE, '999999'), { ...(body ? JSON_TYPE : {}), ...headers }, body);
          const refused = answer.status === 401 || answer.status === 403;
          if (refused === LETS_IN[needs].includes(name)) wrong.push(`${name}: ${method} ${path} ${answer.status}`);
        }
      }
      return wrong;
    } },
    { id: '4.1.1, 4.1.5', what: 'a route that says nothing of who may call it: the service does not start', async check() {
      const app = Fastify();
      accessOf(app, { store: {}, config: {} } as never, () => undefined);
      app.get('/x', () => 'x');
      return app.ready().then(() => ['it starts'], (error: Error) => (error.message.includes('/x') ? [] : [error.message]));
    } },
    { id: '4.2.1', what: 'a private project: others find nothing by any route and count nothing of it, a member does', async check() {
      const words = [PROJECT, 'private-name.tif', HALF, SECRET];
      const counted = (await figures(service, tokens['operator']!)).filter((one, i) => one !== without[i]);
      const retried = await send(service, 'POST', '/api/quarantine/retry', { ...JSON_TYPE, ...bearer(tokens['operator']!) }, '{}');
      const tried = JSON.parse(retried.text) as { images: number; files: number };
      const [seen, own] = [await crawl('manager') + await crawl('operator') + await crawl('harvester'), await crawl('member')];
      const same = await Promise.all(['', '/thumb', '/picture', '/file', '/history'].map(async (rest): Promise<[boolean, string]> => {
        const plain = async (sha256: string) => (await get(`/api/images/${sha256}${rest}`, bearer(tokens['manager']!))).text.replace(/"requestId":"[^"]*"/, '').replaceAll(sha256, '');
        return [await plain(SECRET) === await plain(NONE), `${rest} tells it from what is not there`];
      }));
      const numbers: [boolean, string][] = [[counted.length === 0, `counted: ${counted.join().slice(0, 300)}`], [tried.images === 0 && tried.files === 0, `tried again: ${retried.text}`]];
      return bad([...same, ...numbers, ...words.flatMap((word): [boolean, string][] => [[!seen.includes(word), `${word} is found`], [own.includes(word), `a member does not find ${word}`]])]);
    } },
    { id: '4.2.2, 13.2.3', what: 'what another page sends is refused: Origin, Sec-Fetch-Site, a form', async check() {
      const from = (headers: Record<string, string>) => send(service, 'POST', '/api/facts', { ...JSON_TYPE, ...headers }, '{}');
      const form = await send(service, 'POST', '/api/facts', { 'content-type': 'text/plain' }, '{}');
      return bad([
        [codeOf(await from({ origin: 'https://evil.example' })) === 'forbidden_origin', 'Origin'],
        [codeOf(await from({ origin: 'null' })) === 'forbidden_origin', 'Origin null'],
        [codeOf(await from({ 'sec-fetch-site': 'cross-site' })) === 'forbidden_origin', 'Sec-Fetch-Site'],
        [form.status === 415, 'a form is taken'],
      ]);
    } },
    { id: '14.5.2, 14.5.3', what: 'a rebound name: another Host is refused, and no origin is allowed in', async check() {
      const rebound = await get('/api/images', { host: 'evil.example', ...bearer(tokens['manager']!) });
      const { headers } = await get('/api/status', { origin: 'https://evil.example' });
      return bad([[codeOf(rebound) === 'forbidden_origin', `answered ${rebound.status}`], [headers['access-control-allow-origin'] === undefined, 'CORS']]);
    } },
    { id: '14.5.1', what: 'other methods: 405 with Allow', async check() {
      const answers = await Promise.all(routes.map(async ({ path }): Promise<[boolean, string]> => {
        const { status, headers } = await send(service, 'DELETE', filled(path, NONE), {});
        return [routes.some((one) => one.path === path && one.method === 'DELETE') || (status === 405 && headers.allow !== undefined), `${path} ${status}`];
      }));
      return bad(answers);
    } },
    { id: '12.3.1, 12.3.2, 5.3.9', what: 'no path leads out: parameters, static files, names to save under', async check() {
      const paths = ['/../../../../etc/passwd', '/..%2f..%2f..%2f..%2fetc%2fpasswd', '/assets/..%2f..%2f..%2fpackage.json', '/assets/%2e%2e/%2e%2e/%2e%2e/package.json', '/..%5c..%5cpackage.json', '/api/images/..%2f..%2fsemtag.db/file', `/api/images/${NONE}%00/file`];
      const list = await Promise.all(paths.map(async (path): Promise<[boolean, string]> => {
        const { status, text } = await get(path, bearer(tokens['manager']!));
        return [status >= 300 && !/root:|"dependencies"/.test(text), `${path} ${status}`];
      }));
      const saved = attachment('../..\\evil"\r\nset-cookie: a\u0000.tif');
      return bad([...list, [!/[\r\n\0/\\]|\.\.|"[^"]*"[^"]*"/.test(saved.replace(/filename\*.*$/, '')), saved]]);
    } },
    { id: '7.1.1; 2.10.4 (level 2)', what: 'tokens: neither in the database nor in its WAL nor in the log', async check() {
      const files = [log, ...readdirSync(lab.dataDir).filter((name) => name.startsWith('semtag.db')).map((name) => join(lab.dataDir, name))];
      return files.flatMap((file) => Object.values(tokens).some((secret) => readFileSync(file).includes(secret)) ? [file.split('/').at(-1)!] : []);
    } },
    { id: '4.1.5', what: 'a token that is none lets nobody in, not even on this machine', async check() {
      const answers = await Promise.all(['Bearer x', `Bearer ${'x'.repeat(43)}`, 'Basic YTpi', tokens['manager']!].map(async (authorization): Promise<[boolean, string]> => [(await get('/api/status', { authorization })).status === 401, authorization.slice(0, 12)]));
      return bad(answers);
    } },
    { id: '2.1.1, 2.1.2, 2.1.6, 2.1.7, 2.5.4, 3.1.1-3.4.5', what: 'a session: password of 12 to 128 characters and none that leaked often, link once, a new id each time, cookie flags, ended by sign-out', check: () => sessions(service, tokens['manager']!, get) },
    { id: '3.3.1', what: 'a stream of events ends when its token is revoked', check: () => revoked(service, tokens['manager']!) },
    { id: '2.2.1', what: 'guessing: eight wrong passwords of a name in five minutes, then none is taken', async check() {
      let last = 0;
      for (let i = 0; i < 9; i++) last = (await send(service, 'POST', '/api/sign-in', JSON_TYPE, JSON.stringify({ name: 'Nobody', password: 'x' }))).status;
      return bad([[last === 429, `the ninth is answered ${last}`]]);
    } },
    { id: '14.4.1, 14.4.3, 14.4.4, 14.4.6, 14.4.7, 8.2.1, 14.3.3', what: 'headers: CSP without unsafe-inline, no frames, nosniff, no referrer, nothing kept', async check() {
      const wrong: string[] = [];
      for (const path of ['/', '/api/status', '/api/nothing']) {
        const { headers } = await get(path, bearer(tokens['manager']!));
        const csp = String(headers['content-security-policy']);
        wrong.push(...bad([
          [csp.includes("default-src 'none'") && !csp.includes('unsafe') && csp.includes("frame-ancestors 'none'"), `${path} CSP`],
          [headers['x-content-type-options'] === 'nosniff', `${path} nosniff`],
          [headers['referrer-policy'] === 'no-referrer', `${path} Referrer-Policy`],
          [headers['x-powered-by'] === undefined && headers.server === undefined, `${path} names its program`],
          [path === '/' || headers['cache-control'] === 'no-store', `${path} may be kept`],
        ]));
      }
      return wrong;
    } },
    { id: '7.4.1, 14.3.2', what: 'errors: one form, without paths, stacks or SQL', async check() {
      const post = (type: string, body: string) => send(service, 'POST', '/api/facts', { 'content-type': type, ...bearer(tokens['manager']!) }, body);
      const answers: [number, Answer][] = [
        [400, await post('application/json', '{bad')], [400, await post('application/json', '{"sha256s":["1"]}')], [400, await post('application/json', '{"sha256s":1,"facts":{}}')],
        [413, await post('application/json', JSON.stringify('x'.repeat(200_000)))], [415, await post('multipart/form-data; boundary=x', '--x--')], [415, await post('text/xml', '<a/>')],
        [404, await get(`/api/images/${NONE}`)], [404, await get('/api/nothing')], [400, await get('/api/images?limit=x')], [400, await get('/api/images/%zz')],
      ];
      return bad(answers.map(([wanted, { status, text }]): [boolean, string] => {
        const keys = text.startsWith('{') ? Object.keys(JSON.parse(text) as object).join() : '';
        return [status === wanted && keys === 'code,message,hint,requestId' && !/node_modules|\.ts\b|\bat \/|SELECT|SQLITE/.test(text), `${wanted}: ${status} ${text.slice(0, 80)}`];
      }));
    } },
    { id: '9.1.1', what: 'beyond this machine nothing listens without accounts and TLS', async check() {
      const open = makeLab({ more: { serve: { port: 0, host: '0.0.0.0' } } });
      try {
        const started = await startSemtag(open).catch(() => undefined);
        await started?.stop();
        return started ? ['it listens'] : [];
      } finally {
        open.remove();
      }
    } },
  ];
} // prettier-ignore

/** From the link to the end of the session, as a browser goes through it. */
async function sessions(service: Running, token: string, get: (path: string, headers: Record<string, string>) => Promise<Answer>): Promise<string[]> {
  const post = (path: string, body: object, headers: Record<string, string> = {}) => send(service, 'POST', path, { ...JSON_TYPE, ...headers }, JSON.stringify(body));
  const cookieOf = ({ headers }: Answer) => (headers['set-cookie'] ?? []).find((one) => one.startsWith('semtag-session=')) ?? '';
  const made = await post('/api/people/users', { name: 'Prover', role: 'operator' }, bearer(token));
  const { code } = JSON.parse(made.text) as { code: string };
  const short = await post('/api/link/use', { code, password: 'eleven char' });
  const long = await post('/api/link/use', { code, password: 'x1y2'.repeat(33) });
  const leaked = await Promise.all(LEAKED.map((one) => post('/api/link/use', { code, password: one })));
  const password = 'a fine long one, äöü';
  const used = await post('/api/link/use', { code, password });
  const twice = await post('/api/link/use', { code, password });
  const signedIn = await post('/api/sign-in', { name: 'Prover', password });
  const [first, second] = [cookieOf(used), cookieOf(signedIn)];
  const cookie = second.split(';')[0]!;
  const me = await get('/api/me', { cookie });
  const { csrf } = JSON.parse(me.text) as { csrf?: string };
  const page = (me.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
  const out = await post('/api/sign-out', {}, { cookie });
  const kept = await post('/api/sign-out', {}, { cookie: `${cookie}; ${page}`, 'x-csrf-token': csrf ?? '' });
  const after = await get('/api/me', { cookie });
  const list: [boolean, string][] = [
    [short.status === 400 && long.status === 400, 'a password too short or too long is taken'],
    ...leaked.map(({ status }, i): [boolean, string] => [status === 400, `${LEAKED[i]} is taken`]),
    [used.status === 200 && twice.status >= 400, 'a link works twice'],
    [/; Path=\/; HttpOnly; SameSite=Strict/.test(second), `cookie ${second.replace(/=[^;]*/, '')}`],
    [first.split(';')[0] !== cookie && cookie.length > 30, 'the id is the same as before'],
    [me.text.includes('"session"'), 'not signed in'],
    [out.status === 403 && kept.status === 200, `sign-out without the page's token ${out.status}, with it ${kept.status}`],
    [!after.text.includes('"session"'), 'signed in after signing out'],
  ];
  return list.filter(([holds]) => !holds).map(([, name]) => name);
} // prettier-ignore

async function revoked(service: Running, manager: string): Promise<string[]> {
  const post = (path: string, body: object) => send(service, 'POST', path, { ...JSON_TYPE, ...bearer(manager) }, JSON.stringify(body)); // prettier-ignore
  const made = JSON.parse((await post('/api/people/tokens', { name: 'listener', role: 'operator' })).text) as { token: { id: number }; secret: string }; // prettier-ignore
  const stop = AbortSignal.timeout(15_000);
  const stream = await fetch(`${service.url}/api/events`, { headers: bearer(made.secret), signal: stop });
  const ended = stream.text().then(() => [], () => ['it goes on']); // prettier-ignore
  await post(`/api/people/tokens/${made.token.id}/revoke`, {});
  return ended;
}

function markdown(rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  const table = (head: string[], body: string[][]) => line(head) + line(head.map(() => '---')) + body.map(line).join(''); // prettier-ignore
  return `# Who may do what: points of OWASP ASVS 4.0.3, level 1\n\nWritten by \`npm run prove -- access --keep OUT\`.\n\n${table(['ASVS', 'point', 'result'], rows)}\n## What is not met\n\n${table(['ASVS', 'what'], NOT_MET)}\n## What does not apply\n\n${table(['ASVS', 'why'], NOT_APPLICABLE)}`;
}
