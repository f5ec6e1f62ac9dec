// Opening: what is ours opens durably, what is not is refused and left untouched; one service a data directory.

import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import type { SemtagError } from '../../src/errors.ts';
import { checkDataDir } from '../../src/preflight/data-dir.ts';
import { takeRunLock } from '../../src/store/lock.ts';
import { APPLICATION_ID, openDatabase, schemaScripts } from '../../src/store/open.ts';
import { openReader } from '../../src/store/reader.ts';
import { openStore } from '../../src/store/store.ts';
import { at, sha, world } from './world.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

function dataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-open-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function codeOf(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    return (error as SemtagError).code;
  }
  return 'opened';
}

/** Every file with its bytes: what is refused must be as it was. */
const snapshot = (dir: string) =>
  readdirSync(dir).map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(dir, name)))
      .digest('hex'),
  ]);

/** A database of something else, as other programs leave them: with tables, and mostly without user_version. */
function foreign(dir: string, userVersion: number): void {
  const db = new Database(join(dir, 'semtag.db'));
  db.exec('CREATE TABLE theirs (x)');
  db.pragma(`user_version = ${userVersion}`);
  db.close();
}

describe('the database', () => {
  it('commits with synchronous=FULL in WAL, also after writing and opening again', () => {
    const dir = dataDir();
    for (let i = 0; i < 2; i++) {
      const db = openDatabase(dir);
      db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run('x', String(i));
      expect(db.pragma('synchronous', { simple: true })).toBe(2);
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
      expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID);
      db.close();
    }
  });

  it('keeps its instance id for life, and two are never the same', () => {
    const [one, two] = [dataDir(), dataDir()];
    const ids = [one, one, two].map((dir) => {
      const store = openStore(dir);
      store.close();
      return readFileSync(join(dir, 'instance'), 'utf8');
    });
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it('says what is wrong with a damaged one', () => {
    const { image, dataDir: dir } = world();
    for (let i = 0; i < 300; i++) image(`a${i}.tif`, 'asked');
    const db = openDatabase(dir);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const path = join(dir, 'semtag.db');
    const bytes = readFileSync(path);
    bytes.fill(0x5a, bytes.length - 3 * 4096, bytes.length - 4096);
    const damaged = dataDir();
    writeFileSync(join(damaged, 'semtag.db'), bytes);
    const reader = openReader(damaged);
    onTestFinished(() => reader.close());
    expect(reader.integrity()).not.toBe('ok');
  });

  it.each([
    ['a zero-byte file', (dir: string) => writeFileSync(join(dir, 'semtag.db'), '')],
    [
      'a text',
      (dir: string) => writeFileSync(join(dir, 'semtag.db'), 'not a database, really not '.repeat(50)),
    ],
    ['a database of something else', (dir: string) => foreign(dir, 0)],
    ['a database of something else with a version', (dir: string) => foreign(dir, 1)],
  ])('refuses %s and leaves it as it was', (_, make) => {
    const dir = dataDir();
    make(dir);
    const before = snapshot(dir);
    expect(codeOf(() => openDatabase(dir))).toBe('database_foreign');
    expect(snapshot(dir)).toEqual(before);
  });

  it('opens the empty database that a crash during the very first start left', () => {
    const dir = dataDir();
    const db = new Database(join(dir, 'semtag.db'));
    db.pragma('journal_mode = WAL');
    db.close();
    expect(codeOf(() => openDatabase(dir).close())).toBe('opened');
  });

  it.each(['spool', 'tagged'])('is not made where %s holds images whose database is gone', (folder) => {
    const dir = dataDir();
    openStore(dir).close();
    mkdirSync(join(dir, folder));
    writeFileSync(join(dir, folder, folder === 'spool' ? sha('x') : `${sha('x')}.1.image`), 'bytes');
    openStore(dir).close();
    for (const name of readdirSync(dir)) if (name.startsWith('semtag.db')) rmSync(join(dir, name));
    const before = readdirSync(dir);
    expect(codeOf(() => openStore(dir))).toBe('database_lost');
    expect(readdirSync(dir)).toEqual(before);
    // neither does the database of another data directory stand in
    const other = dataDir();
    openStore(other).close();
    copyFileSync(join(other, 'semtag.db'), join(dir, 'semtag.db'));
    expect(codeOf(() => openStore(dir))).toBe('database_lost');
    rmSync(join(dir, folder), { recursive: true });
    expect(codeOf(() => openStore(dir).close())).toBe('opened');
  });

  it('refuses one of a newer semtag', () => {
    const dir = dataDir();
    const db = openDatabase(dir);
    db.pragma(`user_version = ${schemaScripts().length + 1}`);
    db.close();
    expect(codeOf(() => openDatabase(dir))).toBe('database_newer');
    expect(codeOf(() => openReader(dir))).toBe('database_newer');
  });
});

describe('the reader', () => {
  it('reads beside a store that writes, and cannot write itself', () => {
    const { dataDir: dir, image, store } = world();
    const reader = openReader(dir);
    onTestFinished(() => reader.close());
    const sha256 = image('a.tif', 'asked');
    expect(reader.images.need(sha256).state).toBe('asked');
    store.images.release([sha256], at(9));
    expect(reader.images.need(sha256).state).toBe('labelled');
    expect(() => reader.images.quarantine(sha256, { code: 'malformed', message: 'x' }, at())).toThrow(
      /readonly/,
    );
    expect(reader.integrity()).toBe('ok');
  });

  it('makes nothing where there is nothing, and names what would', () => {
    const dir = dataDir();
    expect(() => openReader(dir)).toThrow(/semtag run/);
    expect(readdirSync(dir)).toEqual([]);
    foreign(dir, 0);
    expect(codeOf(() => openReader(dir))).toBe('database_foreign');
  });

  it('finds the image of a tagged file', () => {
    const { dataDir: dir, image, store } = world();
    const sha256 = image('a.tif', 'tagged');
    const reader = openReader(dir);
    onTestFinished(() => reader.close());
    const { taggedSha256 } = store.deliveries.record(sha256, 1)!;
    expect(reader.imageOfTagged(taggedSha256)).toBe(sha256);
    expect(reader.imageOfTagged(sha256)).toBeUndefined();
  });
});

describe('the run lock', () => {
  it('is held by one at a time and can be taken again', () => {
    const dir = join(dataDir(), 'made', 'by', 'it');
    const lock = takeRunLock(dir);
    expect(lock).toBeDefined();
    expect(takeRunLock(dir)).toBeUndefined();
    lock!.release();
    const again = takeRunLock(dir);
    expect(again).toBeDefined();
    again!.release();
  });

  it('holds between processes and is freed when its holder is killed', async () => {
    const dir = dataDir();
    const code = `import { takeRunLock } from './src/store/lock.ts'; globalThis.kept = takeRunLock(process.env.DIR); console.log(kept ? 'held' : 'not'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      cwd: project,
      env: { ...process.env, DIR: dir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    expect(first.toString().trim()).toBe('held');
    expect(takeRunLock(dir)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = takeRunLock(dir);
    expect(lock).toBeDefined();
    lock!.release();
  });
});

describe('the facility that identifiers are made with', () => {
  const [ROR, OTHER] = ['https://ror.org/012345654', 'https://ror.org/087654314'];

  it('is that of the first start; another one is refused, by `semtag check` too, none is not', async () => {
    const dir = dataDir();
    const store = openStore(dir);
    expect(store.facility.keep(ROR)).toBe(ROR);
    expect(codeOf(() => store.facility.keep(OTHER))).toBe('facility_changed');
    expect(store.facility.keep(undefined)).toBe(ROR);
    store.close();
    const reader = openReader(dir);
    expect(reader.facility.key()).toBe(ROR);
    reader.close();
    const failed = async (ror: string) =>
      (await checkDataDir(checkConfig({ dataDir: dir, facility: { ror } }))).filter(({ message }) =>
        message.includes('facility.ror'),
      );
    expect(await failed(OTHER)).toMatchObject([{ level: 'fail' }]);
    expect(await failed(ROR)).toEqual([]);
  });

  it('stays none where there was none at first, or images were there before: they keep their identifiers', () => {
    const store = openStore(dataDir());
    expect(store.facility.keep(undefined)).toBe('');
    expect(store.facility.keep(ROR)).toBe('');
    store.close();
    const old = world();
    old.image('old.tif', 'asked');
    expect(old.store.facility.keep(ROR)).toBe('');
  });
});
