// The record of an image as the store knows it. Pure: what is in the database and who stands behind it decide, never the clock.

import type { Label } from '../domain/label.ts';
import { statusOf } from '../domain/publish.ts';
import { aboutOf, type House } from '../record/house.ts';
import { shownPath } from '../domain/shown-path.ts';
import { SemtagError } from '../errors.ts';
import {
  alignmentOfRecord,
  RECORD_SCHEMA,
  recordId,
  type AnsweredImage,
  type ModelReference,
  type RecordLabel,
  type SemRecord,
} from '../record/record.ts';
import { categoryIri } from '../record/vocabulary.ts';
import type { ThresholdsVersion } from '../store/thresholds.ts';
import type { FileRow } from '../store/files.ts';
import type { Image } from '../store/images.ts';

export function recordOf(
  image: Image,
  files: Pick<FileRow, 'instrument' | 'dir' | 'name'>[],
  house: House,
  thresholds: ThresholdsVersion | undefined,
  /** those that its label rests on */
  answers: AnsweredImage[],
): SemRecord {
  const { label, header, picture, scores, category, score, decision, model, thresholdsVersion, taught } =
    image;
  if (!label) throw new SemtagError('wrong_state', `${image.name}: no label yet`);
  const classified =
    scores && category && score !== undefined && decision && model && thresholdsVersion !== undefined;
  const alignment = alignmentOfRecord(label, image.alignment, image.alignmentHead);
  const pair = category && { ...thresholds, ...thresholds?.perCategory?.[category] };
  return {
    schema: RECORD_SCHEMA,
    id: recordId(image.sha256, house.key),
    revision: image.revision,
    cause: image.cause,
    acquired: {
      name: image.name,
      bytes: image.bytes,
      sha256: image.sha256,
      mediaType: image.mediaType,
      settledAt: image.settledAt,
      files: files.map(({ instrument, dir, name }) => ({
        instrument,
        path: shownPath({ dir, name }),
      })),
    },
    ...aboutOf(house, image.instrument, image.facts),
    ...(picture ? { picture } : {}),
    ...(header
      ? { header: { format: header.format, fields: header.fields, warnings: header.warnings } }
      : {}),
    facts: image.facts,
    ...(classified
      ? {
          classification: {
            scores,
            decision,
            category,
            score,
            model: trainedModel(model, house),
            thresholds: { version: thresholdsVersion, auto: pair?.auto ?? NaN, prompt: pair?.prompt ?? NaN },
            ...(taught ? { taught } : {}),
          },
        }
      : {}),
    ...(alignment ? { alignment } : {}),
    label: labelOfRecord(label, answers),
    ...(image.partOf ? { partOf: image.partOf } : {}),
    relations: {
      ...(image.supersedes ? { supersedes: image.supersedes } : {}),
      ...(image.supersededBy ? { supersededBy: image.supersededBy } : {}),
    },
  };
}

/** Places in a log say something only to who has the log: the answers are named. Whose are learned from is the facility's business. */
export function labelOfRecord(
  { teaches: _, because, ...label }: Label,
  answers: AnsweredImage[],
): RecordLabel {
  const { category, second } = label;
  return {
    ...label,
    status: statusOf(label),
    ...(category ? { categoryIri: categoryIri(category) } : {}),
    ...(second ? { secondIri: categoryIri(second) } : {}),
    ...(because ? { because: { ...because, answers } } : {}),
  };
}

/** `training` of the head that is in use now; of one that was in use before nothing is known here. */
export function trainedModel(model: ModelReference, { trained }: House): ModelReference {
  return trained?.head === model.head ? { ...model, training: trained.training } : model;
}
