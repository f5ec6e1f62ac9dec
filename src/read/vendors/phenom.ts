// Phenom: XML <FeiImage> in the EXIF block of a JPEG or under an FEI tag of a TIFF. Reports the voltage's size, which is written negative;
// leaves the scan rotation out, whose unit is not written. Facts: vendor-headers.md section 7.

import type { InstrumentHeader } from '../../domain/header.ts';
import { putBar, putStoredSize } from '../header-area.ts';
import { finish, newDraft, putAcquired, putNumber, putReading, putText } from '../header-fields.ts';
import { tagText, type HeaderInput } from '../header-input.ts';
import { findTextBlock } from '../header-tail.ts';
import { isoLocal, readClock, readDate } from '../header-time.ts';
import { flattenXml, xmlValue, type FlatXml } from '../header-xml.ts';
import { inUnit, parseNumber, parseQuantity } from '../number.ts';
import { vendor } from './vendor.ts';

const ROOT = '<FeiImage';
/** In the EXIF of a JPEG no tag is fixed for it: the start of the file is searched, where EXIF lies. */
const TAGS = [34680, 34682, 34683, 37500, 270];

export const phenom = vendor<{ xml: FlatXml; page: number }>(
  'phenom',
  (input) => {
    const text = textOf(input);
    return text ? { xml: flattenXml(text.text.slice(text.text.indexOf(ROOT))), page: text.page } : undefined;
  },
  parse,
);

function textOf(input: HeaderInput): { text: string; page: number } | undefined {
  for (const [page, ifd] of (input.tiff?.ifds ?? []).entries())
    for (const tag of TAGS) {
      const text = tagText(input, ifd, tag);
      if (text?.includes(ROOT)) return { text, page };
    }
  const text = input.mediaType === 'image/jpeg' ? findTextBlock(input.source, ROOT) : undefined;
  return text ? { text, page: 0 } : undefined;
}

function parse(input: HeaderInput, { xml, page }: { xml: FlatXml; page: number }): InstrumentHeader {
  const draft = newDraft(page);
  const get = (path: string): string | undefined => xmlValue(xml, `FeiImage/${path}`);
  const origin = (path: string): string => `xml FeiImage/${path}`;
  const withUnit = (path: string): string | undefined => {
    const [value, unit] = [get(path), get(`${path}@unit`)];
    return value && unit ? `${value} ${unit}` : value;
  };
  putText(draft, 'vendor', 'Phenom', origin('instrument/type'));
  putText(draft, 'instrument_model', get('instrument/type'), origin('instrument/type'));
  putText(draft, 'serial_number', get('instrument/uniqueID'), origin('instrument/uniqueID'));
  putText(draft, 'software_version', get('instrument/softwareVersion'), origin('instrument/softwareVersion'));
  const detectors = [...xml.keys()].flatMap(
    (key) => /^FeiImage\/acquisition\/scan\/detectors\/(\w+)/.exec(key)?.[1] ?? [],
  );
  putText(draft, 'detector', [...new Set(detectors)].join('+'), origin('acquisition/scan/detectors'));
  const [day = '', time = ''] = (get('time') ?? '').split('T');
  const date = readDate(day).certain;
  const clock = readClock(time);
  if (date) putAcquired(draft, isoLocal(date, clock), clock ? 'local' : 'date-only', origin('time'));
  const voltage = parseQuantity(withUnit('acquisition/scan/highVoltage') ?? '');
  const volts = voltage && inUnit(voltage, 'V');
  if (volts)
    putNumber(draft, 'accelerating_voltage_V', Math.abs(volts), origin('acquisition/scan/highVoltage'));
  putReading(draft, 'working_distance_m', withUnit('workingDistance'), origin('workingDistance'), {
    power: -3,
  });
  putReading(draft, 'pixel_size_x_m', withUnit('pixelWidth'), origin('pixelWidth'), { power: -6 });
  putReading(draft, 'pixel_size_y_m', withUnit('pixelHeight'), origin('pixelHeight'), { power: -6 });
  putReading(
    draft,
    'dwell_time_s',
    withUnit('acquisition/scan/dwellTime'),
    origin('acquisition/scan/dwellTime'),
    { power: -9 },
  );
  putReading(draft, 'stage_x_m', get('samplePosition/x'), origin('samplePosition/x'));
  putReading(draft, 'stage_y_m', get('samplePosition/y'), origin('samplePosition/y'));
  const bar = parseNumber(get('databarHeight'));
  if (bar !== undefined) putBar(draft, input, bar, origin('databarHeight'));
  putStoredSize(draft, input);
  return finish(draft, 'phenom');
}
