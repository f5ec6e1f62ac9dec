// The reconciling scan against real directories: what is new, changed, gone, away, unreadable or oddly named.

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scan, scanDir, type ScanRoot } from '../../src/watch/scan.ts';
import { roleOf } from '../../src/watch/wanted.ts';
import { watchRoot } from '../../src/watch/watch.ts';
import { makeLab, ROOT, until, type Lab } from '../service/lab.ts';

const rootOf = (lab: Lab, atFirstStart: 'leave' | 'take' = 'take', more: object = {}): ScanRoot => ({
  instrument: 'sem',
  path: Buffer.from(lab.acquired),
  atFirstStart,
  role: roleOf(lab.instrument(more)),
});

/** `dir/name version state` of every line of the ledger. */
function ledger(lab: Lab): string[] {
  const rows = (['seen', 'left', 'settled', 'incomplete'] as const).flatMap((s) =>
    lab.store.files.inState(s),
  );
  return rows.map((r) => `${r.dir.length ? `${r.dir}/` : ''}${r.name} ${r.version} ${r.state}`).sort();
}
const drop = (lab: Lab, name: string, text = name) => writeFileSync(join(lab.acquired, name), text);
const look = (lab: Lab, root = rootOf(lab)) => scan(lab.store.files, root, new Date());

test('new files are seen, changed ones once they are settled, and nothing is written twice', async () => {
  const lab = makeLab();
  drop(lab, 'a.tif');
  mkdirSync(join(lab.acquired, 'x', 'y'), { recursive: true });
  drop(lab, 'x/y/b.TIF');
  drop(lab, 'notes.doc');
  const first = await look(lab);
  expect(first).toMatchObject({ outcome: 'healthy', replaced: false, errors: [] });
  expect(first.changed.map(String).sort()).toEqual(['', 'x/y']);
  expect(ledger(lab)).toEqual(['a.tif 1 seen', 'x/y/b.TIF 1 seen']);

  expect((await look(lab)).changed).toEqual([]);
  const row = lab.store.files.current('sem', ROOT, Buffer.from('a.tif'))!;
  drop(lab, 'a.tif', 'longer than before');
  expect((await look(lab)).changed).toEqual([]); // the settle stage looks at a seen file by itself
  expect(lab.store.files.current('sem', ROOT, Buffer.from('a.tif'))).toEqual(row);
});

test('a settled file that changes in size or only in time is the next version; the old line stays', async () => {
  const lab = makeLab();
  drop(lab, 'a.tif', 'one');
  await look(lab);
  const settle = () => {
    const file = lab.store.files.current('sem', ROOT, Buffer.from('a.tif'))!;
    lab.store.files.settle({ file, sha256: `${file.version}`.repeat(64), bytes: 3, mediaType: 'image/tiff', name: 'a.tif', facts: {}, at: lab.at() }); // prettier-ignore
  };
  settle();
  expect((await look(lab)).changed).toEqual([]);
  utimesSync(join(lab.acquired, 'a.tif'), new Date(), new Date('2020-01-01T00:00:00.123Z'));
  await look(lab);
  expect(ledger(lab)).toEqual(['a.tif 1 settled', 'a.tif 2 seen']);
  settle();
  truncateSync(join(lab.acquired, 'a.tif'), 2);
  utimesSync(join(lab.acquired, 'a.tif'), new Date(), new Date('2020-01-01T00:00:00.123Z'));
  await look(lab);
  expect(ledger(lab)).toEqual(['a.tif 1 settled', 'a.tif 2 settled', 'a.tif 3 seen']);
});

test('leave: what was there before is left, what comes while the first scan runs is taken', async () => {
  const lab = makeLab();
  mkdirSync(join(lab.acquired, 'deep'));
  for (let i = 0; i < 50; i++) drop(lab, `old-${i}.tif`);
  await new Promise((done) => setTimeout(done, 250));
  const role = roleOf(lab.instrument());
  let dropped = false;
  const root: ScanRoot = {
    ...rootOf(lab, 'leave'),
    role(dir, name) {
      if (!dropped) writeFileSync(join(lab.acquired, 'deep', 'during.tif'), 'new'); // the listing has begun
      dropped = true;
      return role(dir, name);
    },
  };
  // its time says 2001, as a copied file's does: only the inode's change counts
  await look(lab, root);
  drop(lab, 'after.tif');
  utimesSync(join(lab.acquired, 'after.tif'), new Date(), new Date('2001-01-01'));
  await look(lab, root);
  expect(ledger(lab).filter((l) => !l.startsWith('old-'))).toEqual([
    'after.tif 1 seen',
    'deep/during.tif 1 seen',
  ]);
  expect(ledger(lab).filter((l) => l.endsWith('left'))).toHaveLength(50);

  drop(lab, 'old-7.tif', 'it was saved again');
  await look(lab, root);
  expect(ledger(lab)).toContain('old-7.tif 1 seen');
});

