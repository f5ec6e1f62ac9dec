// Who is let in, as managers change it: accounts, tokens, stations and the links that start them. Page, API and command line call these same functions. Shows no secret twice.

import type { Role } from '../../domain/access.ts';
import { nameProblem } from '../../domain/person.ts';
import { SemtagError } from '../../errors.ts';
import type { Station } from '../../store/stations.ts';
import type { Store } from '../../store/store.ts';
import type { Token } from '../../store/tokens.ts';
import type { User, UserChange } from '../../store/users.ts';

export type NewUser = { name: string; role: Role; projects?: string[] };
export type NewToken = NewUser & { days?: number };
export type NewStation = { name: string; instruments: string[] };
/** Shown once: `code` opens `#/sign-in?link=CODE`. */
export type Code = { code: string; expiresAt: string };
export type People = { users: User[]; tokens: Token[]; stations: Station[] };

const DAY_MS = 86_400_000;

/** `instruments`: the names of all in the config. */
export function people(
  store: Pick<Store, 'users' | 'tokens' | 'stations' | 'links'>,
  instruments: readonly string[],
  now: () => Date = () => new Date(),
) {
  const { users, tokens, stations, links } = store;
  const at = () => now().toISOString();
  return {
    list: (): People => ({ users: users.list(), tokens: tokens.list(), stations: stations.list() }),

    /** With the link by which the person sets a password. */
    addUser({ name, role, projects = [] }: NewUser, by: string): { user: User } & Code {
      const user = users.add(given('name', name), role, names(projects), given('by', by), at());
      return { user, ...links.make({ purpose: 'password', user: user.id }, by, now()) };
    },

    changeUser: (id: number, change: UserChange, by: string): { user: User } => ({
      user: users.change(id, change, given('by', by), at()),
    }),

    /** A new link for somebody who forgot the password or lost the first one; the password of now holds until it is used. */
    passwordLink(id: number, by: string): { user: User } & Code {
      const user = users.need(id);
      if (user.disabled)
        throw new SemtagError('bad_request', `${user.name} is disabled`, {
          advice: 'Enable the account first.',
        });
      return { user, ...links.make({ purpose: 'password', user: id }, given('by', by), now()) };
    },

    firstManagerLink(by: string): Code {
      if (users.hasManager())
        throw new SemtagError('bad_request', 'there is a manager already', {
          advice:
            'A manager makes others; `semtag people link NAME` gives one who forgot the password a new link.',
        });
      return links.make({ purpose: 'first_manager' }, given('by', by), now());
    },

    addToken({ name, role, projects = [], days }: NewToken, by: string): { token: Token; secret: string } {
      const until =
        days === undefined ? {} : { expiresAt: new Date(now().getTime() + days * DAY_MS).toISOString() };
      const wanted = { name: given('name', name), role, projects: names(projects), ...until };
      return tokens.add(wanted, given('by', by), at());
    },

    revokeToken: (id: number, by: string): { revoked: boolean } => ({
      revoked: tokens.revoke(id, given('by', by), at()),
    }),

    /** The link pairs the browser that opens it. */
    pair({ name, instruments: wanted }: NewStation, by: string): Code {
      const unknown = wanted.find((one) => !instruments.includes(one));
      if (unknown !== undefined || wanted.length === 0)
        throw new SemtagError(
          'bad_request',
          `instruments: ${unknown ?? 'none'}; there are ${instruments.join(', ')}`,
        );
      const station = { name: given('name', name), instruments: [...new Set(wanted)] };
      return links.make({ purpose: 'station', station }, given('by', by), now());
    },

    revokeStation: (id: number, by: string): { revoked: boolean } => ({
      revoked: stations.revoke(id, given('by', by), at()),
    }),
  };
}

export type PeopleHands = ReturnType<typeof people>;

function given(field: string, name: string): string {
  const problem = nameProblem(name);
  if (problem) throw new SemtagError('bad_request', `${field}: ${problem}`);
  return name.trim();
}

const names = (projects: string[]): string[] => [...new Set(projects)].sort();
