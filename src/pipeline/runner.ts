// Drives the stages: asks each for what is due, keeps work in flight in memory only, tries again later what may pass. Knows no stage by name.

import { asSemtagError, type SemtagError } from '../errors.ts';
import { backoffMs } from './backoff.ts';
import type { Stage } from './stage.ts';

/** Stages are asked again this often even when nobody wakes them. */
const POLL_MS = 100;
/** Under this key a stage rests whose look for work failed. */
const LOOKING = '(looking for work)';

export type RunnerLog = {
  retrying(stage: string, key: string, error: SemtagError, inMs: number): void;
  failed(stage: string, key: string, error: SemtagError): void;
  /** The machine is in trouble and the whole stage waits; undefined: it goes on. */
  trouble?(stage: string, reason: SemtagError | undefined): void;
};

export type Runner = {
  start(): void;
  /** Something changed: look for work now. `key`: somebody asked for this item, it does not wait for the end of its rest. */
  wake(key?: string): void;
  /** Starts nothing new; resolves when what is in flight has ended, or after `graceMs`. */
  stop(graceMs: number): Promise<void>;
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- stages of different items in one list
type AnyStage = Stage<any>;
type Rest = { until: number; tries: number };
type Lane = {
  stage: AnyStage;
  inFlight: Map<string, Promise<void>>;
  resting: Map<string, Rest>;
  /** the machine is in trouble: after each wait one item tries whether it still is */
  waiting?: Rest;
};

export function createRunner(stages: AnyStage[], log: RunnerLog): Runner {
  const lanes: Lane[] = stages.map((stage) => ({ stage, inFlight: new Map(), resting: new Map() }));
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;
  let running = false;

  function wake(key?: string): void {
    if (key !== undefined)
      for (const lane of lanes) {
        lane.resting.delete(key);
        if (lane.waiting) lane.waiting.until = 0;
      }
    if (!running || soon) return;
    soon = setImmediate(() => {
      soon = undefined;
      for (const lane of lanes) poll(lane);
    });
  }

  function poll(lane: Lane): void {
    const free = (lane.waiting ? 1 : lane.stage.concurrency) - lane.inFlight.size;
    const now = performance.now();
    if (!running || free <= 0 || now < (lane.waiting?.until ?? 0)) return;
    const resting = [...lane.resting].filter(([, rest]) => rest.until > now).map(([key]) => key);
    if (resting.includes(LOOKING)) return;
    for (const item of dueOf(lane, free, new Set([...lane.inFlight.keys(), ...resting]))) {
      const key = lane.stage.key(item);
      lane.inFlight.set(key, work(lane, item, key));
    }
  }

  /** A look that fails, as on a disk in trouble, ends neither the service nor the other stages. */
  function dueOf(lane: Lane, free: number, skip: ReadonlySet<string>): unknown[] {
    try {
      const items: unknown[] = lane.stage.due(free, skip);
      lane.resting.delete(LOOKING);
      return items;
    } catch (thrown) {
      rest(lane, LOOKING, asSemtagError(thrown));
      return [];
    }
  }

  async function work(lane: Lane, item: unknown, key: string): Promise<void> {
    const { stage } = lane;
    try {
      await stage.run(item);
      lane.resting.delete(key);
      goOn(lane);
    } catch (thrown) {
      // what was interrupted by the stop says nothing: it is done again at the next start
      if (running) await settleFailure(lane, item, key, asSemtagError(thrown));
    } finally {
      lane.inFlight.delete(key);
      wake();
    }
  }

  function rest(lane: Lane, key: string, reason: SemtagError): void {
    const tries = (lane.resting.get(key)?.tries ?? 0) + 1;
    const wait = backoffMs(tries);
    lane.resting.set(key, { until: performance.now() + wait, tries });
    log.retrying(lane.stage.name, key, reason, wait);
  }

  function wait(lane: Lane, reason: SemtagError): void {
    const now = performance.now();
    if (lane.waiting && now < lane.waiting.until) return; // what was in flight beside it failed alike
    const tries = (lane.waiting?.tries ?? 0) + 1;
    lane.waiting = { until: now + backoffMs(tries), tries };
    log.trouble?.(lane.stage.name, reason);
  }

  function goOn(lane: Lane): void {
    if (!lane.waiting) return;
    delete lane.waiting;
    log.trouble?.(lane.stage.name, undefined);
  }

  async function settleFailure(lane: Lane, item: unknown, key: string, error: SemtagError): Promise<void> {
    if (error.ofMachine) wait(lane, error);
    if (error.retryable) return rest(lane, key, error);
    try {
      await lane.stage.failed(item, error);
      lane.resting.delete(key);
      log.failed(lane.stage.name, key, error);
    } catch (thrown) {
      rest(lane, key, asSemtagError(thrown));
    }
  }

  return {
    start() {
      running = true;
      timer = setInterval(() => wake(), POLL_MS);
      wake();
    },
    wake,
    async stop(graceMs) {
      running = false;
      clearInterval(timer);
      const all = Promise.allSettled(lanes.flatMap((lane) => [...lane.inFlight.values()]));
      let late: NodeJS.Timeout | undefined;
      await Promise.race([all, new Promise((resolve) => (late = setTimeout(resolve, graceMs)))]);
      clearTimeout(late);
    },
  };
}
