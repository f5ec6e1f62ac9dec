// `semtag config export` and `import`: from one SEM PC to another, what is of a machine stays; a file that is not whole changes nothing.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { exportSettings } from '../../src/cli/config-export.ts';
import { importSettings } from '../../src/cli/config-import.ts';
import { SHIPPED_HEAD } from '../../src/classify/model.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { SettingsFile } from '../../src/serve/settings-file.ts';
import { takeRunLock } from '../../src/store/lock.ts';
import { openStore } from '../../src/store/store.ts';
import { semtag, temporary } from './semtag.ts';

/** A machine that has been started, with the thresholds of its config. */
function machine(yaml: string, auto = 0.8): { dir: string; config: string } {
  const dir = temporary();
  mkdirSync(join(dir, 'data'));
  const config = join(dir, 'semtag.yaml');
  writeFileSync(config, yaml);
  const store = openStore(join(dir, 'data'));
  store.thresholds.save({ auto, prompt: 0.35 }, 'calibrated', 'Mia', '2026-11-26T08:00:00.000Z');
  store.close();
  return { dir, config };
}

/** A head of its own: other bytes, so another name. */
function ownHead(dir: string): string {
  const head = JSON.parse(readFileSync(SHIPPED_HEAD, 'utf8')) as object;
  const text = JSON.stringify({ ...head, name: 'ours' });
  writeFileSync(join(dir, 'ours.json'), text);
  return createHash('sha256').update(text).digest('hex');
}

const FIRST = `# the first SEM
dataDir: data
instruments:
  - { name: Merlin, root: /srv/one, mode: auto, quiet: 7 }
  - { name: Leo, root: /srv/leo }
targets:
  - { name: archive, type: folder, path: /srv/archive, mode: "0644" }
model: { head: ours.json }
serve: { port: 8400 }
ask: { hold: 9 }
projects: { private: [theirs] }
`;
const SECOND = `dataDir: data
instruments:
  - { name: Merlin, root: /mnt/two }
targets:
  - { name: archive, type: folder, path: /mnt/archive }
serve: { port: 9000 }
projects: { private: [GaAs, patents] }
`;
const quiet = { by: 'Ben', json: true };

async function exported() {
  const first = machine(FIRST, 0.72);
  const head = ownHead(first.dir);
  const file = join(first.dir, 'moved.json');
  await exportSettings(file, { config: first.config, json: true });
  return { file, head };
}

beforeAll(() => {
  process.stdout.write = ((write) => (text: string | Uint8Array, ...rest: []) => /^\{"(file|config)"/.test(String(text)) || write(text, ...rest))(process.stdout.write.bind(process.stdout)); // prettier-ignore
});

/** Every file of a machine with what is in it. */
const everything = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !/-(shm|wal)$|run\.lock$/.test(one.name))
    .map((one) => [one.name, createHash('sha256').update(readFileSync(join(one.parentPath, one.name))).digest('hex')]); // prettier-ignore

it('round trip: config, thresholds and head come over, what is of the machine stays, a second time nothing changes', async () => {
  const { file, head } = await exported();
  const second = machine(SECOND);
  const before = everything(second.dir);
  await importSettings(file, { ...quiet, config: second.config, dryRun: true });
  expect(everything(second.dir)).toEqual(before);

  await importSettings(file, { ...quiet, config: second.config });
  const config = loadConfig(second.config);
  expect(config).toMatchObject({
    dataDir: join(second.dir, 'data'),
    instruments: [{ name: 'Merlin', root: '/mnt/two', mode: 'auto', quiet: 7 }],
    targets: [{ name: 'archive', path: '/mnt/archive', mode: '0644' }],
    model: { head: join(second.dir, `data/heads/${head}.json`) },
    serve: { port: 9000 },
    ask: { hold: 9 },
    projects: { private: ['GaAs', 'patents'] },
  });
  expect(config.instruments).toHaveLength(1);
  const [backup] = readdirSync(second.dir).filter((name) => name.startsWith('semtag.yaml.before-import-'));
  expect(readFileSync(join(second.dir, backup!), 'utf8')).toBe(SECOND);
  const sha = createHash('sha256').update(readFileSync(config.model.head!)).digest('hex');
  expect(sha).toBe(head);
  const store = openStore(join(second.dir, 'data'));
  expect(store.thresholds.current()).toMatchObject({ version: 2, auto: 0.72, author: 'Ben', reason: 'imported from moved.json (its version 1: calibrated)' }); // prettier-ignore
  store.close();

  await importSettings(file, { ...quiet, config: second.config });
  const again = openStore(join(second.dir, 'data'));
  expect(again.thresholds.versions()).toHaveLength(2);
  again.close();
  expect(readdirSync(second.dir).filter((name) => name.includes('before-import'))).toHaveLength(1);
});

