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

type Of = { instrument: string; project?: string | undefined };

/** All pauses that hold this image back: everything before its instrument before its project. */
export function pausesOf<P extends Paused>(image: Of, pauses: readonly P[]): P[] {
  const holds = ({ scope, name }: Paused) => scope === 'all' || image[scope] === name;
  return PAUSE_SCOPES.flatMap((scope) => pauses.filter((one) => one.scope === scope && holds(one)));
}

/** The first of them. */
export const pauseOf = <P extends Paused>(image: Of, pauses: readonly P[]): P | undefined =>
  pausesOf(image, pauses)[0];

/** `Merlin`, `project GaAs`, `everything`. */
export const pausedName = ({ scope, name = '' }: Paused): string =>
  scope === 'all' ? 'everything' : scope === 'project' ? `project ${name}` : name;

/** What a pause stops: `forwarding and publishing of project GaAs`. */
export const stoppedWords = (paused: Paused): string => `forwarding and publishing of ${pausedName(paused)}`;

/** As the first words of a sentence. */
export const stoppedFirst = (paused: Paused): string => `F${stoppedWords(paused).slice(1)}`;

/** In a line beside others, where there is no room for more. */
export const pauseHeading = (paused: Paused): string => `forwarding of ${pausedName(paused)} is paused`;

/** `when`: how the time is written; as it is stored unless told. */
export function pauseWords(pause: Pause, when: (iso: string) => string = (iso) => iso): string {
  return `${stoppedFirst(pause)} are paused since ${when(pause.since)} by ${pause.by}: ${pause.reason}`;
}
