// Fault points: places where a proof ends the process as a power cut would. Without SEMTAG_FAULT they do nothing.

/**
 * `SEMTAG_FAULT=NAME:N` kills the process the Nth time it passes the point NAME; `NAME@FILE` whenever an image of that file name passes it,
 * which is how an image that kills the service looks.
 */
const fault = /^([\w.]+)(?::(\d+)|@(.+))?$/.exec(process.env['SEMTAG_FAULT'] ?? '');
let passes = 0;

export const FAULT_POINTS = [
  'settle.copied',
  'settle.attempted',
  'settle.published',
  'settle.committed',
  'read.attempted',
  'read.bottlenecks',
  'read.committed',
  'classify.committed',
  'rescore.committed',
  'tag.attempted',
  'tag.written',
  'tag.published',
  'tag.committed',
  'forward.sent',
  'forward.checked',
  'forward.emptied',
  'forward.committed',
  'label.committed',
] as const;

/** Passed by a child once an image's bytes are in its hands: kills the child alone. */
export const CHILD_FAULT_POINT = 'child.reading';

export type FaultPoint = (typeof FAULT_POINTS)[number] | typeof CHILD_FAULT_POINT;

export function faultPoint(name: FaultPoint, file?: string): void {
  if (name !== fault?.[1]) return;
  const [, , count, wanted] = fault;
  if (wanted !== undefined ? wanted === file : ++passes >= Number(count ?? 1))
    process.kill(process.pid, 'SIGKILL');
}
