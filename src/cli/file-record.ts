// The record of a file without a service: read, classified and labelled here, stored nowhere. Never opens the file for writing.

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { alignmentOf, loadAlignmentHead } from '../classify/alignment-head.ts';
import { classificationOf } from '../classify/classification.ts';
import { loadModel } from '../classify/model.ts';
import { provenanceOf, trainingOf } from '../classify/provenance.ts';
import { DEFAULT_LIMITS, type Config } from '../config/schema.ts';
import { PAPER_THRESHOLDS } from '../domain/decision.ts';
import { headerFacts } from '../domain/facts.ts';
import { labelOf } from '../domain/label-of.ts';
import type { Answer, Label } from '../domain/label.ts';
import { hashFile } from '../hash-file.ts';
import { aboutOf, type House } from '../record/house.ts';
import {
  alignmentOfRecord,
  NO_INSTRUMENT,
  RECORD_SCHEMA,
  recordId,
  type Classification,
  type SemRecord,
} from '../record/record.ts';
import { openReader } from '../store/reader.ts';
import { labelOfRecord, trainedModel } from '../tag/record-of.ts';
import { createPool } from '../worker/pool.ts';
import { noSuchFile } from './classified.ts';
import { sidecarBytes, type ImageFile } from './image-files.ts'; // prettier-ignore

export type Records = {
  /** `answer`: what a person says that it shows, and who; without one it is labelled above the threshold only. Throws not_found, and what a child throws. */
  of(file: ImageFile, cause: string, answered?: { answer: Answer; by: string }): Promise<SemRecord>;
  close(): void;
};

/** `head`: instead of the one that the config names. */
export async function fileRecords(config: Config | undefined, head?: string): Promise<Records> {
  const model = await loadModel(head ? { head } : (config?.model ?? {}));
  const alignmentHead = await loadAlignmentHead(config?.model.alignmentHead);
  const training = trainingOf(provenanceOf(model.headPath).provenance, model.reference.head);
  const house: House = {
    key: config && keyOf(config),
    ...(config ? { facility: config.facility } : {}),
    ...(training ? { trained: { head: model.reference.head, training } } : {}),
  };
  const pool = createPool({ size: 1, ...DEFAULT_LIMITS });

  return {
    close: () => pool.close(),
    async of(one, cause, answered) {
      if (one.missing) throw noSuchFile(one.file);
      const path = one.file;
      const name = basename(path);
      const facts = await pool.run({
        path,
        name,
        ...sidecarBytes(one),
        backbone: model.backboneKey,
        limits: DEFAULT_LIMITS,
        alignment: {},
      });
      const { header, width, height, bitsPerSample, scanArea, frame, mediaType, bottlenecks } = facts;
      const sha256 = (await hashFile(path))!;
      const { size, mtime } = statSync(path);
      const sample = frame ? undefined : bottlenecks;
      const classification = sample && classificationOf(model, sample, PAPER_THRESHOLDS);
      const label = labelFor(answered, classification);
      const aligned = sample && alignmentOf(alignmentHead, sample);
      const alignment = alignmentOfRecord(label, facts.alignment, aligned);
      const known = headerFacts(header);
      return {
        schema: RECORD_SCHEMA,
        id: recordId(sha256, house.key),
        revision: 1,
        cause,
        acquired: { name, bytes: size, sha256, mediaType, settledAt: mtime.toISOString(), files: [] },
        ...aboutOf(house, NO_INSTRUMENT, known),
        picture: { width, height, bitsPerSample, scanArea, ...(frame ? { frame } : {}) },
        header: { format: header.format, fields: header.fields, warnings: header.warnings },
        facts: known,
        ...(classification
          ? { classification: { ...classification, model: trainedModel(classification.model, house) } }
          : {}),
        ...(alignment ? { alignment } : {}),
        label: labelOfRecord(label, []),
        relations: {},
      };
    },
  };
}

/** As the service here identifies its images; one that has not started yet would keep what the config names. */
function keyOf(config: Config): string | undefined {
  try {
    const reader = openReader(config.dataDir);
    const key = reader.facility.key();
    reader.close();
    return key ?? config.facility.ror;
  } catch {
    return config.facility.ror; // no data directory here, or not ours to read
  }
}

function labelFor(
  answered: { answer: Answer; by: string } | undefined,
  classification: Classification | undefined,
): Label {
  const at = new Date().toISOString();
  if (answered) return { ...answered.answer, basis: 'answer', by: answered.by, at };
  const own = labelOf({}, classification, 'auto', at);
  return own ?? { kind: 'unlabelled', basis: 'released', by: 'semtag', at };
}
