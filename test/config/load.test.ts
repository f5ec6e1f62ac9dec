// Loading a config: defaults, refusals that name the key and the nearest one, paths relative to the file.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkConfig, loadConfig } from '../../src/config/load.ts';
import { SemtagError } from '../../src/errors.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-config-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(dir, 'semtag.yaml');
  writeFileSync(path, text);
  return path;
}

function refusal(value: unknown): string {
  try {
    checkConfig(value, 'here');
  } catch (error) {
    expect((error as SemtagError).code).toBe('config_invalid');
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

const instrument = { name: 'A', root: '/a' };

describe('a config', () => {
  it('gets the defaults of everything that is not said, in list items too', () => {
    const config = checkConfig({ dataDir: '/d', instruments: [instrument] });
    expect(config.instruments[0]).toMatchObject({ mode: 'observe', quiet: 3, atFirstStart: 'leave' });
    expect(config.thresholds).toEqual({ auto: 0.8, prompt: 0.35 });
    expect(config.settle.giveUp).toBe(600);
    expect(config.serve).toEqual({
      host: '127.0.0.1',
      port: 8321,
      names: [],
      proxy: [],
      open: true,
      idle: 43_200,
    });
    expect(config.ask.release).toBe(7 * 24 * 3600);
  });

  it('keeps what is said and does not touch its input', () => {
    const input = { dataDir: '/d', settle: { giveUp: 5 } };
    expect(checkConfig(input).settle.giveUp).toBe(5);
    expect(input).toEqual({ dataDir: '/d', settle: { giveUp: 5 } });
  });

  it('resolves relative paths against its own file, not the working directory', () => {
    const config = loadConfig(
      file(
        'dataDir: data\ninstruments: [{ name: A, root: ../acq }]\ntargets: [{ name: r, type: folder, path: /abs }]\nmodel: { head: h.json }\n',
      ),
    );
    expect(config.dataDir).toBe(join(dir, 'data'));
    expect(config.instruments[0]!.root).toBe(join(dir, '..', 'acq'));
    expect(config.targets[0]!.path).toBe('/abs');
    expect(config.model.head).toBe(join(dir, 'h.json'));
  });

  it('reads a section whose keys are all commented out as the defaults', () => {
    const config = loadConfig(file('dataDir: d\nsettle:\n  #giveUp: 600\ninstruments:\n'));
    expect(config.settle.giveUp).toBe(600);
    expect(config.instruments).toEqual([]);
  });
});

describe('a config is refused', () => {
  it('with the nearest name for an unknown key, at every depth', () => {
    expect(refusal({ dataDir: '/d', tresholds: {} })).toBe(
      'here: unknown key tresholds; did you mean thresholds?',
    );
    expect(refusal({ dataDir: '/d', settle: { giveup: 1 } })).toContain('settle.giveup; did you mean giveUp');
    expect(refusal({ dataDir: '/d', instruments: [{ ...instrument, quite: 1 }] })).toContain(
      'instruments[0].quite; did you mean quiet',
    );
  });

  it.each([
    ['no data directory', {}, 'dataDir'],
    ['a text for a number', { dataDir: '/d', settle: { giveUp: 'soon' } }, 'settle.giveUp'],
    ['a number for a text', { dataDir: 7 }, 'dataDir'],
    ['a negative time', { dataDir: '/d', ask: { hold: -1 } }, 'ask.hold'],
    ['a threshold above 1', { dataDir: '/d', thresholds: { auto: 1.5 } }, 'thresholds.auto'],
    ['prompt above auto', { dataDir: '/d', thresholds: { auto: 0.3, prompt: 0.5 } }, 'thresholds.prompt'],
    [
      'a mode that does not exist',
      { dataDir: '/d', instruments: [{ ...instrument, mode: 'on' }] },
      'mode must be one of observe, ask, auto',
    ],
    ['a port beyond 65535', { dataDir: '/d', serve: { port: 70_000 } }, 'serve.port'],
    ['half a child', { dataDir: '/d', model: { children: 1.5 } }, 'model.children'],
    ['a name with a slash', { dataDir: '/d', instruments: [{ name: 'a/b', root: '/a' }] }, 'name'],
    ['two instruments of one name', { dataDir: '/d', instruments: [instrument, instrument] }, 'used twice'],
    [
      'an embargo of everything',
      { dataDir: '/d', publish: { withhold: [{ forward: true }] } },
      'name project',
    ],
    ['a day that there is not', { dataDir: '/d', publish: { withhold: [{ project: 'a', until: '2026-02-30' }] } }, 'no day 2026-02-30'], // prettier-ignore
    ['an ORCID iD of one wrong digit', { dataDir: '/d', facility: { people: [{ name: 'Anna', orcid: 'https://orcid.org/0000-0002-1825-0096' }] } }, '0096: its check digits'], // prettier-ignore
    ['a ROR with a letter that there is not', { dataDir: '/d', facility: { ror: 'https://ror.org/0o2345654' } }, 'look for a typing error'], // prettier-ignore
    ['a ROR of two digits in the wrong order', { dataDir: '/d', facility: { ror: 'https://ror.org/04t3en497' } }, 'look for a typing error'], // prettier-ignore
    ['a list instead of sections', [], 'must be object'],
  ])('for %s', (_, value, names) => {
    expect(refusal(value)).toContain(names);
  });

  it('for broken YAML, naming the line', () => {
    expect(() => loadConfig(file('dataDir: [\nx: 1\n'))).toThrow(/semtag\.yaml:\d+:\d+: /);
  });

  it('where the file is missing, naming what writes one', () => {
    expect(() => loadConfig(join(dir, 'none.yaml'))).toThrow(/none\.yaml: cannot be read/);
  });

  it('and never half: the file stays as it was', () => {
    const path = file('dataDir: d\nx: 1\n');
    expect(() => loadConfig(path)).toThrow();
    expect(readFileSync(path, 'utf8')).toBe('dataDir: d\nx: 1\n');
  });
});

describe('where a config is wrong', () => {
  const refused = (text: string) => {
    const path = file(text);
    try {
      loadConfig(path);
    } catch (error) {
      return { path, error: error as SemtagError };
    }
    throw new Error('it was taken');
  };

  it.each([
    [
      'a key that is unknown',
      'dataDir: d\ninstruments:\n  - name: a\n    rot: /x\n    root: /y\n',
      ':4:5: unknown key instruments[0].rot; did you mean root?',
    ],
    ['a value of another type', 'dataDir: d\nserve:\n  port: many\n', ':3:3: serve.port'],
    ['a choice that is none', 'dataDir: d\nlog:\n  level: loud\n', ':3:3: log.level must be one of trace'],
    ['a key that is missing', 'dataDir: d\ntargets:\n  - name: r\n    type: folder\n', ':3:5: targets.0'],
    [
      'a name used twice',
      'dataDir: d\ninstruments:\n  - { name: a, root: /x }\n  - { name: a, root: /y }\n',
      ':4:7: the name a is used twice',
    ],
    ['what is no YAML', 'dataDir: [d\n', ':2:1: '],
    [
      'a zone that does not exist',
      'dataDir: d\ninstruments:\n  - name: a\n    root: /x\n    zone: Europe/Berln\n',
      ':5:5: zone Europe/Berln is no IANA time zone; did you mean Europe/Berlin?',
    ],
    [
      'an offset for a zone',
      'dataDir: d\ninstruments:\n  - name: a\n    root: /x\n    zone: "+01:00"\n',
      ':5:5: zone +01:00 is no IANA time zone',
    ],
    [
      'a path pattern of unknown facts',
      'dataDir: d\ninstruments:\n  - name: a\n    root: /x\n    path: "{user}/*"\n',
      ':5:5: path pattern {user}/*: {user} is not one of',
    ],
    [
      'a layout that does not exist',
      'dataDir: d\ntargets:\n  - name: r\n    type: folder\n    path: /x\n    layout: "{years}/{stem}"\n',
      ':6:5: layout {years}/{stem}: {years}',
    ],
    [
      'a mode without quotes',
      'dataDir: d\ntargets:\n  - name: r\n    type: folder\n    path: /x\n    mode: 640\n',
      ':6:5: targets.0.mode must be octal and in quotes: "0640"',
    ],
  ])('%s is named with line and column', (_, text, words) => {
    const { path, error } = refused(text);
    expect(error.message).toContain(path + words);
    expect(error.advice).toContain('Correct the line');
  });

  it('all that is wrong is named, a line each', () => {
    const { path, error } = refused('dataDir: d\nserve:\n  port: many\nlog:\n  level: loud\n');
    expect(error.message.split('\n').map((line) => line.slice(path.length, path.length + 5))).toEqual([':3:3:', ':5:3:']); // prettier-ignore
  });

  it('where no line can be named, none is spoken of', () => {
    for (const { error } of [refused(''), refused('# nothing\n')]) {
      expect(error.code).toBe('config_invalid');
      expect(error.advice).not.toContain('line');
    }
    expect(() => loadConfig('/nowhere/semtag.yaml')).toThrow(
      expect.objectContaining({ advice: expect.stringContaining('semtag init') as string }),
    );
  });
});

it('identifiers whose check digits fit are taken: those of ORCID, ROR and others', () => {
  const orcids = ['0000-0002-1825-0097', '0000-0001-5109-3700', '0000-0002-1694-233X'];
  const people = orcids.map((one) => ({ name: one, orcid: `https://orcid.org/${one}` }));
  for (const ror of ['04t3en479', '03yrm5c26', '05dxps055'])
    expect(checkConfig({ dataDir: '/d', facility: { ror: `https://ror.org/${ror}`, people } }).facility.people).toHaveLength(3); // prettier-ignore
});
