// Compares a header with the `expected` block of a vendor file's JSON: right, wrong, or invented. Never knows a file by its name.

import type { InstrumentHeader } from '../../src/domain/header.ts';

export type Expectation = {
  file: string;
  expected: Record<string, unknown>;
  extra?: Record<string, unknown>;
  notes?: string[];
  compare?: { numbers?: string };
};

/** `wrong`: another value, or none, where one is expected. `invented`: a value where there must be none. */
export type Outcome = {
  field: string;
  verdict: 'right' | 'wrong' | 'invented';
  expected: unknown;
  got: unknown;
};

/** "relative tolerance 1e-6 unless a note says otherwise". */
export function compareFields(expectation: Expectation, header: InstrumentHeader): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const [field, expected] of Object.entries(expectation.expected)) {
    if (!isAsserted(expectation, field)) continue;
    const given = (
      header.fields as Record<string, { value: unknown; zone?: string; origin?: string } | undefined>
    )[field];
    const got = given && 'zone' in given ? { value: given.value, zone: given.zone } : given?.value;
    if (expected === null && isAllowed(expectation, field, given)) continue;
    if (expected === null)
      outcomes.push({ field, verdict: got === undefined ? 'right' : 'invented', expected, got });
    else
      outcomes.push({
        field,
        verdict: meets(expectation, field, expected, got) ? 'right' : 'wrong',
        expected,
        got,
      });
  }
  return outcomes;
}

/** A value computed from others may be offered where the header has none, as long as it says `derived`. */
function isAllowed(
  { extra }: Expectation,
  field: string,
  given?: { value: unknown; origin?: string },
): boolean {
  const derived = extra?.[`derived_${field}`];
  return (
    given?.origin === 'derived' && typeof derived === 'number' && near(derived, Number(given.value), 1e-6)
  );
}

function isAsserted({ extra }: Expectation, field: string): boolean {
  const open = extra?.['not_asserted'];
  if (Array.isArray(open) && open.includes(field)) return false;
  const except = extra?.['values_not_asserted'];
  if (except === undefined) return true;
  return field === 'vendor' || (typeof except === 'string' && except.includes(field));
}

function meets(expectation: Expectation, field: string, expected: unknown, got: unknown): boolean {
  if (field === 'acquired_at') return sameMoment(expected, got);
  if (typeof expected !== 'number') return expected === got;
  if (typeof got !== 'number') return false;
  const exact = field.startsWith('pixel_size') ? expectation.extra?.['pixel_size_exact_m'] : undefined;
  const accepted = typeof exact === 'number' ? [expected, exact] : [expected];
  const tolerance = toleranceOf(expectation, field);
  if (field.endsWith('_deg') && notes(expectation).some((n) => n.includes('modulo 360')))
    return accepted.some((value) => near(turn(value), turn(got), tolerance));
  return accepted.some((value) => near(value, got, tolerance));
}

/** Zero has no relative tolerance. */
function near(expected: number, got: number, tolerance: number): boolean {
  return Math.abs(got - expected) <= tolerance * Math.max(Math.abs(expected), expected === 0 ? 1e-6 : 0);
}

function turn(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

/** The general one, or the looser one that a note about this kind of field names: "rel. tolerance 1e-3", "1.5 %". */
function toleranceOf(expectation: Expectation, field: string): number {
  const general = Number(/(\d+(?:\.\d+)?e-?\d+)/.exec(expectation.compare?.numbers ?? '')?.[1] ?? 1e-6);
  const topic = field.replace(/_(x|y|z)?_?(m|deg|V|A|Pa|s|px)$/, '').replaceAll('_', ' ');
  for (const note of notes(expectation)) {
    if (!note.toLowerCase().includes(topic)) continue;
    const [, number, percent] = /tolerance (?:of )?(\d+(?:\.\d+)?(?:e-?\d+)?)\s*(%)?/.exec(note) ?? [];
    if (number) return Number(number) / (percent ? 100 : 1);
  }
  return general;
}

function notes(expectation: Expectation): string[] {
  return expectation.notes ?? [];
}

/** Value and zone. An expected zone "offset" has the offset in its value; ours has it in the zone; "Z" and utc are the same. */
function sameMoment(expected: unknown, got: unknown): boolean {
  const want = expected as { value: string; zone: string };
  const have = got as { value: string; zone: string } | undefined;
  if (!have) return false;
  if (want.zone === 'offset') return want.value === have.value + have.zone || want.value === have.value;
  const value = want.value.replace(/Z$/, '');
  return have.value.replace(/Z$/, '') === value && have.zone === want.zone;
}