test('leave: a directory that the first scan could not list does not count as new when it can be', async () => {
  const lab = makeLab();
  mkdirSync(join(lab.acquired, 'closed'));
  drop(lab, 'closed/old.tif');
  const root = rootOf(lab, 'leave');
  const opened = await asReader(lab, 'closed', async () => {
    await new Promise((done) => setTimeout(done, 250)); // changing the owner changed the inodes just now
    return look(lab, root);
  });
  expect(opened.outcome).toBe('partial');
  await look(lab, root);
  expect(ledger(lab)).toEqual(['closed/old.tif 1 left']);
});

test('leave: an old folder moved in later is taken, though some directory can never be listed', async () => {
  const lab = makeLab();
  for (const dir of ['acquired/lost+found', 'elsewhere']) mkdirSync(join(lab.home, dir));
  writeFileSync(join(lab.home, 'elsewhere', 'old.tif'), 'years old');
  drop(lab, 'lost+found/old.tif');
  const root = rootOf(lab, 'leave');
  await asReader(lab, 'lost+found', async () => {
    await new Promise((done) => setTimeout(done, 250));
    await look(lab, root);
    renameSync(join(lab.home, 'elsewhere'), join(lab.acquired, 'moved in'));
    await look(lab, root);
    await look(lab, root);
  });
  expect(ledger(lab)).toEqual(['moved in/old.tif 1 seen']);
  await look(lab, root);
  expect(ledger(lab)).toEqual(['lost+found/old.tif 1 left', 'moved in/old.tif 1 seen']);
  // its first scan is behind it as well now
  mkdirSync(join(lab.home, 'elsewhere'));
  writeFileSync(join(lab.home, 'elsewhere', 'older.tif'), 'x');
  await new Promise((done) => setTimeout(done, 20));
  renameSync(join(lab.home, 'elsewhere'), join(lab.acquired, 'lost+found', 'late'));
  await look(lab, root);
  expect(ledger(lab)).toContain('lost+found/late/older.tif 1 seen');
});

test('leave: an empty mount point is no first scan; what is mounted later was there before', async () => {
  const lab = makeLab();
  mkdirSync(join(lab.home, 'share'));
  writeFileSync(join(lab.home, 'share', 'old.tif'), 'on the share for years');
  await new Promise((done) => setTimeout(done, 250));
  const root = rootOf(lab, 'leave');
  for (let i = 0; i < 2; i++) expect((await look(lab, root)).outcome).toBe('healthy');
  // as a mount does: another directory under the same name
  renameSync(lab.acquired, `${lab.acquired}.below`);
  renameSync(join(lab.home, 'share'), lab.acquired);
  expect((await scanDir(lab.store.files, root, ROOT, new Date())).news).toBe(false); // a hint comes before the scan
  drop(lab, 'new.tif');
  await look(lab, root);
  expect(ledger(lab)).toEqual(['new.tif 1 seen', 'old.tif 1 left']);
});

test('leave: what is dropped into a directory that was empty at the first start is taken', async () => {
  const lab = makeLab();
  const root = rootOf(lab, 'leave');
  await look(lab, root);
  drop(lab, 'a.tif');
  utimesSync(join(lab.acquired, 'a.tif'), new Date(), new Date('2001-01-01'));
  await look(lab, root);
  expect(ledger(lab)).toEqual(['a.tif 1 seen']);
});

