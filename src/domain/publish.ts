// Which images are public, and what of them. Pure; the config says what a facility allows, nobody else.

import type { Facts } from './facts.ts';
import type { Label } from './label.ts';

/** What public records may hold beside what always is in them. `person`: who answered; `creator`: who acquired. */
export const PUBLIC_FIELDS = [
  'creator',
  'person',
  'project',
  'sample',
  'file_name',
  'serial_number',
  'software',
] as const;
export type PublicField = (typeof PUBLIC_FIELDS)[number];

export type Withheld = { project?: string; operator?: string; until?: string; forward: boolean };

export type PublishPolicy = {
  /** `*`: every known project */
  projects: readonly string[];
  /** never public, whatever `projects` says */
  privateProjects: readonly string[];
  withhold: readonly Withheld[];
};

/** Raised by hand with every change of src/record/ after which a public record, or what is made of it, says something else: harvesters then get all of them again. */
export const RENDERINGS_VERSION = 2;

/** What is published goes by these. `rendering`: all that changes what a public record says, as text to compare. */
export type PublishRules = { policy: PublishPolicy; rendering: string };

type Publish = Pick<PublishPolicy, 'projects' | 'withhold'> & {
  baseUrl?: string;
  fields: readonly PublicField[];
  files: boolean;
};

/** Out of the section `publish` of the config and the names of private projects. */
export function publishRules(
  { projects, withhold, baseUrl, fields, files }: Publish,
  privateProjects: readonly string[],
): PublishRules {
  return {
    policy: { projects, privateProjects, withhold },
    rendering: JSON.stringify({ version: RENDERINGS_VERSION, baseUrl, fields: fields.toSorted(), files }),
  };
}

/** UTC date, which embargoes end by. */
export const utcDay = (at: Date): string => at.toISOString().slice(0, 10);

/** Whose an image is. */
export type Owned = { project?: string | undefined; operator?: string | undefined };

/** Out of a row of the database. */
export const ownedBy = ({
  project,
  operator,
}: {
  project: string | null;
  operator: string | null;
}): Owned => ({
  project: project ?? undefined,
  operator: operator ?? undefined,
});

export const whose = ({ project, operator }: Facts): Owned => ({
  project: project?.value,
  operator: operator?.value,
});

/** Case and spaces make no other name: what is to be kept back is rather kept back once too often. */
const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/g, '');
const alike = (name: string, other: string | undefined): boolean =>
  other !== undefined && plain(name) === plain(other);

/** Those that hold something back on this day, UTC. */
export const inForce = (withhold: readonly Withheld[], today: string): Withheld[] =>
  withhold.filter(({ until }) => until === undefined || today < until);

/** Those in force that hold this image back; one that names neither project nor operator, which no config that loads has, holds back all. `today`: UTC date. */
export function withheldBy(
  { project, operator }: Owned,
  withhold: readonly Withheld[],
  today: string,
): Withheld[] {
  return inForce(withhold, today).filter(
    (one) =>
      (one.project === undefined || alike(one.project, project)) &&
      (one.operator === undefined || alike(one.operator, operator)),
  );
}

/** Why harvesters are not given it, the first reason; undefined where they are. An image whose project is not known is not. */
export function keptBackWords(image: Owned, policy: PublishPolicy, today: string): string | undefined {
  const { project } = image;
  if (project === undefined) return 'its project is not known';
  if (policy.privateProjects.some((one) => alike(one, project))) return `project ${project} is private`;
  if (!policy.projects.includes('*') && !policy.projects.includes(project))
    return `project ${project} is not in publish.projects`;
  const held = withheldBy(image, policy.withhold, today);
  return held.length === 0 ? undefined : `withheld: ${held.map(entryWords).join('; ')}`;
}

/** Whether harvesters are given it. */
export const isPublic = (image: Owned, policy: PublishPolicy, today: string): boolean =>
  keptBackWords(image, policy, today) === undefined;

/** Why targets are not sent it, each reason; undefined where they are. */
export function withheldWords(
  image: Owned,
  withhold: readonly Withheld[],
  today: string,
): string | undefined {
  const held = withheldBy(image, withhold, today).filter(({ forward }) => !forward);
  if (held.length === 0) return undefined;
  return `Withheld: ${held.map(entryWords).join('; ')}`;
}

/** What an entry keeps back, and until when. */
export function entryWords({ project, operator, until }: Withheld): string {
  const whose = [
    ...(project === undefined ? [] : [`project ${project}`]),
    ...(operator === undefined ? [] : [`images of ${operator}`]),
  ];
  return `${whose.join(', ') || 'everything'} ${until === undefined ? 'until the config lets it go' : `until ${until}`}`;
}

/** How much a category can be relied upon: given by itself, by a person, or not at all. */
export const RECORD_STATUSES = ['auto', 'confirmed', 'unlabelled'] as const;
export type RecordStatus = (typeof RECORD_STATUSES)[number];

/** For people who read a public record or list. */
export const STATUS_WORDS: Record<RecordStatus, string> = {
  auto: 'labelled by itself, confirmed by nobody',
  confirmed: 'confirmed by a person',
  unlabelled: 'without a label',
};

export function statusOf({ kind, basis }: Pick<Label, 'kind' | 'basis'>): RecordStatus {
  if (basis === 'answer') return 'confirmed';
  return kind === 'category' ? 'auto' : 'unlabelled';
}
