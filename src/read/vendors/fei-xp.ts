// Legacy FEI (xP, Sirion, Strata): INI text [DatabarData] in tag 34680. Reads only what has a known unit: stage numbers, tilt, spot and the
// detector's number stay out. The same tag holds base64 XML in Auto Slice & View files; that is not for this parser.

import type { InstrumentHeader } from '../../domain/header.ts';
import { putStoredSize } from '../header-area.ts';
import { finish, newDraft, putNumber, putReading, putText, warn } from '../header-fields.ts';
import { pageWithTag, tagText, type HeaderInput } from '../header-input.ts';
import { findTextBlock } from '../header-tail.ts';
import { hasSection, iniValue, parseIni, type Ini } from '../ini.ts';
import { parseNumber } from '../number.ts';
import { VENDOR, warnOfDamage } from './fei.ts';
import { vendor } from './vendor.ts';

const TAG = 34680;
const MARK = '[DatabarData]';

type Found = { ini: Ini; where: string; page: number; tail: boolean };

export const feiXp = vendor<Found>(
  'fei',
  (input) => {
    const tagged = pageWithTag(input, TAG);
    const text = tagged && tagText(input, tagged.ifd, TAG);
    return tagged && text?.includes(MARK)
      ? { ini: parseIni(text), where: `tiff:${TAG}`, page: tagged.page, tail: false }
      : undefined;
  },
  parse,
);

export const feiXpTail = vendor<Found>(
  'fei',
  (input) => {
    const text = findTextBlock(input.source, MARK);
    const ini = text && parseIni(text);
    return ini && hasSection(ini, 'Vector') ? { ini, where: 'text', page: 0, tail: true } : undefined;
  },
  parse,
);

function parse(input: HeaderInput, { ini, where, page, tail }: Found): InstrumentHeader {
  const draft = newDraft(page);
  const read = (field: Parameters<typeof putReading>[1], section: string, key: string, power = 0): void =>
    putReading(draft, field, iniValue(ini, section, key), `${where} [${section}] ${key}`, { power });
  putText(draft, 'vendor', VENDOR, `${where} ${MARK}`);
  read('accelerating_voltage_V', 'Vector', 'HighTension');
  read('accelerating_voltage_V', 'DatabarData', 'flAccV');
  // flMagn of [DatabarData] is not the magnification
  read('magnification', 'Vector', 'Magnification');
  read('working_distance_m', 'DatabarData', 'flWD', -3);
  read('working_distance_m', 'Vector', 'FWD', -3);
  const rotation = parseNumber(iniValue(ini, 'Vector', 'ScanRotation'));
  const origin = `${where} [Vector] ScanRotation`;
  // no unit is written: 0 is 0 in any, and more than a full turn in radians can only be degrees
  if (rotation === 0 || Math.abs(rotation ?? 0) > 6.3)
    putNumber(draft, 'scan_rotation_deg', rotation, origin);
  else if (rotation !== undefined)
    warn(draft, 'unit_unknown', `${origin} = ${rotation} may be degrees or radians; left out`);
  putStoredSize(draft, input);
  warnOfDamage(draft, input, tail, page);
  return finish(draft, 'fei');
}
