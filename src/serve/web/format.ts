// Scores, times and ages as people read them. Pure.

import { THIN } from '../../domain/amounts.ts';

/** 0.6149 -> `0.61`; never 1.00 for what is below 1, never 0.00 for what is above 0. */
export function score(value: number): string {
  if (value > 0.99 && value < 1) return '>0.99';
  if (value < 0.01 && value > 0) return '<0.01';
  return value.toFixed(2);
}

/** Two scores side by side, with as many digits as it takes to tell them apart: 0.7996 and 0.8000. */
export function scores(a: number, b: number): [string, string] {
  for (let n = 2; n <= 6 && a !== b; n++)
    if (a.toFixed(n) !== b.toFixed(n)) return n === 2 ? [score(a), score(b)] : [a.toFixed(n), b.toFixed(n)];
  return [score(a), score(b)];
}

export function age(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 60) return `${seconds}${THIN}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${THIN}min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}${THIN}h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** `ahead('...')` -> `8 min`: how long until then, never shorter than it is. */
export function ahead(iso: string, now = Date.now()): string {
  const seconds = Math.max(1, Math.ceil((Date.parse(iso) - now) / 1000));
  if (seconds < 60) return `${seconds}${THIN}s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)}${THIN}min`;
  return `${Math.ceil(seconds / 3600)}${THIN}h`;
}

/** Made when it is first used, and once: each costs more than a hundred times that it is used, and a gallery has hundreds of times to show. */
function formatOf(options?: Intl.DateTimeFormatOptions): (at: Date) => string {
  let format: Intl.DateTimeFormat | undefined;
  return (at) => (format ??= new Intl.DateTimeFormat([], options)).format(at);
}
const time = formatOf({ hour: '2-digit', minute: '2-digit', hour12: false });
const date = formatOf();
const day = formatOf({ dateStyle: 'full' });
const full = formatOf({ dateStyle: 'medium', timeStyle: 'long' });

/** Local time of day, with the day where it is not today. */
export function when(iso: string, now = new Date()): string {
  const at = new Date(iso);
  return at.toDateString() === now.toDateString() ? time(at) : `${date(at)} ${time(at)}`;
}

/** The local day in words. */
export const dayOf = (iso: string): string => day(new Date(iso));

export const imagesWords = (n: number): string => (n === 1 ? '1 image' : `${n} images`);

export const answersWords = (n: number): string => (n === 1 ? '1 answer' : `${n} answers`);

/** For hovering: everything, with its zone. */
export const inFull = (iso: string): string => full(new Date(iso));

/** The times in a sentence of the service, as the clock on the wall shows them. */
export const wallTimes = (sentence: string): string =>
  sentence.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => when(iso));
