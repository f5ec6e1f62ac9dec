// The record in the field names of the KIT/NFFA SEM metadata schema. Pure: what is not known is left out and named as missing, never invented.

import { statusOf } from '../domain/publish.ts';
import type { Field } from '../domain/header.ts';
import { landingUrl, type RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';
import { acquiredDate, instrumentOf, ownerOf, titleOf } from './said.ts';

/** `missing`: JSON pointers of what the schema requires and the record does not have. */
export type KitSem = { document: object; missing: string[] };

/** What is absent, or an object of which nothing is known. */
type Part = { [key: string]: unknown } | undefined;

export function renderKitSem(record: ShownRecord, context: RenderContext): KitSem {
  const { id, label, acquired, fields } = record;
  const landing = landingUrl(id, context);
  const purpose = fields?.['measurementPurpose'];
  const entry = part({
    technique: fields?.['technique'],
    measurementPurpose: PURPOSES.find((one) => one === purpose),
    title: titleOf(record),
    parents: parents(record),
    ...times(record),
    entryID: landing && { identifierValue: landing, identifierType: 'URL' },
    program: program(record),
    user: user(record),
    instrument: instrument(record),
  });
  const missing = required('/entry', entry, REQUIRED);
  // the root of the schema is open: what it has no place for stands under our own name
  const semtag = part({
    id,
    sha256: acquired.sha256,
    revision: record.revision,
    category: label.category,
    categoryIri: label.categoryIri,
    labelStatus: statusOf(label),
  });
  return { document: { entry, semtag }, missing };
}

/** Its closed list: what a facility says of the purpose (`facility.fields.measurementPurpose`) is taken when it is one of these. */
const PURPOSES = [
  'assessment (to given categories or values)',
  'completeness check (presence or absence of given properties)',
  'correlative characterization (dedicated sample treatment to emphasise given features)',
  'exploratory (routine check of known properties)',
  'feasibility (quick check, rough estimate)',
  'high quality measurement (precise, careful treatment)',
  'test specific hypothesis (focus only on given aspects)',
  'other (please specify in the comment)',
];

type Required = { [key: string]: Required | true };

/** `required` of the schema, for the parts that we fill. An optional part is required to be whole only where it is there, and we write it whole. */
const REQUIRED: Required = {
  technique: true,
  measurementPurpose: true,
  parents: true,
  title: true,
  endTime: true,
  program: true,
  user: { userName: true },
  instrument: {
    instrumentName: true,
    chamberPressure: true,
    eBeamSource: { accelerationVoltage: true },
    stage: { stageTiltAngle: true, eBeamWorkingDistance: true },
    imaging: { numberOfPixels: true, pixelSize: { xPixelSize: true } },
    detectors: { detector1: { detectorName: true } },
  },
};

function required(at: string, have: Part, want: Required): string[] {
  return Object.entries(want).flatMap(([key, inner]) => {
    const value = have?.[key];
    if (value === undefined) return [`${at}/${key}`];
    return inner === true ? [] : required(`${at}/${key}`, value as Part, inner);
  });
}

/** Without what is undefined; undefined where nothing is left. */
function part(values: { [key: string]: unknown }): Part {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

function parents({ facts }: ShownRecord): object[] | undefined {
  const sample = facts?.sample?.value;
  if (sample === undefined) return undefined;
  // the reference is a URI reference in either case
  return /^https?:\/\/\S+$/.test(sample)
    ? [{ parentType: 'sample', parentReferenceType: 'external URL', parentReference: encodeURI(sample) }]
    : [
        {
          parentType: 'sample',
          parentReferenceType: 'plain text',
          parentReference: encodeURIComponent(sample),
        },
      ];
}

/** The header knows one moment, when the image was there. The schema has UTC, and local time of nobody says where. */
function times({ header }: ShownRecord): { endTime?: string } {
  const at = header?.fields.acquired_at;
  const date = at && acquiredDate(at);
  if (!date || !/T\d\d:\d\d:\d\d/.test(date)) return {};
  return { endTime: /[+-]\d\d:\d\d$/.test(date) ? new Date(date).toISOString() : date };
}

function program({ header }: ShownRecord): Part {
  return part({ programVersion: header?.fields.software_version?.value });
}

function user(record: ShownRecord): Part {
  const owner = ownerOf(record);
  return (
    owner &&
    part({
      userName: owner.name,
      affiliation: owner.affiliation && { institutionName: owner.affiliation },
      ORCID: owner.orcid,
    })
  );
}

function instrument(record: ShownRecord): Part {
  const { instrument, header, picture } = record;
  const fields = header?.fields ?? {};
  const { vendor, instrument_model, detector, signal } = fields;
  const [x, y, z] = [fields.stage_x_m, fields.stage_y_m, fields.stage_z_m];
  return part({
    instrumentName: instrumentOf(record),
    instrumentID: instrument.pid && { identifierValue: instrument.pid, identifierType: 'URL' },
    instrumentManufacturer: part({ manufacturerName: vendor?.value, modelName: instrument_model?.value }),
    chamberPressure: quantity(fields.chamber_pressure_Pa, 'Pa'),
    eBeamSource: part({
      accelerationVoltage: quantity(fields.accelerating_voltage_V, 'V'),
      beamCurrent: quantity(fields.beam_current_A, 'A'),
    }),
    stage: part({
      coordinates: x && part({ xValue: x.value, yValue: y?.value, zValue: z?.value, coordinatesUnit: 'm' }),
      stageTiltAngle: quantity(fields.stage_tilt_deg, 'degree'),
      eBeamWorkingDistance: quantity(fields.working_distance_m, 'm'),
    }),
    imaging: part({
      numberOfPixels: picture && { xPixels: picture.scanArea.width, yPixels: picture.scanArea.height },
      pixelSize: part({
        xPixelSize: quantity(fields.pixel_size_x_m, 'm'),
        yPixelSize: quantity(fields.pixel_size_y_m, 'm'),
      }),
      dwellTime: quantity(fields.dwell_time_s, 's'),
    }),
    detectors: detector && {
      detector1: part({ detectorName: detector.value, detectorType: signal?.value }),
    },
  });
}

/** The schema has no place for an origin but `notes`. */
const quantity = (field: Field<number> | undefined, unit: string): Part =>
  field && { value: field.value, unit, notes: field.origin };
