// Headers beyond the four main vendors: Phenom, Fibics Atlas, Hitachi, OpenFIBSEM, and the page of an Olympus SIS file.

import { describe, expect, it } from 'vitest';
import { writeTiff } from '../../../fixtures/tiff-writer.ts';
import { bufferSource } from '../../../src/formats/source.ts';
import { readHeader } from '../../../src/read/header.ts';
import { bytes, codes, page, read, text, tiffFile, values } from './files.ts';

const FEI_IMAGE = `<?xml version="1.0"?><FeiImage><databarHeight>2</databarHeight><pixelWidth unit="um">0.07</pixelWidth>
<pixelHeight unit="um">0.07</pixelHeight><time>2024-03-15T14:06:09</time><samplePosition><x>-0.0001</x></samplePosition>
<acquisition><scan><dwellTime unit="ns">192</dwellTime><rotation>3.15</rotation><detectors><BSD A="+"/></detectors>
<highVoltage unit="kV">-5.3</highVoltage></scan></acquisition><workingDistance unit="mm">4.8</workingDistance>
<instrument><type>Phenom</type></instrument></FeiImage>`;

describe('Phenom', () => {
  it('is XML under an FEI tag, with the bar below and the voltage negative', () => {
    const header = read(tiffFile({ tags: [text(34683, FEI_IMAGE)] }));
    expect(header.format).toBe('phenom');
    expect(values(header)).toEqual({
      vendor: 'Phenom',
      instrument_model: 'Phenom',
      acquired_at: '2024-03-15T14:06:09',
      accelerating_voltage_V: 5300,
      working_distance_m: 0.0048,
      pixel_size_x_m: 7e-8,
      pixel_size_y_m: 7e-8,
      image_width_px: 8,
      image_height_px: 4,
      detector: 'BSD',
      stage_x_m: -0.0001,
      dwell_time_s: 1.92e-7,
    });
    expect(header.scanArea?.height).toBe(4);
  });

  it('is in the EXIF of a JPEG too', () => {
    const sof = Buffer.from([0xff, 0xc0, 0, 8, 8, 0, 20, 0, 16, 1]);
    const app = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), Buffer.from(`Exif\0\0${FEI_IMAGE}`)]);
    app.writeUInt16BE(app.length - 2, 2);
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8]), app, sof, Buffer.from([0xff, 0xd9])]);
    const header = readHeader(bufferSource(jpeg), 'a.jpg');
    expect(values(header)).toMatchObject({ vendor: 'Phenom', image_width_px: 16, image_height_px: 18 });
  });
});

describe('Fibics Atlas', () => {
  it('has its scale in Ux and Vy, and an offset in its date', () => {
    const header = read(
      tiffFile({
        tags: [
          text(
            51023,
            `<Fibics version="1.0"><Application><Date>2017-04-20T11:52:36.078+02:00</Date></Application>
<Image><Aperture>[1] 30 \xb5m [HC] (5.0 kV)</Aperture></Image><Scan><Dwell units="ns">1000</Dwell><Ux>0.04</Ux><Vy>-0.05</Vy>
<Focus>0.005</Focus></Scan><Stage><X units="um">-58728.5</X><Tilt units="deg">90</Tilt></Stage></Fibics>`,
          ),
        ],
      }),
    );
    expect(values(header)).toMatchObject({
      pixel_size_x_m: 4e-8,
      pixel_size_y_m: 5e-8,
      working_distance_m: 0.005,
      stage_x_m: -0.0587285,
      stage_tilt_deg: 90,
      dwell_time_s: 1e-6,
    });
    expect(header.fields.acquired_at).toMatchObject({ value: '2017-04-20T11:52:36.078', zone: '+02:00' });
    expect(header.fields.accelerating_voltage_V).toEqual({ value: 5000, unit: 'V', origin: 'derived' });
  });
});

describe('Hitachi', () => {
  const lines = [
    '[SemImageFile]',
    'InstructName=SU8230',
    'SerialNumber=123189-06',
    'Date=2019/03/12',
    'Time=10:22:13',
    'PixelSize=9.921875',
    'AcceleratingVoltage=15000 Volt',
    'Magnification=10000',
    'WorkingDistance=8100.5 um',
    'StagePositionX=1500000',
    'StagePositionR=12.5',
  ];

  it('is read from 8-bit and UTF-16 sidecars', () => {
    for (const encoding of ['latin1', 'utf16le'] as const) {
      const sidecar = { name: 'a.txt', bytes: Buffer.from(lines.join('\r\n'), encoding) };
      const header = readHeader(bufferSource(tiffFile({})), 'a.tif', sidecar);
      expect(header.format).toBe('hitachi');
      expect(values(header)).toMatchObject({
        serial_number: '123189-06',
        acquired_at: '2019-03-12T10:22:13',
        pixel_size_x_m: 9.921875e-9,
        accelerating_voltage_V: 15000,
        working_distance_m: 0.0081005,
        stage_x_m: 0.0015,
        stage_rotation_deg: 12.5,
      });
    }
  });

  it('leaves a date out that reads in two ways', () => {
    const header = read(tiffFile({}), lines.join('\n').replace('2019/03/12', '03/12/2019'));
    expect(header.fields.acquired_at).toBeUndefined();
    expect(codes(header)).toEqual(['date_unclear']);
  });

  it('is read from its tag while the sidecar is not there yet', () => {
    const short = 'SerialNumber=1-02\r\nPixelSize=165.4\r\nCondition=Vacc=15.0kV Mag=x600 WD=7.9mm\r\n';
    const header = read(tiffFile({ tags: [bytes(40092, Buffer.from(short, 'utf16le'))] }));
    expect(values(header)).toMatchObject({
      accelerating_voltage_V: 15000,
      magnification: 600,
      working_distance_m: 0.0079,
      pixel_size_x_m: 1.654e-7,
    });
  });
});

describe('OpenFIBSEM', () => {
  it('reads the beam that made the image, radians, and the epoch as UTC', () => {
    const beam = (voltage: number): object => ({ voltage, working_distance: 0.004, scan_rotation: Math.PI });
    const json = {
      image: { beam_type: 'ION' },
      pixel_size: { x: 1e-8, y: 1e-8 },
      microscope_state: {
        timestamp: 1705987635.25,
        stage_position: { x: 0, r: 1, t: null },
        electron_beam: beam(2000),
        ion_beam: beam(30000),
      },
    };
    const header = read(tiffFile({ tags: [text(270, JSON.stringify(json))] }));
    expect(values(header)).toMatchObject({
      accelerating_voltage_V: 30000,
      stage_x_m: 0,
      scan_rotation_deg: 180,
    });
    expect(values(header)).not.toHaveProperty('stage_tilt_deg');
    expect(header.fields.acquired_at).toMatchObject({ value: '2024-01-23T05:27:15.250000', zone: 'utc' });
    expect(read(tiffFile({ tags: [text(270, '{"microscope_state": [')] })).format).toBe('generic');
  });
});

describe('Olympus SIS', () => {
  it('has its data on the page with tag 33560, not in the preview', () => {
    const file = writeTiff([page(4, 4, []), page(8, 6, [bytes(33560, Buffer.alloc(8))])]);
    expect(read(file)).toMatchObject({
      format: 'generic',
      page: 1,
      fields: { image_width_px: { value: 8 } },
    });
  });
});
