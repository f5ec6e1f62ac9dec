// Which files are parts of one acquisition, by names as instruments and people write them, and which only look so.

import { describe, expect, test } from 'vitest';
import { acquisitionKeys, partsOf, type Shot } from '../../src/domain/acquisition.ts';
import type { HeaderFields } from '../../src/domain/header.ts';

const shot = (name: string, fields: HeaderFields = {}, dir = 'GaAs', settledAt = '2026-01-01T08:00:00.000Z'): Shot => ({ dir, name, fields, width: 1024, settledAt }); // prettier-ignore
const text = (value: string) => ({ value, unit: null, origin: 'test' });
const number = (value: number) => ({ value, unit: null, origin: 'test' });
const acquired = (value: string) => ({ acquired_at: { value, zone: 'local', origin: 'test' } });

/** As the store finds them: only images that share a key are held against each other. */
function found(a: Shot, b: Shot) {
  const keys = acquisitionKeys(b);
  const both = acquisitionKeys(a).some((key) => keys.includes(key));
  const parts = partsOf(a, b);
  expect(partsOf(b, a)?.kind).toBe(parts?.kind);
  if (parts) expect(both, 'parts share a key').toBe(true);
  return parts;
}

test.each([
  ['formats', 'wires_01.tif', 'wires_01.jpg', 'wires_01'],
  ['formats', 'image001.TIF', 'image001.png', 'image001'],
  ['detectors', 'as-cast_InLens.tif', 'as-cast_SESI.tif', 'as-cast'],
  ['detectors', 'steel_SE2_07.tif', 'steel_InLens_07.tif', 'steel 07'],
  ['detectors', 'steel BSE.tif', 'steel SE.jpg', 'steel'],
  ['detectors', 'grain-4_ETD.tif', 'grain-4_CBS.tif', 'grain-4'],
  ['detectors', 'grain.TLD.tif', 'grain.in-lens.tif', 'grain'],
  ['detectors', 'grain_SED.tif', 'grain_BED-C.tif', 'grain'],
  ['detectors', 'SE_film_3.tif', 'AsB_film_3.tif', 'film_3'],
  ['formats', 'steel_SE2.tif', 'steel_SE2.png', 'steel'],
  ['tiles', 'Tile_r1-c1_S_000_1196519097.tif', 'Tile_r2-c13_S_000_1196519097.tif', 'Tile_r-c_S_000_1196519097'],
  ['tiles', 'Tile_001-001-000000_0-000.tif', 'Tile_001-002-000000_0-000.tif', 'Tile'],
  ['tiles', 'leaf_row01_col02.tif', 'leaf_row02_col02.tif', 'leaf_row_col'],
  ['tiles', 'mosaic (1, 2).tif', 'mosaic (1, 3).tif', 'mosaic'],
  ['slices', 'SliceImage-001.tif', 'SliceImage-002.tif', 'SliceImage'],
  ['slices', 'SEM Image - SliceImage - 011.tif', 'SEM Image - SliceImage - 012.tif', 'SEM Image - SliceImage'],
  ['slices', 'cement_slice_0004.tif', 'cement_slice_0104.tif', 'cement_slice'],
  ['tilt series', 'tip_tilt-30.tif', 'tip_tilt30.tif', 'tip_tilt'],
  ['tilt series', 'tip_tilt 7.5deg.tif', 'tip_tilt 15deg.tif', 'tip_tilt'],
])('%s: %s and %s', (kind, a, b, name) => {
  expect(found(shot(a), shot(b))).toEqual({ kind, name });
}); // prettier-ignore

test.each([
  ['numbered images', 'sample_001.tif', 'sample_002.tif'],
  ['numbered images with a detector', 'sample_SE_001.tif', 'sample_SE_002.tif'],
  ['numbers in brackets', 'sample (1).tif', 'sample (2).tif'],
  ['the same name: a newer version of the file', 'sample.tif', 'sample.tif'],
  ['another case of the same name', 'sample.tif', 'sample.TIF'],
  ['two words for one format', 'sample.tif', 'sample.tiff'],
  ['one name inside the other', 'sample.tif', 'sample_2.jpg'],
  ['a name with a detector and one without', 'sample.tif', 'sample_BSE.tif'],
  ['numbers that each detector may count for itself', 'SE_01.tif', 'BSE_01.tif'],
  ['another number beside the detector', 'steel_SE_01.tif', 'steel_BSE_02.tif'],
  ['a detector inside a word', 'baSEl.tif', 'baBSEl.tif'],
  ['words that begin as detectors', 'series.tif', 'bsex.tif'],
  ['a bed of powder', 'steel_bed.tif', 'steel_SED.tif'],
  ['tiles inside a word', 'textile_01.tif', 'textile_02.tif'],
  ['a magnification behind a word', 'mosaic_5kx.tif', 'mosaic_10kx.tif'],
  ['the state of a sample', 'tilted_01.tif', 'tilted_02.tif'],
  ['slices without a number', 'slice_a.tif', 'slice_b.tif'],
  ['tiles of another field', 'leaf A_r1_c1.tif', 'leaf B_r1_c2.tif'],
  ['two places at one tilt', 'tip_tilt45_001.tif', 'tip_tilt45_002.tif'],
  ['names of samples in rows', 'R5 K3K4Me3 SiO2_2-2.TIF', 'R5 K3Me3 SiO2_2-3.TIF'],
])('not %s: %s and %s', (_, a, b) => {
  expect(found(shot(a), shot(b))).toBeUndefined();
}); // prettier-ignore

