// What several renderings say of a record in the same words: title, sentences, dates, licence, header values. Pure.

import { categoryTitle } from '../domain/categories.ts';
import type { AcquiredAt, HeaderFields, Origin, Unit } from '../domain/header.ts';
import { labelTitle } from '../domain/label.ts';
import { statusOf } from '../domain/publish.ts';
import { NO_INSTRUMENT, recordId, type Owner, type ShownRecord } from './record.ts';

/** UCUM codes of our units; a pixel has none but an annotation. */
export const UCUM: Record<NonNullable<Unit>, string> = {
  V: 'V',
  A: 'A',
  m: 'm',
  s: 's',
  Pa: 'Pa',
  deg: 'deg',
  px: '{pixel}',
};

export type HeaderValue = {
  field: keyof HeaderFields;
  /** for people: `accelerating voltage` */
  name: string;
  value: string | number;
  unit: Unit;
  origin: Origin;
};

/** Without the time of acquisition, which is a date of the record. */
export function headerValues({ header }: ShownRecord): HeaderValue[] {
  return Object.entries(header?.fields ?? {}).flatMap(([name, value]) => {
    if ('zone' in value) return [];
    const field = name as keyof HeaderFields;
    return [{ field, name: name.replace(/_(V|A|m|px|deg|Pa|s)$/, '').replaceAll('_', ' '), ...value }];
  });
}

/** The file's name where it may be known. */
export const titleOf = (record: ShownRecord): string => record.acquired.name ?? describedAs(record);

const describedAs = ({ label, acquired }: ShownRecord): string =>
  `SEM image, ${labelTitle(label)}, ${acquired.sha256.slice(0, 12)}`;

/** What it shows, and who or what says so. */
export function describe(record: ShownRecord): string {
  const { label, classification: c } = record;
  const by = label.by ? `, by ${label.by}` : '';
  const machine = c
    ? `; model ${c.model.name}: ${categoryTitle(c.category)} with score ${c.score.toFixed(2)}`
    : '';
  const second = label.second ? `, also ${categoryTitle(label.second)}` : '';
  return `SEM image, ${labelTitle(label)}${second} (${label.basis.replaceAll('_', ' ')}${by})${machine}`;
}

/** How the label came about, exactly. */
export function describeMethod({ classification: c, label }: ShownRecord): string {
  const status = `Label status: ${statusOf(label)} (basis ${label.basis}).`;
  if (!c) return status;
  const { auto, prompt, version } = c.thresholds;
  return `${status} Scores by model ${c.model.name} (head SHA-256 ${c.model.head}, backbone ${c.model.backbone.name}), decision ${c.decision} by thresholds version ${version} (auto ${auto}, prompt ${prompt}).`;
}

/** `accelerating voltage 15000 V (tiff:34682 [EBeam] HV); ...`; undefined where the header says nothing. */
export function describeHeader(record: ShownRecord): string | undefined {
  const values = headerValues(record).map(
    ({ name, value, unit, origin }) => `${name} ${value}${unit ? ` ${unit}` : ''} (${origin})`,
  );
  return values.length > 0 ? values.join('; ') : undefined;
}

/** Undefined in a record that no service made. */
export const instrumentOf = ({ instrument }: ShownRecord): string | undefined =>
  instrument.name === NO_INSTRUMENT ? undefined : instrument.name;

/** Of records made before they had an owner too. */
export function ownerOf({ owner, facts }: ShownRecord): Owner | undefined {
  return owner ?? (facts?.operator ? { name: facts.operator.value } : undefined);
}

/** Who answered, where that may be known. */
export const personOf = ({ label }: ShownRecord): string | undefined =>
  label.basis === 'answer' ? label.by : undefined;

/** With its zone where the header tells it; undefined where the value is no date. */
export function acquiredDate({ value, zone }: AcquiredAt): string | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?$/.test(value)) return undefined;
  if (!value.includes('T')) return value;
  return value + (zone === 'utc' ? 'Z' : /^[+-]\d\d:\d\d$/.test(zone) ? zone : '');
}

/** As W3CDTF and `xsd:dateTime` with zone want it: without zone only the day is sure. */
export function acquiredDay(at: AcquiredAt): string | undefined {
  const date = acquiredDate(at);
  return date && (/(Z|[+-]\d\d:\d\d)$/.test(date) ? date : date.slice(0, 10));
}

const isAddress = (text: string): boolean => /^https?:\/\//.test(text);

/** Of an SPDX identifier too. */
export const licenceAddress = (licence: string): string =>
  isAddress(licence) ? licence : `https://spdx.org/licenses/${encodeURIComponent(licence)}`;

/** Undefined for a licence that is only an address. */
export const spdxOf = (licence: string): string | undefined => (isAddress(licence) ? undefined : licence);

/** Of another image of the same facility, by its SHA-256; undefined where this record is not identified as its facility says. */
export function idOfOther(record: ShownRecord, sha256: string): string | undefined {
  const { sha256: own } = record.acquired;
  const key = [record.facility?.ror ?? '', ''].find((one) => recordId(own, one) === record.id);
  return key === undefined ? undefined : recordId(sha256, key);
}
