// The config explains itself: every key has its reason, the YAML that is written loads again, the shipped example is up to date.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { effectiveKeys } from '../../src/config/effective.ts';
import { configKeys, explainKey } from '../../src/config/explain.ts';
import { checkConfig, loadConfig } from '../../src/config/load.ts';
import { configYaml, exampleValues } from '../../src/config/yaml.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function written(values: Record<string, unknown>): string {
  const path = join(dir, 'semtag.yaml');
  writeFileSync(path, configYaml(values));
  return path;
}

const full = {
  dataDir: '/d',
  instruments: [
    { name: 'SEM: "1" #', root: '/a b', mode: 'auto', quiet: 7, patterns: ['**/*.tif', 'x'] },
    { name: 'SEM 2', root: '/b', path: '{operator}/*' },
  ],
  targets: [{ name: 'r', type: 'folder', path: '/r', mode: '0640', group: 100 }],
  ask: { hold: 0 },
};

describe('the keys', () => {
  it('all say why, and every number that is a time or size says its unit', () => {
    for (const info of configKeys()) {
      expect(info.why, info.key).toMatch(/\w.{10,}\.?$/);
      if (
        info.type === 'number' &&
        /(time|quota|reserve|keep|quiet|scan|giveUp|release|\.hold|memory|pixels)$/i.test(info.key)
      )
        expect(info.unit, info.key).toBeTruthy();
    }
  });

  it('are found however an item of a list is written', () => {
    for (const key of [
      'instruments.quiet',
      'instruments[].quiet',
      'instruments[3].quiet',
      'instruments.0.quiet',
    ])
      expect(explainKey(key)).toMatchObject({ key: 'instruments[].quiet', unit: 's', default: 3 });
    expect(explainKey('settle')).toMatchObject({ type: 'section', below: ['giveUp'] });
    expect(explainKey('model.engine').choices).toEqual(['onnx', 'tensorflow', 'wasm']);
  });

  it('that do not exist bring the nearest', () => {
    expect(() => explainKey('settle.giveUpp')).toThrow('did you mean settle.giveUp?');
    expect(() => explainKey('giveup')).toThrow('did you mean settle.giveUp?');
  });
});

describe('the YAML', () => {
  it('loads to the values it was made from and the defaults', () => {
    expect(loadConfig(written(full))).toEqual(checkConfig(full));
  });

  it('loads without instruments and targets too', () => {
    const values = { dataDir: '/d', instruments: [], targets: [] };
    expect(loadConfig(written(values))).toEqual(checkConfig(values));
  });

  it('stays the same config when every default is uncommented', () => {
    const text = configYaml({ dataDir: '/d', instruments: [{ name: 'A', root: '/a' }], targets: [] });
    // what has no default is an example, or a part that may be left out altogether, and stays a comment
    const examples = configKeys().flatMap((info) =>
      info.example === undefined ? [] : [info.key.split('.').at(-1)],
    );
    const path = join(dir, 'uncommented.yaml');
    writeFileSync(
      path,
      text.replace(/^( *)#(\w+)(?=: )/gm, (line, indent: string, name: string) =>
        examples.includes(name) ? line : indent + name,
      ),
    );
    expect(readFileSync(path, 'utf8')).toMatch(/^ {2}giveUp: 600$/m);
    expect(loadConfig(path)).toEqual(
      checkConfig({ dataDir: '/d', instruments: [{ name: 'A', root: '/a' }] }),
    );
  });

  it('names every key of the schema', () => {
    const text = configYaml(exampleValues());
    for (const info of configKeys())
      expect(text).toMatch(new RegExp(`[ #-]*${info.key.split('.').at(-1)!.replace('[]', '')}:`));
  });

  it('ships as config/semtag.yaml, up to date', () => {
    const shipped = readFileSync(new URL('../../config/semtag.yaml', import.meta.url), 'utf8');
    expect(shipped, 'write it again: npx tsx config/make.ts').toBe(configYaml(exampleValues()));
  });
});

describe('the values in force', () => {
  it('say which come from the file', () => {
    const path = written(full);
    const origin = Object.fromEntries(
      effectiveKeys(path, loadConfig(path)).map((one) => [one.key, one.origin]),
    );
    expect(origin['ask.hold']).toBe('file');
    expect(origin['ask.release']).toBe('default');
    expect(origin['instruments[0].quiet']).toBe('file');
    expect(origin['instruments[1].quiet']).toBe('default');
    expect(origin['instruments[0].patterns']).toBe('file');
  });
});
