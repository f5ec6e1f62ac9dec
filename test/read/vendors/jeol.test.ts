// The traps of JEOL headers, each on a sidecar composed for it.

import { describe, expect, it } from 'vitest';
import { bytes, codes, read, tiffFile, values } from './files.ts';

const MARK = '$CM_FORMAT JEOL-SEM\r\n$SEM_DATA_VERSION 1\r\n';

function jeol(lines: string[], shape: { width?: number; height?: number } = {}): ReturnType<typeof read> {
  return read(tiffFile({ width: 128, height: 102, ...shape }), MARK + lines.join('\r\n'));
}

describe('JEOL sidecar', () => {
  it('reads $ and $$ lines with their units', () => {
    const header = jeol([
      '$CM_INSTRUMENT JSM-7800F',
      '$CM_ACCEL_VOLT 7.00',
      '$$SM_WD 10.52',
      '$CM_MAG 95',
      '$$SM_PROBE_CURRENT 1.64e-008',
      '$CM_DATE 2020/08/31',
      '$CM_TIME 15:32:31',
      '$CM_LABEL not a mark',
      '$CM_VERSION 3',
      '$SM_PENNING_VAC 28.000',
      '$CM_COMMENT ',
    ]);
    expect(values(header)).toEqual({
      vendor: 'JEOL',
      instrument_model: 'JSM-7800F',
      acquired_at: '2020-08-31T15:32:31',
      accelerating_voltage_V: 7000,
      beam_current_A: 1.64e-8,
      magnification: 95,
      working_distance_m: 0.01052,
      image_width_px: 128,
      image_height_px: 102,
    });
    expect(header.fields.working_distance_m?.origin).toBe('sidecar $$SM_WD');
  });

  it('reads a current of 0.00 as not measured', () => {
    expect(jeol(['$$SM_PROBE_CURRENT 0.00']).fields.beam_current_A).toBeUndefined();
  });

  it('derives the scale from marker and bar, scaled to the width that was saved', () => {
    const lines = ['$$SM_MICRON_BAR 106', '$$SM_MICRON_MARKER 10um', '$CM_FULL_SIZE 256 192'];
    const header = jeol(lines);
    expect(header.fields.pixel_size_x_m?.value).toBeCloseTo((10e-6 / 106) * 2, 15);
    expect(header.fields.pixel_size_x_m?.origin).toBe('derived');
    expect(header.scanArea).toEqual({ width: 128, height: 96, origin: 'sidecar $CM_FULL_SIZE' });
    expect(header.fields.image_height_px?.value).toBe(96);
    const full = jeol(lines, { width: 256, height: 192 });
    expect(full.fields.pixel_size_x_m?.value).toBeCloseTo(10e-6 / 106, 15);
    expect(full.scanArea?.height).toBe(192);
  });

  it('has no scale from a marker without a bar, and never one from the magnification', () => {
    expect(values(jeol(['$$SM_MICRON_MARKER 500um', '$CM_MAG 50']))).not.toHaveProperty('pixel_size_x_m');
  });

  it('takes the pixel size, else the field of view, of newer software first', () => {
    const marker = ['$SM_MICRON_BAR 100', '$SM_MICRON_MARKER 5um', '$CM_IMAGE_SIZE 128 96'];
    const exact = jeol([...marker, '$CM_PIXEL_SIZE 50.125nm 50.250nm']);
    expect(exact.fields.pixel_size_x_m).toMatchObject({ value: 5.0125e-8, origin: 'sidecar $CM_PIXEL_SIZE' });
    expect(exact.fields.pixel_size_y_m?.value).toBe(5.025e-8);
    const view = jeol([...marker, '$CM_FIELD_OF_VIEW 1.28mm 0.96mm']);
    expect(view.fields.pixel_size_x_m).toMatchObject({ value: 1e-5, origin: 'derived' });
    expect(view.fields.pixel_size_y_m?.value).toBe(1e-5);
  });

  it('reads the stage in both forms, and says that the order of the angles is not certain', () => {
    const plain = jeol(['$CM_STAGE_POS 22.2094 -11.2108 10.7760 11.0 0.0 0']);
    expect(values(plain)).toMatchObject({
      stage_x_m: 0.0222094,
      stage_y_m: -0.0112108,
      stage_z_m: 0.010776,
      stage_rotation_deg: 11,
      stage_tilt_deg: 0,
    });
    expect(codes(plain)).toEqual(['stage_order']);
    const named = jeol(['$CM_STAGE_POSITION X=37.1, Y=44.9, R=354.9, Z=16.90, T=2.00']);
    expect(values(named)).toMatchObject({ stage_x_m: 0.0371, stage_rotation_deg: 354.9, stage_tilt_deg: 2 });
    expect(codes(named)).toEqual([]);
  });

  it.each([
    ['2025-11-27', '9:01:02', '2025-11-27T09:01:02'],
    ['2024/5/7', '21:01:02', '2024-05-07T21:01:02'],
    ['5/7/2026', '01:40:03 PM', '2026-05-07T13:40:03'],
    ['25/5/2026', '13:40:03', '2026-05-25T13:40:03'],
    ['5/25/2026', '13:40:03', '2026-05-25T13:40:03'],
    ['07.05.2026', '13:40:03', '2026-05-07T13:40:03'],
    ['5/7/2026', '13:40:03', undefined],
  ])('reads date %s time %s as %s', (date, time, expected) => {
    const header = jeol([`$CM_DATE ${date}`, `$CM_TIME ${time}`]);
    expect(header.fields.acquired_at?.value).toBe(expected);
    expect(codes(header)).toEqual(expected ? [] : ['date_unclear']);
  });

  it('reads Latin-1, LF and a decimal comma', () => {
    const header = read(tiffFile({}), '$CM_FORMAT JEOL/EO\n$CM_TITLE Gr\xf6\xdfe \xb5\n$SM_WD 9,07\n');
    expect(values(header)).toMatchObject({ sample_name: 'Größe µ', working_distance_m: 0.00907 });
  });

  it('is not any text file beside an image', () => {
    expect(read(tiffFile({}), 'Notes: $CM is money\nPixelSize = 3\n').fields.vendor).toBeUndefined();
  });
});

describe('JEOL user comment (37500)', () => {
  it('is read where there is no sidecar', () => {
    const comment = Buffer.concat([
      Buffer.from('UNICODE\0'),
      Buffer.from(
        '$CM_MAG=2000\t$CM_ACCEL_VOLT=10\t$CM_IMAGE_SIZE=8 5\t$SM_WD=9.8\t$CM_INSTRUMENT=JSM-IT800',
        'utf16le',
      ),
    ]);
    const header = read(tiffFile({ tags: [bytes(37500, comment)] }));
    expect(values(header)).toMatchObject({
      vendor: 'JEOL',
      instrument_model: 'JSM-IT800',
      magnification: 2000,
      accelerating_voltage_V: 10000,
      working_distance_m: 0.0098,
      image_height_px: 5,
    });
    expect(header.fields.magnification?.origin).toBe('tiff:37500 $CM_MAG');
  });
});
