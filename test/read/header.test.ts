// Headers of whole files: the project's fixtures against their truth, files that are no SEM image, hostile bytes, and the real files of
// ../shared where they are there.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, makeFixtures } from '../../fixtures/generate.ts';
import { KINDS } from '../../fixtures/make.ts';
import { proof } from '../../proof/headers.ts';
import { bufferSource } from '../../src/formats/source.ts';
import { readHeader } from '../../src/read/header.ts';
import { bytes, codes, read, text, tiffFile } from './vendors/files.ts';

const dir = mkdtempSync(join(tmpdir(), 'semtag-header-'));
let rows: Fixture[];

beforeAll(async () => {
  rows = await makeFixtures(dir, { seed: 11, n: KINDS.length, size: 256 });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function headerOf(row: Fixture): ReturnType<typeof readHeader> {
  const sidecar = row.sidecar && { name: basename(row.sidecar), bytes: readFileSync(join(dir, row.sidecar)) };
  const source = bufferSource(readFileSync(join(dir, row.file)));
  return sidecar ? readHeader(source, row.file, sidecar) : readHeader(source, row.file);
}

describe('fixtures', () => {
  it('are read as their truth says, and nothing is added', () => {
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const { fields, format } = headerOf(row);
      expect([row.file, format]).toEqual([row.file, row.vendor]);
      expect([row.file, ...Object.keys(fields).sort()]).toEqual([row.file, ...Object.keys(row.truth).sort()]);
      for (const [name, truth] of Object.entries(row.truth)) {
        const field = fields[name as keyof typeof fields];
        const label = `${row.file} ${name}`;
        if (typeof truth === 'number')
          expect(Math.abs(Number(field?.value) - truth), label).toBeLessThanOrEqual(
            1e-5 * Math.abs(truth) + 1e-12,
          );
        else if (typeof truth === 'string') expect(field?.value, label).toBe(truth);
        else expect(field, label).toMatchObject(truth);
      }
    }
  });

  it('tell the scan rows wherever the header does', () => {
    for (const row of rows) {
      const { scanArea } = headerOf(row);
      if (['fei', 'jeol'].includes(row.vendor))
        expect([row.file, scanArea?.height]).toEqual([row.file, row.scanHeight]);
      if (scanArea) expect([row.file, scanArea.height]).toEqual([row.file, row.scanHeight]);
    }
  });

  it('give every value an origin, and every number its unit', () => {
    for (const row of rows)
      for (const [name, field] of Object.entries(headerOf(row).fields)) {
        expect(field.origin, name).toMatch(/^(tiff:|sidecar|png:|jpeg:|bmp:|derived$)/);
        if ('unit' in field && typeof field.value === 'number' && name !== 'magnification')
          expect(name.endsWith(`_${field.unit}`), name).toBe(true);
      }
  });
});

describe('files of no SEM vendor', () => {
  it.each([
    ['Hamamatsu', [text(270, '[Application],Date="1/1/2020"\r\n[Camera],HV=5')]],
    ['ImageJ', [text(270, 'ImageJ=1.53\nunit=nm\n')]],
    ['optical Zeiss', [text(271, 'Zeiss'), text(272, 'AxioCamERc5s'), text(306, '2012:01:01 10:00:00')]],
    ['a tag of another maker', [bytes(65027, Buffer.alloc(64))]],
  ])('%s gives the size of the picture and no more', (_, tags) => {
    const header = read(tiffFile({ tags }));
    expect(header.format).toBe('generic');
    expect(header.fields).toEqual({
      image_width_px: { value: 8, unit: 'px', origin: 'tiff:256 ImageWidth' },
      image_height_px: { value: 6, unit: 'px', origin: 'tiff:257 ImageLength' },
    });
  });
});

describe('hostile bytes', () => {
  it('never throws on a file cut or altered anywhere', () => {
    const whole = readFileSync(join(dir, rows.find((row) => row.vendor === 'fei')!.file));
    for (let n = 0; n < 400; n++) {
      const at = Math.floor((whole.length * n) / 400);
      expect(readHeader(bufferSource(whole.subarray(0, at)), 'cut.tif').format).toBeTypeOf('string');
      const altered = Buffer.from(whole);
      altered.fill((n * 37) % 256, (n * 13) % 400, ((n * 13) % 400) + 6);
      expect(readHeader(bufferSource(altered), 'altered.tif').format).toBeTypeOf('string');
    }
  });

  it.each([
    ['five million lines', text(34682, `[System]\n[Scan]\n${'a=1\n'.repeat(5e6)}`)],
    ['a million keys', text(34118, Array.from({ length: 1e6 }, (_, i) => `AP_${i}\nX = 1`).join('\n'))],
    ['a million open elements', text(34683, `<Metadata><Optics>${'<a>'.repeat(1e6)}`)],
    ['an endless number', text(34682, `[System]\n[Scan]\nDwelltime=${'1'.repeat(9e5)}`)],
    ['numbers that overflow', text(34682, '[Stage]\nStageX=1e999\nStageY=NaN\n[Scan]\nPixelWidth=-1')],
  ])('%s cost little', (_, tag) => {
    const file = tiffFile({ tags: [tag] });
    const before = performance.now();
    const header = read(file);
    expect(performance.now() - before).toBeLessThan(2000);
    expect(JSON.stringify(header).length).toBeLessThan(20_000);
    for (const field of Object.values(header.fields)) expect(field.value).not.toBeNaN();
  });

  it('says what it left out', () => {
    const header = read(tiffFile({ tags: [text(34682, '[Stage]\nStageX=1e999\n[Scan]\nPixelWidth=-1')] }));
    expect(codes(header)).toEqual(['impossible_value', 'not_a_number']);
  });
});

const real = new URL('../../../shared/vendor-files', import.meta.url).pathname;
describe.skipIf(!existsSync(real))(
  'real instrument files (skipped where ../shared/vendor-files is not there)',
  () => {
    it('are read as their expected values say', async () => {
      const result = await proof.prove({ dir: real, short: true });
      expect(result).toMatchObject({ ok: true });
    });
  },
);
