// Forwarding and publishing that people paused: for everything, an instrument or a project, while intake goes on. Pure; decides for one image and says it in words.

export const PAUSE_SCOPES = ['all', 'instrument', 'project'] as const;
export type PauseScope = (typeof PAUSE_SCOPES)[number];

/** What is paused. `name`: of the instrument or project; absent with `all`. */
export type Paused = { scope: PauseScope; name?: string };

export type Pause = Paused & {
  /** UTC, ISO 8601 */
  since: string;
  by: string;
  reason: string;
};

/** The first pause that holds this image back: everything before its instrument before its project. */
export function pauseOf<P extends Paused>(
  image: { instrument: string; project?: string | undefined },
  pauses: readonly P[],
): P | undefined {
  const holds = ({ scope, name }: Paused) => scope === 'all' || image[scope] === name;
  return PAUSE_SCOPES.map((scope) => pauses.find((one) => one.scope === scope && holds(one))).find(
    (one) => one !== undefined,
  );
}

/** `Merlin`, `project GaAs`, `everything`. */
export const pausedName = ({ scope, name = '' }: Paused): string =>
  scope === 'all' ? 'everything' : scope === 'project' ? `project ${name}` : name;

/** `when`: how the time is written; as it is stored unless told. */
export function pauseWords(pause: Pause, when: (iso: string) => string = (iso) => iso): string {
  return `Forwarding of ${pausedName(pause)} is paused since ${when(pause.since)} by ${pause.by}: ${pause.reason}`;
}
