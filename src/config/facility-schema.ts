// The section `facility` of the config: who stands behind the records. Nothing here has a default: what is not known is left out of records, never invented.

import Type, { type Static } from 'typebox';
import { object } from './parts.ts';

const PersonSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      examples: ['Anna Example'],
      description: 'As the images name their operator.',
    }),
    orcid: Type.Optional(
      Type.String({
        pattern: '^https://orcid\\.org/\\d{4}-\\d{4}-\\d{4}-\\d{3}[\\dX]$',
        examples: ['https://orcid.org/0000-0002-1825-0097'],
        description: 'ORCID iD as an address.',
      }),
    ),
    affiliation: Type.Optional(
      Type.String({ minLength: 1, examples: ['Example University'], description: 'Where the person works.' }),
    ),
  },
  { additionalProperties: false, description: 'Somebody who acquires images.' },
);

const ProjectSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      examples: ['GaAs wires'],
      description: 'As the images name their project.',
    }),
    title: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['Growth of GaAs nanowires'],
        description: 'Its title in full; of a grant: of the award.',
      }),
    ),
    funder: Type.Optional(
      Type.String({ minLength: 1, examples: ['Example Foundation'], description: 'Who pays for it.' }),
    ),
    award: Type.Optional(
      Type.String({ minLength: 1, examples: ['EX-2026-17'], description: 'Number of the grant.' }),
    ),
    links: Type.Array(Type.String({ pattern: '^https?://', minLength: 1 }), {
      default: [],
      examples: [['https://eln.example.org/experiments/17', 'https://doi.org/10.5072/example']],
      description:
        'Addresses that belong to it: the proposal, pages of the electronic lab notebook, a data set.',
    }),
  },
  { additionalProperties: false, description: 'A project and what pays for it.' },
);

export const FacilitySchema = object(
  {
    name: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['Example Electron Microscopy Centre'],
        description: 'Stands in records as publisher.',
      }),
    ),
    ror: Type.Optional(
      Type.String({
        pattern: '^https://ror\\.org/0[a-z0-9]{8}$',
        examples: ['https://ror.org/012345654'],
        description: 'ROR identifier as an address.',
      }),
    ),
    licence: Type.Optional(
      Type.String({
        // SPDX 2.3, annex D: letters, digits, - and .; a text of other words is no licence that programs could look up
        pattern: '^(https?://\\S+|[A-Za-z0-9][A-Za-z0-9.+-]*)$',
        examples: ['CC-BY-4.0'],
        description:
          'SPDX identifier or address of the licence that images and records are given under. Without it no record says that anything is allowed.',
      }),
    ),
    rightsHolder: Type.Optional(
      Type.String({
        minLength: 1,
        examples: ['Example University'],
        description: 'Who holds the rights.',
      }),
    ),
    people: Type.Array(PersonSchema, {
      default: [],
      description: 'ORCID iDs of those who acquire images: the owner of an image is its creator.',
    }),
    projects: Type.Array(ProjectSchema, {
      default: [],
      description: 'What records say of a project.',
    }),
    fields: Type.Record(Type.String({ pattern: '^[A-Za-z][\\w.-]{0,63}$' }), Type.String({ minLength: 1 }), {
      default: {},
      examples: [{ room: 'B 0.17' }],
      description: 'Further fields that stand in every record.',
    }),
  },
  'Who stands behind the records.',
);

export type FacilityConfig = Static<typeof FacilitySchema>;
