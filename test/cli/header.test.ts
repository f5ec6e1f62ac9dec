// `semtag header`: the JSON that other programs read, the sidecar beside the file, and what is said of a bad file.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { register } from '../../src/cli/header.ts';
import { tinyTiff } from '../service/lab.ts';
import { text, tiffFile } from '../read/vendors/files.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-cli-header-'));
const out = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);

afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.clearAllMocks();
});

function run(...args: string[]): { stdout: string[]; stderr: string; code: unknown } {
  const program = new Command().exitOverride();
  register(program);
  program.parse(['node', 'semtag', 'header', ...args]);
  return {
    stdout: out.mock.calls.map((call) => String(call[0])),
    stderr: err.mock.calls.map((call) => String(call[0])).join('\n'),
    code: process.exitCode,
  };
}

function file(name: string, bytes: string | Uint8Array): string {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
}

describe('semtag header', () => {
  it('warns of a file that is not whole, exit 1', () => {
    const whole = tinyTiff(1, 64);
    const path = file('half.tif', whole.subarray(0, whole.length - 2000));
    const { stdout, code } = run('--json', path);
    expect(code).toBe(1);
    const said = JSON.parse(stdout[0]!) as { warnings: { code: string; message: string }[] };
    expect(Object.keys(said)).toEqual(['file', 'vendor', 'fields', 'warnings']);
    expect(said.warnings).toMatchObject([
      { code: 'not_whole', message: expect.stringMatching(/not whole: .+/) as string },
    ]);
  });

  it('prints one object a file with --json', () => {
    const path = file('a.tif', tiffFile({ tags: [text(34682, '[System]\nDnumber=7\n[Stage]\nStageX=0.5')] }));
    const { stdout, code } = run('--json', path);
    expect(code).toBeUndefined();
    expect(stdout).toHaveLength(1);
    expect(JSON.parse(stdout[0]!)).toEqual({
      file: path,
      vendor: 'FEI/Thermo Fisher',
      fields: {
        vendor: { value: 'FEI/Thermo Fisher', unit: null, origin: 'tiff:34682 tag' },
        serial_number: { value: '7', unit: null, origin: 'tiff:34682 [System] Dnumber' },
        image_width_px: { value: 8, unit: 'px', origin: 'tiff:256 ImageWidth' },
        image_height_px: { value: 6, unit: 'px', origin: 'tiff:257 ImageLength' },
        stage_x_m: { value: 0.5, unit: 'm', origin: 'tiff:34682 [Stage] StageX' },
      },
      warnings: [],
    });
  });

  it('finds the sidecar beside the file', () => {
    const path = file('b.tif', tiffFile({}));
    file('b.TXT', '$CM_FORMAT JEOL-SEM\n$CM_MAG 100\n');
    expect(JSON.parse(run('--json', path).stdout[0]!)).toMatchObject({ vendor: 'JEOL' });
  });

  it('shows a table, and goes on after a bad file', () => {
    const bad = file('c.tif', 'no image');
    const missing = join(dir, 'd.tif');
    const { stdout, stderr, code } = run(bad, missing, file('e.tif', tiffFile({})));
    expect(stdout.join('\n')).toContain('image_width_px');
    expect(stderr).toContain(`semtag: ${bad}: neither an image nor a sidecar`);
    expect(stderr).toContain(`semtag: ${missing}: there is no such file`);
    expect(stderr).not.toContain('permissions');
    expect(code).toBe(1);
  });

  it('tells errors as JSON with --json', () => {
    const missing = join(dir, 'd.tif');
    const { stdout, stderr, code } = run('--json', missing);
    const hint = '';
    expect(JSON.parse(stderr)).toEqual({
      code: 'not_found',
      message: `${missing}: there is no such file`,
      hint,
    });
    expect([stdout, code]).toEqual([[], 1]);
  });
});