test('another folder, never', () => {
  expect(found(shot('a.tif'), shot('a.jpg', {}, 'steel'))).toBeUndefined();
});

describe('time', () => {
  const pairs = { tiles: ['wall tile 3.tif', 'wall tile 7.tif'], slices: ['slice_1.tif', 'slice_9.tif'], 'tilt series': ['tip_tilt10.tif', 'tip_tilt20.tif'] }; // prettier-ignore

  test.each(Object.entries(pairs))('%s go over night, not over months', (kind, [a, b]) => {
    const told = (time: string) => found(shot(a!, acquired('2026-01-01T18:00:00')), shot(b!, acquired(time)));
    expect(told('2026-01-02T17:00:00')?.kind).toBe(kind);
    expect(told('2026-01-02T19:00:00')).toBeUndefined();
    expect(told('2026-06-01T18:00:00')).toBeUndefined();
  });

  test.each([...Object.values(pairs), ['a.tif', 'a.jpg'], ['a_SE.tif', 'a_BSE.tif']])('by settling where a header does not tell: %s and %s', (a, b) => {
    const settled = (time: string, fields: HeaderFields = {}) => found(shot(a, acquired('2026-01-01T08:00:00')), shot(b, fields, 'GaAs', time));
    expect(settled('2026-01-02T07:00:00.000Z')).toBeDefined();
    expect(settled('2026-06-01T08:00:00.000Z')).toBeUndefined();
    // the header knows better: files of a stick that was read late
    expect(settled('2026-06-01T08:00:00.000Z', acquired('2026-01-01T08:01:00'))).toBeDefined();
  }); // prettier-ignore
});

describe('the header', () => {
  const seen = (detector: string, at: string, magnification = 5000): HeaderFields => ({
    detector: text(detector),
    magnification: number(magnification),
    ...acquired(at),
  });

  test('tells by the moment, whatever the names', () => {
    const [a, b] = [shot('q_001.tif', seen('ETD', '2020-08-18T13:40:03')), shot('q_002.tif', seen('CBS', '2020-08-18T13:40:03'))]; // prettier-ignore
    expect(found(a, b)).toEqual({ kind: 'detectors', name: 'q_00' });
    expect(found(a, shot('q_003.tif', seen('CBS', '2020-08-18T13:40:04')))).toBeUndefined();
    expect(found(a, shot('q_003.tif', seen('ETD', '2020-08-18T13:40:03')))).toBeUndefined();
    expect(found(a, shot('q_003.tif', seen('CBS', '2020-08-18T13:40:03', 5200)))).toBeUndefined();
    expect(found(a, shot('q_003.tif', { ...seen('CBS', '2020-08-18') }))).toBeUndefined();
    expect(
      found(
        shot('x.tif', { detector: text('SE'), ...acquired('2020-08-18T13:40:03') }),
        shot('y.tif', { detector: text('BSE'), ...acquired('2020-08-18T13:40:03') }),
      ),
    ).toBeUndefined();
  });

  test('contradicts names: another view, another voltage, long after', () => {
    const pair = (one: HeaderFields, other: HeaderFields) => found(shot('steel_SE2.tif', one), shot('steel_InLens.tif', other)); // prettier-ignore
    // the pair of a Zeiss Auriga: 67 s apart
    expect(pair(acquired('2019-12-09T11:18:36'), acquired('2019-12-09T11:19:43'))).toBeDefined();
    expect(pair(acquired('2019-12-09T11:18:36'), acquired('2019-12-09T11:49:43'))).toBeUndefined();
    expect(pair({ magnification: number(5000) }, { magnification: number(20000) })).toBeUndefined();
    expect(
      pair({ accelerating_voltage_V: number(5000) }, { accelerating_voltage_V: number(20000) }),
    ).toBeUndefined();
    const view = (metres: number) => ({ pixel_size_x_m: number(metres / 1024) });
    expect(found(shot('slice_01.tif', view(1e-5)), shot('slice_02.tif', view(1e-5)))?.kind).toBe('slices');
    expect(found(shot('slice_01.tif', view(1e-5)), shot('slice_02.tif', view(2e-5)))).toBeUndefined();
  });

  test('knows that images numbered as tilts were taken at one tilt', () => {
    const tilt = (degrees: number) => ({ stage_tilt_deg: number(degrees) });
    expect(found(shot('tilt_01.tif', tilt(45)), shot('tilt_02.tif', tilt(45)))).toBeUndefined();
    expect(found(shot('tilt_01.tif', tilt(40)), shot('tilt_02.tif', tilt(45)))?.kind).toBe('tilt series');
  });
});
