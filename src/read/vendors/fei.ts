// FEI / Thermo Fisher xT: INI text in tag 34682 (every version since 1.3), or found at the end of a damaged file. Reads the beam that made the
// image, never the other one; never offers the screen's dpi as scale. Facts: vendor-headers.md section 1.

import type { FrameKind, InstrumentHeader, NumberField, TextField } from '../../domain/header.ts';
import { putBar, putStoredSize } from '../header-area.ts';
import {
  finish,
  newDraft,
  putAcquired,
  putNumber,
  putReading,
  putText,
  warn,
  type Draft,
  type Reading,
} from '../header-fields.ts';
import { imageSize, pages, pageWithTag, tagText, type HeaderInput } from '../header-input.ts';
import { findTextBlock, looksTextDamaged } from '../header-tail.ts';
import { isoLocal, readClock, readDate, sameDay, type CalendarDate } from '../header-time.ts';
import { hasSection, iniValue, parseIni, type Ini } from '../ini.ts';
import { parseNumber } from '../number.ts';
import { vendor } from './vendor.ts';

const TAG = 34682;
export const VENDOR = 'FEI/Thermo Fisher';

/** `@beam` and `@scan` stand for the sections that [Beam] Beam= and Scan= name, EBeam and EScan for most. */
type Place = readonly [section: string, key: string];

const TEXTS: readonly (readonly [TextField, Place])[] = [
  ['instrument_model', ['System', 'SystemType']],
  ['serial_number', ['System', 'Dnumber']],
  ['software_version', ['System', 'Software']],
  ['detector', ['Detectors', 'Name']],
  ['signal', ['Detectors', 'Mode']],
  ['user_name', ['User', 'User']],
];

const NUMBERS: readonly (readonly [NumberField, Reading, ...Place[]])[] = [
  ['accelerating_voltage_V', {}, ['@beam', 'HV'], ['Beam', 'HV']],
  ['beam_current_A', {}, ['@beam', 'BeamCurrent']],
  ['working_distance_m', {}, ['@beam', 'WD'], ['Stage', 'WorkingDistance']],
  ['pixel_size_x_m', {}, ['@scan', 'PixelWidth'], ['Scan', 'PixelWidth']],
  ['pixel_size_y_m', {}, ['@scan', 'PixelHeight'], ['Scan', 'PixelHeight']],
  // [Stage] before the beam's section: the two can differ by the linked z and a shifted origin
  ['stage_x_m', {}, ['Stage', 'StageX'], ['@beam', 'StageX']],
  ['stage_y_m', {}, ['Stage', 'StageY'], ['@beam', 'StageY']],
  ['stage_z_m', {}, ['Stage', 'StageZ'], ['@beam', 'StageZ']],
  ['stage_tilt_deg', { radians: true }, ['Stage', 'StageT'], ['@beam', 'StageTa']],
  ['stage_rotation_deg', { radians: true }, ['Stage', 'StageR'], ['@beam', 'StageR']],
  ['chamber_pressure_Pa', {}, ['Vacuum', 'ChPressure']],
  ['dwell_time_s', {}, ['Scan', 'Dwelltime'], ['@scan', 'Dwell']],
  ['scan_rotation_deg', { radians: true }, ['@beam', 'ScanRotation'], ['Beam', 'ScanRotation']],
];

type Found = { ini: Ini; where: string; page: number; tail: boolean };

export const fei = vendor<Found>(
  'fei',
  (input) => {
    const tagged = pageWithTag(input, TAG);
    const text = tagged && tagText(input, tagged.ifd, TAG);
    const ini = text && parseIni(text);
    return tagged && ini && isFei(ini)
      ? { ini, where: `tiff:${TAG}`, page: tagged.page, tail: false }
      : undefined;
  },
  parse,
);

/** Old exports, and files that a text-mode copy damaged: the text is still there, the tag is not. */
export const feiTail = vendor<Found>(
  'fei',
  (input) => {
    const text = findTextBlock(input.source, '[User]');
    const ini = text && parseIni(text);
    return ini && isFei(ini) ? { ini, where: 'text', page: 0, tail: true } : undefined;
  },
  parse,
);

/** Two of the sections that only this dialect has together. */
function isFei(ini: Ini): boolean {
  const known = [
    'System',
    'Beam',
    'EBeam',
    'IBeam',
    'IRBeam',
    'Scan',
    'Stage',
    'Image',
    'PrivateFei',
    'Detectors',
  ];
  return known.filter((section) => hasSection(ini, section)).length >= 2;
}

function parse(input: HeaderInput, { ini, where, page, tail }: Found): InstrumentHeader {
  const draft = newDraft(page);
  const beam = beamOf(ini);
  const scan = iniValue(ini, 'Beam', 'Scan') ?? beam.replace(/Beam$/i, 'Scan');
  const section = (name: string): string => (name === '@beam' ? beam : name === '@scan' ? scan : name);
  const origin = (name: string, key: string): string => `${where} [${section(name)}] ${key}`;
  const get = (name: string, key: string): string | undefined => iniValue(ini, section(name), key);

  putText(draft, 'vendor', VENDOR, `${where} ${tail ? '[User]' : 'tag'}`);
  for (const [field, [name, key]] of TEXTS) {
    const value = get(name, key);
    if (value?.toLowerCase() !== 'none') putText(draft, field, value, origin(name, key));
  }
  for (const [field, reading, ...places] of NUMBERS)
    for (const [name, key] of places) putReading(draft, field, get(name, key), origin(name, key), reading);
  putTime(draft, ini, where);
  putFieldOfView(draft, ini, beam);
  putArea(draft, input, ini, where);

  const frame = frameOf(beam, get('Detectors', 'Name') ?? '');
  if (frame) draft.frame = frame;
  warnOfDamage(draft, input, tail, page);
  return finish(draft, 'fei');
}

