// The traps of FEI / Thermo Fisher headers, each on a header composed for it.

import { describe, expect, it } from 'vitest';
import { codes, origins, page, read, text, tiffFile, values } from './files.ts';
import { writeTiff } from '../../../fixtures/tiff-writer.ts';

const USER = '[User]\r\nDate=03/04/2021\r\nTime=12:05:09 AM\r\nUser=ana\r\nUserText=not a sample\r\n';
const SYSTEM = '[System]\r\nSystemType=Scios 2\r\nDnumber=12\r\nSoftware=7.4\r\n';

function ini(...parts: string[]): string {
  return [USER, SYSTEM, ...parts].join('\r\n');
}

function fei(header: string, shape: { width?: number; height?: number } = {}): ReturnType<typeof read> {
  return read(tiffFile({ ...shape, tags: [text(34682, header)] }));
}

describe('FEI INI', () => {
  it('reads the beam that made the image, not the other one', () => {
    const header = fei(
      ini(
        '[Beam]\r\nHV=30000\r\nBeam=IBeam\r\nScan=IScan',
        '[EBeam]\r\nHV=2000\r\nWD=0.004\r\nBeamCurrent=1e-009\r\nScanRotation=1',
        '[IBeam]\r\nHV=30000\r\nWD=0.0165\r\nBeamCurrent=2e-011\r\nScanRotation=3.14159',
        '[EScan]\r\nPixelWidth=1e-009\r\nPixelHeight=1e-009',
        '[IScan]\r\nPixelWidth=9.7e-008\r\nPixelHeight=9.8e-008',
      ),
    );
    expect(header.format).toBe('fei');
    expect(values(header)).toMatchObject({
      vendor: 'FEI/Thermo Fisher',
      accelerating_voltage_V: 30000,
      working_distance_m: 0.0165,
      beam_current_A: 2e-11,
      pixel_size_x_m: 9.7e-8,
      pixel_size_y_m: 9.8e-8,
    });
    expect(header.fields.scan_rotation_deg?.value).toBeCloseTo(180, 3);
    expect(origins(header.fields)['working_distance_m']).toBe('tiff:34682 [IBeam] WD');
  });

  it('takes the stage from [Stage] and turns radians into degrees', () => {
    const header = fei(
      ini('[Beam]\r\nBeam=EBeam', '[EBeam]\r\nStageX=9', '[Stage]\r\nStageX=0.01\r\nStageT=0.5\r\nStageR=-1'),
    );
    expect(header.fields.stage_x_m).toEqual({ value: 0.01, unit: 'm', origin: 'tiff:34682 [Stage] StageX' });
    expect(header.fields.stage_tilt_deg?.value).toBeCloseTo(28.6478898, 6);
    expect(header.fields.stage_rotation_deg?.value).toBeCloseTo(-57.2957795, 6);
  });

  it('leaves out what is empty, "None" or no number, and says the last', () => {
    const header = fei(
      ini(
        '[Beam]\r\nBeam=EBeam',
        '[EBeam]\r\nBeamCurrent=\r\nHV=abc',
        '[Detectors]\r\nName=ETD\r\nMode=None',
        '[Vacuum]\r\nChPressure=',
      ),
    );
    const fields = values(header);
    for (const name of [
      'beam_current_A',
      'accelerating_voltage_V',
      'signal',
      'chamber_pressure_Pa',
      'sample_name',
      'magnification',
    ])
      expect(fields).not.toHaveProperty(name);
    expect(codes(header)).toEqual(['not_a_number']);
  });

  it('settles month and day with TimeOfCreation, and midnight is not noon', () => {
    const us = fei(ini('[Stage]', '[PrivateFei]\r\nTimeOfCreation=04.03.2021 00:05:09'));
    expect(us.fields.acquired_at).toEqual({
      value: '2021-03-04T00:05:09',
      zone: 'local',
      origin: 'tiff:34682 [User] Date, Time',
    });
    const european = fei(ini('[Stage]', '[PrivateFei]\r\nTimeOfCreation=03.04.2021 00:05:09'));
    expect(european.fields.acquired_at?.value).toBe('2021-04-03T00:05:09');
  });

  it('cuts the info bar by the difference, whatever DatabarHeight says', () => {
    const header = fei(ini('[Image]\r\nResolutionX=8\r\nResolutionY=5', '[PrivateFei]\r\nDatabarHeight=0'));
    expect(header.scanArea).toEqual({ width: 8, height: 5, origin: 'tiff:34682 [Image] ResolutionY' });
    expect(header.fields.image_height_px?.value).toBe(5);
  });

  it('says so when the picture is not of the size that the header describes', () => {
    const header = fei(ini('[Image]\r\nResolutionX=16\r\nResolutionY=10', '[Scan]'));
    expect(header.scanArea).toBeUndefined();
    expect(codes(header)).toEqual(['size_differs']);
  });

  it('knows a navigation camera, and its scale only from the field of view', () => {
    const camera = '[Beam]\r\nHV=\r\nBeam=IRBeam\r\nScan=';
    const image = '[Image]\r\nResolutionX=8\r\nResolutionY=4';
    const seen = fei(ini(camera, '[IRBeam]\r\nHFW=0.2\r\nVFW=0.1', image, '[Detectors]\r\nName=Nav-Cam'));
    expect(seen.frame).toBe('navigation_camera');
    expect(seen.fields.pixel_size_x_m).toEqual({ value: 0.025, unit: 'm', origin: 'derived' });
    const without = fei(ini(camera, image, '[Detectors]\r\nName=Nav-Cam'));
    expect(values(without)).not.toHaveProperty('pixel_size_x_m');
    const chamber = fei(ini('[Beam]\r\nBeam=', image, '[Detectors]\r\nName=CCD'));
    expect(chamber.frame).toBe('chamber_view');
  });

  it('reads repeated sections and every line end', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      const header = fei(
        [
          '[GIS]',
          'Number=1',
          '[GIS]',
          'Number=2',
          '[System]',
          'SystemType=Helios" 5',
          '[Scan]',
          'Dwelltime=3e-006',
        ].join(end),
      );
      expect(values(header)).toMatchObject({ instrument_model: 'Helios" 5', dwell_time_s: 3e-6 });
    }
  });

  it('keeps the header of a file that a text-mode copy damaged, and says so', () => {
    const tail = ini('[Image]\r\nResolutionX=8\r\nResolutionY=900', '[Stage]\r\nStageX=0.01').replaceAll(
      '\r\n',
      '\r',
    );
    const file = tiffFile({ width: 40, height: 40, tags: [text(34682, tail)] });
    const damaged = Buffer.from(file.map((byte) => (byte >= 0x80 ? 0x3f : byte)));
    const header = read(damaged);
    expect(values(header)).toMatchObject({ stage_x_m: 0.01, image_height_px: 900, user_name: 'ana' });
    expect(codes(header)).toContain('damaged');
  });

  it('says that another program saved the image again', () => {
    const header = read(tiffFile({ tags: [text(305, 'darktable 2.4'), text(34682, ini('[Stage]'))] }));
    expect(codes(header)).toEqual(['edited']);
  });

  it('finds the page that carries the header', () => {
    const file = writeTiff([page(4, 4, []), page(8, 6, [text(34682, ini('[Stage]'))])]);
    expect(read(file)).toMatchObject({ page: 1, fields: { image_width_px: { value: 8 } } });
  });
});

