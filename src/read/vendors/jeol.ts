// JEOL SEMs (JSM, JXA, JIB): everything is in the sidecar text, or in the user comment of newer files. Lengths in mm, kV, degrees; a scale only
// where the header gives one, never from the magnification. Facts: vendor-headers.md section 5; newer keys as public readers use them.

import type { InstrumentHeader, NumberField, TextField } from '../../domain/header.ts';
import { putFrame, putStoredSize, type Frame } from '../header-area.ts';
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
import { defaultPage, pageWithTag, tagBytes, type HeaderInput } from '../header-input.ts';
import { isoLocal, readClock, readDate } from '../header-time.ts';
import { inUnit, parseNumber, parseQuantity } from '../number.ts';
import { isJeol, readCommentKeys, readSidecarKeys, type JeolKeys } from './jeol-text.ts';
import { vendor } from './vendor.ts';

const USER_COMMENT = 37500;

const TEXTS: readonly (readonly [TextField, ...string[]])[] = [
  ['instrument_model', 'CM_INSTRUMENT'],
  ['detector', 'CM_DETECTOR', 'CM_DETECTOR_NAME', 'FE_DETECTOR_NAME', 'SM_DETECTOR'],
  ['signal', 'CM_SIGNAL', 'CM_SIGNAL_NAME'],
  ['user_name', 'CM_OPERATOR'],
  ['sample_name', 'CM_TITLE'],
];

/** Power of ten of the unit when none is written. CM_VERSION is the sidecar's version, SM_PENNING_VAC a raw gauge value: both stay out. */
const NUMBERS: readonly (readonly [NumberField, string, number])[] = [
  ['accelerating_voltage_V', 'CM_ACCEL_VOLT', 3],
  ['working_distance_m', 'SM_WD', -3],
  ['scan_rotation_deg', 'SM_SCAN_ROTATION', 0],
];

type Found = { keys: JeolKeys; where: string; page: number };

export const jeolSidecar = vendor<Found>(
  'jeol',
  (input) => {
    const keys = readSidecarKeys(input.sidecar?.text ?? '');
    return isJeol(keys) ? { keys, where: 'sidecar', page: defaultPage(input) } : undefined;
  },
  parse,
);

export const jeolComment = vendor<Found>(
  'jeol',
  (input) => {
    const exif = input.tiff?.exif ?? [];
    const tagged = pageWithTag(input, USER_COMMENT);
    for (const ifd of [tagged?.ifd, ...exif]) {
      const keys = readCommentKeys(tagBytes(input, ifd, USER_COMMENT) ?? Buffer.alloc(0));
      if (isJeol(keys)) return { keys, where: `tiff:${USER_COMMENT}`, page: defaultPage(input) };
    }
    return undefined;
  },
  parse,
);

function parse(input: HeaderInput, { keys, where, page }: Found): InstrumentHeader {
  const draft = newDraft(page);
  const origin = (key: string): string => `${where} ${where === 'sidecar' ? sigil(key) : '$'}${key}`;
  putText(draft, 'vendor', 'JEOL', origin(keys.get('CM_FORMAT') ? 'CM_FORMAT' : 'CM_INSTRUMENT'));
  for (const [field, ...names] of TEXTS)
    for (const key of names) putText(draft, field, keys.get(key), origin(key));
  for (const [field, key, power] of NUMBERS) putReading(draft, field, keys.get(key), origin(key), { power });
  putReading(draft, 'magnification', keys.get('CM_MAG')?.replace(/^x\s*/i, ''), origin('CM_MAG'));
  putCurrent(draft, keys, origin);
  // without a unit this number has had several meanings
  const dwell = keys.get('SM_DWELL_TIME') ?? '';
  if (parseQuantity(dwell)?.unit) putReading(draft, 'dwell_time_s', dwell, origin('SM_DWELL_TIME'));
  putStage(draft, keys, origin);
  putTime(draft, keys, origin);
  const frame = frameOf(keys, origin);
  const ratio = frame ? putFrame(draft, input, frame) : undefined;
  putPixelSize(draft, keys, frame, ratio ?? 1, origin);
  putStoredSize(draft, input);
  return finish(draft, 'jeol');
}

/** As the sidecars write it: two $ before SM_ keys of the scan and lens, one before the others. Only for the origin's text. */
function sigil(key: string): string {
  return key.startsWith('SM_') ? '$$' : '$';
}

/** 0.00 means not measured. CM_PROBE_CURRENT has no unit of its own: taken only with one. */
function putCurrent(draft: Draft, keys: JeolKeys, origin: (key: string) => string): void {
  const raw = keys.get('SM_PROBE_CURRENT');
  const measured = parseQuantity(raw ?? '');
  if (raw && (!measured || Number(measured.mantissa) !== 0))
    putReading(draft, 'beam_current_A', raw, origin('SM_PROBE_CURRENT'));
  const other = keys.get('CM_PROBE_CURRENT') ?? '';
  const quantity = parseQuantity(other);
  if (quantity?.unit && Number(quantity.mantissa) !== 0 && inUnit(quantity, 'A') !== undefined)
    putReading(draft, 'beam_current_A', other, origin('CM_PROBE_CURRENT'));
}

