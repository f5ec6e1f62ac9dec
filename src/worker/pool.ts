// The pool of child processes that touch image bytes (R7): time and memory limits, recycling, restart. A child's death costs one job, never the service.

import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { childCode } from '../child-code.ts';
import type { ImageFacts, ImageJob } from '../domain/job.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';
import type { Structure } from '../formats/structure.ts';

export type PoolOptions = {
  /** children that work at the same time */
  size: number;
  /** seconds a job may take */
  jobTime: number;
  /** MB of resident memory a child may take; watched on Linux only */
  childMemory: number;
  /** a child is replaced after this many jobs */
  jobsPerChild: number;
  /** below-normal priority, so that the microscope software goes first */
  polite?: boolean;
  /** the model that a child loads before it says ready; else with its first job */
  model?: Model;
};

export type Pool = {
  /** Rejects with SemtagError: the child's own, or child_timeout, child_memory, child_crashed; out_of_resources where no child starts. */
  run(job: ImageJob): Promise<ImageFacts>;
  /** The same for somebody who looks: it goes before the images that wait. */
  runFirst(job: ImageJob): Promise<ImageFacts>;
  /** Is this file whole? Takes milliseconds and goes before the images that wait. `name` is for messages. */
  check(path: string, name: string): Promise<Structure>;
  /**
   * Resolves once a child runs and could take a job, starting one where there is none: what happens from then on can be the image's doing,
   * the time that a child takes to start cannot. Rejects with out_of_resources, or stopping.
   */
  ready(): Promise<void>;
  /** Ends the children; jobs in flight and in the queue are rejected at once with `stopping`. */
  close(): void;
  /** process ids, for figures of memory */
  pids(): number[];
};

/** The other kind of job that a child does. */
export type CheckJob = { check: string; name: string };
export type Job = ImageJob | CheckJob;
export type Model = Pick<ImageJob, 'backbone' | 'engine' | 'threads'>;
type Answer = ImageFacts | Structure;

/** A child says `ready` once, before it takes its first job. */
export type Reply = { ready: true } | { answer: Answer } | { error: { code: ErrorCode; message: string } };

type Starting = { resolve: () => void; reject: (error: SemtagError) => void };
type Waiting = { job: Job; resolve: (answer: Answer) => void; reject: (error: SemtagError) => void };
type Worker = {
  child: ChildProcess;
  jobs: number;
  /** it runs: what happens to it from now on can be the image's doing */
  ready: boolean;
  busy?: Waiting & { timer: NodeJS.Timeout };
  verdict?: SemtagError;
};

const WATCH_MS = 250;

