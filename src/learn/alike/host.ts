// The service's side of the thread that finds images that look alike: starts it with the first question. Computes nothing itself.

import { Worker } from 'node:worker_threads';
import { childCode } from '../../child-code.ts';
import { SemtagError } from '../../errors.ts';
import type { Ask, Found, Reply, Setup } from './thread.ts';

export type Alike = {
  /** Most alike first, without itself; undefined where the network has not seen the image. Rejects with out_of_resources where the thread ended. */
  similar(sha256: string, most: number): Promise<Found[] | undefined>;
  close(): void;
};

export function startAlike(setup: Setup): Alike {
  const waiting = new Map<number, { resolve: (found?: Found[]) => void; reject: (error: Error) => void }>();
  let thread: Worker | undefined;
  let asked = 0;
  let closed = false;

  function started(): Worker {
    const { path, execArgv } = childCode(import.meta.url, 'thread');
    const one = new Worker(path, { workerData: setup, execArgv });
    one.unref();
    one.on('message', ({ id, found, error }: Reply) => {
      const { resolve, reject } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (error === undefined) resolve?.(found);
      else reject?.(new SemtagError('out_of_resources', error));
    });
    one.on('error', (error) => ended(error.message));
    one.on('exit', (code) => ended(`exit code ${code}`));
    return one;
  }

  function ended(how: string): void {
    thread = undefined;
    for (const { reject } of waiting.values())
      reject(new SemtagError('out_of_resources', `what compares images ended (${how})`));
    waiting.clear();
  }

  return {
    similar(sha256, most) {
      if (closed) return Promise.reject(new SemtagError('stopping', 'semtag is stopping'));
      thread ??= started();
      const id = ++asked;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        thread!.postMessage({ id, sha256, most } satisfies Ask);
      });
    },
    close() {
      closed = true;
      void thread?.terminate();
    },
  };
}
