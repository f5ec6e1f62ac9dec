// FEI / Thermo Fisher XML <Metadata> in tag 34683, where no INI stands beside it. Same values as the INI, which is read first because its tag is
// in every file; lengths in m, angles in radians.

import type { InstrumentHeader, NumberField, TextField } from '../../domain/header.ts';
import { putFrame, putStoredSize } from '../header-area.ts';
import { finish, newDraft, putAcquired, putReading, putText } from '../header-fields.ts';
import { pageWithTag, tagText, type HeaderInput } from '../header-input.ts';
import { isoLocal, readClock, readDate } from '../header-time.ts';
import { flattenXml, xmlValue, type FlatXml } from '../header-xml.ts';
import { parseNumber } from '../number.ts';
import { VENDOR } from './fei.ts';
import { vendor } from './vendor.ts';

const TAG = 34683;

const TEXTS: readonly (readonly [TextField, string])[] = [
  ['instrument_model', 'Instrument/InstrumentClass'],
  ['serial_number', 'Instrument/InstrumentID'],
  ['software_version', 'Instrument/ControlSoftwareVersion'],
  ['detector', 'Detectors/ScanningDetector/DetectorName'],
  ['signal', 'Detectors/ScanningDetector/Signal'],
  ['user_name', 'Core/UserID'],
];

const NUMBERS: readonly (readonly [NumberField, string, 'radians'?])[] = [
  ['accelerating_voltage_V', 'Optics/AccelerationVoltage'],
  ['beam_current_A', 'Optics/BeamCurrent'],
  ['working_distance_m', 'Optics/WorkingDistance'],
  ['pixel_size_x_m', 'BinaryResult/PixelSize/X'],
  ['pixel_size_y_m', 'BinaryResult/PixelSize/Y'],
  ['stage_x_m', 'StageSettings/StagePosition/X'],
  ['stage_y_m', 'StageSettings/StagePosition/Y'],
  ['stage_z_m', 'StageSettings/StagePosition/Z'],
  ['stage_tilt_deg', 'StageSettings/StagePosition/Tilt/Alpha', 'radians'],
  ['stage_rotation_deg', 'StageSettings/StagePosition/Rotation', 'radians'],
  ['chamber_pressure_Pa', 'VacuumProperties/SamplePressure'],
  ['dwell_time_s', 'ScanSettings/DwellTime'],
  ['scan_rotation_deg', 'ScanSettings/ScanRotation', 'radians'],
];

type Found = { xml: FlatXml; page: number };

export const feiXml = vendor<Found>(
  'fei',
  (input) => {
    const tagged = pageWithTag(input, TAG);
    const text = tagged && tagText(input, tagged.ifd, TAG);
    if (!tagged || !text?.includes('<Metadata')) return undefined;
    const xml = flattenXml(text);
    const known = ['Instrument', 'Optics', 'BinaryResult', 'Acquisition'];
    return known.some((part) => xml.has(`Metadata/${part}`)) ? { xml, page: tagged.page } : undefined;
  },
  parse,
);

function parse(input: HeaderInput, { xml, page }: Found): InstrumentHeader {
  const draft = newDraft(page);
  const get = (path: string): string | undefined => xmlValue(xml, `Metadata/${path}`);
  const origin = (path: string): string => `tiff:${TAG} Metadata/${path}`;
  putText(
    draft,
    'vendor',
    VENDOR,
    origin(xml.has('Metadata/Instrument/Manufacturer') ? 'Instrument/Manufacturer' : ''),
  );
  for (const [field, path] of TEXTS) putText(draft, field, get(path), origin(path));
  for (const [field, path, radians] of NUMBERS)
    putReading(draft, field, get(path), origin(path), { radians: radians !== undefined });
  const path = 'Acquisition/AcquisitionDatetime';
  const [day = '', time = ''] = (get(path) ?? '').split(/[T ]/);
  const date = readDate(day).certain;
  const zone = /(Z|[-+]\d\d:?\d\d)$/.exec(time)?.[1];
  const clock = readClock(zone ? time.slice(0, -zone.length) : time);
  if (date)
    putAcquired(
      draft,
      isoLocal(date, clock),
      !clock ? 'date-only' : zone === 'Z' ? 'utc' : (zone ?? 'local'),
      origin(path),
    );
  const width = parseNumber(get('ScanSettings/ScanSize/Width'));
  const height = parseNumber(get('ScanSettings/ScanSize/Height'));
  if (width && height) putFrame(draft, input, { width, height, origin: origin('ScanSettings/ScanSize') });
  putStoredSize(draft, input);
  return finish(draft, 'fei');
}
