// `semtag init` and `semtag config`: a config is written once, explains itself, and says where each value comes from.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { openStore } from '../../src/store/store.ts';
import { home, semtag, temporary } from './semtag.ts';

describe('semtag init', () => {
  it('writes a config that loads, in mode observe unless told', async () => {
    const dir = temporary();
    const ended = await semtag(
      dir,
      'init',
      '--root',
      'in',
      '--target',
      'out',
      '--instrument',
      'Merlin',
      '--yes',
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.out).toContain('semtag check');
    const config = loadConfig(join(dir, 'semtag.yaml'));
    expect(config.instruments[0]).toMatchObject({ name: 'Merlin', root: join(dir, 'in'), mode: 'observe' });
    expect(config.targets[0]).toMatchObject({ path: join(dir, 'out') });
  });

  it('with --dry-run prints it and writes nothing', async () => {
    const dir = temporary();
    const ended = await semtag(dir, 'init', '--root', 'in', '--mode', 'ask', '--dry-run');
    expect(ended.code).toBe(0);
    expect(ended.out).toMatch(/^ {4}mode: ask$/m);
    expect(existsSync(join(dir, 'semtag.yaml'))).toBe(false);
  });

  it('never overwrites without --force', async () => {
    const dir = temporary();
    writeFileSync(join(dir, 'semtag.yaml'), 'mine');
    expect(await semtag(dir, 'init', '--root', 'in', '--yes')).toMatchObject({ code: 2 });
    expect(readFileSync(join(dir, 'semtag.yaml'), 'utf8')).toBe('mine');
    expect(await semtag(dir, 'init', '--root', 'in', '--yes', '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(join(dir, 'semtag.yaml'), 'utf8')).toContain('dataDir');
  });

  it('asks for nothing where nobody can answer, and names what is missing', async () => {
    const ended = await semtag(temporary(), 'init');
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('--root');
  });

  it('refuses a time zone that does not exist, with the nearest', async () => {
    const dir = temporary();
    const ended = await semtag(dir, 'init', '--root', 'in', '--zone', 'Europe/Berln', '--yes');
    expect(ended.code).toBe(2);
    expect(ended.err).toContain('did you mean Europe/Berlin?');
    expect(existsSync(join(dir, 'semtag.yaml'))).toBe(false);
  });

  it('writes no config that would be refused', async () => {
    const dir = temporary();
    expect(await semtag(dir, 'init', '--root', 'in', '--instrument', 'a/b', '--yes')).toMatchObject({
      code: 2,
    });
    expect(existsSync(join(dir, 'semtag.yaml'))).toBe(false);
  });
});

describe('semtag config', () => {
  it('show says of every value where it comes from', async () => {
    const dir = home();
    const { out } = await semtag(dir, 'config', 'show', '--json');
    const { path, values } = JSON.parse(out) as { path: string; values: { key: string; origin: string }[] };
    expect(path).toBe(join(dir, 'semtag.yaml'));
    const origin = Object.fromEntries(values.map((one) => [one.key, one.origin]));
    expect(origin).toMatchObject({
      'spool.quota': 'file',
      'spool.keep': 'default',
      'instruments[0].quiet': 'default',
    });
    expect((await semtag(dir, 'config', 'show')).out).toMatch(/^settle\.giveUp +600 s +default$/m);
  });

  it('show says that the database has the thresholds after the first start', async () => {
    const dir = home();
    const store = openStore(join(dir, 'data'));
    store.thresholds.save({ auto: 0.9, prompt: 0.4 }, 'why', 'Maria', new Date().toISOString());
    store.close();
    expect((await semtag(dir, 'config', 'show')).out).toMatch(
      /^thresholds\.auto +0\.9 +database, version 1$/m,
    );
  });

  it('explain tells type, unit, default and why; a wrong key brings the nearest', async () => {
    const dir = temporary();
    const { out } = await semtag(dir, 'config', 'explain', 'instruments.quiet');
    expect(out).toMatch(/stood still/);
    expect(out).toMatch(/^unit +s$/m);
    expect(out).toMatch(/^default +3 s$/m);
    const wrong = await semtag(dir, 'config', 'explain', 'settle.givup');
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.err).toContain('did you mean settle.giveUp?');
    expect((await semtag(dir, 'config', 'explain')).out).toContain('model.engine');
  });

  it('check finds what is wrong, exit 2', async () => {
    const dir = home();
    expect(await semtag(dir, 'config', 'check')).toMatchObject({ code: 0 });
    writeFileSync(join(dir, 'bad.yaml'), 'dataDir: d\nmodle: {}\n');
    const ended = await semtag(dir, 'config', 'check', 'bad.yaml', '--json');
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(JSON.parse(ended.err)).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('model') as string,
    });
  });

  it('check finds what a start would refuse: no head file, an address beyond this machine', async () => {
    const dir = home({ model: { head: 'none.json' }, serve: { host: '0.0.0.0', port: 0 } });
    const ended = await semtag(dir, 'config', 'check');
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/semtag\.yaml:\d+:\d+: model\.head: there is no file .*none\.json/);
    expect(ended.err).toMatch(/semtag\.yaml:\d+:\d+: serve\.host: 0\.0\.0\.0/);
  });
});
