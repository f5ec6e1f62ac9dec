// Fields of an instrument header as people read them: their names in words, values with SI prefix and unit. Pure.

import type { ImageView } from './api.ts';
import { grouped, si, THIN } from '../../domain/amounts.ts';

const TITLES: Record<string, string> = {
  vendor: 'Vendor', instrument_model: 'Instrument model', serial_number: 'Serial number', software_version: 'Software',
  detector: 'Detector', signal: 'Signal', user_name: 'User', sample_name: 'Sample name',
  accelerating_voltage_V: 'Accelerating voltage', beam_current_A: 'Beam current', magnification: 'Magnification',
  working_distance_m: 'Working distance', pixel_size_x_m: 'Pixel width', pixel_size_y_m: 'Pixel height',
  image_width_px: 'Width', image_height_px: 'Height', stage_x_m: 'Stage x', stage_y_m: 'Stage y', stage_z_m: 'Stage z',
  stage_tilt_deg: 'Stage tilt', stage_rotation_deg: 'Stage rotation', chamber_pressure_Pa: 'Chamber pressure',
  dwell_time_s: 'Dwell time', scan_rotation_deg: 'Scan rotation', acquired_at: 'Acquired',
}; // prettier-ignore

export type Row = { name: string; value: string; origin: string };

export function headerRows({ header, fieldOfView, facts }: ImageView): Row[] {
  const named = ['operator', 'project', 'sample'].flatMap((name) => {
    const field = facts[name];
    return field ? [{ name: name[0]!.toUpperCase() + name.slice(1), value: String(field.value), origin: field.origin }] : [];
  }); // prettier-ignore
  const fields = Object.entries(header?.fields ?? {}).map(([name, { value, unit, zone, origin }]) => ({
    name: TITLES[name] ?? name,
    value: valueWords(name, value, unit, zone),
    origin,
  }));
  const width = fieldOfView && { name: 'Field of view', value: valueWords('', fieldOfView.value, fieldOfView.unit), origin: fieldOfView.origin }; // prettier-ignore
  return [...named, ...fields, ...(width ? [width] : [])];
}

function valueWords(name: string, value: string | number, unit?: string | null, zone?: string): string {
  if (name === 'acquired_at') {
    const local = zone === undefined || zone === 'unknown' || zone === 'local';
    return `${String(value).replace('T', ' ')}, ${local ? 'instrument time' : zone}`;
  }
  if (typeof value === 'string') return value;
  if (name === 'magnification') return `${grouped(value)}${THIN}×`;
  if (unit === 'px') return `${grouped(value)}${THIN}px`;
  return unit ? si(value, unit) : String(value);
}