const AXES = ['stage_x_m', 'stage_y_m', 'stage_z_m', 'stage_rotation_deg', 'stage_tilt_deg'] as const;
const AXIS_LETTERS = ['X', 'Y', 'Z', 'R', 'T'];

/** "x y z r t ?" in mm and degrees, or "X=37.1, Y=44.9, R=354.9, Z=16.9, T=0.0". */
function putStage(draft: Draft, keys: JeolKeys, origin: (key: string) => string): void {
  const key = ['CM_STAGE_POS', 'CM_STAGE_POSITION'].find((name) => keys.get(name));
  const raw = key && keys.get(key);
  if (!key || !raw) return;
  const named = [...raw.matchAll(/([XYZRT])\s*=\s*([^,;\s]+)/gi)];
  const parts =
    named.length > 0
      ? AXIS_LETTERS.map((letter) => named.find((m) => m[1]?.toUpperCase() === letter)?.[2])
      : raw.split(/[\s;]+|,\s+/);
  for (const [i, axis] of AXES.entries())
    putReading(draft, axis, parts[i], origin(key), { power: axis.endsWith('_m') ? -3 : 0 });
  const turned = [draft.fields.stage_rotation_deg, draft.fields.stage_tilt_deg].some(
    (f) => f && f.value !== 0,
  );
  if (turned && named.length === 0)
    warn(
      draft,
      'stage_order',
      `${origin(key)}: the fourth number is read as rotation, the fifth as tilt; JEOL does not say so`,
    );
}

/** The order follows the Windows locale: month first where the clock has AM/PM; else a date that reads in two ways is left out. */
function putTime(draft: Draft, keys: JeolKeys, origin: (key: string) => string): void {
  const text = keys.get('CM_DATE');
  if (!text) return;
  const reading = readDate(text);
  const clock = readClock(keys.get('CM_TIME') ?? '');
  const date = reading.certain ?? (clock?.halfDay ? reading.us : undefined);
  if (date)
    putAcquired(
      draft,
      isoLocal(date, clock),
      clock ? 'local' : 'date-only',
      `${origin('CM_DATE')}, $CM_TIME`,
    );
  else
    warn(
      draft,
      'date_unclear',
      `${origin('CM_DATE')}: "${text}" may have the day or the month first; left out`,
    );
}

/** The frame as scanned; the sidecar stays at 1280 x 960 when the picture is saved smaller, and does not count the info bar. */
function frameOf(keys: JeolKeys, origin: (key: string) => string): Frame | undefined {
  for (const key of ['CM_FULL_SIZE', 'CM_IMAGE_SIZE']) {
    const [, width, height] = /^(\d+)\s*[x* ,]\s*(\d+)/i.exec(keys.get(key) ?? '') ?? [];
    if (Number(width) > 0 && Number(height) > 0)
      return { width: Number(width), height: Number(height), origin: origin(key) };
  }
  return undefined;
}

/** Most exact first: pixel size, field of view, micron marker over bar (an integer, so ±1 %). `ratio`: frame pixels a stored pixel. */
function putPixelSize(
  draft: Draft,
  keys: JeolKeys,
  frame: Frame | undefined,
  ratio: number,
  origin: (key: string) => string,
): void {
  const put = (x: number | undefined, y: number | undefined, from: string): void => {
    if (!x) return;
    putNumber(draft, 'pixel_size_x_m', x * ratio, ratio === 1 ? from : 'derived');
    putNumber(draft, 'pixel_size_y_m', (y ?? x) * ratio, ratio === 1 ? from : 'derived');
  };
  const [pixelX, pixelY] = lengths(keys.get('CM_PIXEL_SIZE'));
  put(pixelX, pixelY, origin('CM_PIXEL_SIZE'));
  const [viewX, viewY] = lengths(keys.get('CM_FIELD_OF_VIEW'));
  if (frame) put(viewX && viewX / frame.width, viewY && viewY / frame.height, 'derived');
  const [marker] = lengths(keys.get('SM_MICRON_MARKER'));
  const bar = parseNumber(keys.get('SM_MICRON_BAR'));
  if (marker && bar && bar > 0) put(marker / bar, undefined, 'derived');
}

/** "100um", "500nm", "64µm 48µm", "1.067mm 0.800mm" in m; a length without a unit is no length. */
function lengths(raw: string | undefined): number[] {
  const found = (raw ?? '').matchAll(/([\d.,]+(?:e[-+]?\d+)?)\s*([pnuµμm]?m)\b/giu);
  return [...found].flatMap(([, number, unit]) => {
    const quantity = parseQuantity(`${number} ${unit}`);
    const metres = quantity && inUnit(quantity, 'm');
    return metres ? [metres] : [];
  });
}