test('another path in the config is another directory: its files are no versions of the old one', async () => {
  const lab = makeLab();
  const second = join(lab.home, 'second');
  mkdirSync(second);
  drop(lab, 'a.tif', 'one');
  drop(lab, 'waiting.tif');
  writeFileSync(join(second, 'a.tif'), 'another image of the same name');
  writeFileSync(join(second, 'old.tif'), 'x');
  await look(lab);
  const settle = (sha256: string) => {
    const file = lab.store.files.current('sem', ROOT, Buffer.from('a.tif'))!;
    lab.store.files.settle({ file, sha256, bytes: 3, mediaType: 'image/tiff', name: 'a.tif', facts: {}, at: lab.at() }); // prettier-ignore
  };
  settle('1'.repeat(64));
  await new Promise((done) => setTimeout(done, 250));

  const moved = { ...rootOf(lab, 'leave'), path: Buffer.from(second) };
  await look(lab, moved);
  // a first scan of its own; and nothing of the old directory is looked for in the new one
  expect(lab.store.files.inState('seen')).toEqual([]);
  drop(lab, '../second/a.tif', 'saved now');
  await look(lab, moved);
  expect(lab.store.files.inState('seen').map((row) => `${row.name} ${row.version}`)).toEqual(['a.tif 1']);
  settle('2'.repeat(64));
  expect(lab.store.images.need('1'.repeat(64)).supersededBy).toBeUndefined();
  expect(lab.store.images.need('2'.repeat(64)).supersedes).toBeUndefined();

  // a slip in the config that is put right again: what waited and what came meanwhile is taken
  drop(lab, 'meanwhile.tif');
  await look(lab, rootOf(lab, 'leave'));
  expect(lab.store.files.inState('seen').map((row) => row.name.toString()).sort()).toEqual(['meanwhile.tif', 'waiting.tif']); // prettier-ignore
  drop(lab, 'a.tif', 'saved again here');
  await look(lab, rootOf(lab, 'leave'));
  settle('3'.repeat(64));
  expect(lab.store.images.need('1'.repeat(64)).supersededBy).toBe('3'.repeat(64));
});

test('take: everything that is there at the first start', async () => {
  const lab = makeLab();
  drop(lab, 'old.tif');
  utimesSync(join(lab.acquired, 'old.tif'), new Date(), new Date('2001-01-01'));
  await look(lab, rootOf(lab, 'take'));
  expect(ledger(lab)).toEqual(['old.tif 1 seen']);
});

test('a file that vanished before it settled is forgotten after two healthy scans, aside or not', async () => {
  const lab = makeLab();
  for (const name of ['gone.tif', 'aside.tif', 'back.tif', 'stays.tif']) drop(lab, name);
  mkdirSync(join(lab.acquired, 'd'));
  drop(lab, 'd/gone.tif');
  await look(lab);
  const aside = lab.store.files.current('sem', ROOT, Buffer.from('aside.tif'))!;
  lab.store.files.incomplete(aside.id, { code: 'incomplete', message: 'cut' }, lab.at());
  for (const name of ['gone.tif', 'aside.tif', 'back.tif']) rmSync(join(lab.acquired, name));
  rmSync(join(lab.acquired, 'd'), { recursive: true });
  await look(lab);
  expect(ledger(lab)).toHaveLength(5);
  drop(lab, 'back.tif');
  await look(lab);
  expect(ledger(lab)).toEqual(['back.tif 1 seen', 'stays.tif 1 seen']);
  // the count starts again for one that came back
  rmSync(join(lab.acquired, 'back.tif'));
  await look(lab);
  expect(ledger(lab)).toContain('back.tif 1 seen');
});

test('the line of a forgotten file is never given to another one', async () => {
  const lab = makeLab();
  drop(lab, 'keep.tif');
  drop(lab, 'z-last.tif');
  await look(lab);
  const { id } = lab.store.files.current('sem', ROOT, Buffer.from('z-last.tif'))!;
  rmSync(join(lab.acquired, 'z-last.tif'));
  await look(lab);
  await look(lab);
  drop(lab, 'next.tif');
  await look(lab);
  expect(lab.store.files.current('sem', ROOT, Buffer.from('next.tif'))!.id).toBeGreaterThan(id);
});

