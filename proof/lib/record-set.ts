// The records that the proof `record` renders: one of each image that can be read, as a facility that says nothing and as one that says all would have it, each whole and as harvesters get it.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { imageFiles } from '../../src/cli/image-files.ts';
import { fileRecords } from '../../src/cli/file-record.ts';
import { PUBLIC_FIELDS } from '../../src/domain/publish.ts';
import { aboutOf } from '../../src/record/house.ts';
import { publicRecord } from '../../src/record/public.ts';
import { recordId, type SemRecord, type ShownRecord } from '../../src/record/record.ts';
import { categoryIri } from '../../src/record/vocabulary.ts';

const IMAGE = /\.(tiff?|png|jpe?g|bmp)$/i;
/** Of nobody, and no part of a serial number. */
const ROR = 'https://ror.org/0semtag27';

export type Kind = 'bare' | 'told' | 'public' | 'public, all allowed';
/** `path`: of the image; `whole`: the record that it is part of */
export type Made = { path: string; kind: Kind; whole: SemRecord; record: ShownRecord };

/** `refused`: files that are no image or cannot be decoded, with the reason. */
export async function recordsOf(paths: string[]): Promise<{ made: Made[]; refused: [path: string, why: string, code: string][] }> {
  const made: Made[] = [];
  const refused: [string, string, string][] = [];
  const records = await fileRecords(undefined);
  try {
    for (const file of imageFiles(paths)) {
      try {
        const bare = await records.of(file, 'acquired');
        const told = toldOf(bare, made.length);
        const one = (kind: Kind, whole: SemRecord, record: ShownRecord = whole) => made.push({ path: file.file, kind, whole, record });
        one('bare', bare);
        one('told', told);
        one('public', told, publicRecord(told, []));
        one('public, all allowed', told, publicRecord(told, PUBLIC_FIELDS));
      } catch (error) {
        const { message, code = '' } = error as Error & { code?: string };
        refused.push([file.file, message, code]);
      }
    }
  } finally {
    records.close();
  }
  return { made, refused };
} // prettier-ignore

export const imagesIn = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => IMAGE.test(name))
    .sort()
    .map((name) => join(dir, name));

/** As a service with all of `facility` in its config has it; a person answered every second image, in two categories. */
function toldOf(bare: SemRecord, n: number): SemRecord {
  const origin = 'path';
  const facts = {
    operator: { value: bare.facts.operator?.value ?? 'Anna <Example> & Co', unit: null, origin },
    project: { value: 'GaAs "wires"', unit: null, origin },
    sample: bare.facts.sample ?? { value: 'Wafer 12 / piece 3', unit: null, origin },
  };
  const facility = {
    name: 'Example Electron Microscopy Centre',
    ror: ROR,
    licence: 'CC-BY-4.0',
    rightsHolder: 'Example University',
    people: [{ name: facts.operator.value, orcid: 'https://orcid.org/0000-0002-1825-0097', affiliation: 'Institute of Example Wires' }],
    projects: [{ name: facts.project.value, title: 'Growth of GaAs nanowires', funder: 'Example Foundation', award: 'EX-2026-17', links: ['https://eln.example.org/experiments/17', 'https://doi.org/10.5072/example'] }],
    fields: { room: 'B 0.17', technique: 'scanning electron microscopy' },
  };
  const instruments = [{ name: 'SEM 1', zone: 'Europe/Berlin', pid: 'https://doi.org/10.5072/instrument-1' }];
  const answered = n % 8 === 0;
  const label: SemRecord['label'] = answered
    ? { kind: 'category', category: 'Nanowires', categoryIri: categoryIri('Nanowires'), second: 'Tips', secondIri: categoryIri('Tips'), status: 'confirmed', basis: 'answer', by: 'Wendelin Answerer', at: '2026-01-02T03:04:06.000Z', note: 'as <ever>' }
    : bare.label;
  const { sha256, name } = bare.acquired;
  return {
    ...bare,
    ...aboutOf({ facility, instruments }, 'SEM 1', facts),
    id: recordId(sha256, ROR),
    facts,
    label,
    acquired: { ...bare.acquired, files: [{ instrument: 'SEM 1', path: `anna/${name}` }] },
    partOf: { kind: 'detectors', id: recordId(sha256, 'of an acquisition'), name },
    relations: { supersedes: sha256.split('').reverse().join('') },
  };
} // prettier-ignore

/** What the instrument, the facility's folders and its config say of persons, things and places, and nobody allowed. Short texts are parts of everything. */
export function secretsOf({ acquired, header, facts, label, owner, project, fields, partOf }: SemRecord): string[] {
  const { user_name, serial_number, sample_name, software_version } = header?.fields ?? {};
  const texts = [acquired.name, user_name?.value, serial_number?.value, sample_name?.value, software_version?.value, facts.operator?.value, facts.sample?.value, facts.project?.value, label.basis === 'answer' ? label.by : undefined, label.note,
    ...acquired.files.map(({ path }) => path), partOf?.name, owner?.name, owner?.orcid, owner?.orcid?.slice(-19), owner?.affiliation, project?.name, project?.title, project?.funder, project?.award, ...(project?.links ?? []), ...Object.values(fields ?? {}), ...(header?.warnings ?? []).map(({ message }) => message)];
  return [...new Set(texts.filter((text): text is string => text !== undefined && text.length >= 4))];
} // prettier-ignore
