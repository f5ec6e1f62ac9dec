// The label that the service gives by itself to a classified image. Pure.

import type { Category } from './categories.ts';
import type { Decision } from './decision.ts';
import type { Label, Mode } from './label.ts';
import type { Taught } from './teaching.ts';

export type Seen = { decision: Decision; category: Category };

/** Undefined: a person is asked. `because`: answers without which there would be no such label. */
export function labelOf(
  image: { supersededBy?: string },
  seen: Seen | undefined,
  mode: Mode,
  at: string,
  because?: Taught,
): Label | undefined {
  const by = 'semtag';
  if (!seen) return { kind: 'unlabelled', basis: 'not_a_sample', by, at };
  if (mode === 'observe') return { kind: 'unlabelled', basis: 'observe', by, at };
  if (mode === 'auto' && seen.decision === 'auto')
    return {
      kind: 'category',
      category: seen.category,
      basis: 'auto',
      by,
      at,
      ...(because ? { because } : {}),
    };
  // nobody is asked about a version that a newer one has replaced
  if (image.supersededBy) return { kind: 'unlabelled', basis: 'superseded', by, at };
  return undefined;
}
