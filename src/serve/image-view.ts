// An image as people and programs outside see it: two schemas and the functions that fill them. Nothing is computed that the store does not know, except the field of view.

import Type, { type Static } from 'typebox';
import type { Config } from '../config/schema.ts';
import type { Sight } from '../domain/access.ts';
import { ACQUISITION_KINDS, type AcquisitionKind } from '../domain/acquisition.ts';
import { leavesAt, type Hold } from '../domain/hold.ts';
import { utcDay, whose, withheldWords, type Withheld } from '../domain/publish.ts';
import { ranked } from '../domain/scores.ts';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { alignmentOfRecord, type Alignment } from '../record/record.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';
import {
  CategorySchema,
  DecisionSchema,
  FieldSchema,
  ImageStateSchema,
  LabelBasisSchema,
  LabelKindSchema,
  Sha256,
  Time,
} from './schema.ts';

const TaughtSchema = Type.Object(
  {
    position: Type.Integer({ description: 'How far of the log of lessons is known.' }),
    series: Type.Optional(Type.Integer()),
    realm: Type.Optional(Type.String({ description: 'Private project whose answers are among them.' })),
    lessons: Type.Array(Type.Integer(), { description: 'Answers in its series, by their place in the log.' }),
    all: Type.Integer({ description: 'Answers in all.' }),
    without: Type.Optional(
      Type.Array(Type.Unsafe<[number, number]>({ type: 'array', items: { type: 'integer' } }), {
        description: 'From place to place in the log: answers not known for want of bottlenecks.',
      }),
    ),
    settings: Type.String({ description: 'Hash of the numbers of teaching.' }),
  },
  { description: 'Answers of people to other images that a label or scores rest on.' },
);

const PartOfSchema = Type.Object(
  {
    kind: Type.Unsafe<AcquisitionKind>({ type: 'string', enum: [...ACQUISITION_KINDS] }),
    id: Type.String({ description: 'The same for all its parts.' }),
    name: Type.String({ description: 'What their names have in common.' }),
  },
  { description: 'Other files of the same acquisition are known.' },
);

export const LabelSchema = Type.Object({
  kind: LabelKindSchema,
  category: Type.Optional(CategorySchema),
  second: Type.Optional(CategorySchema),
  basis: LabelBasisSchema,
  by: Type.String(),
  at: Time,
  note: Type.Optional(Type.String()),
  teaches: Type.Optional(
    Type.Unsafe<false>({
      type: 'boolean',
      const: false,
      description: 'Nothing is learned from this answer.',
    }),
  ),
  because: Type.Optional(TaughtSchema),
  lead: Type.Optional(
    Type.String({
      description: 'Of an answer that was given to another image and holds for this one too: that image.',
    }),
  ),
});

/** Why something is aside: the code, what happened to this one, the sentence for the operator and what to do. */
export const AsideSchema = Type.Object({
  code: Type.String(),
  message: Type.String(),
  sentence: Type.String(),
  advice: Type.String(),
});

export const ImageSummarySchema = Type.Object(
  {
    sha256: Sha256,
    state: ImageStateSchema,
    instrument: Type.String(),
    name: Type.String({ description: 'Its name in the acquisition directory.' }),
    bytes: Type.Integer({ description: 'Size of the acquired file in bytes.' }),
    mediaType: Type.String(),
    hasPicture: Type.Boolean({
      description: 'Whether its pixels were read, so that thumb and picture exist.',
    }),
    facts: Type.Record(Type.String(), FieldSchema, { description: 'Operator, project, sample.' }),
    category: Type.Optional(CategorySchema),
    score: Type.Optional(Type.Number({ description: 'Top score, 0..1.' })),
    decision: Type.Optional(DecisionSchema),
    series: Type.Optional(Type.Integer({ description: 'Images of one sample or folder, near in time.' })),
    partOf: Type.Optional(PartOfSchema),
    doubt: Type.Optional(
      Type.Object(
        {
          category: CategorySchema,
          score: Type.Optional(Type.Number({ description: 'What answers in its series make of it.' })),
          part: Type.Optional(Type.String({ description: 'SHA-256: a person said it of this other part of its acquisition.' })), // prettier-ignore
          at: Time,
        },
        { description: 'Answers given since speak against its automatic label; a person decides.' },
      ),
    ),
    aligned: Type.Optional(
      Type.Number({
        description: 'Probability that the wires are aligned, 0..1; of images labelled Nanowires or Fibres.',
      }),
    ),
    label: Type.Optional(LabelSchema),
    leavesAt: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'Until then it is held back, so that the answer behind its label can be taken back before it leaves, UTC.',
      }),
    ),
    withheld: Type.Optional(
      Type.String({ description: 'Why targets are not sent it (`publish.withhold`), until when.' }),
    ),
    error: Type.Optional(AsideSchema),
    promptVersion: Type.Integer({ description: 'Counts every answer; send it back with yours.' }),
    revision: Type.Integer(),
    atTarget: Type.Boolean({ description: 'Whether a target has given its receipt for it.' }),
    supersededBy: Type.Optional(Sha256),
    settledAt: Time,
    changedAt: Time,
  },
  { description: 'An image in a list.' },
);
export type ImageSummary = Static<typeof ImageSummarySchema>;

