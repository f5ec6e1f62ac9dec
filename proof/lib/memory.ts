// Memory of a process with all its descendants, from Linux's /proc (proc(5)). Looks from outside; the processes know nothing of it.

import { readFileSync } from 'node:fs';

export type Memory = {
  /** highest sum seen of proportional set sizes, MB: shared pages count once */
  pss: number;
  /** sum of the highest resident sizes of each process, MB: nothing between two looks is missed, shared pages count more than once */
  bound: number;
};

/** Looks every `every` ms until `stop` is called. Where there is no /proc both are NaN. */
export function watchMemory(pid: number, every = 50): { stop(): Memory } {
  const highest = new Map<number, number>();
  let pss = 0;
  const look = () => {
    let sum = 0;
    for (const one of tree(pid)) {
      sum += field(one, 'smaps_rollup', 'Pss');
      highest.set(one, Math.max(highest.get(one) ?? 0, field(one, 'status', 'VmHWM')));
    }
    pss = Math.max(pss, sum);
  };
  const timer = setInterval(look, every);
  return {
    stop() {
      clearInterval(timer);
      const bound = [...highest.values()].reduce((a, b) => a + b, 0);
      return pss > 0 ? { pss, bound } : { pss: NaN, bound: NaN };
    },
  };
}

/** The process and all below it. */
function tree(pid: number): number[] {
  const below = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...below.flatMap(tree)];
}

/** A line `Name:   1234 kB` as MB; 0 for a process that has ended. */
function field(pid: number, file: string, name: string): number {
  const kB = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/${file}`))?.[1];
  return (Number(kB ?? 0) * 1024) / 1e6;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
