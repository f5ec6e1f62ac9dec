// Zeiss SmartSEM: tag 34118 (8-bit) and its UTF-16 copy 34119. Pairs of a key line and a "Name = value unit" line. Searches by key only, since
// the names repeat; never takes a set point, a stale rotation or the monitor's pixel size for the image's. Facts: vendor-headers.md section 2.

import type { InstrumentHeader, NumberField, TextField } from '../../domain/header.ts';
import { putStoredSize } from '../header-area.ts';
import {
  finish,
  newDraft,
  putAcquired,
  putNumber,
  putReading,
  putText,
  warn,
  type Draft,
} from '../header-fields.ts';
import { imageSize, pageWithTag, pages, tagText, type HeaderInput } from '../header-input.ts';
import { lines } from '../header-text.ts';
import { isoLocal, readClock, readDate } from '../header-time.ts';
import { inUnit, parseNumber, parseQuantity } from '../number.ts';
import { vendor } from './vendor.ts';

const TAG = 34118;
const TAG_UTF16 = 34119;
/** AP_PIXEL_SIZE, AP_FIB_PIXEL_SIZE and line 4 count pixels of a raster this wide, whatever the image's width. */
const MONITOR_WIDTH = 1024;

const TEXTS: readonly (readonly [TextField, string])[] = [
  ['instrument_model', 'DP_SEM'],
  ['serial_number', 'SV_SERIAL_NUMBER'],
  ['software_version', 'SV_VERSION'],
  ['detector', 'DP_DETECTOR_CHANNEL'],
  ['user_name', 'SV_USER_NAME'],
  ['sample_name', 'SV_SAMPLE_ID'],
];

/** The last part is the power of ten of the unit when none is written behind the number. */
const NUMBERS: readonly (readonly [NumberField, string])[] = [
  ['stage_x_m', 'AP_STAGE_AT_X'],
  ['stage_y_m', 'AP_STAGE_AT_Y'],
  ['stage_z_m', 'AP_STAGE_AT_Z'],
  ['stage_tilt_deg', 'AP_STAGE_AT_T'],
  ['stage_rotation_deg', 'AP_STAGE_AT_R'],
  ['chamber_pressure_Pa', 'AP_SYSTEM_VAC'],
  ['dwell_time_s', 'DP_DWELL_TIME'],
];

const ELECTRONS: readonly (readonly [NumberField, string])[] = [
  ['accelerating_voltage_V', 'AP_ACTUALKV'],
  ['beam_current_A', 'AP_IPROBE'],
  ['magnification', 'AP_MAG'],
  ['working_distance_m', 'AP_WD'],
];

const IONS: readonly (readonly [NumberField, string])[] = [
  ['accelerating_voltage_V', 'AP_FIB_EHT_ACTUAL'],
  ['magnification', 'AP_FIB_MAGNIFICATION'],
  ['working_distance_m', 'AP_FIB_WORKING_DISTANCE'],
  ['scan_rotation_deg', 'AP_FIB_SCAN_ROTATION'],
];

/** `first` are the bare numbers before the pairs. */
type Header = { first: number[]; values: Map<string, string> };
type Found = Header & { page: number; tag: number };

export const zeiss = vendor<Found>(
  'zeiss',
  (input) => {
    const tagged = pageWithTag(input, TAG, TAG_UTF16);
    if (!tagged) return undefined;
    for (const tag of [TAG, TAG_UTF16]) {
      const header = readPairs(tagText(input, tagged.ifd, tag) ?? '');
      if (header.values.size > 0) return { ...header, page: tagged.page, tag };
    }
    return undefined;
  },
  parse,
);

function readPairs(text: string): Header {
  const all = lines(text);
  const first: number[] = [];
  const values = new Map<string, string>();
  for (const [i, line] of all.entries()) {
    const key = line.trim();
    if (/^(?:AP|DP|SV)_\w{1,60}$/.test(key)) {
      if (!values.has(key)) values.set(key, all[i + 1] ?? '');
    } else if (values.size === 0 && first.length < 64) {
      const number = parseNumber(key);
      if (number !== undefined) first.push(number);
    }
  }
  return { first, values };
}

function parse(input: HeaderInput, found: Found): InstrumentHeader {
  const draft = newDraft(found.page);
  const origin = (key: string): string => `tiff:${found.tag} ${key}`;
  const value = (key: string): string | undefined => valuePart(found.values.get(key), key);
  const read = (field: NumberField, key: string): void => putReading(draft, field, value(key), origin(key));

  putText(draft, 'vendor', 'Zeiss', `tiff:${found.tag} tag`);
  for (const [field, key] of TEXTS) putText(draft, field, value(key), origin(key));
  // "FIB" alone: with "FIB + SEM" or "SEM" the electron beam is what the readings belong to
  const ions = /^fib$/i.test(value('DP_FIB_IMAGING') ?? '');
  for (const [field, key] of [...(ions ? IONS : ELECTRONS), ...NUMBERS]) read(field, key);
  if (ions) putIonCurrent(draft, value, origin);
  else putScanRotation(draft, value, read, origin);
  putPixelSize(draft, input, found, ions, value);
  putTime(draft, value, origin);
  putStoredSize(draft, input);
  warnOfResaving(draft, input, value('DP_IMAGE_STORE'));
  return finish(draft, 'zeiss');
}

