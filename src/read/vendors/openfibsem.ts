// OpenFIBSEM: JSON in ImageDescription, SI units, angles in radians, time as seconds of the Unix epoch, so UTC. Reads the beam that made the
// image. Facts: vendor-headers.md sections 1 and 9.

import type { InstrumentHeader, NumberField } from '../../domain/header.ts';
import { putStoredSize } from '../header-area.ts';
import { finish, newDraft, putAcquired, putNumber, putText } from '../header-fields.ts';
import { pageWithTag, tagText, type HeaderInput } from '../header-input.ts';
import { vendor } from './vendor.ts';

const TAG = 270;
type Json = Record<string, unknown>;

export const openfibsem = vendor<{ json: Json; page: number }>(
  'openfibsem',
  (input) => {
    const tagged = pageWithTag(input, TAG);
    const text = tagged && tagText(input, tagged.ifd, TAG);
    if (!tagged || !text?.startsWith('{') || !text.includes('"microscope_state"')) return undefined;
    const json = parseJson(text);
    return json ? { json, page: tagged.page } : undefined;
  },
  parse,
);

function parse(input: HeaderInput, { json, page }: { json: Json; page: number }): InstrumentHeader {
  const draft = newDraft(page);
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((o, key) => (isJson(o) ? o[key] : undefined), json);
  const text = (path: string): string | undefined =>
    typeof at(path) === 'string' ? String(at(path)) : undefined;
  const origin = (path: string): string => `tiff:${TAG} ${path}`;
  const beam = /ion/i.test(text('image.beam_type') ?? '') ? 'ion' : 'electron';
  const numbers: [NumberField, string, number?][] = [
    ['accelerating_voltage_V', `microscope_state.${beam}_beam.voltage`],
    ['beam_current_A', `microscope_state.${beam}_beam.beam_current`],
    ['working_distance_m', `microscope_state.${beam}_beam.working_distance`],
    ['pixel_size_x_m', 'pixel_size.x'],
    ['pixel_size_y_m', 'pixel_size.y'],
    ['stage_x_m', 'microscope_state.stage_position.x'],
    ['stage_y_m', 'microscope_state.stage_position.y'],
    ['stage_z_m', 'microscope_state.stage_position.z'],
    ['stage_tilt_deg', 'microscope_state.stage_position.t', 180 / Math.PI],
    ['stage_rotation_deg', 'microscope_state.stage_position.r', 180 / Math.PI],
    ['dwell_time_s', `microscope_state.${beam}_beam.dwell_time`],
    ['scan_rotation_deg', `microscope_state.${beam}_beam.scan_rotation`, 180 / Math.PI],
  ];
  putText(draft, 'vendor', 'OpenFIBSEM', `tiff:${TAG}`);
  putText(draft, 'instrument_model', text('system.info.model'), origin('system.info.model'));
  putText(draft, 'serial_number', text('system.info.serial_number'), origin('system.info.serial_number'));
  putText(
    draft,
    'software_version',
    text('system.info.fibsem_version'),
    origin('system.info.fibsem_version'),
  );
  putText(draft, 'detector', text(`microscope_state.${beam}_detector.type`), origin(`${beam}_detector.type`));
  putText(draft, 'signal', text(`microscope_state.${beam}_detector.mode`), origin(`${beam}_detector.mode`));
  putText(draft, 'user_name', text('user.name'), origin('user.name'));
  for (const [field, path, factor] of numbers) {
    const value = at(path);
    if (typeof value === 'number') putNumber(draft, field, value * (factor ?? 1), origin(path));
  }
  const epoch = at('microscope_state.timestamp');
  if (typeof epoch === 'number' && epoch > 0 && epoch < 4e9)
    putAcquired(draft, isoUtc(epoch), 'utc', origin('timestamp'));
  putStoredSize(draft, input);
  return finish(draft, 'openfibsem');
}

/** With the microseconds that JavaScript's dates do not have. */
function isoUtc(epoch: number): string {
  const micros = Math.round((epoch % 1) * 1e6);
  const whole = new Date(Math.floor(epoch) * 1000 + (micros === 1e6 ? 1000 : 0)).toISOString().slice(0, 19);
  return micros % 1e6 === 0 ? whole : `${whole}.${String(micros).padStart(6, '0')}`;
}

function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
