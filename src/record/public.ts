// The public part of a record: a new object of named things, built from an allow-list and never by taking things out. What is not named here stays inside.

import type { HeaderFields } from '../domain/header.ts';
import type { PublicField } from '../domain/publish.ts';
import type { Alignment, SemRecord, ShownRecord } from './record.ts';
import { ownerOf } from './said.ts';

export type PublicRecord = ShownRecord;

/** Header fields that say how an image was made, not by whom, of what or where. */
const SHOWN = [
  'vendor',
  'instrument_model',
  'detector',
  'signal',
  'accelerating_voltage_V',
  'beam_current_A',
  'magnification',
  'working_distance_m',
  'pixel_size_x_m',
  'pixel_size_y_m',
  'image_width_px',
  'image_height_px',
  'stage_tilt_deg',
  'chamber_pressure_Pa',
  'dwell_time_s',
  'scan_rotation_deg',
  'acquired_at',
] as const satisfies (keyof HeaderFields)[];

/**
 * `allowed`: what the facility lets out beside category, scores, measured values and instrument model. `isGiven`: whether another image is
 * public too, by its SHA-256; one that is not is not named.
 */
export function publicRecord(
  record: SemRecord,
  allowed: readonly PublicField[],
  isGiven: (sha256: string) => boolean = () => false,
): PublicRecord {
  const { schema, id, revision, acquired, instrument, label, facility, rights, picture } = record;
  const { bytes, sha256, mediaType } = acquired;
  const { kind, category, second, categoryIri, secondIri, status, basis, at } = label;
  const { supersedes, supersededBy } = record.relations;
  const shown = guard(record, allowed);
  const other = (sha256?: string) => (sha256 !== undefined && isGiven(sha256) ? sha256 : undefined);
  const may = (field: PublicField): boolean => allowed.includes(field);
  const owner = may('creator') ? shown(ownerOf(record)) : undefined;
  const project = may('project') ? shown(record.project) : undefined;
  const sample = may('sample') ? shown(record.facts.sample?.value) : undefined;
  const header = headerOf(record, allowed, shown);
  const alignment = record.alignment && alignmentOf(record.alignment, shown);
  return {
    schema,
    id,
    revision,
    acquired: { bytes, sha256, mediaType, ...given('name', may('file_name') ? shown(acquired.name) : undefined) }, // prettier-ignore
    instrument: { name: instrument.name, ...given('pid', instrument.pid) },
    ...given('facility', facility && { ...given('name', facility.name), ...given('ror', facility.ror) }),
    ...given('owner', owner && { name: owner.name, ...given('orcid', owner.orcid), ...given('affiliation', owner.affiliation) }), // prettier-ignore
    ...given('project', project),
    ...given('rights', rights && { ...given('licence', rights.licence), ...given('holder', rights.holder) }),
    ...given('picture', picture && pictureOf(picture, shown)),
    ...given('header', header),
    ...given('facts', sample === undefined ? undefined : { sample: { value: sample, unit: null, origin: kindOf(record.facts.sample!.origin) } }), // prettier-ignore
    ...given('classification', record.classification && classificationOf(record.classification)),
    ...given('alignment', alignment),
    label: {
      kind,
      basis,
      at,
      ...given('status', status),
      ...given('category', category),
      ...given('categoryIri', categoryIri),
      ...given('second', second),
      ...given('secondIri', secondIri),
      ...given('by', may('person') && basis === 'answer' ? shown(label.by) : undefined),
    },
    ...given('partOf', record.partOf && partOf(record.partOf, may('file_name'), shown)),
    relations: { ...given('supersedes', other(supersedes)), ...given('supersededBy', other(supersededBy)) },
  };
} // prettier-ignore

/** `{ key: value }`, or nothing without a value. */
function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

/** Gives a value back unless a text that is not let out stands in it. */
type Guard = <T>(value: T | undefined) => T | undefined;

function guard(record: SemRecord, allowed: readonly PublicField[]): Guard {
  // as it stands in JSON
  const kept = withheld(record, allowed).map((text) => JSON.stringify(text.toLowerCase()).slice(1, -1));
  return (value) => {
    const text = JSON.stringify(value ?? '').toLowerCase();
    return kept.some((one) => standsIn(one, text)) ? undefined : value;
  };
}

/** Letters that have a capital: other scripts write whole names in two. */
const INITIALS = /^[\p{Ll}\p{Nd}]{1,2}$/u;

/** Initials stand inside every other word: they count where no letter is beside them, and beside a number no number. Both in lower case, as in JSON. */
function standsIn(name: string, text: string): boolean {
  if (!INITIALS.test(name)) return text.includes(name);
  const beside = /\p{Nd}/u.test(name) ? '[\\p{L}\\p{N}]' : '\\p{L}';
  return new RegExp(`(?<!${beside})${name}(?!${beside})`, 'u').test(text.replace(/\\[bfnrt]/g, ' '));
}

