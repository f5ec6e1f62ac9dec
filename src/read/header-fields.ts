// The header under construction: every value goes in with unit and origin, absent stays absent, what cannot be read becomes a warning.

import type {
  FrameKind,
  HeaderFields,
  InstrumentHeader,
  NumberField,
  Origin,
  ScanArea,
  TextField,
  Unit,
  Warning,
} from '../domain/header.ts';
import { cleanText } from './header-text.ts';
import { inUnit, parseQuantity, valueOf } from './number.ts';

const UNITS: Readonly<Record<NumberField, Unit>> = {
  accelerating_voltage_V: 'V',
  beam_current_A: 'A',
  magnification: null,
  working_distance_m: 'm',
  pixel_size_x_m: 'm',
  pixel_size_y_m: 'm',
  image_width_px: 'px',
  image_height_px: 'px',
  stage_x_m: 'm',
  stage_y_m: 'm',
  stage_z_m: 'm',
  stage_tilt_deg: 'deg',
  stage_rotation_deg: 'deg',
  chamber_pressure_Pa: 'Pa',
  dwell_time_s: 's',
  scan_rotation_deg: 'deg',
};

/** Fields of which 0 or less cannot be a reading. */
const POSITIVE: ReadonlySet<NumberField> = new Set([
  'magnification',
  'pixel_size_x_m',
  'pixel_size_y_m',
  'image_width_px',
  'image_height_px',
]);

/** How a text becomes SI: the unit it is in when none is written (`power` of ten), or radians. */
export type Reading = { power?: number; radians?: boolean };

const ORDER: readonly (keyof HeaderFields)[] = [
  'vendor',
  'instrument_model',
  'serial_number',
  'software_version',
  'acquired_at',
  'accelerating_voltage_V',
  'beam_current_A',
  'magnification',
  'working_distance_m',
  'pixel_size_x_m',
  'pixel_size_y_m',
  'image_width_px',
  'image_height_px',
  'detector',
  'signal',
  'stage_x_m',
  'stage_y_m',
  'stage_z_m',
  'stage_tilt_deg',
  'stage_rotation_deg',
  'chamber_pressure_Pa',
  'dwell_time_s',
  'scan_rotation_deg',
  'user_name',
  'sample_name',
];

/** One header being read; the first value of a field stays. */
export type Draft = {
  fields: HeaderFields;
  warnings: Warning[];
  page: number;
  scanArea?: ScanArea;
  frame?: FrameKind;
};

/** Hostile input must not make a record of warnings. */
const MAX_WARNINGS = 100;

export function newDraft(page = 0): Draft {
  return { fields: {}, warnings: [], page };
}

export function warn(draft: Draft, code: string, message: string): void {
  if (draft.warnings.length < MAX_WARNINGS) draft.warnings.push({ code, message });
}

export function putText(draft: Draft, name: TextField, value: string | undefined, origin: Origin): void {
  const clean = cleanText(value ?? '');
  if (clean && !draft.fields[name]) draft.fields[name] = { value: clean, unit: null, origin };
}

/** A value that is a number already and in the unit of the field. */
export function putNumber(draft: Draft, name: NumberField, value: number | undefined, origin: Origin): void {
  if (value === undefined || draft.fields[name]) return;
  if (!Number.isFinite(value) || (POSITIVE.has(name) && value <= 0)) {
    warn(draft, 'impossible_value', `${origin}: ${value} cannot be ${name}; left out`);
    return;
  }
  draft.fields[name] = { value: value === 0 ? 0 : value, unit: UNITS[name], origin };
}

/** The text of a header value, with or without a unit behind the number. Empty or absent: nothing happens. */
export function putReading(
  draft: Draft,
  name: NumberField,
  raw: string | undefined,
  origin: Origin,
  reading: Reading = {},
): void {
  if (!raw?.trim() || draft.fields[name]) return;
  const value = siValue(name, raw, reading);
  if (value === undefined)
    warn(draft, 'not_a_number', `${origin}: "${cleanText(raw).slice(0, 60)}" is no ${name}; left out`);
  else putNumber(draft, name, value, origin);
}

export function putAcquired(draft: Draft, value: string, zone: string, origin: Origin): void {
  draft.fields.acquired_at ??= { value, zone, origin };
}

export function finish(draft: Draft, format: string): InstrumentHeader {
  const fields: HeaderFields = {};
  for (const name of ORDER) if (draft.fields[name]) Object.assign(fields, { [name]: draft.fields[name] });
  return { ...draft, format, fields };
}

function siValue(name: NumberField, raw: string, reading: Reading): number | undefined {
  const quantity = parseQuantity(raw);
  if (!quantity) return undefined;
  if (quantity.unit === '') {
    const value = valueOf(quantity, reading.power ?? 0);
    return reading.radians && value !== undefined ? (value * 180) / Math.PI : value;
  }
  const unit = name === 'magnification' ? 'x' : UNITS[name];
  return unit === 'px' || unit === null ? undefined : inUnit(quantity, unit);
}
