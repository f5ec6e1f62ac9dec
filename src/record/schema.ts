// The JSON Schema of the record, semtag-record/1: what docs/record.schema.json is made from (config/make.ts). Describes; nothing at run time is checked by it.

import Type, { type Static } from 'typebox';
import { ACQUISITION_KINDS } from '../domain/acquisition.ts';
import { CATEGORIES } from '../domain/categories.ts';
import { DECISIONS } from '../domain/decision.ts';
import { FRAME_KINDS } from '../domain/header.ts';
import { LABEL_BASES, LABEL_KINDS } from '../domain/label.ts';
import { RECORD_STATUSES } from '../domain/publish.ts';
import { RECORD_SCHEMA, type ShownRecord } from './record.ts';
import {
  address,
  category,
  each,
  header,
  iri,
  maybe,
  numberField,
  object,
  oneOf,
  origin,
  sha256,
  share,
  text,
  textField,
  utc,
  uuid,
  whole,
} from './schema-parts.ts';

const taught = {
  position: Type.Integer(),
  series: maybe(Type.Integer()),
  realm: maybe(Type.String()),
  lessons: Type.Array(Type.Integer()),
  all: Type.Integer(),
  without: maybe(
    Type.Array(Type.Unsafe<[number, number]>(Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 }))),
  ),
  settings: Type.String(),
};

const model = object(
  {
    name: Type.String(),
    head: sha256,
    backbone: object({ name: Type.String(), sha256 }, 'What gives the features.'),
    preprocessing: Type.String(),
    engine: Type.String(),
    training: maybe(
      object(
        { images: whole, groups: whole, sha256: maybe(sha256) },
        'What the head was trained on: how many images, of how many series; SHA-256 of their list.',
      ),
    ),
  },
  'Exactly what gave the scores.',
);

const classification = object(
  {
    scores: object(
      Object.fromEntries(CATEGORIES.map((one) => [one, share])) as Record<(typeof CATEGORIES)[number], typeof share>,
      'One a category, summing to 1.',
    ),
    decision: oneOf(DECISIONS),
    category,
    score: share,
    thresholds: object({ version: whole, auto: share, prompt: share }, 'Those that the decision was made by.'),
    model,
    taught: maybe(object(taught, 'Answers of people that moved the scores.')),
  },
  'What the machine said.',
); // prettier-ignore

const alignment = object(
  {
    probability: maybe(numberField),
    globalCoherency: maybe(numberField),
    localCoherency: maybe(numberField),
    alignedFraction: maybe(numberField),
    orientation: maybe(numberField),
    head: maybe(
      object(
        {
          head: object({ name: Type.String(), sha256 }, 'The alignment head.'),
          backbone: object({ name: Type.String(), sha256 }, 'Its backbone.'),
          preprocessing: Type.String(),
        },
        'What gave the probability.',
      ),
    ),
  },
  'How far wires or fibres lie in one direction; shares, and degrees anticlockwise from the rows of the picture.',
);

const label = object(
  {
    kind: oneOf(LABEL_KINDS),
    category: maybe(category),
    second: maybe(category),
    categoryIri: maybe(iri),
    secondIri: maybe(iri),
    status: maybe(oneOf(RECORD_STATUSES, 'How far it can be relied upon.')),
    basis: oneOf(LABEL_BASES),
    by: maybe(Type.String({ description: 'A person, or semtag.' })),
    at: utc,
    note: maybe(Type.String()),
    lead: maybe(sha256),
    because: maybe(
      object(
        { ...taught, answers: Type.Array(object({ sha256, category, at: utc }, 'An answered image.')) },
        'Answers to other images that it rests on.',
      ),
    ),
  },
  'The category that the image goes by, who or what gave it, and on what basis.',
);

export const RecordSchema = Type.Object(
  {
    schema: Type.Literal(RECORD_SCHEMA),
    id: uuid,
    revision: Type.Integer({ minimum: 1 }),
    cause: maybe(Type.String({ description: 'Why there is this revision.' })),
    acquired: object(
      {
        name: maybe(text),
        bytes: whole,
        sha256,
        mediaType: Type.String({ pattern: '^[a-z]+/[a-z0-9.+-]+$' }),
        settledAt: maybe(utc),
        files: maybe(Type.Array(object({ instrument: text, path: text }, 'A file that held these bytes.'))),
      },
      'The file as it was acquired.',
    ),
    instrument: object({ name: text, zone: maybe(text), pid: maybe(address) }, 'As the facility names it; `pid`: PIDINST.'),
    facility: maybe(object({ name: maybe(text), ror: maybe(address) }, 'Who publishes it.')),
    owner: maybe(object({ name: text, orcid: maybe(address), affiliation: maybe(text) }, 'Who acquired it: the creator.')),
    project: maybe(
      object(
        { name: text, title: maybe(text), funder: maybe(text), award: maybe(text), links: maybe(Type.Array(address)) },
        'What it was acquired for, and who paid.',
      ),
    ),
    rights: maybe(
      object({ licence: maybe(text), holder: maybe(text) }, 'SPDX identifier or address of the licence. Absent: none is given.'),
    ),
    fields: maybe(Type.Record(Type.String({ pattern: '^[A-Za-z][\\w.-]{0,63}$' }), text, { description: 'What else the facility says.' })),
    picture: maybe(
      object(
        {
          width: whole,
          height: whole,
          bitsPerSample: whole,
          scanArea: object({ width: whole, height: whole, origin }, 'Pixels of the sample; below lies the info bar.'),
          frame: maybe(oneOf(FRAME_KINDS, 'No picture of a sample.')),
        },
        'Pixels.',
      ),
    ),
    header: maybe(header),
    facts: maybe(object(each(['operator', 'project', 'sample'] as const, textField), 'Who, for what and of what, each with its origin.')),
    classification: maybe(classification),
    alignment: maybe(alignment),
    label,
    partOf: maybe(
      object({ kind: oneOf(ACQUISITION_KINDS), id: uuid, name: maybe(Type.String()) }, 'One acquisition left several files.'),
    ),
    relations: object({ supersedes: maybe(sha256), supersededBy: maybe(sha256) }, 'Other versions of the same file.'),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:semtag:record:1',
    title: 'Record of an image of a scanning electron microscope',
    description: 'semtag-record/1. A public record holds less than a whole one; what is not known is absent in both.',
    additionalProperties: false,
  },
); // prettier-ignore

/** A record that the types allow is one that the schema allows; the compiler says where not. */
export const asSchema = (record: ShownRecord): Static<typeof RecordSchema> => record;

/** docs/record.schema.json */
export const recordSchemaText = (): string => JSON.stringify(RecordSchema, null, 2) + '\n';
