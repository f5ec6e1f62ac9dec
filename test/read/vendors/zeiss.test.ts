// The traps of Zeiss SmartSEM headers, each on a header composed for it.

import { describe, expect, it } from 'vitest';
import { writeTiff } from '../../../fixtures/tiff-writer.ts';
import { bytes, codes, origins, page, read, text, tiffFile, values } from './files.ts';

/** Line 4 is the pixel size in m on the 1024-wide monitor raster. */
function smartsem(pairs: Record<string, string>, line4 = '1.000000e-008'): string {
  return ['0', '0', '0', line4, '5.0e+003', '68', ...Object.entries(pairs).flat(), ''].join('\r\n');
}

function zeiss(pairs: Record<string, string>, width = 1024): ReturnType<typeof read> {
  return read(tiffFile({ width, height: 4, tags: [text(34118, smartsem(pairs))] }));
}

describe('Zeiss SmartSEM', () => {
  it('reads units as they are written', () => {
    const header = zeiss({
      DP_SEM: 'Sem = Merlin',
      SV_SERIAL_NUMBER: 'Serial No. = Merlin-1',
      AP_ACTUALKV: 'EHT =  5.00 kV',
      AP_MANUALKV: 'EHT Target = 20.00 kV',
      AP_IPROBE: 'I Probe =    249 pA',
      AP_MAG: 'Mag =    5.72 K X',
      AP_WD: 'WD = 4967 µm',
      AP_SYSTEM_VAC: 'System Vacuum = 1.93e-006 mbar',
      AP_STAGE_AT_R: 'Stage at R = 350.0 °',
      DP_DWELL_TIME: 'Dwell Time = 3.2 µs',
    });
    expect(values(header)).toMatchObject({
      vendor: 'Zeiss',
      instrument_model: 'Merlin',
      accelerating_voltage_V: 5000,
      beam_current_A: 2.49e-10,
      magnification: 5720,
      working_distance_m: 0.004967,
      chamber_pressure_Pa: 1.93e-4,
      stage_rotation_deg: 350,
      dwell_time_s: 3.2e-6,
    });
    expect(origins(header.fields)['accelerating_voltage_V']).toBe('tiff:34118 AP_ACTUALKV');
  });

  it('takes pascal as pascal, picometres and plain magnification', () => {
    const header = zeiss({
      AP_SYSTEM_VAC: 'System Vacuum = 4.09e-004 Pa',
      AP_IMAGE_PIXEL_SIZE: 'Image Pixel Size = 558.2 pm',
      AP_MAG: 'Mag =    105 X',
    });
    expect(values(header)).toMatchObject({
      chamber_pressure_Pa: 4.09e-4,
      pixel_size_x_m: 5.582e-10,
      magnification: 105,
    });
  });

  it.each([
    ['Date :27 May 2021', 'Time :10:23:37', '2021-05-27T10:23:37'],
    ['Date: 11 Apr 2023', 'Time: 8:40:47', '2023-04-11T08:40:47'],
    ['Date :9 Dez 2019', 'Time :11:18:36', '2019-12-09T11:18:36'],
    ['Date :3 août 2019', 'Time :1:08:36 PM', '2019-08-03T13:08:36'],
    ['Date :2022/02/28', 'Time :23:59:59', '2022-02-28T23:59:59'],
  ])('reads "%s" "%s"', (date, time, expected) => {
    expect(zeiss({ AP_DATE: date, AP_TIME: time }).fields.acquired_at).toEqual({
      value: expected,
      zone: 'local',
      origin: 'tiff:34118 AP_DATE, AP_TIME',
    });
  });

  it('leaves a date out that reads in two ways', () => {
    const header = zeiss({ AP_DATE: 'Date :03/04/2021', AP_TIME: 'Time :10:00:00' });
    expect(header.fields.acquired_at).toBeUndefined();
    expect(codes(header)).toEqual(['date_unclear']);
  });

  it('never takes the monitor pixel size for that of the image', () => {
    const both = zeiss(
      { AP_PIXEL_SIZE: 'Pixel Size = 19.53 nm', AP_IMAGE_PIXEL_SIZE: 'Image Pixel Size = 9.766 nm' },
      2048,
    );
    expect(both.fields.pixel_size_x_m).toEqual({
      value: 9.766e-9,
      unit: 'm',
      origin: 'tiff:34118 AP_IMAGE_PIXEL_SIZE',
    });
    // without it: line 4 x 1024 / width
    const old = zeiss({ AP_PIXEL_SIZE: 'Pixel Size = 10.00 nm' }, 512);
    expect(old.fields.pixel_size_x_m).toEqual({ value: 2e-8, unit: 'm', origin: 'derived' });
  });

  it('applies no rotation that is switched off', () => {
    const off = zeiss({ AP_SCANROTATION: 'Scan Rotation = 145.6 °', DP_SCAN_ROT: 'Scan Rot = Off' });
    expect(off.fields.scan_rotation_deg).toEqual({ value: 0, unit: 'deg', origin: 'tiff:34118 DP_SCAN_ROT' });
    const on = zeiss({ AP_SCANROTATION: 'Scan Rotation = 360.0 °', DP_SCAN_ROT: 'Scan Rot = On' });
    expect(on.fields.scan_rotation_deg?.value).toBe(360);
    expect(zeiss({ DP_SEM: 'Sem = X' }).fields.scan_rotation_deg).toBeUndefined();
  });

  it('takes tilt from the stage and the detector from Signal A', () => {
    const header = zeiss({
      AP_TILT_ANGLE: 'Tilt Angle =  36.0 °',
      AP_STAGE_AT_T: 'Stage at T =  -0.0 °',
      DP_IMPLIED_DETECTOR: 'Signal B = ESB',
      DP_DETECTOR_TYPE: 'Detector = SE2',
      DP_DETECTOR_CHANNEL: 'Signal A = InLens',
    });
    expect(values(header)).toMatchObject({ stage_tilt_deg: 0, detector: 'InLens' });
    expect(Object.is(header.fields.stage_tilt_deg?.value, 0)).toBe(true);
  });

  it('reads an ion image from the ion keys', () => {
    const pairs = {
      DP_FIB_IMAGING: 'FIB Imaging = FIB',
      AP_ACTUALKV: 'EHT = 5.00 kV',
      AP_FIB_EHT_ACTUAL: 'FIB EHT = 30.00 kV',
      AP_MAG: 'Mag = 50.00 K X',
      AP_FIB_MAGNIFICATION: 'FIB Mag =    3.82 K X',
      AP_IPROBE: 'I Probe = 200.0 nA',
      AP_FIB_PROBE_CURRENT_ACTUAL: 'FIB Probe Current Actual =    0.0 pA',
      DP_FIB_IMAGE_PROBE: 'FIB Image Probe = 30KV:50 pA',
      AP_IMAGE_PIXEL_SIZE: 'Image Pixel Size = 5.860 nm',
      AP_FIB_PIXEL_SIZE: 'FIB Pixel Size = 29.25 nm',
      AP_WD: 'WD = 2.8 mm',
    };
    expect(values(zeiss(pairs))).toMatchObject({
      accelerating_voltage_V: 30000,
      magnification: 3820,
      beam_current_A: 5e-11,
      pixel_size_x_m: 2.925e-8,
    });
    expect(values(zeiss(pairs))).not.toHaveProperty('working_distance_m');
    expect(zeiss(pairs, 2048).fields.pixel_size_x_m).toMatchObject({ value: 1.4625e-8, origin: 'derived' });
    const electrons = zeiss({ ...pairs, DP_FIB_IMAGING: 'FIB Imaging = SEM' });
    expect(electrons.fields.accelerating_voltage_V?.value).toBe(5000);
  });

  it('reads the UTF-16 copy when only that is there, and each page has its own header', () => {
    const utf16 = Buffer.from(smartsem({ AP_WD: 'WD = 4.6 mm' }), 'utf16le');
    expect(read(tiffFile({ tags: [bytes(34119, utf16)] })).fields.working_distance_m).toEqual({
      value: 0.0046,
      unit: 'm',
      origin: 'tiff:34119 AP_WD',
    });
    const two = writeTiff([
      page(8, 6, [text(34118, smartsem({ AP_WD: 'WD = 1.0 mm' }))]),
      page(8, 6, [text(34118, smartsem({ AP_WD: 'WD = 2.0 mm' }))]),
    ]);
    expect(read(two)).toMatchObject({ page: 0, fields: { working_distance_m: { value: 0.001 } } });
  });

  it('leaves empty texts out and keeps an equals sign inside a value', () => {
    const header = zeiss({
      SV_SAMPLE_ID: 'Sample ID = ',
      SV_USER_NAME: 'User Name = a = b',
      DP_SEM: 'Sem = X',
    });
    expect(values(header)).toMatchObject({ user_name: 'a = b' });
    expect(values(header)).not.toHaveProperty('sample_name');
  });

  it('is not any file that names Zeiss', () => {
    expect(
      read(tiffFile({ tags: [text(271, 'Carl Zeiss'), text(272, 'AxioCam')] })).fields.vendor,
    ).toBeUndefined();
    const empty = read(tiffFile({ tags: [text(34118, 'nothing of use')] }));
    expect(empty.format).toBe('generic');
    expect(codes(empty)).toEqual(['header_unreadable']);
  });
});