/** "Mag = 5.72 K X", and without "=" for time and date: "Time :10:23:37" (V05, V06), "Date: 11 Apr 2023" (V07). */
function valuePart(line: string | undefined, key: string): string | undefined {
  if (line === undefined) return undefined;
  const colon = key === 'AP_DATE' || key === 'AP_TIME';
  const at = colon ? line.search(/[:=]/) : line.indexOf('=');
  return (at < 0 ? '' : line.slice(at + 1).trim()) || undefined;
}

/** The angle is stored even while the rotation is switched off; then none is applied. */
function putScanRotation(
  draft: Draft,
  value: (key: string) => string | undefined,
  read: (field: NumberField, key: string) => void,
  origin: (key: string) => string,
): void {
  if (/^off$/i.test(value('DP_SCAN_ROT') ?? ''))
    putNumber(draft, 'scan_rotation_deg', 0, origin('DP_SCAN_ROT'));
  else read('scan_rotation_deg', 'AP_SCANROTATION');
}

/** The measured current is 0 while it is not measured; the probe's name tells the nominal one: "30KV:50 pA". */
function putIonCurrent(
  draft: Draft,
  value: (key: string) => string | undefined,
  origin: (key: string) => string,
): void {
  const actual = parseQuantity(value('AP_FIB_PROBE_CURRENT_ACTUAL') ?? '');
  const amperes = actual && inUnit(actual, 'A');
  if (amperes) putNumber(draft, 'beam_current_A', amperes, origin('AP_FIB_PROBE_CURRENT_ACTUAL'));
  for (const key of ['DP_FIB_IMAGE_PROBE', 'DP_FIB_PROBE'])
    putReading(draft, 'beam_current_A', /:\s*([\d.,]+\s*[pnuµ]A)$/.exec(value(key) ?? '')?.[1], origin(key));
}

function putPixelSize(
  draft: Draft,
  input: HeaderInput,
  found: Found,
  ions: boolean,
  value: (key: string) => string | undefined,
): void {
  const width = imageSize(input, found.page)?.width;
  const metres = (key: string): number | undefined => {
    const quantity = parseQuantity(value(key) ?? '');
    return quantity && inUnit(quantity, 'm');
  };
  const put = (size: number | undefined, origin: string): void => {
    if (!size) return;
    putNumber(draft, 'pixel_size_x_m', size, origin);
    putNumber(draft, 'pixel_size_y_m', size, origin);
  };
  const stored = metres('AP_IMAGE_PIXEL_SIZE');
  const onMonitor = ions ? metres('AP_FIB_PIXEL_SIZE') : (found.first[3] ?? metres('AP_PIXEL_SIZE'));
  const derived = onMonitor && width ? (onMonitor * MONITOR_WIDTH) / width : undefined;
  // of an ion image, AP_IMAGE_PIXEL_SIZE may still be that of the electron beam: only one that agrees is taken
  const agrees = !ions || !derived || Math.abs((stored ?? 0) / derived - 1) < 0.02;
  if (stored && agrees) put(stored, `tiff:${found.tag} AP_IMAGE_PIXEL_SIZE`);
  else if (ions && width === MONITOR_WIDTH) put(onMonitor, `tiff:${found.tag} AP_FIB_PIXEL_SIZE`);
  else put(derived, 'derived');
}

function putTime(
  draft: Draft,
  value: (key: string) => string | undefined,
  origin: (key: string) => string,
): void {
  const text = value('AP_DATE');
  if (!text) return;
  const date = readDate(text).certain;
  const clock = readClock(value('AP_TIME') ?? '');
  if (date)
    putAcquired(draft, isoLocal(date, clock), clock ? 'local' : 'date-only', `${origin('AP_DATE')}, AP_TIME`);
  else
    warn(
      draft,
      'date_unclear',
      `${origin('AP_DATE')}: "${text}" is no date that reads in one way only; left out`,
    );
}

/** SmartSEM writes neither IPTC nor Photoshop tags, and the frame as wide as "Store resolution = 2048 * 1536" says. */
function warnOfResaving(draft: Draft, input: HeaderInput, store: string | undefined): void {
  const ifd = pages(input)[draft.page];
  const foreign = ifd?.entries.some((e) => e.tag === 33723 || e.tag === 34377);
  if (foreign) warn(draft, 'edited', 'saved again by another program: it carries IPTC or Photoshop tags');
  const width = parseNumber(/^(\d+)\s*\*/.exec(store ?? '')?.[1]);
  const stored = imageSize(input, draft.page)?.width;
  if (width && stored && width !== stored)
    warn(draft, 'size_differs', `DP_IMAGE_STORE says ${store}, the file is ${stored} pixels wide`);
}