/** So many parts of an acquisition are named. */
export const PARTS_NAMED = 5;

export const ImageViewSchema = Type.Object(
  {
    ...ImageSummarySchema.properties,
    cause: Type.String({ description: 'Why the current revision exists.' }),
    supersedes: Type.Optional(Sha256),
    suggestions: Type.Array(Type.Object({ category: CategorySchema, score: Type.Number() }), {
      description: 'All ten, best first; empty where the image was not classified.',
    }),
    thresholdsVersion: Type.Optional(Type.Integer()),
    taught: Type.Optional(TaughtSchema),
    alike: Type.Optional(
      Type.Integer({
        description: 'So many others that wait in its series look like it; in lists of prompts.',
      }),
    ),
    privateProject: Type.Optional(
      Type.String({ description: 'The private project that it belongs to: its answers teach only that.' }),
    ),
    otherParts: Type.Optional(
      Type.Object(
        { all: Type.Integer(), names: Type.Array(Type.String(), { maxItems: PARTS_NAMED }) },
        { description: 'Other parts of its acquisition that wait: an answer to this one is for them too.' },
      ),
    ),
    lookAlikes: Type.Optional(
      Type.Array(
        Type.Object({ sha256: Sha256, promptVersion: Type.Integer(), name: Type.String() }),
        { description: 'Others that wait and look so much like it that one answer may do; most alike first. Send those that it is for as `also`. In lists of prompts.' }, // prettier-ignore
      ),
    ),
    model: Type.Optional(
      Type.Object({
        name: Type.String(),
        head: Type.String(),
        backbone: Type.Object({ name: Type.String(), sha256: Type.String() }),
        preprocessing: Type.String(),
        engine: Type.String(),
      }),
    ),
    picture: Type.Optional(
      Type.Object({
        width: Type.Integer({ description: 'Pixels, info bar included.' }),
        height: Type.Integer({ description: 'Pixels, info bar included.' }),
        bitsPerSample: Type.Integer(),
        scanArea: Type.Object({ width: Type.Integer(), height: Type.Integer(), origin: Type.String() }),
        frame: Type.Optional(Type.String()),
      }),
    ),
    header: Type.Optional(
      Type.Object({
        format: Type.String(),
        fields: Type.Record(Type.String(), Type.Unsafe<HeaderValue>({ type: 'object' }), {
          description: 'SI units; each with value, unit and origin.',
        }),
        warnings: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
      }),
    ),
    fieldOfView: Type.Optional(FieldSchema),
    alignment: Type.Optional(
      Type.Object(
        {
          probability: Type.Optional(FieldSchema),
          globalCoherency: Type.Optional(FieldSchema),
          localCoherency: Type.Optional(FieldSchema),
          alignedFraction: Type.Optional(FieldSchema),
          orientation: Type.Optional(FieldSchema),
          head: Type.Optional(
            Type.Object({
              head: Type.Object({ name: Type.String(), sha256: Type.String() }),
              backbone: Type.Object({ name: Type.String(), sha256: Type.String() }),
              preprocessing: Type.String(),
            }),
          ),
        },
        { description: 'Of images labelled Nanowires or Fibres: shares 0..1, orientation in degrees.' },
      ),
    ),
  },
  { description: 'An image with its scores and instrument header.' },
);
export type ImageView = Static<typeof ImageViewSchema>;

/** Fields carry value, unit, origin; the time of acquisition value, zone, origin. */
export type HeaderValue = { value: string | number; unit?: string | null; zone?: string; origin: string };

