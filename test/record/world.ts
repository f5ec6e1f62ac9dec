// A record of everything that a record can hold, each text of it said nowhere else, so that it is found wherever it goes.

import { CATEGORIES } from '../../src/domain/categories.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import { RECORD_SCHEMA, recordId, type SemRecord } from '../../src/record/record.ts';
import { categoryIri } from '../../src/record/vocabulary.ts';

export const SHA256 = 'c'.repeat(64);
export const ROR = 'https://ror.org/012345678';
const ORIGIN = 'tiff:34682 [EBeam] HV';

const text = (value: string, origin = ORIGIN) => ({ value, unit: null, origin });
const number = (value: number, unit: 'V' | 'A' | 'm' | 's' | 'Pa' | 'deg' | 'px' | null) => ({ value, unit, origin: ORIGIN }); // prettier-ignore

/** What must not go out, by the field that would let it. */
export const SECRETS = {
  operator: 'Qadira Operatrix',
  orcid: 'https://orcid.org/0000-0002-1825-0097',
  affiliation: 'Institute of Qoldness',
  by: 'Wendelin Answerer',
  note: 'the note of Xaver',
  project: 'Projektil Geheim',
  title: 'Growth of secret whiskers',
  funder: 'Quiet Foundation',
  award: 'QF-2026-99',
  link: 'https://eln.example.org/secret/17',
  sample: 'Sample Zinnober 12',
  file: 'zinnober_scan_0815.tif',
  folder: 'C:\\Users\\qadira\\zinnober',
  serial: 'SN-4711-0815',
  software: 'xT 99.88.77',
  field: 'room B 0.17 behind the pump',
  cause: 'corrected by Walburga',
  warning: 'tag 65000 said Waldemar',
};
const S = SECRETS;

export function fullRecord(more: Partial<SemRecord> = {}): SemRecord {
  return {
    schema: RECORD_SCHEMA,
    id: recordId(SHA256, ROR),
    revision: 3,
    cause: S.cause,
    acquired: {
      name: S.file,
      bytes: 1_572_864,
      sha256: SHA256,
      mediaType: 'image/tiff',
      settledAt: '2026-01-02T03:04:05.000Z',
      files: [{ instrument: 'SEM 1', path: `qadira/${S.file}` }],
    },
    instrument: { name: 'SEM "one" & <two>', zone: 'Europe/Rome', pid: 'https://doi.org/10.5072/instrument-1' },
    facility: { name: 'Example Centre', ror: ROR },
    owner: { name: S.operator, orcid: S.orcid, affiliation: S.affiliation },
    project: { name: S.project, title: S.title, funder: S.funder, award: S.award, links: [S.link] },
    rights: { licence: 'CC-BY-4.0', holder: 'Example University' },
    fields: { room: S.field },
    picture: { width: 1536, height: 1103, bitsPerSample: 8, scanArea: { width: 1536, height: 1024, origin: 'tiff:34682 [Image] ResolutionY' } },
    header: {
      format: 'fei',
      fields: {
        vendor: text('FEI/Thermo Fisher'),
        instrument_model: text('Quanta FEG'),
        serial_number: text(S.serial),
        software_version: text(S.software),
        user_name: text(S.operator),
        sample_name: text(S.sample),
        detector: text('ETD'),
        signal: text('SE'),
        accelerating_voltage_V: number(15000, 'V'),
        beam_current_A: number(1.5e-10, 'A'),
        magnification: number(20000, null),
        working_distance_m: number(0.0101, 'm'),
        pixel_size_x_m: number(1.34896e-7, 'm'),
        stage_x_m: number(-0.002, 'm'),
        stage_tilt_deg: number(-0.5, 'deg'),
        chamber_pressure_Pa: number(0.00078, 'Pa'),
        dwell_time_s: number(1e-5, 's'),
        acquired_at: { value: '2020-01-02T03:04:05', zone: '+02:00', origin: 'tiff:34682 [User] Date' },
      },
      warnings: [{ code: 'unit_unknown', message: S.warning }],
    },
    facts: {
      operator: text(S.operator, 'path'),
      project: text(S.project, `operator ${S.by}`),
      sample: text(S.sample, 'path'),
    },
    classification: {
      scores: scoresOf(CATEGORIES.map((c) => (c === 'Nanowires' ? 0.91 : 0.01))),
      decision: 'auto',
      category: 'Nanowires',
      score: 0.91,
      thresholds: { version: 3, auto: 0.8, prompt: 0.35 },
      model: { name: 'bootstrap', head: 'a'.repeat(64), backbone: { name: 'lite0', sha256: 'b'.repeat(64) }, preprocessing: 'v1', engine: 'onnx', training: { images: 668, groups: 358, sha256: 'd'.repeat(64) } },
    },
    alignment: {
      alignedFraction: { value: 0.7, unit: null, origin: 'derived, measure 1' },
      orientation: { value: 12.5, unit: 'deg', origin: 'derived, measure 1' },
    },
    label: {
      kind: 'category', category: 'Nanowires', categoryIri: categoryIri('Nanowires'), second: 'Tips', secondIri: categoryIri('Tips'),
      status: 'confirmed', basis: 'answer', by: S.by, at: '2026-01-02T03:04:06.000Z', note: S.note,
    },
    partOf: { kind: 'detectors', id: 'urn:uuid:0a0a0a0a-0b0b-8c0c-8d0d-0e0e0e0e0e0e', name: 'zinnober_scan' },
    relations: { supersedes: 'e'.repeat(64) },
    ...more,
  };
} // prettier-ignore

/** What an instrument that says nothing and a facility that says nothing leave. */
export function bareRecord(): SemRecord {
  return {
    schema: RECORD_SCHEMA,
    id: recordId(SHA256),
    revision: 1,
    cause: 'acquired',
    acquired: { name: 'a.png', bytes: 1, sha256: SHA256, mediaType: 'image/png', settledAt: '2026-01-02T03:04:05Z', files: [] },
    instrument: { name: 'SEM 1' },
    facts: {},
    label: { kind: 'unlabelled', basis: 'released', by: 'semtag', at: '2026-01-02T03:04:06.000Z' },
    relations: {},
  };
} // prettier-ignore
