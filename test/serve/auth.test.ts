// Who is let in, by inject on a real store: passwords, sessions, tokens, stations, links, and what each of them may not do.

import { scryptSync } from 'node:crypto';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Caller } from '../../src/domain/access.ts';
import { refuseMove } from '../../src/serve/auth/author.ts';
import { checkPassword } from '../../src/serve/auth/password.ts';
import { triesOf } from '../../src/serve/auth/tries.ts';
import { FILES, makeWorld, type World } from './world.ts';

const PASSWORD = 'correct horse battery';
/** As hashPassword makes it with next to no work: what it cost stands beside the hash. Who makes a password here does the real work once. */
const PREPARED = ['scrypt', 16, 8, 1, '', scryptSync(PASSWORD, '', 32, { N: 16, r: 8, p: 1 }).toString('base64')].join('$'); // prettier-ignore
let world: World;
let app: FastifyInstance;
let asked: string;
let mia: Jar;
let madeByLink: string;

beforeAll(async () => {
  world = await makeWorld({ n: 2, size: 128, webDir: '/nonexistent' });
  asked = await world.asked(0, 'Nanowires', 'Fibres', 0.61);
  app = await world.app();
  const { code } = world.store.links.make({ purpose: 'first_manager' }, 'semtag', new Date());
  mia = jar();
  const made = await mia.post('/api/link/use', { code, name: 'Mia', password: PASSWORD });
  expect(made.json()).toEqual({ purpose: 'first_manager', name: 'Mia' });
  madeByLink = world.store.users.passwordOf('Mia')!.hash;
  prepare('Mia');
  await signIn(mia, 'Mia');
});
afterAll(() => world.close());

type Jar = ReturnType<typeof jar>;

/** A browser: keeps cookies, and sends the token of the page with what it writes. */
function jar(on = () => app) {
  const cookies: Record<string, string> = {};
  let csrf: string | undefined;
  const keep = (answer: LightMyRequestResponse) => {
    for (const { name, value } of answer.cookies as { name: string; value: string }[])
      if (value) cookies[name] = value;
      else delete cookies[name];
    return answer;
  };
  const self = {
    cookies,
    get: async (url: string, headers = {}) => keep(await on().inject({ url, cookies, headers })),
    async post(url: string, payload: object, headers: object = {}) {
      const token = csrf === undefined ? {} : { 'x-csrf-token': csrf };
      return keep(
        await on().inject({ method: 'POST', url, payload, cookies, headers: { ...token, ...headers } }),
      );
    },
    /** as the page does after signing in */
    async me(): Promise<Record<string, unknown>> {
      const me = (await self.get('/api/me')).json<Record<string, unknown>>();
      csrf = me['csrf'] as string | undefined;
      return me;
    },
  };
  return self;
}

const code = (answer: LightMyRequestResponse) => answer.json<{ code: string }>().code;
const files = (url: string, payload: object) =>
  app.inject({ method: 'POST', url, payload: { by: 'root', ...payload }, headers: FILES });
const signIn = (who: Jar, name: string, password = PASSWORD) => who.post('/api/sign-in', { name, password });

function prepare(name: string): void {
  const { users } = world.store;
  users.setPassword(users.named(name)!.id, PREPARED, name, new Date().toISOString());
}

async function account(name: string, role: string): Promise<Jar> {
  await files('/api/people/users', { name, role });
  prepare(name);
  const who = jar();
  expect((await signIn(who, name)).statusCode).toBe(200);
  await who.me();
  return who;
}

