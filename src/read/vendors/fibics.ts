// Fibics Atlas and NPVE on Zeiss columns: XML in tag 51023, Latin-1. The voltage stands only in the aperture's name and is offered as derived.
// Facts: vendor-headers.md section 3.

import type { InstrumentHeader, NumberField } from '../../domain/header.ts';
import { putStoredSize } from '../header-area.ts';
import { finish, newDraft, putAcquired, putNumber, putReading, putText } from '../header-fields.ts';
import { pageWithTag, tagText, type HeaderInput } from '../header-input.ts';
import { isoLocal, readClock, readDate } from '../header-time.ts';
import { flattenXml, xmlValue, type FlatXml } from '../header-xml.ts';
import { vendor } from './vendor.ts';

const TAG = 51023;

/** Power of ten of the unit where the element has no `units`: µm for lengths. */
const NUMBERS: readonly (readonly [NumberField, string, number])[] = [
  ['working_distance_m', 'Scan/Focus', 0],
  ['pixel_size_x_m', 'Scan/Ux', -6],
  ['stage_x_m', 'Stage/X', -6],
  ['stage_y_m', 'Stage/Y', -6],
  ['stage_z_m', 'Stage/Z', -6],
  ['stage_tilt_deg', 'Stage/Tilt', 0],
  ['stage_rotation_deg', 'Stage/Rot', 0],
  ['dwell_time_s', 'Scan/Dwell', -9],
  ['scan_rotation_deg', 'Scan/ScanRot', 0],
];

export const fibics = vendor<{ xml: FlatXml; page: number }>(
  'fibics',
  (input) => {
    const tagged = pageWithTag(input, TAG);
    const text = tagged && tagText(input, tagged.ifd, TAG);
    return tagged && text?.includes('<Fibics') ? { xml: flattenXml(text), page: tagged.page } : undefined;
  },
  parse,
);

function parse(input: HeaderInput, { xml, page }: { xml: FlatXml; page: number }): InstrumentHeader {
  const draft = newDraft(page);
  const get = (path: string): string | undefined => xmlValue(xml, `Fibics/${path}`);
  const origin = (path: string): string => `tiff:${TAG} ${path}`;
  putText(draft, 'vendor', 'Zeiss/Fibics Atlas', `tiff:${TAG} tag`);
  putText(draft, 'instrument_model', get('Image/Machine'), origin('Image/Machine'));
  putText(draft, 'software_version', get('Application/Version'), origin('Application/Version'));
  putText(draft, 'detector', get('Image/Detector'), origin('Image/Detector'));
  const [day = '', time = ''] = (get('Application/Date') ?? '').split('T');
  const zone = /(Z|[-+]\d\d:\d\d)$/.exec(time)?.[1];
  const date = readDate(day).certain;
  const clock = readClock(zone ? time.slice(0, -zone.length) : time);
  if (date && clock)
    putAcquired(
      draft,
      isoLocal(date, clock),
      zone === 'Z' ? 'utc' : (zone ?? 'local'),
      origin('Application/Date'),
    );
  for (const [field, path, power] of NUMBERS) {
    const units = get(`${path}@units`);
    putReading(draft, field, units ? `${get(path) ?? ''} ${units}` : get(path), origin(path), { power });
  }
  // Vy is negative: the image's y points down
  putReading(draft, 'pixel_size_y_m', get('Scan/Vy')?.replace(/^-/, ''), origin('Scan/Vy'), { power: -6 });
  const volts = /\(([\d.]+) kV\)/.exec(get('Image/Aperture') ?? '')?.[1];
  if (volts) putNumber(draft, 'accelerating_voltage_V', Number(volts) * 1000, 'derived');
  putStoredSize(draft, input);
  return finish(draft, 'fibics');
}
