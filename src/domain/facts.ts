// What is known about an image beside its bytes and header: operator, project, sample, each with its origin.

import type { Field, InstrumentHeader } from './header.ts';

export const FACT_NAMES = ['operator', 'project', 'sample'] as const;
export type FactName = (typeof FACT_NAMES)[number];
export type Facts = Partial<Record<FactName, Field<string>>>;

/** A person's correction wins over the path, the path over the header (whose origins name a tag or sidecar). */
const RANK = ['path', 'operator'];

/** Joins facts; on the same name the one with the higher-ranked origin stays. */
export function joinFacts(...all: Facts[]): Facts {
  const joined: Facts = {};
  for (const facts of all)
    for (const name of FACT_NAMES) {
      const next = facts[name];
      const have = joined[name];
      if (next && (!have || rank(next.origin) >= rank(have.origin))) joined[name] = next;
    }
  return joined;
}

/** What a person corrects: null clears a value, so that it is absent. */
export type Corrections = Partial<Record<FactName, Field<string> | null>>;

export function correctedFacts(have: Facts, corrections: Corrections): Facts {
  const all = { ...have, ...corrections };
  return Object.fromEntries(Object.entries(all).filter(([, field]) => field !== null));
}

/** What the instrument header says of operator and sample; a path or a person says it better. */
export function headerFacts(header: InstrumentHeader): Facts {
  const { user_name, sample_name } = header.fields;
  return { ...(user_name ? { operator: user_name } : {}), ...(sample_name ? { sample: sample_name } : {}) };
}

function rank(origin: string): number {
  return RANK.indexOf(origin.split(/[ :]/)[0] ?? '');
}