describe('passwords and sessions', () => {
  test('the first manager is signed in by the link; it works once', async () => {
    expect(await mia.me()).toMatchObject({ how: 'session', role: 'manager', name: 'Mia' });
    const { code: second } = { code: 'AAAA-BBBB-CCCC-DDDD' };
    expect(code(await jar().post('/api/link/use', { code: second, name: 'Eve', password: PASSWORD }))).toBe(
      'link_void',
    );
    expect(code(await files('/api/people/first-manager', {}))).toBe('bad_request');
  });

  test('a wrong password and an unknown name are told alike', async () => {
    const wrong = await signIn(jar(), 'Mia', 'not the password');
    const nobody = await signIn(jar(), 'Nobody');
    const told = ({ statusCode, body }: LightMyRequestResponse) => {
      const rest = JSON.parse(body) as Record<string, unknown>;
      delete rest['requestId'];
      return { statusCode, ...rest };
    };
    expect(told(wrong)).toEqual(told(nobody));
    expect(told(wrong)).toMatchObject({ statusCode: 401, code: 'wrong_password' });
    expect(wrong.cookies).toEqual([]);
  });

  test('the cookie is HttpOnly, SameSite=Strict and new at each sign-in; an id that was planted is not taken', async () => {
    const who = jar();
    who.cookies['semtag-session'] = 'planted-by-somebody-else-0000000';
    const answer = await signIn(who, 'mIA');
    expect(answer.statusCode).toBe(200);
    const set = [answer.headers['set-cookie']]
      .flat()
      .find((one) => String(one).startsWith('semtag-session='));
    expect(set).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const first = who.cookies['semtag-session'];
    expect(first).not.toBe('planted-by-somebody-else-0000000');
    await who.me();
    await signIn(who, 'Mia');
    expect(who.cookies['semtag-session']).not.toBe(first);
    const old = jar();
    old.cookies['semtag-session'] = first!;
    expect(await old.me()).toMatchObject({ how: 'loopback' });
  });

  test('signing out ends it for good', async () => {
    const who = jar();
    await signIn(who, 'Mia');
    await who.me();
    const kept = { ...who.cookies };
    expect((await who.post('/api/sign-out', {})).statusCode).toBe(200);
    const later = jar();
    Object.assign(later.cookies, kept);
    expect(await later.me()).toMatchObject({ how: 'loopback', role: 'operator' });
  });

  test('idle for too long is signed out', async () => {
    const who = jar();
    await signIn(who, 'Mia');
    const id = who.cookies['semtag-session']!;
    const { sessions } = world.store;
    const hours = (n: number) => new Date(Date.now() + n * 3_600_000);
    const at = (n: number) => sessions.userOf(id, 12 * 3600, hours(n));
    expect(at(11)).toBeDefined(); // looking is no use
    sessions.used(id, 12 * 3600, hours(11));
    expect(at(22)).toBeDefined();
    expect(at(24)).toBeUndefined();
    for (let n = 20; n < 720; n += 10) sessions.used(id, 12 * 3600, hours(n));
    expect([at(719), at(721)]).toEqual([expect.any(Number), undefined]);
  });

  test('an open page that asks by itself is signed out; one where somebody is stays', async () => {
    const [here, alone] = [jar(), jar()];
    await signIn(here, 'Mia');
    await signIn(alone, 'Mia');
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    for (let hours = 0; hours < 13; hours++) {
      vi.setSystemTime(Date.now() + 3_600_000);
      await alone.get('/api/status');
      await alone.post('/api/screens', { page: 'a', sha256: null });
      await here.get('/api/status', { 'x-in-use': '1' });
    }
    expect([(await alone.me())['how'], (await here.me())['name']]).toEqual(['loopback', 'Mia']);
  });

  /** What happens while a password is being checked. */
  function meanwhile<T>(ask: () => Promise<T>, act: () => void): Promise<T> {
    const { users } = world.store;
    const passwordOf = users.passwordOf.bind(users);
    users.passwordOf = (name) => {
      const kept = passwordOf(name);
      users.passwordOf = passwordOf;
      act();
      return kept;
    };
    return ask();
  }

  test('what changes while a password is checked holds: no session with the old one, or of a disabled account', async () => {
    const { users } = world.store;
    const at = new Date().toISOString();
    const here = await account('Iris', 'operator');
    const { id } = users.named('Iris')!;
    const reset = PREPARED.replace(/.{4}$/, 'AAA=');
    const stale = await meanwhile(() => signIn(jar(), 'Iris'), () => users.setPassword(id, reset, 'Iris', at)); // prettier-ignore
    expect([stale.statusCode, code(stale), stale.cookies]).toEqual([401, 'wrong_password', []]);
    prepare('Iris');
    const disabled = jar();
    const out = await meanwhile(() => signIn(disabled, 'Iris'), () => void users.change(id, { disabled: true }, 'Mia', at)); // prettier-ignore
    expect(code(out)).toBe('wrong_password');
    users.change(id, { disabled: false }, 'Mia', at);
    expect(await disabled.me()).toMatchObject({ how: 'loopback' });
    await signIn(here, 'Iris');
    await here.me();
    const change = () => here.post('/api/password', { old: PASSWORD, password: 'another fine one' });
    const late = await meanwhile(change, () => users.setPassword(id, reset, 'Iris', at));
    expect(code(late)).toBe('wrong_password');
    expect(users.passwordOf('Iris')!.hash).toBe(reset);
  });

  test('changing the password needs the old one and ends the other sessions', async () => {
    const here = await account('Carla', 'operator');
    const there = jar();
    await signIn(there, 'Carla');
    expect(code(await here.post('/api/password', { old: 'wrong', password: 'another fine one' }))).toBe(
      'wrong_password',
    );
    expect(code(await here.post('/api/password', { old: PASSWORD, password: 'short' }))).toBe('bad_request');
    expect(code(await here.post('/api/password', { old: PASSWORD, password: 'carla2026!!' }))).toBe(
      'bad_request',
    );
    expect(
      (await here.post('/api/password', { old: PASSWORD, password: 'another fine one' })).statusCode,
    ).toBe(200);
    expect(await here.me()).toMatchObject({ name: 'Carla' });
    expect(await there.me()).toMatchObject({ how: 'loopback' });
  });

  test('the old password is asked for in words of its own; a message ends before its advice begins', async () => {
    const here = await account('Ivo', 'operator');
    const said = (answer: LightMyRequestResponse) => answer.json<{ message: string }>().message;
    expect(said(await here.post('/api/password', { old: 'wrong', password: 'another fine one' }))).toBe(
      'The password does not fit: the old password is another one.',
    );
    expect(said(await signIn(jar(), 'Ivo', 'wrong'))).toBe(
      'The password does not fit: this name or this password is wrong.',
    );
    expect(said(await files('/api/people/users', { name: 'IVO', role: 'operator' }))).toBe(
      'This name is taken: IVO.',
    );
  });

  test.each([
    ['too short: 12', 'elevenchars', 'Olga Ortiz'],
    ['too long: 128', 'x'.repeat(129), 'Olga Ortiz'],
    ['your name is in it', 'olgaortiz1234', 'Olga Ortiz'],
    ['your name is in it', 'O.L.G.A. Ortiz with a hat', 'Olga Ortiz'],
    ['your name is in it', 'seven ORTIZ trees', 'Olga Ortiz'],
    ['your name is in it', 'seven muller trees', 'Jörg Müller'],
    ['leaked somewhere or is guessed early', 'qwertyuiop12', 'Olga Ortiz'],
    [undefined, 'seven trees by the sea', 'Bo Sea'],
    [undefined, 'correct horse battery', 'A'],
  ])('%s: %s', async (rule, password, name) => {
    const done = checkPassword(password, name);
    if (rule === undefined) await done;
    else await expect(done).rejects.toThrow(rule);
  });

  test('wrong tries of a name from an address are slowed down; right ones, other names and other addresses go on', async () => {
    const dora = await account('Dora', 'operator');
    for (let i = 0; i < 9; i++) expect((await signIn(jar(), 'Dora')).statusCode).toBe(200);
    for (let i = 0; i < 8; i++) await signIn(jar(), ' DORA', 'wrong');
    const refused = await signIn(jar(), 'Dora');
    expect([refused.statusCode, code(refused)]).toEqual([429, 'too_many_tries']);
    expect((await signIn(jar(), 'Mia')).statusCode).toBe(200);
    const payload = { name: 'Dora', password: PASSWORD };
    const elsewhere = { method: 'POST', url: '/api/sign-in', payload, remoteAddress: '10.0.0.7' } as const;
    expect((await app.inject(elsewhere)).statusCode).toBe(200);
    await dora.me();
    expect((await dora.post('/api/password', { old: PASSWORD, password: 'short' })).statusCode).toBe(400);
  });

  test('many addresses together are slowed down too, and so is one that tries many names', async () => {
    let now = 0;
    const tries = triesOf(() => now);
    const wrong = async (ip: string, account: string): Promise<string> =>
      tries({ ip }, account, () => Promise.reject(new Error('wrong'))).catch((error: Error) => (error as { code?: string }).code ?? error.message); // prettier-ignore
    for (let i = 0; i < 100; i++) expect(await wrong(`10.0.0.${i % 20}`, 'dora')).toBe('wrong');
    expect(await wrong('10.0.9.9', 'dora')).toBe('too_many_tries');
    for (let i = 0; i < 50; i++) expect(await wrong('10.1.1.1', `name ${i}`)).toBe('wrong');
    expect(await wrong('10.1.1.1', 'another')).toBe('too_many_tries');
    const many = Array.from({ length: 20 }, () => wrong('10.2.2.2', 'at once'));
    expect((await Promise.all(many)).filter((one) => one === 'wrong')).toHaveLength(8);
    now = 5 * 60_000;
    expect(await wrong('10.0.9.9', 'dora')).toBe('wrong');
  });

  test('nothing of a secret stands in the database in clear', () => {
    const { store } = world;
    expect(madeByLink).toMatch(/^scrypt\$32768\$8\$3\$/);
    const lines = JSON.stringify(store.history.after(0, 1000));
    for (const secret of [PASSWORD, mia.cookies['semtag-session']!]) expect(lines).not.toContain(secret);
  });
});