/** What an image waits for before it leaves. */
export type Keeps = { hold: Hold; withhold: readonly Withheld[] };

export const keepsOf = ({ ask, teach, publish }: Pick<Config, 'ask' | 'teach' | 'publish'>): Keeps => ({
  hold: { answer: ask.hold, because: teach.hold },
  withhold: publish.withhold,
});

export function imageSummary(image: Image, keeps?: Keeps): ImageSummary {
  const { category, score, decision, series, partOf, doubt, label, error, supersededBy } = image;
  const aligned = alignmentOf(image)?.probability?.value;
  const leaves = keeps && leavesAt(image, keeps.hold, Date.now());
  const withheld = keeps && whyWithheld(image, keeps);
  return {
    sha256: image.sha256,
    state: image.state,
    instrument: image.instrument,
    name: image.name,
    bytes: image.bytes,
    mediaType: image.mediaType,
    hasPicture: image.picture !== undefined,
    facts: { ...image.facts },
    ...(category === undefined ? {} : { category }),
    ...(score === undefined ? {} : { score }),
    ...(decision === undefined ? {} : { decision }),
    ...(series === undefined ? {} : { series }),
    ...(partOf === undefined ? {} : { partOf }),
    ...(doubt === undefined ? {} : { doubt }),
    ...(aligned === undefined ? {} : { aligned }),
    ...(label === undefined ? {} : { label }),
    ...(leaves === undefined ? {} : { leavesAt: leaves }),
    ...(withheld === undefined ? {} : { withheld }),
    ...(error === undefined ? {} : { error: aside(error) }),
    promptVersion: image.promptVersion,
    revision: image.revision,
    atTarget: image.atTarget,
    ...(supersededBy === undefined ? {} : { supersededBy }),
    settledAt: image.settledAt,
    changedAt: image.changedAt,
  };
}

export function imageView(image: Image, keeps?: Keeps): ImageView {
  const { supersedes, thresholdsVersion, taught, model, picture, header } = image;
  const pixel = header?.fields.pixel_size_x_m;
  const alignment = alignmentOf(image);
  return {
    ...imageSummary(image, keeps),
    cause: image.cause,
    ...(supersedes === undefined ? {} : { supersedes }),
    suggestions: image.scores ? ranked(image.scores) : [],
    ...(thresholdsVersion === undefined ? {} : { thresholdsVersion }),
    ...(taught === undefined ? {} : { taught }),
    ...(model === undefined ? {} : { model }),
    ...(picture === undefined ? {} : { picture }),
    ...(header === undefined
      ? {}
      : { header: { format: header.format, fields: { ...header.fields }, warnings: header.warnings } }),
    ...(alignment === undefined ? {} : { alignment }),
    // width of the sample picture, without anything the microscope drew around it
    ...(pixel && picture
      ? { fieldOfView: { value: pixel.value * picture.scanArea.width, unit: 'm', origin: 'derived' } }
      : {}),
  };
}

/** Of an acquisition that other images wait with: how many, and the first names. */
export function otherParts(
  image: Image,
  { seen }: Pick<Store, 'seen'>,
  sight: Sight,
): Pick<ImageView, 'otherParts'> {
  const others = seen.otherParts(image, PARTS_NAMED, sight);
  return others.all > 0 ? { otherParts: others } : {};
}

export function privateProject({ sha256 }: Image, { projects }: Store): Pick<ImageView, 'privateProject'> {
  const name = projects.realmOf(sha256);
  return name === undefined ? {} : { privateProject: name };
}

/** Of one that could have left. */
function whyWithheld({ state, facts }: Image, { withhold }: Keeps): string | undefined {
  if (state !== 'tagged') return undefined;
  return withheldWords(whose(facts), withhold, utcDay(new Date()));
}

/** As the record says it: only under a label that it belongs to. */
function alignmentOf({ label, alignment, alignmentHead }: Image): Alignment | undefined {
  return label && alignmentOfRecord(label, alignment, alignmentHead);
}

/** A stored error with its sentence and advice from the table; a code of an older version keeps its message. */
export function aside(error: { code: ErrorCode; message: string }): Static<typeof AsideSchema> {
  const { sentence, advice } = ERRORS[error.code] ?? ERRORS.internal;
  return { ...error, sentence, advice };
}
