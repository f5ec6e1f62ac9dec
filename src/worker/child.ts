// The child process: takes one job at a time, answers, and ends with its parent. Never opens the database and never sees an acquisition directory.

import { Worker } from 'node:worker_threads';
import type { ImageJob } from '../domain/job.ts';
import { asSemtagError } from '../errors.ts';
import type { Reply } from './pool.ts';
import { imageJob } from './image-job.ts';

// A decoder that hangs blocks this thread; a second one still sees that the parent is gone.
new Worker(
  `const parent = process.ppid;
   setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`,
  { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8, stackSizeMb: 1 } },
).unref();

process.on('disconnect', () => process.exit(0));
process.on('message', (job: ImageJob) => {
  void imageJob(job)
    .then((facts): Reply => ({ facts }))
    .catch((error: unknown): Reply => {
      const { code, message } = asSemtagError(error);
      return { error: { code, message } };
    })
    .then((reply) => process.send?.(reply));
});
