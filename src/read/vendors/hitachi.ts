// Hitachi (SU, Regulus, TM): the sidecar NAME.txt, Key=Value lines in either 8-bit or UTF-16 text; TM4000 files carry a short form in tag 40092.
// The date follows the PC's locale: what reads in two ways is left out. Written from facts (vendor-headers.md section 6), never tried on a file.

import type { InstrumentHeader, NumberField, TextField } from '../../domain/header.ts';
import { putStoredSize } from '../header-area.ts';
import { finish, newDraft, putAcquired, putReading, putText, warn } from '../header-fields.ts';
import { defaultPage, pageWithTag, tagText, type HeaderInput } from '../header-input.ts';
import { isoLocal, readClock, readDate } from '../header-time.ts';
import { iniValue, parseIni, type Ini } from '../ini.ts';
import { vendor } from './vendor.ts';

const TAG = 40092;

const TEXTS: readonly (readonly [TextField, string])[] = [
  ['instrument_model', 'InstructName'],
  ['serial_number', 'SerialNumber'],
  ['detector', 'SignalName'],
  ['sample_name', 'SampleName'],
];

/** Power of ten of the unit when none is written: nm for pixels and the stage. */
const NUMBERS: readonly (readonly [NumberField, string, number])[] = [
  ['accelerating_voltage_V', 'AcceleratingVoltage', 0],
  ['magnification', 'Magnification', 0],
  ['working_distance_m', 'WorkingDistance', -6],
  ['pixel_size_x_m', 'PixelSize', -9],
  ['pixel_size_y_m', 'PixelSize', -9],
  ['stage_x_m', 'StagePositionX', -9],
  ['stage_y_m', 'StagePositionY', -9],
  ['stage_tilt_deg', 'StagePositionT', 0],
  ['stage_rotation_deg', 'StagePositionR', 0],
];

type Found = { get: (key: string) => string | undefined; where: string; page: number };

export const hitachi = vendor<Found>(
  'hitachi',
  (input) => {
    const sidecar = input.sidecar && parseIni(input.sidecar.text);
    if (sidecar && isHitachi(sidecar))
      return { get: anywhere(sidecar), where: 'sidecar', page: defaultPage(input) };
    const tagged = pageWithTag(input, TAG);
    const text = tagged && tagText(input, tagged.ifd, TAG);
    if (!tagged || !text?.includes('Condition=')) return undefined;
    const ini = parseIni(text);
    const [, condition = ''] = /^Condition=(.*)$/m.exec(text) ?? [];
    const short = (name: string): string | undefined =>
      new RegExp(`\\b${name}=x?(\\S+)`).exec(condition)?.[1];
    const get = (key: string): string | undefined =>
      ({ AcceleratingVoltage: short('Vacc'), Magnification: short('Mag'), WorkingDistance: short('WD') })[
        key
      ] ?? anywhere(ini)(key);
    return { get, where: `tiff:${TAG}`, page: tagged.page };
  },
  parse,
);

function isHitachi(ini: Ini): boolean {
  const get = anywhere(ini);
  const marks = [
    'InstructName',
    'AcceleratingVoltage',
    'DataSize',
    'PixelSize',
    'SignalName',
    'WorkingDistance',
  ];
  return ini.has('semimagefile') || marks.filter((key) => get(key)).length >= 4;
}

/** TM3000 leaves the section line out. */
function anywhere(ini: Ini): (key: string) => string | undefined {
  return (key) => iniValue(ini, 'SemImageFile', key) ?? iniValue(ini, '', key);
}

function parse(input: HeaderInput, { get, where, page }: Found): InstrumentHeader {
  const draft = newDraft(page);
  putText(draft, 'vendor', 'Hitachi', where);
  for (const [field, key] of TEXTS) putText(draft, field, get(key), `${where} ${key}`);
  for (const [field, key, power] of NUMBERS) putReading(draft, field, get(key), `${where} ${key}`, { power });
  const text = get('Date');
  const date = readDate(text ?? '').certain;
  const clock = readClock(get('Time') ?? '');
  if (date) putAcquired(draft, isoLocal(date, clock), clock ? 'local' : 'date-only', `${where} Date, Time`);
  else if (text)
    warn(draft, 'date_unclear', `${where} Date: "${text}" may have the day or the month first; left out`);
  putStoredSize(draft, input);
  return finish(draft, 'hitachi');
}