describe('what writes by cookie', () => {
  const facts = (sample: string) => ({ sha256s: [asked], facts: { sample } });

  test('needs the token of the page, of this session', async () => {
    const who = await account('Fred', 'operator');
    expect((await who.post('/api/facts', facts('a'))).statusCode).toBe(200);
    for (const token of ['', 'x', String((await mia.me())['csrf'])]) {
      const answer = await who.post('/api/facts', facts('b'), { 'x-csrf-token': token });
      expect([answer.statusCode, code(answer)]).toEqual([403, 'not_this_page']);
    }
  });

  test('a token of a program needs none', async () => {
    const made = await files('/api/people/tokens', { name: 'robot', role: 'operator' });
    const headers = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    const answer = await app.inject({ method: 'POST', url: '/api/facts', payload: facts('c'), headers });
    expect(answer.statusCode).toBe(200);
    expect(world.store.history.ofImage(asked).at(-1)!.who).toBe('robot');
  });
});

describe('who answers', () => {
  test('is the account; another name is refused, and without an account a name is needed', async () => {
    await mia.me();
    const body = (by?: string) => ({
      sha256s: [asked],
      facts: { sample: `of ${by}` },
      ...(by ? { by } : {}),
    });
    expect((await mia.post('/api/facts', body())).statusCode).toBe(200);
    expect(world.store.history.ofImage(asked).at(-1)!.who).toBe('Mia');
    expect((await mia.post('/api/facts', body('Mia'))).statusCode).toBe(200);
    expect(code(await mia.post('/api/facts', body('Ben')))).toBe('other_name');
    const open = await app.inject({ method: 'POST', url: '/api/facts', payload: body() });
    expect([open.statusCode, open.json<{ message: string }>().message]).toEqual([400, 'The request is not valid: by: a name is needed.']); // prettier-ignore
  });
});