describe('FEI XML (34683)', () => {
  const xml = (body: string): string => `<?xml version="1.0"?><Metadata xmlns:nil="x">${body}</Metadata>`;
  const optics =
    '<Optics><AccelerationVoltage>5000</AccelerationVoltage><BeamCurrent>1.6E-09</BeamCurrent></Optics>';

  it('is read where there is no INI', () => {
    const header = read(
      tiffFile({
        tags: [
          text(
            34683,
            xml(
              `${optics}<Acquisition><AcquisitionDatetime>2020-08-18T13:40:03</AcquisitionDatetime></Acquisition>
              <StageSettings><StagePosition><Tilt><Alpha>0.5</Alpha></Tilt></StagePosition></StageSettings>
              <ScanSettings><ScanSize><Width>8</Width><Height>5</Height></ScanSize></ScanSettings>
              <VacuumProperties><SamplePressure>0.1</SamplePressure></VacuumProperties>`,
            ),
          ),
        ],
      }),
    );
    expect(values(header)).toMatchObject({
      accelerating_voltage_V: 5000,
      beam_current_A: 1.6e-9,
      acquired_at: '2020-08-18T13:40:03',
      image_height_px: 5,
      chamber_pressure_Pa: 0.1,
    });
    expect(header.fields.stage_tilt_deg?.value).toBeCloseTo(28.6478898, 6);
  });

  it('stands back behind the INI', () => {
    const header = read(
      tiffFile({
        tags: [text(34682, ini('[Beam]\r\nBeam=EBeam', '[EBeam]\r\nHV=7000')), text(34683, xml(optics))],
      }),
    );
    expect(header.fields.accelerating_voltage_V?.value).toBe(7000);
    expect(values(header)).not.toHaveProperty('beam_current_A');
  });
});

describe('FEI tag 34680', () => {
  const legacy = (rotation: string): string =>
    `\r\n[DatabarData]\r\nflAccV = 5000.000\r\nflMagn = 0.0034\r\nflWD = 4.937\r\nlDetName = 3\r\n
[Vector]\r\nHighTension = 5000.000\r\nMagnification = 35000.000\r\nProbeCurrent = 3.000\r\nSpecimenTilt = 1862\r\nScanRotation = ${rotation}\r\n`;

  it('is the legacy INI: spot number, stage and detector number stay out', () => {
    expect(values(read(tiffFile({ tags: [text(34680, legacy('0.000'))] })))).toEqual({
      vendor: 'FEI/Thermo Fisher',
      accelerating_voltage_V: 5000,
      magnification: 35000,
      working_distance_m: 0.004937,
      image_width_px: 8,
      image_height_px: 6,
      scan_rotation_deg: 0,
    });
  });

  it('leaves a scan rotation out that may be degrees or radians', () => {
    const unclear = read(tiffFile({ tags: [text(34680, legacy('1.571'))] }));
    expect(values(unclear)).not.toHaveProperty('scan_rotation_deg');
    expect(codes(unclear)).toEqual(['unit_unknown']);
    expect(read(tiffFile({ tags: [text(34680, legacy('90.000'))] })).fields.scan_rotation_deg?.value).toBe(
      90,
    );
  });

  it('is base64 of XML in other files: that is no INI and hides nothing', () => {
    const memento = Buffer.from(
      '\xef\xbb\xbf<?xml version="1.0"?><MementoItemCollection/>',
      'latin1',
    ).toString('base64');
    const header = read(
      tiffFile({ tags: [text(34680, memento), text(34682, ini('[Stage]\r\nStageX=0.2'))] }),
    );
    expect(header.fields.stage_x_m?.value).toBe(0.2);
    expect(read(tiffFile({ tags: [text(34680, memento)] })).format).toBe('generic');
  });
});
