// Parts of the JSON Schema of the record: what values look like, and the instrument header.

import Type, { type TSchema } from 'typebox';
import { CATEGORIES } from '../domain/categories.ts';
import { NUMBER_FIELDS, TEXT_FIELDS, UNITS, type Unit } from '../domain/header.ts';
import { categoryIri } from './vocabulary.ts';

export const oneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>(Type.Enum([...values], description ? { description } : {}));
export const object = <P extends Type.TProperties>(properties: P, description: string) =>
  Type.Object(properties, { additionalProperties: false, description });
export const maybe = <T extends TSchema>(schema: T) => Type.Optional(schema);

export const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hex.' });
export const utc = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$', description: 'UTC, ISO 8601.' }); // prettier-ignore
export const address = Type.String({ pattern: '^https?://' });
export const uuid = Type.String({
  pattern: '^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'Made from the acquired bytes, or for an acquisition from its files: the same everywhere.',
});
export const text = Type.String({ minLength: 1 });
export const share = Type.Number({ minimum: 0, maximum: 1 });
export const whole = Type.Integer({ minimum: 0 });
export const origin = Type.String({
  description:
    'Where the value came from: a tag of the file, the sidecar, path, config, operator, model, derived.',
});
export const category = oneOf(CATEGORIES, 'One of the ten; docs/categories.ttl defines them.');
export const iri = oneOf(CATEGORIES.map(categoryIri), 'The same as a term of the SKOS vocabulary.');

const unit = Type.Unsafe<Unit>({
  enum: [...UNITS, null],
  description: 'SI, but for degrees and pixels; null: a number without unit, or text.',
});
export const textField = object({ value: Type.String(), unit, origin }, 'Text with its origin.');
export const numberField = object({ value: Type.Number(), unit, origin }, 'A number with unit and origin.');

export const each = <K extends string, S extends TSchema>(names: readonly K[], schema: S) =>
  Object.fromEntries(names.map((name) => [name, Type.Optional(schema)])) as unknown as Record<K, Type.TOptional<S>>; // prettier-ignore

export const header = object(
  {
    format: Type.String({ description: 'Which parser read it.' }),
    fields: object(
      {
        ...each(TEXT_FIELDS, textField),
        ...each(NUMBER_FIELDS, numberField),
        acquired_at: maybe(
          object(
            {
              value: Type.String({ description: 'As the instrument wrote it, ISO 8601 without zone.' }),
              zone: Type.String({ description: 'local, utc, an offset such as +02:00, date-only or unknown.' }),
              origin,
            },
            'When the image was acquired.',
          ),
        ),
      },
      'What the instrument wrote into or beside the file, in SI units; what it did not write is absent.',
    ),
    warnings: maybe(Type.Array(object({ code: text, message: Type.String() }, 'What could not be read.'))),
  },
  'The instrument header.',
); // prettier-ignore
