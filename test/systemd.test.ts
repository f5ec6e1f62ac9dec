// The unit as systemd itself reads it: nothing to complain about, hardened, and a target's group can be given.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const UNIT = fileURLToPath(new URL('../systemd/semtag.service', import.meta.url));
const there = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!there) console.warn('skipped: systemd-analyze is missing (Debian package systemd)');

describe.skipIf(!there)('semtag.service', () => {
  test('verify says nothing', () => {
    const dir = mkdtempSync(join(tmpdir(), 'semtag-unit-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    // the program and its documentation lie elsewhere here
    const text = readFileSync(UNIT, 'utf8')
      .replace('/usr/bin/node', process.execPath)
      .replace('file:/opt/semtag/docs/install.md', `file:${UNIT}`);
    writeFileSync(join(dir, 'semtag.service'), text);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', join(dir, 'semtag.service')], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('its exposure is 2.0 or less', () => {
    const out = execFileSync('systemd-analyze', ['security', '--offline=true', UNIT], { encoding: 'utf8' });
    expect(Number(/exposure level for \S+: ([\d.]+)/.exec(out)?.[1])).toBeLessThanOrEqual(2);
  });

  test('chown is allowed after the privileged calls are taken', () => {
    const filters = readFileSync(UNIT, 'utf8').match(/^SystemCallFilter=.*$/gm);
    expect(filters?.at(-1)).toContain('@chown');
  });
});
