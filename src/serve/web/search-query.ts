// What the search line of the gallery says, as filters: `/api/images` takes them as they are, the address bar holds them. Pure.

import { CATEGORIES, categoryTitle, isCategory } from '../../domain/categories.ts';
import { IMAGE_STATES } from '../../domain/states.ts';

export const STATE_TITLES: Record<(typeof IMAGE_STATES)[number], string> = {
  settled: 'Arrived',
  read: 'Being classified',
  asked: 'Waits for an answer',
  labelled: 'Labelled, not tagged yet',
  tagged: 'On its way',
  forwarded: 'At the repository',
  quarantined: 'Aside',
};

/** `of`: what a value is typed as. */
export type Filter = { name: string; title: string; of: 'text' | 'number' | 'date' | 'choice'; unit?: string; choices?: [string, string][] }; // prettier-ignore

export const FILTERS: Filter[] = [
  { name: 'category', title: 'Category', of: 'choice', choices: CATEGORIES.map((one) => [one, categoryTitle(one)]) },
  { name: 'state', title: 'State', of: 'choice', choices: IMAGE_STATES.map((one) => [one, STATE_TITLES[one]]) },
  { name: 'basis', title: 'Labelled', of: 'choice', choices: [['auto', 'by itself'], ['answer', 'by a person'], ['released', 'by nobody in time']] },
  { name: 'from', title: 'Arrived from', of: 'date' },
  { name: 'to', title: 'Arrived before', of: 'date' },
  { name: 'instrument', title: 'Instrument', of: 'text' },
  { name: 'detector', title: 'Detector', of: 'text' },
  { name: 'sample', title: 'Sample', of: 'text' },
  { name: 'project', title: 'Project', of: 'text' },
  { name: 'operator', title: 'Operator', of: 'text' },
  { name: 'magnificationFrom', title: 'Magnification from', of: 'number', unit: '×' },
  { name: 'magnificationTo', title: 'Magnification to', of: 'number', unit: '×' },
  { name: 'voltageFrom', title: 'Voltage from', of: 'number', unit: 'V' },
  { name: 'voltageTo', title: 'Voltage to', of: 'number', unit: 'V' },
  { name: 'aligned', title: 'Aligned, at least', of: 'number' },
  { name: 'doubted', title: 'Doubted', of: 'choice', choices: [['true', 'answers speak against it']] },
  { name: 'series', title: 'Series', of: 'number' },
]; // prettier-ignore

/** The filters of an address; what is none of them is left out. */
export function queryOf(search: string): Record<string, string> {
  const given = new URLSearchParams(search);
  const names = ['q', ...FILTERS.map(({ name }) => name)];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = given.get(name)?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

export const addressOf = (query: Record<string, string>): string => {
  const text = new URLSearchParams(query).toString();
  return `#/images${text ? `?${text}` : ''}`;
};

/** `5k` -> 5000, `20 kV` -> 20000; undefined where it is no number. */
export function numberOf(text: string): number | undefined {
  const match = /^([\d.,\s\u202f]+)\s*([kKM]?)\s*(?:V|x|×)?$/.exec(text.trim());
  const value = match && Number(match[1]!.replace(/[\s\u202f]/g, '').replace(',', '.'));
  if (value === null || Number.isNaN(value)) return undefined;
  return value * { k: 1e3, K: 1e3, M: 1e6, '': 1 }[match![2] as '' | 'k'];
}

export function chipWords({ name, title, choices, unit }: Filter, value: string): string {
  const word = choices?.find(([one]) => one === value)?.[1] ?? (isCategory(value) ? categoryTitle(value) : value); // prettier-ignore
  return name === 'doubted' ? 'Doubted' : `${title} ${word}${unit ? `\u202f${unit}` : ''}`;
}
