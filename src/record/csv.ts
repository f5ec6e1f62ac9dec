// The record as one row of comma-separated values (RFC 4180), units in the names of the columns, each header value with its origin behind it. Pure.

import { CATEGORIES } from '../domain/categories.ts';
import { statusOf } from '../domain/publish.ts';
import { landingUrl, type RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';
import { instrumentOf, ownerOf, personOf } from './said.ts';

type Value = string | number | undefined;
type Column = [name: string, value: (record: ShownRecord, context: RenderContext) => Value];

const HEADER = [
  'vendor',
  'instrument_model',
  'serial_number',
  'software_version',
  'detector',
  'signal',
  'accelerating_voltage_V',
  'beam_current_A',
  'magnification',
  'working_distance_m',
  'pixel_size_x_m',
  'pixel_size_y_m',
  'stage_x_m',
  'stage_y_m',
  'stage_z_m',
  'stage_tilt_deg',
  'stage_rotation_deg',
  'chamber_pressure_Pa',
  'dwell_time_s',
  'scan_rotation_deg',
  'acquired_at',
] as const;

const COLUMNS: Column[] = [
  ['id', (r) => r.id],
  ['revision', (r) => r.revision],
  ['landing_page', (r, context) => landingUrl(r.id, context)],
  ['sha256', (r) => r.acquired.sha256],
  ['bytes', (r) => r.acquired.bytes],
  ['media_type', (r) => r.acquired.mediaType],
  ['name', (r) => r.acquired.name],
  ['label', (r) => r.label.kind],
  ['category', (r) => r.label.category],
  ['category_iri', (r) => r.label.categoryIri],
  ['second_category', (r) => r.label.second],
  ['status', (r) => statusOf(r.label)],
  ['basis', (r) => r.label.basis],
  ['confirmed_by', personOf],
  ['labelled_at', (r) => r.label.at],
  ['decision', (r) => r.classification?.decision],
  ['top_category', (r) => r.classification?.category],
  ['top_score', (r) => r.classification?.score],
  ...CATEGORIES.map((one): Column => [`score_${one}`, (r) => r.classification?.scores[one]]),
  ['thresholds_version', (r) => r.classification?.thresholds.version],
  ['model', (r) => r.classification?.model.name],
  ['model_head_sha256', (r) => r.classification?.model.head],
  ['instrument', instrumentOf],
  ['instrument_pid', (r) => r.instrument.pid],
  ['image_width_px', (r) => r.picture?.width],
  ['image_height_px', (r) => r.picture?.height],
  ['scan_area_height_px', (r) => r.picture?.scanArea.height],
  ...HEADER.flatMap((name): Column[] => [
    [name, (r) => r.header?.fields[name]?.value],
    [`${name}_origin`, (r) => r.header?.fields[name]?.origin],
  ]),
  ['acquired_at_zone', (r) => r.header?.fields.acquired_at?.zone],
  ['aligned_fraction', (r) => r.alignment?.alignedFraction?.value],
  ['orientation_deg', (r) => r.alignment?.orientation?.value],
  ['creator', (r) => ownerOf(r)?.name],
  ['creator_orcid', (r) => ownerOf(r)?.orcid],
  ['project', (r) => r.project?.name ?? r.facts?.project?.value],
  ['funder', (r) => r.project?.funder],
  ['award', (r) => r.project?.award],
  ['sample', (r) => r.facts?.sample?.value],
  ['facility', (r) => r.facility?.name],
  ['facility_ror', (r) => r.facility?.ror],
  ['licence', (r) => r.rights?.licence],
  ['rights_holder', (r) => r.rights?.holder],
  ['part_of', (r) => r.partOf?.id],
  ['supersedes_sha256', (r) => r.relations.supersedes],
  ['superseded_by_sha256', (r) => r.relations.supersededBy],
];

/** Without line end, as rows are. */
export const csvHeader: string = COLUMNS.map(([name]) => name).join(',');

export function csvRow(record: ShownRecord, context: RenderContext): string {
  return COLUMNS.map(([, value]) => cell(value(record, context))).join(',');
}

/** A spreadsheet takes text that begins like a formula for one: names and samples are anybody's, so such text gets an apostrophe in front. */
function cell(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