test('a root that is removed, empty at once or made again is away, and nothing in it is forgotten', async () => {
  const lab = makeLab();
  drop(lab, 'a.tif');
  await look(lab);
  renameSync(lab.acquired, `${lab.acquired}.elsewhere`);
  expect((await look(lab)).outcome).toBe('away');
  const since = lab.store.files.root('sem')!.away_since;
  expect(since).not.toBeNull();
  mkdirSync(lab.acquired);
  for (let i = 0; i < 3; i++) expect((await look(lab)).outcome).toBe('away');
  expect(lab.store.files.root('sem')!.away_since).toBe(since);
  expect(ledger(lab)).toEqual(['a.tif 1 seen']);

  drop(lab, 'b.tif');
  const back = await look(lab);
  expect(back).toMatchObject({ outcome: 'healthy', replaced: true });
  expect(lab.store.files.root('sem')!.away_since).toBeNull();
  expect(ledger(lab)).toEqual(['a.tif 1 seen', 'b.tif 1 seen']);
  expect((await look(lab)).replaced).toBe(false);
});

test('a root that is there only later: what it holds by then is told apart by when semtag first looked', async () => {
  const lab = makeLab();
  drop(lab, 'old.tif');
  await new Promise((done) => setTimeout(done, 250));
  renameSync(lab.acquired, `${lab.acquired}.unmounted`);
  const root = rootOf(lab, 'leave');
  expect((await look(lab, root)).outcome).toBe('away');
  renameSync(`${lab.acquired}.unmounted`, lab.acquired);
  drop(lab, 'new.tif');
  await look(lab, root);
  expect(ledger(lab)).toEqual(['new.tif 1 seen', 'old.tif 1 left']);
});

test('symlinks are not followed: to a file, to a directory, in a loop, or out of the root', async () => {
  const lab = makeLab();
  drop(lab, 'real.tif');
  mkdirSync(join(lab.acquired, 'd'));
  writeFileSync(join(lab.home, 'outside.tif'), 'x');
  symlinkSync(join(lab.acquired, 'real.tif'), join(lab.acquired, 'link.tif'));
  symlinkSync(lab.home, join(lab.acquired, 'out'));
  symlinkSync('..', join(lab.acquired, 'd', 'loop'));
  symlinkSync(join(lab.home, 'outside.tif'), join(lab.acquired, 'd', 'outside.tif'));
  expect((await look(lab)).outcome).toBe('healthy');
  expect(ledger(lab)).toEqual(['real.tif 1 seen']);
});

test('a root that is a symlink itself is followed: that is how people name shares', async () => {
  const lab = makeLab();
  drop(lab, 'a.tif');
  symlinkSync(lab.acquired, join(lab.home, 'share'));
  await look(lab, { ...rootOf(lab), path: Buffer.from(join(lab.home, 'share')) });
  expect(ledger(lab)).toEqual(['a.tif 1 seen']);
});

test('names that are not UTF-8 are found, told apart and found again', async () => {
  const lab = makeLab();
  const bytes = (dir: string, name: number[]) => Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(name), Buffer.from('.tif')]); // prettier-ignore
  const odd = Buffer.concat([Buffer.from(`${lab.acquired}/d`), Buffer.from([0xe9])]);
  mkdirSync(odd);
  writeFileSync(bytes(lab.acquired, [0x61, 0xe9]), 'one');
  writeFileSync(bytes(lab.acquired, [0x61, 0xe8]), 'two');
  writeFileSync(
    Buffer.concat([odd, Buffer.from('/'), Buffer.from([0xff, 0xfe]), Buffer.from('.tif')]),
    'three',
  );
  await look(lab);
  expect(lab.store.files.inState('seen')).toHaveLength(3);
  const hex = lab.store.files
    .inState('seen')
    .map((r) => `${r.dir.toString('hex')}/${r.name.toString('hex')}`);
  expect(hex.sort()).toEqual(['/61e82e746966', '/61e92e746966', '64e9/fffe2e746966']);
  expect((await look(lab)).changed).toEqual([]);
});

test('a directory that cannot be listed is reported, and the rest goes on', async () => {
  const lab = makeLab();
  for (const d of ['closed', 'open', 'open/gone']) mkdirSync(join(lab.acquired, d));
  drop(lab, 'closed/a.tif');
  drop(lab, 'open/b.tif');
  drop(lab, 'open/gone/c.tif');
  await look(lab);
  rmSync(join(lab.acquired, 'open', 'gone'), { recursive: true });
  drop(lab, 'open/d.tif');
  for (let i = 0; i < 3; i++) {
    const result = await asReader(lab, 'closed', () => look(lab));
    expect(result.outcome).toBe('partial');
    expect(result.errors.join()).toMatch(/EACCES.*closed/);
  }
  // nothing below the closed one is forgotten; what is gone elsewhere is
  expect(ledger(lab)).toEqual(['closed/a.tif 1 seen', 'open/b.tif 1 seen', 'open/d.tif 1 seen']);
});

