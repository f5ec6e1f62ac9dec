// `semtag people` and `semtag open` as people type them: without a service, and beside one that encrypts with a certificate of its own.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { configYaml } from '../../src/config/yaml.ts';
import { refuseBind } from '../../src/serve/bind.ts';
import { openReader } from '../../src/store/reader.ts';
import { openStore } from '../../src/store/store.ts';
import { makeHome } from '../service/home.ts';
import { home, semtag } from './semtag.ts';

const PASSWORD = 'correct horse battery';

test('without a service: a dry run changes nothing, a secret is shown once, a name is found in any letter case', async () => {
  const dir = home();
  openStore(join(dir, 'data')).close();
  const people = (...args: string[]) => semtag(dir, 'people', ...args);
  const store = () => openReader(join(dir, 'data'));
  const empty = await people();
  expect(empty.err).toBe('');
  expect(empty.out).toContain('`semtag people link --first-manager` makes the first one');
  const add = ['add', 'Mia', '--role', 'manager', '--by', 'root'];
  expect((await people(...add, '--dry-run')).out).toBe('an account Mia would be made: manager\n');
  const added = await people(...add);
  expect(added.out).toMatch(/^account Mia is made: manager\nhttp:\/\/127\.0\.0\.1:\d+\/#\/sign-in\?link=[\w-]{19}\nIt works once, until 20/); // prettier-ignore
  const [again, token, changed, unknown, linked] = await Promise.all([
    people(...add, '--dry-run'),
    people('token', 'add', 'harvest', '--role', 'harvester', '--days', '9', '--json'),
    people('change', 'mia', '--project', 'P 1', '--project', 'P 2'),
    people('disable', 'Nobody'),
    people('link', 'mia'),
  ]);
  expect(again.code).toBe(1);
  const { secret } = JSON.parse(token.out) as { secret: string };
  expect(linked.out).toMatch(/It works once, until .*\. One that was made before is void\.\n$/);
  expect(changed.out).toBe('mia is member of P 1, P 2\n');
  expect([unknown.code, unknown.err]).toEqual([1, 'semtag: no account Nobody; `semtag people` lists them\n']);
  const reader = store();
  expect(reader.tokens.list()).toMatchObject([{ name: 'harvest', role: 'harvester' }]);
  expect(reader.users.list()).toMatchObject([{ name: 'Mia', role: 'manager', projects: ['P 1', 'P 2'] }]);
  expect(() => refuseBind({ host: '0.0.0.0', proxy: ['127.0.0.1'] }, reader.users.hasManager())).toThrow(
    'no manager',
  );
  reader.close();
  const listed = await people('--json');
  expect(listed.out).toContain('"harvest"');
  expect(listed.out).not.toContain(secret);
  expect((await people('token', 'revoke', 'HARVEST')).out).toBe('token HARVEST is revoked\n');
});

/** A certificate of its own beside the config of this home. */
function certificate(dir: string): { cert: string; key: string } {
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '60', '-subj', '/CN=sem', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], { stdio: 'ignore' }); // prettier-ignore
  return { cert, key };
}

type Sent = { status: number; cookies: string[]; body: Record<string, unknown>; hsts: string | undefined };

function send(url: string, ca: Buffer | string, payload?: object, headers: object = {}): Promise<Sent> {
  return new Promise((done, fail) => {
    const method = payload ? 'POST' : 'GET';
    const type = payload ? { 'content-type': 'application/json' } : {};
    const sent = request(url, { method, ca, headers: { ...type, ...headers } }, async (answer) => {
      const body = JSON.parse(await text(answer)) as Record<string, unknown>;
      const hsts = answer.headers['strict-transport-security'];
      done({ status: answer.statusCode!, cookies: answer.headers['set-cookie'] ?? [], body, hsts });
    });
    sent.on('error', fail);
    sent.end(payload ? JSON.stringify(payload) : undefined);
  });
}

test(
  'a service that encrypts: the first manager by `semtag open`, a session, and verbs that know its certificate',
  { timeout: 60_000 },
  async () => {
    const dir = home();
    const tls = certificate(dir);
    const h = makeHome({ one: { mode: 'observe' } }, { serve: { port: 0, tls } });
    const { url } = await h.start();
    writeFileSync(join(h.home, 'semtag.yaml'), configYaml({ dataDir: 'data', instruments: [{ name: 'one', root: 'one' }], serve: { port: 0, tls } })); // prettier-ignore
    expect(url).toMatch(/^https:/);
    const ca = readFileSync(tls.cert);
    const opened = await semtag(h.home, 'open', '--json');
    const { firstManager } = JSON.parse(opened.out) as { firstManager: string };
    const [, code] = firstManager.split('link=');
    const made = await send(`${url}/api/link/use`, ca, { code, name: 'Mia', password: PASSWORD });
    expect([made.status, made.hsts]).toEqual([200, 'max-age=31536000']);
    expect(made.cookies.join()).toMatch(
      /__Host-semtag-session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict/,
    );
    const cookie = made.cookies.map((one) => one.split(';')[0]).join('; ');
    expect((await send(`${url}/api/me`, ca, undefined, { cookie })).body).toMatchObject({ how: 'session', name: 'Mia', role: 'manager' }); // prettier-ignore
    const [status, again, added] = await Promise.all([
      semtag(h.home, 'status'),
      semtag(h.home, 'open', '--print'),
      semtag(h.home, 'people', 'add', 'Ben', '--role', 'operator'),
    ]);
    expect(status.out).toContain(`running at ${url}`);
    expect(again.out).toBe(`${url}\n`);
    expect(added.out).toContain(`${url}/#/sign-in?link=`);
    // another certificate at the same address is not sent the secret of the run
    const file = join(h.home, 'data', 'service.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), cert: 'AA:BB' })); // prettier-ignore
    expect((await semtag(h.home, 'status')).out).toMatch(/^not running/);
  },
);

test('a certificate that is not there, or not its own key’s, is said by the check and stops the start', async () => {
  const dir = home();
  const tls = certificate(dir);
  for (const [name, path, why] of [
    ['cert', 'gone.pem', 'cannot be read (ENOENT)'],
    ['key', tls.cert, 'is no private key'],
  ] as const) {
    const h = makeHome({ one: {} }, { serve: { port: 0, tls: { ...tls, [name]: path } } });
    await expect(h.start()).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining(`serve.tls.${name}: ${path} ${why}`) as string }); // prettier-ignore
  }
  const { checkTls } = await import('../../src/preflight/tls.ts');
  const serve = (more: object) => ({ serve: { names: [], tls, ...more } as never });
  expect(checkTls(serve({}))).toMatchObject([{ level: 'ok' }]);
  expect(checkTls(serve({ names: ['sem.example.org'] })).map(({ level }) => level)).toEqual(['ok', 'warn']);
  expect(checkTls(serve({}), new Date(Date.now() + 61 * 86_400_000))).toMatchObject([{ level: 'fail' }]);
  expect(checkTls(serve({ tls: { ...tls, cert: 'gone' } }))).toMatchObject([{ level: 'fail' }]);
});
