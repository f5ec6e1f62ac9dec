// Lessons that cannot teach since their images have no bottlenecks: a score that was made without them names them. Holds places in the log alone.

import type { LessonRow } from '../../store/lessons.ts';

type InForce = { position: number; realm: string | undefined; missing: boolean };

export function missingLessons() {
  /** in the order of the log */
  const inForce = new Map<number, InForce>();
  /** by private project, until a lesson comes or goes */
  const found = new Map<string | undefined, [number, number][]>();
  let count = 0;

  return {
    learn({ position, realm }: Pick<LessonRow, 'position' | 'realm'>, missing: boolean): void {
      inForce.set(position, { position, realm, missing });
      if (missing) count++;
      found.clear();
    },
    unlearn(position: number): void {
      if (inForce.get(position)?.missing) count--;
      inForce.delete(position);
      found.clear();
    },
    /** From place to place, both included: of the lessons between that may teach this private project, or everybody, none is known. */
    in(realm: string | undefined): [number, number][] {
      if (count === 0) return [];
      const before = found.get(realm);
      if (before) return before;
      const ranges: [number, number][] = [];
      let last: [number, number] | undefined;
      for (const one of inForce.values()) {
        if (one.realm !== undefined && one.realm !== realm) continue;
        if (!one.missing) last = undefined;
        else if (last) last[1] = one.position;
        else ranges.push((last = [one.position, one.position]));
      }
      found.set(realm, ranges);
      return ranges;
    },
  };
}