describe('a name that is an account', () => {
  const open = (payload: object) => app.inject({ method: 'POST', url: '/api/facts', payload });

  test('a manager’s is taken by that manager alone, in any spelling; who reads the data directory may', async () => {
    const facts = { sha256s: [asked], facts: { sample: 'by whom' } };
    for (const by of ['Mia', ' mIA ', '\u041c\u0456\u0430', '\u039c\u0399\u0391', 'M\u200bia.']) {
      const refused = await open({ ...facts, by });
      expect(refused.json()).toMatchObject({ code: 'forbidden', message: expect.stringContaining('Mia is the account of a manager') as string, hint: 'Sign in as Mia, or pick another name.' }); // prettier-ignore
    }
    expect((await open({ ...facts, by: 'Mina' })).statusCode).toBe(200);
    expect((await files('/api/facts', { ...facts, by: 'Mia' })).statusCode).toBe(200);
  });

  test('answers move between names that are nobody’s; who is signed in moves the own, a manager those of others', async () => {
    const { users } = world.store;
    for (const [name, role] of [
      ['Ben', 'operator'],
      ['Olga', 'operator'],
      ['Nora', 'manager'],
    ] as const)
      users.add(name, role, [], 'root', new Date().toISOString());
    const as = (how: Caller['how'], role: Caller['role'], name?: string): Caller => ({ how, role, projects: [], ...(name ? { name } : {}) }); // prettier-ignore
    const callers = [as('station', 'operator'), as('session', 'operator', 'Ben'), as('session', 'manager', 'Mia'), as('files', 'manager')]; // prettier-ignore
    const may = (from: string, to: string) =>
      callers.map((caller) => {
        try {
          return refuseMove(users, caller, { from, to }) === undefined;
        } catch (error) {
          expect(error).toMatchObject({ code: 'forbidden' });
          return false;
        }
      });
    for (const [from, to, ...wanted] of [
      ['Anna', 'Eva', true, true, true, true],
      ['Anna', 'Ben', true, true, true, true],
      ['ben', 'Anna', true, true, true, true],
      ['Olga', 'Ben', true, false, true, true],
      ['Anna', 'OLGA', true, false, true, true],
      ['Mia', 'Anna', false, false, true, true],
      ['Anna', 'mia', false, false, true, true],
      ['Anna', 'Nora', false, false, false, true],
    ] as const)
      expect([from, to, ...may(from, to)]).toEqual([from, to, ...wanted]);
    const payload = { sha256s: [asked], from: 'Nora', to: 'Anna', by: 'Anna' };
    expect(code(await app.inject({ method: 'POST', url: '/api/answers/name', payload }))).toBe('forbidden');
  });
});

