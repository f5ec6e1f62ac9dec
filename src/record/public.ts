// The public part of a record: a new object of named things, built from an allow-list and never by taking things out. What is not named here stays inside.

import type { PublicField } from '../domain/publish.ts';
import type { SemRecord, ShownRecord } from './record.ts';

export type PublicRecord = ShownRecord;

/** `allowed`: what the facility lets out beside category, scores, measured values and instrument model. */
export function publicRecord(record: SemRecord, allowed: readonly PublicField[]): PublicRecord {
  const { schema, id, revision, acquired, instrument, label, facility, rights, picture, relations } = record;
  const { bytes, sha256, mediaType } = acquired;
  const { kind, category, second, categoryIri, secondIri, basis, at } = label;
  return {
    schema,
    id,
    revision,
    acquired: { bytes, sha256, mediaType, ...(allowed.includes('file_name') ? { name: acquired.name } : {}) },
    instrument: { name: instrument.name, ...(instrument.pid ? { pid: instrument.pid } : {}) },
    ...(facility ? { facility } : {}),
    ...(rights ? { rights } : {}),
    ...(picture ? { picture } : {}),
    label: {
      kind,
      basis,
      at,
      ...(category ? { category } : {}),
      ...(second ? { second } : {}),
      ...(categoryIri ? { categoryIri } : {}),
      ...(secondIri ? { secondIri } : {}),
    },
    relations,
  };
}
