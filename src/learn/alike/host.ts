// The service's side of the child process that finds images that look alike: starts it, asks it, starts it again should it end. Compares nothing itself.

import { fork, type ChildProcess } from 'node:child_process';
import { childCode } from '../../child-code.ts';
import { SemtagError } from '../../errors.ts';
import type { Ask, Reply } from './child.ts';
import type { Likeness, Setup } from './collection.ts';

/** `complete`: false while signatures of older images are still being made. */
export type Alikes = { found: Likeness[]; complete: boolean };

export type Alike = {
  /** Most alike first, without itself; undefined where the network has not seen the image. Rejects with out_of_resources where the child ended or does not answer. */
  similar(sha256: string, most: number): Promise<Alikes | undefined>;
  /** Of the child; absent while it does not run. */
  pid(): number | undefined;
  /** Ends the child; what was asked is rejected with `stopping`. */
  close(): void;
};

type Waiting = { resolve: (found: Alikes | undefined) => void; reject: (error: SemtagError) => void };

/** Loading a million signatures from a slow disk takes some seconds: one that has not answered by then hangs. */
const PATIENCE_MS = 60_000;
/** It starts with the first question, or so long after the service: what a start has to do goes first. */
const START_AFTER_MS = 30_000;

export function startAlike(setup: Setup, patienceMs = PATIENCE_MS): Alike {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let closed = false;
  let asked = 0;
  const later = setTimeout(() => (child ??= started()), START_AFTER_MS).unref();

  function started(): ChildProcess {
    const { path, execArgv } = childCode(import.meta.url, 'child');
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const one = fork(path, [], { serialization: 'advanced', execArgv, stdio: [...stdio] });
    one.on('message', (reply: Reply) => {
      const { resolve, reject } = waiting.get(reply.id) ?? {};
      waiting.delete(reply.id);
      if ('error' in reply) reject?.(new SemtagError('out_of_resources', reply.error));
      else resolve?.(reply.found && { found: reply.found, complete: reply.complete });
    });
    one.on('error', (error) => ended(one, error.message));
    one.on('exit', (code, signal) => ended(one, signal ?? `exit code ${code}`));
    one.send(setup);
    return one;
  }

  function ended(one: ChildProcess, how: string): void {
    if (one === child) end(new SemtagError('out_of_resources', `what compares images ended (${how})`));
  }

  function end(reason: SemtagError): void {
    const one = child;
    child = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    for (const { reject } of all) reject(reason);
    one?.kill('SIGKILL');
  }

  return {
    similar(sha256, most) {
      if (closed) return Promise.reject(new SemtagError('stopping', 'semtag is stopping'));
      const one = (child ??= started());
      const id = ++asked;
      const reply = new Promise<Alikes | undefined>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        one.send({ id, sha256, most } satisfies Ask);
      });
      const hangs = setTimeout(
        () => end(new SemtagError('out_of_resources', 'what compares images did not answer')),
        patienceMs,
      ).unref();
      return reply.finally(() => clearTimeout(hangs));
    },
    pid: () => child?.pid,
    close() {
      closed = true;
      clearTimeout(later);
      end(new SemtagError('stopping', 'semtag is stopping'));
    },
  };
}
