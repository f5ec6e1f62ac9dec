// A child process that answers questions one by one: started with the first one, started again after it ended, killed where it does not answer. Knows nothing of what is asked.

import { fork, type ChildProcess } from 'node:child_process';
import { childCode } from '../child-code.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';

/** What a child sends in place of an answer. */
export type Failed = { error: { code: ErrorCode; message: string } };
type Numbered = { id: number };

export type AskedChild<What, Answer> = {
  /** `what` is called once the child runs. Rejects with what the child says, out_of_resources where it ended or does not answer, stopping once closed. */
  ask(what: () => What): Promise<Answer>;
  start(): void;
  /** Of the child; absent while it does not run. */
  pid(): number | undefined;
  /** It starts again with the next question; what was asked is rejected. */
  again(): void;
  /** Ends it for good; what was asked is rejected with `stopping`. */
  close(): void;
};

type Options = {
  /** import.meta.url of the file that `child.ts` lies beside */
  from: string;
  /** its first message */
  setup: object;
  /** for messages: `the process that ...` */
  name: string;
  patienceMs: number;
  onStart?: () => void;
};

export function askedChild<What extends object, Answer extends object>({
  from,
  setup,
  name,
  patienceMs,
  onStart,
}: Options): AskedChild<What, Answer> {
  type Waiting = { resolve: (answer: Answer) => void; reject: (error: SemtagError) => void };
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let closed = false;
  let asked = 0;

  function started(): ChildProcess {
    const { path, execArgv } = childCode(from, 'child');
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const one = fork(path, [], { serialization: 'advanced', execArgv, stdio: [...stdio] });
    one.on('message', (reply: Numbered & (Answer | Failed)) => {
      const { resolve, reject } = waiting.get(reply.id) ?? {};
      waiting.delete(reply.id);
      if ('error' in reply) reject?.(new SemtagError(reply.error.code, reply.error.message));
      else resolve?.(reply);
    });
    one.on('error', (error) => ended(one, error.message));
    one.on('exit', (code, signal) => ended(one, signal ?? `exit code ${code}`));
    one.send(setup);
    onStart?.();
    return one;
  }

  function ended(one: ChildProcess, how: string): void {
    if (one === child) end(new SemtagError('out_of_resources', `${name} ended (${how})`));
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
    ask(what) {
      if (closed) return Promise.reject(new SemtagError('stopping', 'semtag is stopping'));
      const one = (child ??= started());
      const id = ++asked;
      const reply = new Promise<Answer>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        one.send({ id, ...what() });
      });
      const hangs = setTimeout(
        () => end(new SemtagError('out_of_resources', `${name} did not answer for ${patienceMs / 1000} s`)),
        patienceMs,
      ).unref();
      return reply.finally(() => clearTimeout(hangs));
    },
    start: () => void (child ??= started()),
    pid: () => child?.pid,
    again: () => end(new SemtagError('out_of_resources', `${name} starts again`)),
    close() {
      closed = true;
      end(new SemtagError('stopping', 'semtag is stopping'));
    },
  };
}