describe('roles', () => {
  test.each([
    ['harvester', [403, 403, 403]],
    ['operator', [200, 200, 403]],
    ['manager', [200, 200, 200]],
  ])('%s', async (role, wanted) => {
    const made = await files('/api/people/tokens', { name: `one ${role}`, role });
    const headers = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    const statusOf = async (url: string) => (await app.inject({ url, headers })).statusCode;
    expect(await Promise.all(['/api/images', '/api/prompts', '/api/people'].map(statusOf))).toEqual(wanted);
  });

  test('loopback answers and does not manage; a proxy header, another address or serve.open end it', async () => {
    expect((await app.inject('/api/prompts')).statusCode).toBe(200);
    expect((await app.inject('/api/people')).statusCode).toBe(403);
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      const answer = await app.inject({ url: '/api/images', headers: { [header]: '127.0.0.1' } });
      expect([header, answer.statusCode, code(answer)]).toEqual([header, 401, 'sign_in']);
    }
    expect((await app.inject({ url: '/api/images', remoteAddress: '10.0.0.7' })).statusCode).toBe(401);
    world.deps.config.serve.open = false;
    const closed = await world.app();
    expect((await closed.inject('/api/images')).statusCode).toBe(401);
    expect((await closed.inject({ url: '/api/images', headers: FILES })).statusCode).toBe(200);
    world.deps.config.serve.open = true;
  });

  test('who is disabled is out at once and cannot come back; the last manager stays', async () => {
    const who = await account('Gina', 'manager');
    const { id } = world.store.users.named('gina')!;
    await mia.me();
    expect((await mia.post(`/api/people/users/${id}`, { disabled: true })).statusCode).toBe(200);
    expect(await who.me()).toMatchObject({ how: 'loopback' });
    expect(code(await signIn(jar(), 'Gina'))).toBe('wrong_password');
    for (const { id: other, name, role } of world.store.users.list())
      if (role === 'manager' && name !== 'Mia')
        await files(`/api/people/users/${other}`, { role: 'operator' });
    const own = world.store.users.named('Mia')!.id;
    expect(code(await mia.post(`/api/people/users/${own}`, { role: 'operator' }))).toBe('last_manager');
    expect(code(await files('/api/people/users', { name: 'MIA', role: 'operator' }))).toBe('name_taken');
  });
});

describe('members of private projects', () => {
  test('join and leave one at a time: a page of before gives nothing back', async () => {
    const { users } = world.store;
    await files('/api/people/users', { name: 'Kim', role: 'operator', projects: ['a', 'b'] });
    const { id } = users.named('Kim')!;
    const change = (body: object) => files(`/api/people/users/${id}`, body);
    await change({ leave: ['a'] });
    await change({ join: ['c', 'c'] });
    expect(users.need(id).projects).toEqual(['b', 'c']);
    expect((await change({ projects: ['a', 'b'] })).statusCode).toBe(400);
    const before = world.store.history.lastId();
    await change({ join: ['b'], leave: ['a'] });
    expect(world.store.history.lastId()).toBe(before);
  });
});

