// The child process: takes one job at a time, answers, and ends with its parent. Never opens the database and never sees an acquisition directory.

import { Worker } from 'node:worker_threads';
import { asSemtagError } from '../errors.ts';
import { CHILD_FAULT_POINT, faultPoint } from '../faults.ts';
import { withFile } from '../formats/source.ts';
import { checkStructure } from '../formats/structure.ts';
import type { Job, Model, Reply } from './pool.ts';
import { featuresFor, imageJob } from './image-job.ts';

// A decoder that hangs blocks this thread; a second one still sees that the parent is gone. Which one that was the parent says: it can be
// gone before this process is up.
new Worker(
  `const { workerData } = require('node:worker_threads');
   setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL'); }, 1000);`,
  {
    eval: true,
    workerData: Number(process.argv[2]),
    execArgv: [], // it needs no loader of its own
    resourceLimits: { maxOldGenerationSizeMb: 8, stackSizeMb: 1 },
  },
).unref();

process.on('disconnect', () => process.exit(0));
process.on('message', (job: Job) => {
  void answer(job)
    .then((answer): Reply => ({ answer }))
    .catch((error: unknown): Reply => {
      const { code, message } = asSemtagError(error);
      return { error: { code, message } };
    })
    .then((reply) => process.send?.(reply));
});

async function answer(job: Job) {
  if ('check' in job) return withFile(job.check, checkStructure);
  faultPoint(CHILD_FAULT_POINT, job.name);
  return imageJob(job);
}

const model = JSON.parse(process.argv[3] ?? 'null') as Model | null;
// a model that does not load is told to the first image that asks for it, with the reason
if (model) await featuresFor(model).catch(() => undefined);
process.send?.({ ready: true } satisfies Reply);