export function createPool(options: PoolOptions): Pool {
  const workers = new Set<Worker>();
  const queue: Waiting[] = [];
  const starting: Starting[] = [];
  let closed = false;
  const watch = setInterval(() => {
    for (const worker of workers)
      if (worker.busy && residentMB(worker.child.pid) > options.childMemory)
        end(
          worker,
          new SemtagError('child_memory', `${worker.busy.job.name}: more than ${options.childMemory} MB`),
        );
  }, WATCH_MS);
  watch.unref();

  function start(): Worker {
    const { path, execArgv } = childCode(import.meta.url, 'child');
    const child = fork(path, [String(process.pid), JSON.stringify(options.model ?? null)], {
      serialization: 'advanced',
      // a child keeps to its core: four threads that collect its garbage would take from those beside it, and from the microscope software
      execArgv: ['--single-threaded-gc', ...execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const worker: Worker = { child, jobs: 0, ready: false };
    workers.add(worker);
    child.on('message', (reply: Reply) => finish(worker, reply));
    child.on('error', (error) => {
      if (!workers.has(worker)) return;
      gone(worker, error.message);
      child.kill('SIGKILL');
    });
    child.on('exit', (code, signal) => gone(worker, signal ?? `exit code ${code}`));
    if (options.polite) makePolite(child.pid);
    return worker;
  }

  function next(): void {
    while (queue.length > 0 && !closed) {
      let idle = [...workers].find((w) => !w.busy && !w.verdict);
      if (!idle && workers.size >= options.size) return;
      const waiting = queue.shift()!;
      try {
        idle ??= start();
      } catch (error) {
        waiting.reject(notStarted((error as Error).message, waiting.job));
        continue;
      }
      const worker = idle;
      const late = () =>
        end(
          worker,
          new SemtagError('child_timeout', `${waiting.job.name}: longer than ${options.jobTime} s`),
        );
      worker.busy = { ...waiting, timer: setTimeout(late, options.jobTime * 1000) };
      worker.jobs++;
      worker.child.send(waiting.job);
    }
  }

  function finish(worker: Worker, reply: Reply): void {
    worker.ready = true;
    for (const { resolve } of starting.splice(0)) resolve();
    const { busy } = worker;
    if (!busy || 'ready' in reply) return;
    clearTimeout(busy.timer);
    delete worker.busy;
    if (worker.jobs >= options.jobsPerChild) retire(worker);
    if ('answer' in reply) busy.resolve(reply.answer);
    else busy.reject(new SemtagError(reply.error.code, reply.error.message));
    next();
  }

  /** Kills a child that went over a limit; its job is rejected with the verdict once it is gone. */
  function end(worker: Worker, verdict: SemtagError): void {
    worker.verdict = verdict;
    worker.child.kill('SIGKILL');
  }

  function retire(worker: Worker): void {
    workers.delete(worker);
    worker.child.disconnect();
  }

  function gone(worker: Worker, how: string): void {
    workers.delete(worker);
    const { busy } = worker;
    if (!worker.ready) for (const one of starting.splice(0)) one.reject(notStarted(how));
    if (!busy) return next();
    clearTimeout(busy.timer);
    delete worker.busy;
    const crashed = () => new SemtagError('child_crashed', `${busy.job.name}: the child ended (${how})`);
    busy.reject(
      worker.ready ? (worker.verdict ?? crashed()) : notStarted(worker.verdict?.message ?? how, busy.job),
    );
    next();
  }

  function ask(job: Job, urgent: boolean): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(stopping(job));
      queue[urgent ? 'unshift' : 'push']({ job, resolve, reject });
      next();
    });
  }

  return {
    run: (job) => ask(job, false) as Promise<ImageFacts>,
    runFirst: (job) => ask(job, true) as Promise<ImageFacts>,
    check: (path, name) => ask({ check: path, name }, true) as Promise<Structure>,
    ready() {
      return new Promise((resolve, reject) => {
        if (closed) return reject(stopping());
        if ([...workers].some((worker) => worker.ready)) return resolve();
        starting.push({ resolve, reject });
        try {
          if (workers.size === 0) start();
        } catch (error) {
          for (const one of starting.splice(0)) one.reject(notStarted((error as Error).message));
        }
      });
    },
    close() {
      closed = true;
      clearInterval(watch);
      for (const { reject } of starting.splice(0)) reject(stopping());
      for (const waiting of queue.splice(0)) waiting.reject(stopping(waiting.job));
      for (const worker of workers) {
        const { busy } = worker;
        delete worker.busy;
        clearTimeout(busy?.timer);
        busy?.reject(stopping(busy.job));
        worker.child.kill('SIGKILL');
      }
    },
    pids: () => [...workers].flatMap((w) => w.child.pid ?? []),
  };
}

function notStarted(how: string, job?: Job): SemtagError {
  return new SemtagError('out_of_resources', `${of(job)}no child process could be started (${how})`);
}

function stopping(job?: Job): SemtagError {
  return new SemtagError('stopping', `${of(job)}semtag is stopping`);
}

function of(job: Job | undefined): string {
  return job ? `${job.name}: ` : '';
}

/** One that is gone already, or a system that forbids it, is no reason not to work. */
function makePolite(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // it stays as important as the service
  }
}

function residentMB(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096) / 1e6;
  } catch {
    return 0; // it ended between two looks
  }
}
