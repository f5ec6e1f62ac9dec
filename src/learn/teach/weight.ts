// How much an answer teaches: less where it was hardly thought possible, since slips and people out of line look like that. Never nothing: it may be right.

import { TEACH_SETTINGS, type TeachSettings } from './settings.ts';

/** `scoreBefore`: of the category given, just before the answer. */
export function weightOf(scoreBefore: number, settings: TeachSettings = TEACH_SETTINGS): number {
  return scoreBefore < settings.implausible ? settings.implausibleWeight : 1;
}
