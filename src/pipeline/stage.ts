// What a stage is to the runner: where its next items come from and what is done with one. A stage commits its own results.

import type { SemtagError } from '../errors.ts';

export type Stage<T> = {
  name: string;
  /** items in work at the same time */
  concurrency: number;
  /** Items that are due now, in the order they should be done, without the keys in `skip`. Reads only what is durably finished (R2). */
  due(limit: number, skip: ReadonlySet<string>): T[];
  key(item: T): string;
  run(item: T): Promise<void>;
  /** Commits what a failure means that will not pass by itself. What is retryable is tried again by the runner. */
  failed(item: T, error: SemtagError): Promise<void> | void;
};