it('what is not whole, of another version, for another backbone or beside a service is refused; nothing changes', async () => {
  const { file } = await exported();
  const good = JSON.parse(readFileSync(file, 'utf8')) as SettingsFile;
  const second = machine(SECOND);
  const before = everything(second.dir);
  const broken = join(temporary(), 'bad.json');
  const signed = (change: object) => {
    const content: Partial<SettingsFile> = { ...good, ...change };
    delete content.sha256;
    return JSON.stringify({ ...content, sha256: createHash('sha256').update(JSON.stringify(content)).digest('hex') }); // prettier-ignore
  };
  const strange = JSON.parse(good.head.text) as { backbone: object };
  const text = JSON.stringify({ ...strange, backbone: { name: 'other', sha256: 'e'.repeat(64) } });
  const sha256 = createHash('sha256').update(text).digest('hex');
  const other = { ...good.head, text, sha256, backbone: { name: 'other', sha256: 'e'.repeat(64) } };
  for (const [bad, words] of [
    [JSON.stringify({ ...good, at: 'later' }), 'its checksum is another one'],
    [readFileSync(file, 'utf8').slice(0, -200), 'it is not whole'],
    [signed({ format: 'semtag-settings/2' }), 'this semtag reads semtag-settings/1'],
    [signed({ head: { ...good.head, sha256: 'f'.repeat(64) } }), 'not the one that it names'],
    [signed({ head: other }), 'which is not here'],
    [signed({ config: { ...good.config, values: { ...good.config.values, asl: {} } } }), 'unknown key asl'],
  ] as const) {
    writeFileSync(broken, bad);
    await expect(importSettings(broken, { ...quiet, config: second.config })).rejects.toThrow(words); // prettier-ignore
  }
  const lock = takeRunLock(join(second.dir, 'data'))!;
  await expect(importSettings(file, { ...quiet, config: second.config })).rejects.toThrow('stop the service');
  lock.release();
  expect(everything(second.dir)).toEqual(before);
});

it('where the new config cannot be written beside the old one nothing changes', async () => {
  const { file } = await exported();
  const second = machine(SECOND);
  const before = everything(second.dir);
  mkdirSync(`${second.config}.${process.pid}.part`);
  await expect(importSettings(file, { ...quiet, config: second.config })).rejects.toThrow('EISDIR');
  expect(everything(second.dir)).toEqual(before);
  const store = openStore(join(second.dir, 'data'));
  expect(store.thresholds.current()?.version).toBe(1);
  store.close();
});

it('a secret in the config leaves with neither its text nor its values', async () => {
  const { dir, config } = machine(FIRST);
  ownHead(dir);
  const { settingsFile } = await import('../../src/serve/settings-file.ts');
  writeFileSync(config, `${FIRST}repository: { accessToken: hunter2, url: x }\n`);
  const model = { head: createHash('sha256').update(readFileSync(SHIPPED_HEAD)).digest('hex'), headPath: SHIPPED_HEAD }; // prettier-ignore
  const made = await settingsFile({ configPath: config, dataDir: join(dir, 'data'), model, thresholds: [] });
  expect(JSON.stringify(made)).not.toContain('hunter2');
  expect(made.config.yaml).toContain('url: x');
});

it('on the command line: - is stdout', async () => {
  const { dir } = machine('dataDir: data\n');
  const ended = await semtag(dir, 'config', 'export', '-');
  expect(ended).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(ended.out)).toMatchObject({ format: 'semtag-settings/1', thresholds: [{ version: 1 }] });
  expect(existsSync(join(dir, '-'))).toBe(false);
});