/** The section of the beam in use. Without [Beam] the only beam section there is. */
function beamOf(ini: Ini): string {
  const named = iniValue(ini, 'Beam', 'Beam');
  if (named) return named;
  const there = ['EBeam', 'IBeam', 'IRBeam'].filter((name) => hasSection(ini, name));
  return there.length === 1 ? (there[0] ?? 'EBeam') : 'EBeam';
}

/** Optical frames: the navigation camera above the stage, and the infra-red cameras that look into the chamber. */
function frameOf(beam: string, detector: string): FrameKind | undefined {
  if (/^irbeam$/i.test(beam) || /nav-?\s?cam/i.test(detector)) return 'navigation_camera';
  if (/^(ir-?)?ccd\s?\d*$|^chamber/i.test(detector) || /ccd/i.test(beam)) return 'chamber_view';
  return undefined;
}

/** Date and Time are US text; TimeOfCreation is the same moment with the day first: it settles which is which. */
function putTime(draft: Draft, ini: Ini, where: string): void {
  const created = iniValue(ini, 'PrivateFei', 'TimeOfCreation')?.split(/\s+(.*)/s) ?? [];
  const createdDay = readDate(created[0] ?? '').certain;
  const user = readDate(iniValue(ini, 'User', 'Date') ?? '');
  const clock = readClock(iniValue(ini, 'User', 'Time') ?? '');
  const matching = [user.certain, user.us, user.european].find((day) => sameDay(day, createdDay));
  const day: CalendarDate | undefined = matching ?? user.certain ?? user.us;
  if (day) {
    if (createdDay && !matching)
      warn(draft, 'dates_differ', `[User] Date and [PrivateFei] TimeOfCreation name different days`);
    putAcquired(draft, isoLocal(day, clock), clock ? 'local' : 'date-only', `${where} [User] Date, Time`);
  } else if (createdDay) {
    const at = readClock(created[1] ?? '');
    const origin = `${where} [PrivateFei] TimeOfCreation`;
    putAcquired(draft, isoLocal(createdDay, at), at ? 'local' : 'date-only', origin);
  }
}

/** Camera frames have no [Scan]: their scale is field of view over resolution, and without a field of view there is none. */
function putFieldOfView(draft: Draft, ini: Ini, beam: string): void {
  for (const [field, view, resolution] of [
    ['pixel_size_x_m', 'HFW', 'ResolutionX'],
    ['pixel_size_y_m', 'VFW', 'ResolutionY'],
  ] as const) {
    const metres = parseNumber(iniValue(ini, beam, view));
    const pixels = parseNumber(iniValue(ini, 'Image', resolution));
    if (metres && pixels) putNumber(draft, field, metres / pixels, 'derived');
  }
}

/** Everything below ResolutionY is info bar; DatabarHeight is empty in newer files and 0 in some that have a bar. */
function putArea(draft: Draft, input: HeaderInput, ini: Ini, where: string): void {
  const width = parseNumber(iniValue(ini, 'Image', 'ResolutionX'));
  const height = parseNumber(iniValue(ini, 'Image', 'ResolutionY'));
  const stored = imageSize(input, draft.page);
  putNumber(draft, 'image_width_px', width, `${where} [Image] ResolutionX`);
  putNumber(draft, 'image_height_px', height, `${where} [Image] ResolutionY`);
  if (width && height && stored) {
    const fits = width === stored.width && height <= stored.height;
    if (fits) draft.scanArea = { width, height, origin: `${where} [Image] ResolutionY` };
    else
      warn(
        draft,
        'size_differs',
        `${where} [Image] says ${width} x ${height} pixels, the file holds ${stored.width} x ${stored.height}`,
      );
  } else if (!height) {
    const bar = parseNumber(iniValue(ini, 'PrivateFei', 'DatabarHeight'));
    if (bar) putBar(draft, input, bar, `${where} [PrivateFei] DatabarHeight`);
  }
  putStoredSize(draft, input);
}

export function warnOfDamage(draft: Draft, input: HeaderInput, tail: boolean, page: number): void {
  if (tail && looksTextDamaged(input.source))
    warn(
      draft,
      'damaged',
      'a text-mode copy replaced every byte above 7F: the header text survived, the pixels did not; copy the file again in binary mode',
    );
  else if (tail) warn(draft, 'header_outside', 'the header text lies outside every tag of the file');
  // xT writes no Software tag: whoever wrote it saved the image again
  const software = tagText(input, pages(input)[page], 305);
  if (software)
    warn(
      draft,
      'edited',
      `saved again by ${software.slice(0, 80)}: the header tells of the acquisition, the pixels may not`,
    );
}
