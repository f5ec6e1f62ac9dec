// The record: the FAIR metadata of one revision of one image, one canonical JSON. Pure: the same facts give the same bytes.

import { createHash } from 'node:crypto';
import type { PartOf } from '../domain/acquisition.ts';
import { ALIGNED_CATEGORIES, type AlignmentHeadResult, type AlignmentMeasures } from '../domain/alignment.ts';
import type { Facts } from '../domain/facts.ts';
import type { Decision } from '../domain/decision.ts';
import type { Field, FrameKind, InstrumentHeader, ScanArea } from '../domain/header.ts';
import type { Category } from '../domain/categories.ts';
import type { Label } from '../domain/label.ts';
import type { RecordStatus } from '../domain/publish.ts';
import type { Scores } from '../domain/scores.ts';
import type { Taught } from '../domain/teaching.ts';

export const RECORD_SCHEMA = 'semtag-record/1';

export type Classification = {
  scores: Scores;
  decision: Decision;
  category: Category;
  score: number;
  thresholds: { version: number; auto: number; prompt: number };
  model: ModelReference;
  /** answers of people that moved the scores; absent where they are the head's alone */
  taught?: Taught;
};

/** Names exactly what gave the scores. Hashes are SHA-256. */
export type ModelReference = {
  name: string;
  head: string;
  backbone: { name: string; sha256: string };
  preprocessing: string;
  engine: string;
  training?: Training;
};

/** What the head was trained on, as the file beside it says. `sha256`: of the list of images. */
export type Training = { images: number; groups: number; sha256?: string };

/** Of images labelled Nanowires or Fibres. Numbers without unit are shares, 0..1; what was not measured is absent. */
export type Alignment = {
  /** that the wires are aligned, by the alignment head */
  probability?: Field<number>;
  globalCoherency?: Field<number>;
  localCoherency?: Field<number>;
  /** share of the length of wires along `orientation`: their volume fraction where all are equally thick */
  alignedFraction?: Field<number>;
  /** degrees anticlockwise from the rows of the picture, 0..180 */
  orientation?: Field<number>;
  head?: Omit<AlignmentHeadResult, 'probability'>;
};

export type Picture = {
  width: number;
  height: number;
  bitsPerSample: number;
  scanArea: ScanArea;
  frame?: FrameKind;
};

/** An answer to another image of the series. Who gave it stands in the record of that image alone. */
export type AnsweredImage = {
  /** of that image's acquired bytes */
  sha256: string;
  category: Category;
  /** UTC */
  at: string;
};

/** `because.answers`: the answers in its series that it rests on, by name; who may be learned from is left out. */
export type RecordLabel = Omit<Label, 'teaches' | 'because'> & {
  /** how far it can be relied upon; follows from `basis` and `kind` */
  status?: RecordStatus;
  /** terms of our vocabulary */
  categoryIri?: string;
  secondIri?: string;
  because?: Taught & { answers: AnsweredImage[] };
};

/** Of the config; what it does not say is absent. */
export type Facility = { name?: string; /** address */ ror?: string };

/** Who acquired the image: its creator, never who answered. `orcid`: an address. */
export type Owner = { name: string; orcid?: string; affiliation?: string };

export type Project = { name: string; title?: string; funder?: string; award?: string; links?: string[] };

/** `licence`: SPDX identifier or address; nothing is allowed where it is absent. */
export type Rights = { licence?: string; holder?: string };

export type SemRecord = {
  schema: typeof RECORD_SCHEMA;
  /** `urn:uuid:`, derived from the acquired bytes: the same image has the same identifier everywhere */
  id: string;
  revision: number;
  /** why this revision exists: `acquired`, `relabelled`, `sidecar arrived`, ... */
  cause: string;
  acquired: {
    name: string;
    bytes: number;
    sha256: string;
    mediaType: string;
    /** when the file had settled, UTC */
    settledAt: string;
    /** every file that held these bytes; paths below the acquisition directory */
    files: { instrument: string; path: string }[];
  };
  /** `pid`: its persistent identifier, an address */
  instrument: { name: string; zone?: string; pid?: string };
  facility?: Facility;
  owner?: Owner;
  project?: Project;
  rights?: Rights;
  /** what else the facility wants in every record */
  fields?: Record<string, string>;
  picture?: Picture;
  header?: Pick<InstrumentHeader, 'format' | 'fields' | 'warnings'>;
  facts: Facts;
  classification?: Classification;
  alignment?: Alignment;
  label: RecordLabel;
  /** other files of the same acquisition carry the same; how many there are is not known in advance */
  partOf?: PartOf;
  relations: { supersedes?: string; supersededBy?: string };
};

/** The instrument's name in a record that no service made: there is none. */
export const NO_INSTRUMENT = 'none';

/** What renderings take: a whole record, or the public part of one. */
export type ShownRecord = Omit<
  SemRecord,
  'cause' | 'acquired' | 'header' | 'facts' | 'classification' | 'label' | 'partOf'
> & {
  cause?: string;
  acquired: Pick<SemRecord['acquired'], 'bytes' | 'sha256' | 'mediaType'> & Partial<SemRecord['acquired']>;
  header?: Pick<InstrumentHeader, 'format' | 'fields'> & { warnings?: InstrumentHeader['warnings'] };
  facts?: Facts;
  classification?: Omit<Classification, 'taught'> & { taught?: Taught };
  label: Omit<RecordLabel, 'by'> & { by?: string };
  partOf?: Omit<PartOf, 'name'> & { name?: string };
};

/** What stands in the record under this label; undefined for other categories and where nothing is known. */
export function alignmentOfRecord(
  label: Label,
  measures: AlignmentMeasures | undefined,
  result: AlignmentHeadResult | undefined,
): Alignment | undefined {
  if (!label.category || !ALIGNED_CATEGORIES.includes(label.category) || !(measures || result))
    return undefined;
  const share = (value: number, origin: string) => ({ value, unit: null, origin });
  const alignment: Alignment = {};
  if (measures) {
    const origin = `derived, measure ${measures.measure}`;
    alignment.globalCoherency = share(measures.globalCoherency, origin);
    alignment.localCoherency = share(measures.localCoherency, origin);
    alignment.alignedFraction = share(measures.alignedFraction, origin);
    alignment.orientation = { value: measures.orientation, unit: 'deg', origin };
  }
  if (result) {
    const { probability, ...head } = result;
    alignment.probability = share(probability, `model ${head.head.name}`);
    alignment.head = head;
  }
  return alignment;
}

/** From the SHA-256 of the acquired bytes and the facility's ROR identifier, where it had one at its first start. */
export const recordId = (sha256: string, facility?: string): string =>
  uuidOf(`semtag image ${sha256}${facility ? ` ${facility}` : ''}`);

/** Of the files of one acquisition: from the instrument, what their names or moments have in common, and the first two of them, in whichever order they came. */
export const acquisitionId = (instrument: string, key: string, firstTwo: [string, string]): string =>
  uuidOf(`semtag acquisition ${JSON.stringify([instrument, key, ...firstTwo.toSorted()])}`);

/** UUID of version 8 (RFC 9562: custom). */
function uuidOf(text: string): string {
  const b = createHash('sha256').update(text).digest().subarray(0, 16);
  b[6] = (b[6]! & 0x0f) | 0x80;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const h = b.toString('hex');
  return `urn:uuid:${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** Canonical text of a record: keys sorted at every level, two spaces, newline at the end. */
export function recordText(record: ShownRecord): string {
  return JSON.stringify(sorted(record), null, 2) + '\n';
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const object = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, sorted(object[key])]),
  );
}
