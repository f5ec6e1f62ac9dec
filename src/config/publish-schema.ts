// The section `publish` of the config: what harvesters are given, and what is kept from them. The default gives nothing to anybody on another machine.

import Type, { type Static } from 'typebox';
import { PUBLIC_FIELDS } from '../domain/publish.ts';
import { object, oneOf } from './parts.ts';

const WithheldSchema = Type.Object(
  {
    project: Type.Optional(
      Type.String({ minLength: 1, examples: ['GaAs wires'], description: 'Images of this project.' }),
    ),
    operator: Type.Optional(
      Type.String({ minLength: 1, examples: ['Anna Example'], description: 'Images of this person.' }),
    ),
    until: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        examples: ['2027-03-01'],
        description:
          'The first day, UTC, on which it is given out. Without it: until this entry is taken out, since consent was given.',
      }),
    ),
    forward: Type.Boolean({
      default: true,
      description: 'Whether targets get it all the same; false: nothing leaves this machine.',
    }),
  },
  {
    additionalProperties: false,
    description:
      'An embargo, or consent that was not given. With both, images of this person in this project; one of them must be named.',
  },
);

export const PublishSchema = object(
  {
    baseUrl: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s?#]+[^\\s?#/]$',
        examples: ['https://sem.example.org'],
        description:
          'Address under which harvesters reach landing pages, without slash at the end. Links inside files and records are made with it; without it none is written. A path in it must be taken away by a proxy: docs/harvest.md. Never changes once records are out.',
      }),
    ),
    email: Type.Optional(
      Type.String({
        pattern: '^[^\\s@<>&]+@[^\\s@<>&]+\\.[^\\s@<>&]+$',
        examples: ['sem@example.org'],
        description:
          'Whom harvesters write to when something does not work. Without it an address is named that reaches nobody.',
      }),
    ),
    open: oneOf(['loopback', 'everybody'] as const, {
      default: 'loopback',
      description:
        'Who is given public records without a token: programs of this machine, or everybody who reaches it.',
    }),
    projects: Type.Array(Type.String({ minLength: 1 }), {
      default: ['*'],
      examples: [['GaAs wires', 'Teaching']],
      description:
        'Projects whose images are public; * is every project that is known. An image without project is never public, nor is one of a private project.',
    }),
    fields: Type.Array(oneOf(PUBLIC_FIELDS, { description: 'What else public records may hold.' }), {
      default: [],
      examples: [['creator', 'project']],
      description:
        'What public records hold beside category, scores, measured values and instrument model. Without it no person, file name, path, serial number, sample or project stands in them.',
    }),
    files: Type.Boolean({
      default: false,
      description:
        'Whether harvesters get the image file itself. Vendors write names, paths and serial numbers into files, and the record inside is complete.',
    }),
    withhold: Type.Array(WithheldSchema, {
      default: [],
      description: 'What is kept back: embargoes, and images whose owner has not agreed.',
    }),
  },
  'What is public.',
);

export type PublishConfig = Static<typeof PublishSchema>;