describe('tokens and stations', () => {
  test('a token is shown once, and void when revoked or run out; it does not fall back to loopback', async () => {
    const made = (await files('/api/people/tokens', { name: 'harvest', role: 'harvester', days: 1 })).json<{ secret: string; token: { id: number } }>(); // prettier-ignore
    expect(made.secret).toMatch(/^semtag_[\w-]{43}$/);
    const headers = { authorization: `Bearer ${made.secret}` };
    expect((await app.inject({ url: '/api/me', headers })).json()).toMatchObject({ how: 'token', name: 'harvest', role: 'harvester' }); // prettier-ignore
    expect((await app.inject({ url: '/api/people', headers: FILES })).body).not.toContain(made.secret);
    expect(world.store.tokens.holder(made.secret, new Date(Date.now() + 25 * 3_600_000))).toBeUndefined();
    const revoke = () => files(`/api/people/tokens/${made.token.id}/revoke`, {});
    expect((await revoke()).json()).toEqual({ revoked: true });
    expect((await revoke()).json()).toEqual({ revoked: false });
    expect((await app.inject({ url: '/api/me', headers })).json()).toMatchObject({ code: 'sign_in', hint: expect.stringContaining('was revoked') as string }); // prettier-ignore
    for (const authorization of ['Basic YTpi', 'Bearer ', 'Bearer x'])
      expect((await app.inject({ url: '/api/me', headers: { authorization } })).statusCode).toBe(401);
  });

  test('a browser is paired once, for its instruments, answers under a picked name, and can be revoked', async () => {
    expect(code(await files('/api/people/stations', { name: 'PC 2', instruments: ['Nova'] }))).toBe(
      'bad_request',
    );
    const link = code(await files('/api/people/stations', { name: 'PC 2', instruments: ['Merlin'] }));
    const pc = jar();
    expect((await pc.post('/api/link', { code: link })).json()).toMatchObject({
      purpose: 'station',
      name: 'PC 2',
    });
    const paired = await pc.post('/api/link/use', { code: link.toLowerCase().replaceAll('-', ' ') });
    expect([paired.headers['set-cookie']].flat().join()).toMatch(/semtag-station=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Strict/); // prettier-ignore
    expect(await pc.me()).toMatchObject({ how: 'station', role: 'operator', instruments: ['Merlin'] });
    expect(await pc.me()).not.toHaveProperty('name');
    const facts = { sha256s: [asked], facts: { sample: 'seen at PC 2' } };
    expect((await pc.post('/api/facts', { ...facts, by: 'Anna' })).statusCode).toBe(200);
    expect(code(await pc.post('/api/facts', { ...facts, by: 'Anna' }, { 'x-csrf-token': 'x' }))).toBe(
      'not_this_page',
    );
    expect(code(await jar().post('/api/link/use', { code: link }))).toBe('link_void');
    const { id } = world.store.stations.list()[0]!;
    await files(`/api/people/stations/${id}/revoke`, {});
    expect(await pc.me()).toMatchObject({ how: 'loopback' });
  });

  test('a link runs out, and a newer one voids it', async () => {
    const made = await files('/api/people/users', { name: 'Hugo', role: 'operator' });
    const { user } = made.json<{ user: { id: number } }>();
    const newer = await files(`/api/people/users/${user.id}/link`, {});
    expect(code(await jar().post('/api/link', { code: code(made) }))).toBe('link_void');
    expect((await jar().post('/api/link', { code: code(newer) })).json()).toMatchObject({ purpose: 'password', name: 'Hugo' }); // prettier-ignore
    const late = new Date(Date.now() + 73 * 3_600_000);
    expect(() => world.store.links.look(code(newer), late)).toThrow(
      expect.objectContaining({ code: 'link_void' }),
    );
  });
});

describe('encrypted before the app', () => {
  test('cookies are Secure and bound to the host, HSTS is on, nobody is let in without a password or around the proxy', async () => {
    Object.assign(world.deps.config.serve, { proxy: ['127.0.0.1'], names: ['sem.example.org'] });
    const proxied = await world.app();
    const through = { host: 'sem.example.org', 'x-forwarded-for': '10.1.2.3', 'x-forwarded-proto': 'https' };
    const answer = await proxied.inject({ method: 'POST', url: '/api/sign-in', headers: through, payload: { name: 'Mia', password: PASSWORD } }); // prettier-ignore
    expect([answer.headers['set-cookie']].flat().join()).toMatch(/^__Host-semtag-session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict/); // prettier-ignore
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
    expect((await proxied.inject('/api/images')).statusCode).toBe(401);
    const around = await proxied.inject({ url: '/api/images', headers: through, remoteAddress: '10.1.2.3' });
    expect(code(around)).toBe('forbidden_origin');
    expect(code(await proxied.inject({ url: '/api/me', headers: { ...through, host: 'evil.example' } }))).toBe('forbidden_origin'); // prettier-ignore
    Object.assign(world.deps.config.serve, { proxy: [], names: [] });
  });
});
