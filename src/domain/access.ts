// Who may do and see what: roles, what a route asks for, and which images somebody sees. Knows no password, cookie or token.

export const ROLES = ['operator', 'manager', 'harvester'] as const;
export type Role = (typeof ROLES)[number];

/** What a route asks for: nothing; what is public, which the config may open to everybody; anybody who was let in; anybody who may see images that are not public; who may answer; who may manage. Every route names one. */
export const ACCESS = ['open', 'harvest', 'known', 'read', 'answer', 'manage'] as const;
export type Access = (typeof ACCESS)[number];

/** Who sent a request. */
export type Caller = {
  /**
   * session: signed in at a page; token: a program; station: a paired browser of an instrument;
   * loopback: a browser or program of this machine, let in without a password; files: who can read the data directory, as the command line does
   */
  how: 'session' | 'token' | 'station' | 'loopback' | 'files';
  role: Role;
  /** a person's or program's name; absent where the person is named with each answer */
  name?: string;
  /** a station sees and answers for these instruments only */
  instruments?: string[];
  /** private projects that it is a member of */
  projects: string[];
};

/** Which images somebody sees: none of these projects, and, for a station, these instruments only. */
export type Sight = { hidden: string[]; instruments?: string[] };

/** For what the service does by itself. */
export const ALL_SIGHT: Sight = { hidden: [] };

const ALLOWED: Record<Role, readonly Access[]> = {
  harvester: ['open', 'harvest', 'known'],
  operator: ['open', 'harvest', 'known', 'read', 'answer'],
  manager: ['open', 'harvest', 'known', 'read', 'answer', 'manage'],
};

/** `undefined`: nobody who is known. */
export function may(caller: Caller | undefined, access: Access): boolean {
  return access === 'open' || (caller !== undefined && ALLOWED[caller.role].includes(access));
}

/** `privateProjects`: all there are. Only their members see them, also a manager. */
export function sightOf(caller: Caller | undefined, privateProjects: readonly string[]): Sight {
  const own = new Set(caller?.projects);
  return {
    hidden: privateProjects.filter((name) => !own.has(name)),
    ...(caller?.instruments ? { instruments: caller.instruments } : {}),
  };
}
