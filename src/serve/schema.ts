// The small schemas that several routes share. A schema of one route stands beside that route.

import Type from 'typebox';
import { CATEGORIES } from '../domain/categories.ts';
import { DECISIONS } from '../domain/decision.ts';
import { LABEL_BASES, LABEL_KINDS, MODES } from '../domain/label.ts';
import { IMAGE_STATES } from '../domain/states.ts';

const oneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description });

export const Sha256 = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the acquired bytes, lower case hexadecimal: the name of the image.',
});
export const Time = Type.String({ description: 'UTC, ISO 8601.' });
export const CategorySchema = oneOf(CATEGORIES, 'One of the ten categories.');
export const ImageStateSchema = oneOf(IMAGE_STATES, 'State of the image.');
export const DecisionSchema = oneOf(DECISIONS, 'What the top score asks for.');
export const ModeSchema = oneOf(MODES, 'How the instrument treats its images.');
export const LabelKindSchema = oneOf(LABEL_KINDS, 'Whether a category was given, and if not, why.');
export const LabelBasisSchema = oneOf(LABEL_BASES, 'On what basis the label was given.');

/** Which names are none is said in words by answers, for all who answer. */
export const By = Type.Optional(
  Type.String({
    description:
      'Name of the person, as the history and the record will show it: one line of 1 to 80 characters, not `semtag`. Left out by who is signed in or sends a token: it is theirs then, and another one is refused.',
  }),
);

export const FieldSchema = Type.Object(
  {
    value: Type.Union([Type.String(), Type.Number()]),
    unit: Type.Union([Type.String(), Type.Null()], { description: 'SI unit, null where there is none.' }),
    origin: Type.String({ description: 'Where the value came from.' }),
  },
  { description: 'A value with its unit and origin.' },
);

export const DeliveryObjectSchema = Type.Object({
  place: Type.String({ description: 'Path at the target.' }),
  kind: oneOf(['image', 'record', 'sidecar'] as const, 'What it is.'),
  sha256: Type.String(),
  bytes: Type.Integer({ description: 'Size in bytes.' }),
});

export const ImageParams = Type.Object({ sha256: Sha256 });
