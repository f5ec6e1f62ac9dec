// The traps of TESCAN headers, each on a header composed for it.

import { describe, expect, it } from 'vitest';
import { bytes, codes, origins, read, text, tiffFile, values } from './files.ts';

function block(type: number, payload: string): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(payload.length + 2);
  head.writeUInt16LE(type, 4);
  return Buffer.concat([head, Buffer.from(payload, 'latin1')]);
}

/** A thumbnail in front that holds a key name, as a search of the bytes would find it. */
function tag(main: string, beam = '', type = 3): Buffer {
  return Buffer.concat([
    block(1, '\xff\x4f\xff\x51HV=99\nPixelSizeX=7'),
    block(2, main),
    block(type, beam),
    block(0, ''),
  ]);
}

const MAIN =
  'AccFrames=1\r\nDate=2016-05-16\r\nTime=16:03:27\r\nDevice=MIRA3 XMU\r\nPixelSizeX=2.5012e-6\r\nPixelSizeY=2.5e-6\r\n';
const ESSENCE = `${MAIN}SoftwareVersion=TESCAN Essence Version 1.1\r\n`;
const OLD = `${MAIN}Version=4.2.13.0\r\n`;

function tescan(main: string, beam = '', type = 3, local?: string): ReturnType<typeof read> {
  const time = local ? [text(306, local)] : [];
  return read(tiffFile({ height: 10, tags: [...time, bytes(50431, tag(main, beam, type))] }));
}

describe('TESCAN tag 50431', () => {
  it('walks the blocks and is not misled by the thumbnail', () => {
    const header = tescan(
      OLD,
      'HV=10.0000e3\r\nWD=13.250e-3\r\nChamberPressure=33.231e-3\r\nStageTilt=-5.5\r\n',
    );
    expect(values(header)).toMatchObject({
      vendor: 'TESCAN',
      instrument_model: 'MIRA3 XMU',
      accelerating_voltage_V: 10000,
      working_distance_m: 0.01325,
      pixel_size_x_m: 2.5012e-6,
      pixel_size_y_m: 2.5e-6,
      chamber_pressure_Pa: 0.033231,
      stage_tilt_deg: -5.5,
    });
    expect(origins(header.fields)['working_distance_m']).toBe('tiff:50431 [SEM] WD');
  });

  it('takes the beam current only where it is one', () => {
    const predicted = tescan(
      OLD,
      'PredictedBeamCurrent=264e-12\nSpecimenCurrent=1e-12\nEmissionCurrent=186e-6\n',
    );
    expect(predicted.fields.beam_current_A?.value).toBe(2.64e-10);
    const both = tescan(ESSENCE, 'PredictedBeamCurrent=2e-10\nBeamCurrent=0.0000000001\n');
    expect(both.fields.beam_current_A).toMatchObject({
      value: 1e-10,
      origin: 'tiff:50431 [SEM] BeamCurrent',
    });
    expect(tescan(OLD, 'SpecimenCurrent=1e-12\n').fields.beam_current_A).toBeUndefined();
  });

  it('reads an ion image from its own block', () => {
    const header = tescan(OLD, 'HV=30000\nWD=0.006\n', 5);
    expect(header.fields.accelerating_voltage_V).toMatchObject({
      value: 30000,
      origin: 'tiff:50431 [FIB] HV',
    });
  });

  it('takes the accelerator voltage where there is no HV', () => {
    expect(tescan(ESSENCE, 'AcceleratorVoltage=5000.0\n').fields.accelerating_voltage_V?.value).toBe(5000);
  });

  it('says UTC for Essence and keeps the local time too', () => {
    const header = tescan(ESSENCE, '', 3, '2016:05:16 19:03:27');
    expect(header.fields.acquired_at).toEqual({
      value: '2016-05-16T16:03:27',
      zone: 'utc',
      origin: 'tiff:50431 [MAIN] Date, Time',
    });
    expect(header.warnings[0]).toMatchObject({ code: 'time_utc' });
    expect(header.warnings[0]?.message).toContain('2016-05-16T19:03:27');
  });

  it('says local for the older software, and unknown where nothing tells', () => {
    expect(tescan(OLD, '', 3, '2016:05:16 16:03:38').fields.acquired_at?.zone).toBe('local');
    expect(tescan(OLD).fields.acquired_at?.zone).toBe('local');
    expect(tescan(MAIN, '', 3, '2016:05:16 16:03:38').fields.acquired_at?.zone).toBe('local');
    expect(tescan(MAIN).fields.acquired_at?.zone).toBe('unknown');
  });

  it('cuts the strip, and not one that is taller than the picture', () => {
    expect(tescan(`${OLD}ImageStripSize=3\r\n`)).toMatchObject({
      scanArea: { width: 8, height: 7, origin: 'tiff:50431 [MAIN] ImageStripSize' },
      fields: { image_height_px: { value: 7 } },
    });
    const wrong = tescan(`${OLD}ImageStripSize=300\r\n`);
    expect(wrong.scanArea).toBeUndefined();
    expect(codes(wrong)).toEqual(['size_differs']);
  });

  it('prefers the full name and reads Latin-1', () => {
    expect(tescan(`${OLD}UserName=jm\r\nFullUserName=J. M\xfcller\r\n`).fields.user_name?.value).toBe(
      'J. Müller',
    );
    expect(tescan(`${OLD}UserName=jm\r\nFullUserName=\r\n`).fields.user_name?.value).toBe('jm');
  });

  it.each([
    ['a length beyond the end', Buffer.concat([Buffer.from([255, 255, 255, 127, 2, 0]), Buffer.from(MAIN)])],
    ['a length of zero', Buffer.alloc(600)],
    ['nothing but noise', Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 37) % 251))],
  ])('survives %s', (_, value) => {
    const header = read(tiffFile({ tags: [bytes(50431, value)] }));
    expect(header.format).toBe('generic');
    expect(codes(header)).toEqual(['header_unreadable']);
  });
});

describe('TESCAN sidecar', () => {
  const hdr =
    '[MAIN]\nDate=2024-02-07\nDevice=TESCAN SOLARIS X\nPixelSizeX=0.00000005\n\n[SEM]\nAcceleratorVoltage=5000.0\n';

  it('is read for an image without the tag, and by itself', () => {
    const header = read(tiffFile({}), `${hdr}`);
    expect(header.fields.accelerating_voltage_V).toEqual({
      value: 5000,
      unit: 'V',
      origin: 'sidecar [SEM] AcceleratorVoltage',
    });
    expect(header.fields.image_width_px?.value).toBe(8);
    expect(header.fields.acquired_at).toMatchObject({ value: '2024-02-07', zone: 'date-only' });
    const alone = values(read(Buffer.from(hdr)));
    expect(alone).toMatchObject({ vendor: 'TESCAN', pixel_size_x_m: 5e-8 });
    expect(alone).not.toHaveProperty('image_width_px');
  });

  it('stands back behind the tag', () => {
    const file = tiffFile({ tags: [bytes(50431, tag(OLD, 'HV=1000\n'))] });
    expect(read(file, hdr).fields.accelerating_voltage_V?.value).toBe(1000);
  });
});
