// The pool of child processes that touch image bytes (R7): time and memory limits, recycling, restart. A child's death costs one job, never the service.

import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ImageFacts, ImageJob } from '../domain/job.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';

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
};

export type Pool = {
  /** Rejects with SemtagError: the child's own, or child_timeout, child_memory, child_crashed. */
  run(job: ImageJob): Promise<ImageFacts>;
  /** Ends the children; jobs in flight are rejected. */
  close(): void;
  /** process ids, for figures of memory */
  pids(): number[];
};

export type Reply = { facts: ImageFacts } | { error: { code: ErrorCode; message: string } };

type Waiting = { job: ImageJob; resolve: (facts: ImageFacts) => void; reject: (error: SemtagError) => void };
type Worker = {
  child: ChildProcess;
  jobs: number;
  busy?: Waiting & { timer: NodeJS.Timeout };
  verdict?: SemtagError;
};

const WATCH_MS = 250;

export function createPool(options: PoolOptions): Pool {
  const workers = new Set<Worker>();
  const queue: Waiting[] = [];
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
    const child = fork(entry(), [String(process.pid)], {
      serialization: 'advanced',
      execArgv: execArgv(),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const worker: Worker = { child, jobs: 0 };
    workers.add(worker);
    if (options.polite && child.pid !== undefined)
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    child.on('message', (reply: Reply) => finish(worker, reply));
    child.on('error', () => gone(worker, 'could not be started'));
    child.on('exit', (code, signal) => gone(worker, signal ?? `exit code ${code}`));
    return worker;
  }

  function next(): void {
    while (queue.length > 0 && !closed) {
      const idle =
        [...workers].find((w) => !w.busy && !w.verdict) ??
        (workers.size < options.size ? start() : undefined);
      if (!idle) return;
      const waiting = queue.shift()!;
      const late = () =>
        end(idle, new SemtagError('child_timeout', `${waiting.job.name}: longer than ${options.jobTime} s`));
      idle.busy = { ...waiting, timer: setTimeout(late, options.jobTime * 1000) };
      idle.jobs++;
      idle.child.send(waiting.job);
    }
  }

  function finish(worker: Worker, reply: Reply): void {
    const { busy } = worker;
    if (!busy) return;
    clearTimeout(busy.timer);
    delete worker.busy;
    if (worker.jobs >= options.jobsPerChild) retire(worker);
    if ('facts' in reply) busy.resolve(reply.facts);
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
    if (!busy) return next();
    clearTimeout(busy.timer);
    delete worker.busy;
    busy.reject(
      worker.verdict ?? new SemtagError('child_crashed', `${busy.job.name}: the child ended (${how})`),
    );
    next();
  }

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new SemtagError('internal', `${job.name}: the pool is closed`));
        queue.push({ job, resolve, reject });
        next();
      }),
    close() {
      closed = true;
      clearInterval(watch);
      for (const waiting of queue.splice(0))
        waiting.reject(new SemtagError('internal', `${waiting.job.name}: semtag is stopping`));
      for (const worker of workers) end(worker, new SemtagError('internal', 'semtag is stopping'));
    },
    pids: () => [...workers].flatMap((w) => w.child.pid ?? []),
  };
}

/** From the build the compiled child; from the sources (tests, proofs) the TypeScript one through the loader that runs them. */
function entry(): string {
  return fileURLToPath(new URL(fromSource() ? './child.ts' : './child.js', import.meta.url));
}
function execArgv(): string[] {
  return fromSource() ? ['--import', 'tsx'] : [];
}
function fromSource(): boolean {
  return import.meta.url.endsWith('.ts');
}

function residentMB(pid: number | undefined): number {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  try {
    return (Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096) / 1e6;
  } catch {
    return 0; // it ended between two looks
  }
}
