// TESCAN: tag 50431, or the sidecar NAME-tif.hdr / NAME-png.hdr of images without it. SI units, angles in degrees. Essence writes UTC, older
// software local time: says which, and never takes the TIFF's DateTime for the acquisition. Facts: vendor-headers.md section 4.

import type { InstrumentHeader, NumberField, TextField } from '../../domain/header.ts';
import { putBar, putStoredSize } from '../header-area.ts';
import { finish, newDraft, putAcquired, putReading, putText, warn, type Draft } from '../header-fields.ts';
import { defaultPage, pageWithTag, pages, tagBytes, tagText, type HeaderInput } from '../header-input.ts';
import { isoLocal, readClock, readDate, wallMilliseconds } from '../header-time.ts';
import { hasSection, iniValue, parseIni, type Ini } from '../ini.ts';
import { parseNumber } from '../number.ts';
import { readBlocks } from './tescan-blocks.ts';
import { vendor } from './vendor.ts';

const TAG = 50431;

/** In the order in which they are tried. */
const TEXTS: readonly (readonly [TextField, 'main' | 'beam', ...string[]])[] = [
  ['instrument_model', 'main', 'Device'],
  ['serial_number', 'main', 'SerialNumber'],
  ['software_version', 'main', 'SoftwareVersion', 'Version'],
  ['detector', 'beam', 'Detector', 'Detector0'],
  ['user_name', 'main', 'FullUserName', 'UserName'],
];

const NUMBERS: readonly (readonly [NumberField, 'main' | 'beam', ...string[]])[] = [
  ['accelerating_voltage_V', 'beam', 'HV', 'AcceleratorVoltage'],
  // before Essence there is only the predicted one; specimen and emission current are others
  ['beam_current_A', 'beam', 'BeamCurrent', 'PredictedBeamCurrent'],
  ['magnification', 'main', 'Magnification'],
  ['working_distance_m', 'beam', 'WD'],
  ['pixel_size_x_m', 'main', 'PixelSizeX'],
  ['pixel_size_y_m', 'main', 'PixelSizeY'],
  ['stage_x_m', 'beam', 'StageX'],
  ['stage_y_m', 'beam', 'StageY'],
  ['stage_z_m', 'beam', 'StageZ'],
  ['stage_tilt_deg', 'beam', 'StageTilt'],
  ['stage_rotation_deg', 'beam', 'StageRotation'],
  ['chamber_pressure_Pa', 'beam', 'ChamberPressure'],
  ['dwell_time_s', 'beam', 'DwellTime'],
  ['scan_rotation_deg', 'beam', 'ScanRotation'],
];

type Found = { ini: Ini; where: string; page: number };

export const tescan = vendor<Found>(
  'tescan',
  (input) => {
    const tagged = pageWithTag(input, TAG);
    const bytes = tagged && tagBytes(input, tagged.ifd, TAG);
    const ini = bytes && readBlocks(bytes);
    return tagged && ini && isTescan(ini) ? { ini, where: `tiff:${TAG}`, page: tagged.page } : undefined;
  },
  parse,
);

export const tescanSidecar = vendor<Found>(
  'tescan',
  (input) => {
    if (!input.sidecar?.text.includes('[MAIN]')) return undefined;
    const ini = parseIni(input.sidecar.text);
    return isTescan(ini) ? { ini, where: 'sidecar', page: defaultPage(input) } : undefined;
  },
  parse,
);

function isTescan(ini: Ini): boolean {
  const marks = ['Device', 'DeviceModel', 'PixelSizeX', 'Magnification', 'ImageStripSize', 'AccFrames'];
  return hasSection(ini, 'MAIN') && marks.filter((key) => iniValue(ini, 'MAIN', key)).length >= 2;
}

function parse(input: HeaderInput, { ini, where, page }: Found): InstrumentHeader {
  const draft = newDraft(page);
  // [FIB] alone is an ion image; with both, the electron beam made it
  const beam = hasSection(ini, 'SEM') || !hasSection(ini, 'FIB') ? 'SEM' : 'FIB';
  const places = (first: 'main' | 'beam'): string[] => (first === 'main' ? ['MAIN', beam] : [beam, 'MAIN']);
  putText(draft, 'vendor', 'TESCAN', `${where} [MAIN]`);
  for (const [field, first, ...keys] of TEXTS)
    for (const key of keys)
      for (const section of places(first))
        putText(draft, field, iniValue(ini, section, key), `${where} [${section}] ${key}`);
  for (const [field, first, ...keys] of NUMBERS)
    for (const key of keys)
      for (const section of places(first))
        putReading(draft, field, iniValue(ini, section, key), `${where} [${section}] ${key}`);
  putTime(draft, input, ini, where);
  const strip = parseNumber(iniValue(ini, 'MAIN', 'ImageStripSize'));
  if (strip !== undefined) putBar(draft, input, strip, `${where} [MAIN] ImageStripSize`);
  putStoredSize(draft, input);
  return finish(draft, 'tescan');
}

const MINUTE = 60_000;

/** The header's clock beside TIFF DateTime, the PC's local time of saving, tells whether it is UTC; so does Essence. */
function putTime(draft: Draft, input: HeaderInput, ini: Ini, where: string): void {
  const date = readDate(iniValue(ini, 'MAIN', 'Date') ?? '').certain;
  const clock = readClock(iniValue(ini, 'MAIN', 'Time') ?? '');
  if (!date) return;
  if (!clock) {
    putAcquired(draft, isoLocal(date), 'date-only', `${where} [MAIN] Date`);
    return;
  }
  const [day = '', time = ''] = (tagText(input, pages(input)[draft.page], 306) ?? '').split(' ');
  const savedDate = readDate(day.replaceAll(':', '-')).certain;
  const savedClock = readClock(time);
  const ahead =
    savedDate && savedClock
      ? (wallMilliseconds(savedDate, savedClock) - wallMilliseconds(date, clock)) / MINUTE
      : undefined;
  const software = iniValue(ini, 'MAIN', 'SoftwareVersion');
  const zone = zoneOf(software, iniValue(ini, 'MAIN', 'Version'), ahead);
  putAcquired(draft, isoLocal(date, clock), zone, `${where} [MAIN] Date, Time`);
  if (zone === 'utc' && savedDate && savedClock)
    warn(
      draft,
      'time_utc',
      `the header's time is UTC; tiff:306 DateTime has the local time ${isoLocal(savedDate, savedClock)}`,
    );
}

/** Offsets of time zones are multiples of 15 minutes up to 14 hours; saving takes seconds, not a quarter of an hour. */
function zoneOf(
  software: string | undefined,
  version: string | undefined,
  ahead: number | undefined,
): string {
  if (/essence/i.test(software ?? '')) return 'utc';
  if (ahead !== undefined && Math.abs(ahead) < 10) return 'local';
  const rest = ahead === undefined ? Infinity : Math.abs(ahead - 15 * Math.round(ahead / 15));
  if (ahead !== undefined && Math.abs(ahead) <= 14 * 60 && rest < 1.5 && software) return 'utc';
  return version || software ? 'local' : 'unknown';
}
