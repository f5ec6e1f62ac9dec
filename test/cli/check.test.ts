// `semtag check`: each thing that would not work is found before the start, and looking leaves nothing behind.

import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { preflight, type Finding } from '../../src/preflight/preflight.ts';
import { takeRunLock } from '../../src/store/lock.ts';
import { home, semtag, writeConfig } from './semtag.ts';

async function look(dir: string): Promise<Finding[]> {
  return preflight(loadConfig(join(dir, 'semtag.yaml')));
}

const failing = (findings: Finding[]) =>
  findings.filter((one) => one.level === 'fail').map((one) => `${one.what}: ${one.message}`);
const asRoot = process.getuid?.() === 0;

describe('check', () => {
  it('finds nothing wrong with a good config, and makes nothing', async () => {
    const dir = home();
    const before = readdirSync(dir, { recursive: true });
    const found = await look(dir);
    expect(failing(found)).toEqual([]);
    expect(found.map((one) => one.what)).toEqual(expect.arrayContaining(['dataDir', 'instrument SEM 1', 'target repository', 'model', 'serve'])); // prettier-ignore
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
    expect(await semtag(dir, 'check')).toMatchObject({ code: 0 });
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  });

  it('warns of an alignment head that is not there: the service starts without it', async () => {
    const dir = home({ model: { alignmentHead: 'gone.json' } });
    const found = await look(dir);
    expect(failing(found)).toEqual([]);
    const message = expect.stringContaining(join(dir, 'gone.json')) as string;
    expect(found).toContainEqual(expect.objectContaining({ what: 'alignment head', level: 'warn', message }));
  });

  it('warns where this account could write to the acquisition directory', async () => {
    const dir = home();
    const found = await look(dir);
    expect(found).toContainEqual(expect.objectContaining({ what: 'instrument SEM 1', level: 'warn', message: expect.stringContaining('could write') as string })); // prettier-ignore
  });

  it('looks at the folders below too, for the rights may differ there', async () => {
    const dir = home();
    mkdirSync(join(dir, 'acquired/2026/anna'), { recursive: true });
    const found = (await look(dir)).filter((one) => one.what === 'instrument SEM 1');
    expect(found).toMatchObject([{ level: 'warn' }]);
    if (asRoot) return; // may write everywhere
    chmodSync(join(dir, 'acquired/2026'), 0o500);
    chmodSync(join(dir, 'acquired'), 0o500);
    expect((await look(dir)).find((one) => one.what === 'instrument SEM 1')?.message).toMatch(
      /anna: this account could/,
    );
    chmodSync(join(dir, 'acquired/2026/anna'), 0o500);
    expect((await look(dir)).find((one) => one.what === 'instrument SEM 1')?.level).toBe('ok');
  });

  it('warns where the disk of a target is low', async () => {
    const dir = home({ spool: { reserve: 1e9 } });
    const found = (await look(dir)).filter((one) => one.what === 'target repository');
    expect(found.map((one) => one.level)).toEqual(['ok', 'warn']);
  });

  it('warns where everybody is given records and nobody can be written to', async () => {
    const warned = async (publish: object) =>
      (await look(home({ publish })))
        .filter(({ what, level }) => what === 'publish' && level !== 'ok')
        .map((one) => one.level);
    expect(await warned({ open: 'everybody' })).toEqual(['warn', 'warn']);
    expect(await warned({ email: 'sem@example.org' })).toEqual([]);
    expect(await warned({})).toEqual([]);
  });

  it('says what is public, to whom, and what is kept back', async () => {
    const said = async (publish: object, closed: string[] = []) =>
      (await look(home({ publish, projects: { private: closed } }))).find(({ what }) => what === 'publish');
    const here = 'given to programs of this machine and holders of a harvester token';
    expect(await said({})).toEqual({
      what: 'publish',
      level: 'ok',
      message: `images of every project that is known are public; ${here}`,
    });
    expect((await said({ projects: ['A', 'B'], fields: ['creator'], files: true }, ['b']))?.message).toBe(
      `images of A are public; ${here}; with creator; the files too`,
    );
    const withhold = [
      { operator: 'Anna', until: '2999-01-01' },
      { project: 'Old', until: '2026-01-01' },
    ];
    expect((await said({ withhold }, ['B']))?.message).toBe(
      `images of every project that is known, but not of B, are public; ${here}; kept back: images of Anna until 2999-01-01`,
    );
    expect((await said({ projects: [] }))?.message).toContain('no image is public');
  });

  it('warns of what harvesters would not reach, and of embargoes that are over', async () => {
    const warned = async (publish: object, serve: object = {}) =>
      (await look(home({ publish, serve })))
        .filter(({ what, level }) => what === 'publish' && level !== 'ok')
        .map((one) => one.message);
    const open = { open: 'everybody', email: 'sem@example.org' };
    expect(await warned(open)).toEqual([expect.stringContaining('nobody beyond this machine')]);
    expect(await warned(open, { proxy: ['127.0.0.1'] })).toEqual([]);
    const baseUrl = 'https://sem.example.org';
    expect(await warned({ baseUrl })).toEqual([expect.stringContaining('serve.names does not have it')]);
    expect(await warned({ baseUrl }, { names: ['sem.example.org'] })).toEqual([]);
    const until = (day: string) => ({ withhold: [{ project: 'A', until: day }] });
    expect(await warned(until('2026-01-01'))).toEqual([expect.stringContaining('the entry of A ended')]);
    expect(await warned(until('2999-01-01'))).toEqual([]);
  });

  it('notes the service that runs, which is no obstacle to itself', async () => {
    const dir = home();
    const lock = takeRunLock(join(dir, 'data'))!;
    onTestFinished(() => lock.release());
    const found = await preflight(loadConfig(join(dir, 'semtag.yaml')), 'http://127.0.0.1:8321');
    expect(failing(found)).toEqual([]);
    expect(found.map((one) => one.message)).toContain(
      'in use by the service that answers at http://127.0.0.1:8321',
    );
  });

  const cases: [string, (dir: string) => void, RegExp][] = [
    ['a missing acquisition directory', (dir) => rmSync(join(dir, 'acquired'), { recursive: true }), /SEM 1.*not there/],
    ['a file in its place', (dir) => (rmSync(join(dir, 'acquired'), { recursive: true }), writeFileSync(join(dir, 'acquired'), '')), /SEM 1.*not a directory/],
    ['a missing target', (dir) => rmSync(join(dir, 'repository'), { recursive: true }), /target repository/],
    ['too little disk', (dir) => writeConfig(dir, { spool: { reserve: 1e9 } }), /intake would wait/],
    ['a head that is not there', (dir) => writeConfig(dir, { model: { head: 'none.json' } }), /model.*none\.json/],
    ['a head that is damaged', (dir) => (writeFileSync(join(dir, 'h.json'), '{"x": 1}'), writeConfig(dir, { model: { head: 'h.json' } })), /model.*h\.json/],
    ['a backbone that is not in the catalogue', (dir) => writeConfig(dir, { model: { backbone: 'resnet' } }), /model.*resnet/],
    ['an address beyond this machine', (dir) => writeConfig(dir, { serve: { host: '0.0.0.0', port: 0 } }), /serve.*0\.0\.0\.0/],
    ['a target in the acquisition directory', (dir) => (mkdirSync(join(dir, 'acquired/out')), writeConfig(dir, { targets: [{ name: 'r', type: 'folder', path: 'acquired/out' }] })), /acquired again/],
    ['a data directory in the acquisition directory', (dir) => writeConfig(dir, { dataDir: 'acquired/data' }), /acquired again/],
    ['a foreign database', (dir) => (mkdirSync(join(dir, 'data')), writeFileSync(join(dir, 'data/semtag.db'), 'x'.repeat(5000))), /dataDir.*not a database/],
    ['a file where the data directory should be', (dir) => writeFileSync(join(dir, 'data'), ''), /dataDir.*not a directory/],
  ]; // prettier-ignore
  it.each(cases)('finds %s', async (_, spoil, words) => {
    const dir = home();
    spoil(dir);
    expect(failing(await look(dir)).join('\n')).toMatch(words);
  });

  it('finds a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const dir = home({ serve: { port } });
    expect(failing(await look(dir))).toEqual([`serve: 127.0.0.1:${port} is taken by another program`]);
  });

  it('finds another semtag at the same data directory', async () => {
    const dir = home();
    const lock = takeRunLock(join(dir, 'data'))!;
    onTestFinished(() => lock.release());
    expect(failing(await look(dir)).join()).toContain('another semtag uses it');
  });

  it.skipIf(asRoot)('finds directories that this account may not enter or write', async () => {
    const dir = home();
    chmodSync(join(dir, 'acquired'), 0o000);
    chmodSync(join(dir, 'repository'), 0o500);
    expect(failing(await look(dir))).toHaveLength(2);
  });

  it('says so when another engine would be used', async () => {
    // tfjs-node-gpu is optional and mostly absent; where it is installed there is nothing to note
    const dir = home({ model: { engine: 'tensorflow' } });
    const found = (await look(dir)).filter((one) => one.what === 'model');
    expect(found[0]!.message).toMatch(/engine (tensorflow|onnx|wasm)$/);
    if (!found[0]!.message.endsWith('tensorflow')) expect(found[1]).toMatchObject({ level: 'warn' });
  });

  it('exits 1 when something would not work, with what to do', async () => {
    const dir = home();
    rmSync(join(dir, 'repository'), { recursive: true });
    const ended = await semtag(dir, 'check');
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/^FAIL {2}target repository/m);
    expect(ended.out).toContain('Mount the share');
    const json = JSON.parse((await semtag(dir, 'check', '--json')).out) as { works: boolean };
    expect(json.works).toBe(false);
    expect(statSync(join(dir, 'acquired')).isDirectory()).toBe(true);
  });
});
