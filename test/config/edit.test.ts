// Keys of a config changed in its text: comments and all other lines stay as they were.

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editSection } from '../../src/config/edit.ts';
import { configYaml, exampleValues } from '../../src/config/yaml.ts';

const head = '/srv/models/ours/head.json';

describe('editSection', () => {
  it('takes a default that stands there as a comment, and touches no other line', () => {
    const before = configYaml(exampleValues());
    const after = editSection(before, 'model', { head, backbone: undefined });
    const [old, now] = [before.split('\n'), after.split('\n')];
    const changed = now.flatMap((line, i) => (line === old[i] ? [] : [line]));
    expect(now.length).toBe(old.length);
    expect(changed).toEqual([`  head: ${head}`]);
    expect((parse(after) as { model: unknown }).model).toEqual({ head });
  });

  it('replaces what is set and keeps the comment behind it; takes out by making a comment', () => {
    const text = 'model:\n  head: old.json # ours\n  children: 2\nask:\n  hold: 5\n';
    expect(editSection(text, 'model', { head })).toBe(text.replace('old.json', head));
    const out = editSection(text, 'model', { head: undefined });
    expect(out).toBe(text.replace('  head', '  #head'));
    expect(editSection(out, 'model', { head })).toContain(`  head: ${head}\n`);
  });

  it('adds a key or a section that is not there', () => {
    const text = 'dataDir: data\nmodel:\n    children: 2 # two\n';
    expect(editSection(text, 'model', { head })).toBe(`dataDir: data\nmodel:\n    head: ${head}\n    children: 2 # two\n`); // prettier-ignore
    expect(editSection('dataDir: data', 'model', { head })).toBe(
      `dataDir: data\n\nmodel:\n  head: ${head}\n`,
    );
    expect(editSection('dataDir: data\n', 'model', { head: undefined })).toBe('dataDir: data\n');
  });

  it('leaves alone a key of that name in another section, and changes a section in braces', () => {
    const text = '# one\nother:\n  head: keep\nmodel: { children: 2 } # two\n';
    const after = editSection(text, 'model', { head });
    expect(parse(after)).toEqual({ other: { head: 'keep' }, model: { children: 2, head } });
    expect(after).toContain('# one');
    expect(after).toContain('# two');
  });

  it('writes what YAML would read otherwise in quotes', () => {
    const odd = 'C:\\models: #1';
    expect(parse(editSection('model:\n', 'model', { head: odd }))).toEqual({ model: { head: odd } });
  });
});