/** Names of persons, things and places in this record that must stand nowhere, also not inside another text. */
function withheld(record: SemRecord, allowed: readonly PublicField[]): string[] {
  const { acquired, header, facts, project, label, partOf } = record;
  const { user_name, serial_number, sample_name, software_version } = header?.fields ?? {};
  const names: [PublicField | undefined, (string | undefined)[]][] = [
    ['creator', [user_name?.value, facts.operator?.value, record.owner?.name]],
    ['person', [label.basis === 'answer' ? label.by : undefined]],
    ['project', [facts.project?.value, project?.name]],
    ['sample', [sample_name?.value, facts.sample?.value]],
    ['file_name', [acquired.name, partOf?.name]],
    ['serial_number', [serial_number?.value]],
    ['software', [software_version?.value]],
    [undefined, [label.note, ...acquired.files.map(({ path }) => path), ...Object.values(record.fields ?? {})]],
  ]; // prettier-ignore
  const letOut = names.flatMap(([field, texts]) => (field && allowed.includes(field) ? texts : []));
  return names
    .flatMap(([field, texts]) => (field && allowed.includes(field) ? [] : texts))
    .filter((text): text is string => text !== undefined && text.trim() !== '' && !letOut.includes(text));
}

/** Vendors write what they like: a path or an address has no place among the names of detectors. */
const PLACE = /[\\@]|\/.*\/|^\s*[/~]|^\s*[a-z]:|:\/\//i;

function headerOf(record: SemRecord, allowed: readonly PublicField[], shown: Guard): ShownRecord['header'] {
  const { header } = record;
  if (!header) return undefined;
  const names: (keyof HeaderFields)[] = [
    ...SHOWN,
    ...(allowed.includes('serial_number') ? (['serial_number'] as const) : []),
    ...(allowed.includes('software') ? (['software_version'] as const) : []),
  ];
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    const field = header.fields[name];
    if (!field) continue;
    const { value } = field;
    if (typeof value === 'string' && (PLACE.test(value) || shown(value) === undefined)) continue;
    const origin = originOf(field.origin, shown);
    fields[name] =
      'zone' in field ? { value, zone: field.zone, origin } : { value, unit: field.unit, origin };
  }
  return { format: header.format, fields };
}

/** Names a tag of the vendor's; only its kind where it says more than that. */
function originOf(origin: string, shown: Guard): string {
  const safe = /^(tiff:|xml |sidecar \$|sidecar \[|derived|pixels|model |config)/.test(origin);
  return safe && !/[\\@]/.test(origin) && shown(origin) !== undefined ? origin : kindOf(origin);
}

const kindOf = (origin: string): string => /^[a-z]+/i.exec(origin)?.[0] ?? 'unknown';

function pictureOf(
  { width, height, bitsPerSample, scanArea, frame }: NonNullable<SemRecord['picture']>,
  shown: Guard,
): NonNullable<SemRecord['picture']> {
  const area = { width: scanArea.width, height: scanArea.height, origin: originOf(scanArea.origin, shown) };
  return { width, height, bitsPerSample, scanArea: area, ...given('frame', frame) };
}

function classificationOf(
  c: NonNullable<SemRecord['classification']>,
): NonNullable<ShownRecord['classification']> {
  const { scores, decision, category, score, thresholds, model } = c;
  const { name, head, backbone, preprocessing, engine, training } = model;
  return {
    scores,
    decision,
    category,
    score,
    thresholds: { version: thresholds.version, auto: thresholds.auto, prompt: thresholds.prompt },
    model: { name, head, backbone: { name: backbone.name, sha256: backbone.sha256 }, preprocessing, engine, ...given('training', training) }, // prettier-ignore
  };
}

function alignmentOf(alignment: Alignment, shown: Guard): Alignment {
  const names = ['probability', 'globalCoherency', 'localCoherency', 'alignedFraction', 'orientation'] as const; // prettier-ignore
  const numbers = names.flatMap((name) => {
    const field = alignment[name];
    if (!field) return [];
    const { value, unit, origin } = field;
    return [[name, { value, unit, origin: originOf(origin, shown) }] as const];
  });
  return Object.fromEntries(numbers);
}

function partOf({ kind, id, name }: NonNullable<SemRecord['partOf']>, named: boolean, shown: Guard): NonNullable<ShownRecord['partOf']> {
  return { kind, id, ...given('name', named ? shown(name) : undefined) };
} // prettier-ignore
