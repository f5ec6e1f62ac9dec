// The changes of `semtag people`, one function a sub-verb. Each finds who is meant by name, says with --dry-run what it would do, and prints a secret once.

import { SemtagError } from '../errors.ts';
import type { Config } from '../config/schema.ts';
import type { Role } from '../domain/access.ts';
import { folded, nameProblem } from '../domain/person.ts';
import { personName } from '../decide/answers.ts';
import type { Code } from '../serve/auth/people.ts';
import { openReader, type Reader } from '../store/reader.ts';
import type { User, UserChange } from '../store/users.ts';
import { connect } from './connect.ts';
import { configOf, type CommonOptions } from './options.ts';
import { linkText } from './people-link.ts';
import type { PeopleCalls } from './people-calls.ts';
import { print } from './report.ts';

export type PeopleOptions = CommonOptions & {
  by: string;
  dryRun?: boolean;
  role?: Role;
  project?: string[];
  /** false: --no-projects */
  projects?: boolean;
  days?: number;
  instrument?: string[];
  firstManager?: boolean;
};

export async function addUser(given: string, options: PeopleOptions): Promise<void> {
  const [name, role, projects] = [wellNamed(given), options.role!, options.project ?? []];
  await change<Code>(options, {
    would: `an account ${name} would be made: ${role}`,
    look: (reader) => refuseTaken(reader, name),
    work: (people) => people.addUser({ name, role, projects }, options.by),
    done: (made, config, url) => `account ${name} is made: ${role}\n${linkText(made, config, url)}`,
  });
}

export async function changeUser(given: string, options: PeopleOptions): Promise<void> {
  const { role, project, projects } = options;
  if (role === undefined && project === undefined && projects !== false)
    throw new SemtagError('bad_request', '--role, --project or --no-projects: one is needed');
  const of = projects === false ? [] : project;
  const { id, projects: before } = find(options, 'account', (reader) => reader.users.list(), given);
  const leave = before.filter((one) => of && !of.includes(one));
  const wanted: UserChange = { ...(role ? { role } : {}), ...(of ? { join: of, leave } : {}) };
  const words = (now: string[]) =>
    [...(role ? [role] : []), ...(of ? [`member of ${now.join(', ') || 'no private project'}`] : [])].join(
      ', ',
    );
  await change<{ user: User }>(options, {
    would: `${given} would be ${words(of ?? [])}`,
    work: (people) => people.changeUser(id, wanted, options.by),
    done: ({ user }) => `${given} is ${words(user.projects)}`,
  });
}

export async function link(given: string | undefined, options: PeopleOptions): Promise<void> {
  if ((given === undefined) !== (options.firstManager === true))
    throw new SemtagError('bad_request', 'a name or --first-manager: one of them is needed');
  const done = (made: Code, config: Config, url?: string) =>
    `${linkText(made, config, url)} One that was made before is void.`;
  if (given === undefined)
    return change<Code>(options, {
      would: 'a link that makes the first manager would be printed; an older one would be void',
      work: (people) => people.firstManagerLink(options.by),
      done,
    });
  const { id } = find(options, 'account', (reader) => reader.users.list(), given);
  return change<Code>(options, {
    would: `a link that sets a new password for ${given} would be printed; an older one would be void`,
    work: (people) => people.passwordLink(id, options.by),
    done,
  });
}

export async function setDisabled(given: string, disabled: boolean, options: PeopleOptions): Promise<void> {
  const { id } = find(options, 'account', (reader) => reader.users.list(), given);
  const word = disabled ? 'disabled' : 'enabled';
  await change(options, {
    would: `${given} would be ${word}`,
    work: (people) => people.changeUser(id, { disabled }, options.by),
    done: () => `${given} is ${word}`,
  });
}

export async function addToken(given: string, options: PeopleOptions): Promise<void> {
  const [name, role, projects] = [wellNamed(given), options.role!, options.project ?? []];
  const days = options.days === undefined ? {} : { days: options.days };
  await change<{ secret: string }>(options, {
    would: `a token ${name} would be made: ${role}`,
    look: (reader) => refuseTaken(reader, name),
    work: (people) => people.addToken({ name, role, projects, ...days }, options.by),
    done: ({ secret }) => `token ${name} is made: ${role}; it is shown this once:\n${secret}`,
  });
}

export async function revokeToken(given: string, options: PeopleOptions): Promise<void> {
  const { id } = find(options, 'token', (reader) => reader.tokens.list(), given);
  await change(options, {
    would: `token ${given} would be revoked`,
    work: (people) => people.revokeToken(id, options.by),
    done: () => `token ${given} is revoked`,
  });
}

export async function pair(given: string, options: PeopleOptions): Promise<void> {
  const [name, instruments] = [wellNamed(given), options.instrument!];
  await change<Code>(options, {
    would: `a link that pairs a browser as ${name} for ${instruments.join(', ')} would be printed`,
    work: (people) => people.pair({ name, instruments }, options.by),
    done: (made, config, url) => linkText(made, config, url),
  });
}

export async function revokeStation(given: string, options: PeopleOptions): Promise<void> {
  const { id } = find(options, 'station', (reader) => reader.stations.list(), given);
  await change(options, {
    would: `station ${given} would be revoked`,
    work: (people) => people.revokeStation(id, options.by),
    done: () => `station ${given} is revoked`,
  });
}

type Change<T> = {
  would: string;
  /** what would be refused, looked for before a dry run too */
  look?: (reader: Reader) => void;
  work(people: PeopleCalls): Promise<T>;
  done(made: T, config: Config, url?: string): string;
};

async function change<T = unknown>(options: PeopleOptions, what: Change<T>): Promise<void> {
  personName(options.by);
  const config = configOf(options);
  const json = options.json === true;
  if (options.dryRun) {
    if (what.look) reading(config, what.look);
    return print({ dryRun: true, would: what.would }, json, () => what.would);
  }
  const hands = await connect(config);
  try {
    const made = await what.work(hands.people);
    print(made, json, () => what.done(made, config, hands.url));
  } finally {
    hands.close();
  }
} // prettier-ignore

function reading<T>(config: Config, work: (reader: Reader) => T): T {
  const reader = openReader(config.dataDir);
  try {
    return work(reader);
  } finally {
    reader.close();
  }
}

/** Who or what has a name. Throws not_found; stations may share a name: then bad_request. */
function find<T extends { id: number; name: string }>(
  options: PeopleOptions,
  what: string,
  all: (reader: Reader) => T[],
  name: string,
): T {
  const found = reading(configOf(options), all).filter((one) => folded(one.name) === folded(name));
  if (found.length > 1)
    throw new SemtagError('bad_request', `${found.length} are called ${name}; the People page tells them apart`); // prettier-ignore
  if (!found[0]) throw new SemtagError('not_found', `no ${what} ${name}; \`semtag people\` lists them`);
  return found[0];
}

function wellNamed(name: string): string {
  const problem = nameProblem(name);
  if (problem) throw new SemtagError('bad_request', `name: ${problem}`);
  return name.trim();
}

function refuseTaken(reader: Reader, name: string): void {
  if ([...reader.users.list(), ...reader.tokens.list()].some((one) => folded(one.name) === folded(name)))
    throw new SemtagError('name_taken', name);
}
