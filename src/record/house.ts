// What the config says of those behind a record: facility, instrument, owner, project, rights. Pure; what it does not say is absent, and nothing is a default.

import type { FacilityConfig } from '../config/facility-schema.ts';
import type { InstrumentConfig } from '../config/schema.ts';
import type { Facts } from '../domain/facts.ts';
import type { Owner, Project, SemRecord, Training } from './record.ts';

export type House = {
  /** that identifiers are made with: the ROR identifier of the first start, or none */
  key?: string | undefined;
  facility?: FacilityConfig;
  instruments?: readonly Pick<InstrumentConfig, 'name' | 'zone' | 'pid'>[];
  /** what the head in use was trained on, by its SHA-256 */
  trained?: { head: string; training: Training } | undefined;
};

type About = Pick<SemRecord, 'instrument' | 'facility' | 'owner' | 'project' | 'rights' | 'fields'>;

export function aboutOf({ facility, instruments }: House, instrument: string, facts: Facts): About {
  const known = instruments?.find(({ name }) => name === instrument);
  const { name, ror, licence, rightsHolder, fields } = facility ?? {};
  const owner = facts.operator && ownerOf(facts.operator.value, facility);
  const project = facts.project && projectOf(facts.project.value, facility);
  return {
    instrument: defined({ name: instrument, zone: known?.zone, pid: known?.pid }),
    ...(name || ror ? { facility: defined({ name, ror }) } : {}),
    ...(owner ? { owner } : {}),
    ...(project ? { project } : {}),
    ...(licence || rightsHolder ? { rights: defined({ licence, holder: rightsHolder }) } : {}),
    ...(fields && Object.keys(fields).length > 0 ? { fields } : {}),
  };
}

function ownerOf(name: string, facility: FacilityConfig | undefined): Owner {
  const person = facility?.people.find((one) => one.name === name);
  return defined({ name, orcid: person?.orcid, affiliation: person?.affiliation });
}

function projectOf(name: string, facility: FacilityConfig | undefined): Project {
  const { title, funder, award, links = [] } = facility?.projects.find((one) => one.name === name) ?? {};
  return { ...defined({ name, title, funder, award }), ...(links.length > 0 ? { links } : {}) };
}

/** Without the keys that have no value. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
