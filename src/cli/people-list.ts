// `semtag people list`: accounts, tokens and stations, read from the database beside a running service or without one. Shows no secret: none is kept.

import { openReader } from '../store/reader.ts';
import { configOf, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { table } from './table.ts';

export function list(options: CommonOptions): void {
  const reader = openReader(configOf(options).dataDir);
  try {
    const [users, tokens, stations] = [reader.users.list(), reader.tokens.list(), reader.stations.list()];
    const state = (user: (typeof users)[number]) =>
      user.disabled ? 'disabled' : user.hasPassword ? '' : 'link not used yet';
    print({ users, tokens, stations }, options.json === true, () =>
      [
        users.length === 0
          ? 'no accounts yet; `semtag people link --first-manager` makes the first one'
          : table(users.map((one) => [one.name, one.role, one.projects.join(', '), state(one)]), ['account', 'role', 'private projects', '']), // prettier-ignore
        ...(tokens.length === 0
          ? []
          : ['', table(tokens.map((one) => [one.name, one.role, one.projects.join(', '), one.usedAt ?? 'never', one.expiresAt ?? '']), ['token', 'role', 'private projects', 'last used', 'until'])]), // prettier-ignore
        ...(stations.length === 0
          ? []
          : ['', table(stations.map((one) => [one.name, one.instruments.join(', '), one.usedAt]), ['station', 'instruments', 'last used'])]), // prettier-ignore
      ].join('\n'),
    );
  } finally {
    reader.close();
  }
}