test('an error that stays is told once by the watch, and once that it has passed', async () => {
  const lab = makeLab();
  mkdirSync(join(lab.acquired, 'closed'));
  const told: string[] = [];
  let scans = 0;
  const start = () =>
    watchRoot(lab.store, rootOf(lab), 0.02, {
      onNews: () => undefined,
      onScan({ errors, passed }) {
        scans++;
        told.push(...errors.map((one) => `+ ${one}`), ...passed.map((one) => `- ${one}`));
      },
      onError: (error) => told.push(error.message),
    });
  const watch = await asReader(lab, 'closed', async () => {
    const watch = start();
    await until('four scans', () => scans >= 4);
    return watch;
  });
  const then = scans;
  await until('three more', () => scans >= then + 3);
  await watch.close();
  expect(told).toHaveLength(2);
  expect(told[0]).toMatch(/^\+ .*EACCES.*closed/);
  expect(told[1]).toBe(told[0]!.replace('+', '-'));
});

test('patterns, ignored names and letter case', async () => {
  const lab = makeLab();
  const more = { patterns: ['**/*.tif', 'raw/*.bmp'], ignore: ['**/.*', '**/.*/**', 'trash/**'] };
  for (const d of ['raw', 'raw/deep', 'Trash', '.hidden']) mkdirSync(join(lab.acquired, d));
  for (const name of ['A.TIF', 'b.png', 'RAW.bmp', 'raw/c.BMP', 'raw/deep/d.bmp', 'Trash/e.tif', '.hidden/f.tif', '.g.tif', 'a.TXT', 'h-tif.hdr']) drop(lab, name); // prettier-ignore
  await look(lab, rootOf(lab, 'take', more));
  expect(ledger(lab)).toEqual(['A.TIF 1 seen', 'a.TXT 1 seen', 'h-tif.hdr 1 seen', 'raw/c.BMP 1 seen']);
  const roles = lab.store.files.inState('seen').map((r) => `${r.name} ${r.role}`);
  expect(roles.sort()).toEqual(['A.TIF image', 'a.TXT sidecar', 'c.BMP image', 'h-tif.hdr sidecar']);
});

test('a hint before the first scan is answered with nothing, since the ledger does not know the root yet', async () => {
  const lab = makeLab();
  drop(lab, 'a.tif');
  expect(await scanDir(lab.store.files, rootOf(lab, 'leave'), ROOT, new Date())).toEqual({
    news: false,
    below: [],
  });
  expect(ledger(lab)).toEqual([]);
});

test('two roots are two ledgers, also with the same names in them', async () => {
  const lab = makeLab();
  mkdirSync(join(lab.home, 'second'));
  drop(lab, 'a.tif');
  writeFileSync(join(lab.home, 'second', 'a.tif'), 'other');
  await look(lab);
  const second = { ...rootOf(lab), instrument: 'sem 2', path: Buffer.from(join(lab.home, 'second')) };
  await look(lab, second);
  rmSync(join(lab.home, 'second', 'a.tif'));
  writeFileSync(join(lab.home, 'second', 'b.tif'), 'other');
  for (let i = 0; i < 2; i++) await look(lab, second);
  expect(lab.store.files.inState('seen').map((r) => `${r.instrument} ${r.name}`)).toEqual([
    'sem a.tif',
    'sem 2 b.tif',
  ]);
});

/** Runs `use` while a directory below the root is closed to this process; root of the machine has to step down for it. */
async function asReader<T>(lab: Lab, closed: string, use: () => Promise<T>): Promise<T> {
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    execFileSync('chown', ['-R', '65534:65534', lab.home]);
    process.setegid?.(65534);
    process.seteuid?.(65534);
  }
  chmodSync(join(lab.acquired, closed), 0o000);
  try {
    return await use();
  } finally {
    if (asRoot) {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
    chmodSync(join(lab.acquired, closed), 0o755);
  }
}
