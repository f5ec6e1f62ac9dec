// What the service tells the manager of odd answers, and how much of it is so. Judges nothing.

import type { Seen } from './replay.ts';
import type { OpenFacility } from './through-service.ts';

export type Flagged = { answers: string[]; people: string[] };

/** As the API gives it. */
type Odd = { answers: { image: { sha256: string } }[]; people: { by: string }[] };

/** Summed over facilities. */
export type Flags = {
  answers: number;
  wrongAnswers: number;
  /** wrong answers in all, flagged or not */
  allWrong: number;
  /** persons who told the truth */
  wrongly: number;
  /** of each person who was always wrong: how many answers they had given when they were flagged */
  after: (number | undefined)[];
};

export const noFlags = (): Flags => ({ answers: 0, wrongAnswers: 0, allWrong: 0, wrongly: 0, after: [] });

export async function flagsOf({ service }: OpenFacility): Promise<Flagged> {
  const { odd } = await service.get<{ odd: Odd }>('/api/teaching');
  return { answers: odd.answers.map(({ image }) => image.sha256), people: odd.people.map(({ by }) => by) };
}

/** `told`: persons, and how many answers they had given when they were flagged first. `bad`: who was always wrong, if anybody. */
export function addFlags(to: Flags, seen: Seen[], { answers }: Flagged, told: Map<string, number>, bad?: string): void {
  const wrong = new Set(seen.filter(({ asked, label, image }) => asked && label !== image.truth).map(({ image }) => image.sha256));
  to.answers += answers.length;
  to.wrongAnswers += answers.filter((sha256) => wrong.has(sha256)).length;
  to.allWrong += wrong.size;
  to.wrongly += [...told.keys()].filter((person) => person !== bad).length;
  if (bad) to.after.push(told.get(bad));
} // prettier-ignore
