// A real settle stage, driven by the real runner, over the directories of a lab. It stops when the test has ended.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { InstrumentConfig } from '../../src/config/schema.ts';
import type { SemtagError } from '../../src/errors.ts';
import { withFile } from '../../src/formats/source.ts';
import { checkStructure } from '../../src/formats/structure.ts';
import { createRunner } from '../../src/pipeline/runner.ts';
import { readImage } from '../../src/read/image.ts';
import { readStage } from '../../src/read/stage.ts';
import { settleStage, type SettleDeps } from '../../src/settle/stage.ts';
import type { FileRow } from '../../src/store/files.ts';
import { scan } from '../../src/watch/scan.ts';
import { roleOf } from '../../src/watch/wanted.ts';
import { makeLab, until } from '../service/lab.ts';

export type Settling = ReturnType<typeof settling>;

/** `quiet` is 0.2 s unless told; nothing gives up within a test unless told. */
export function settling(more: { instrument?: Partial<InstrumentConfig>; deps?: Partial<SettleDeps> } = {}) {
  const lab = makeLab();
  const instrument = lab.instrument(more.instrument);
  const rooms: (string | undefined)[] = [];
  const failures: SemtagError[] = [];
  const room = { quotaBytes: 1e12, reserveBytes: 0, ...more.deps?.room };
  const deps: SettleDeps = {
    store: lab.store,
    instruments: [instrument],
    spoolDir: lab.spool,
    giveUpSeconds: 60,
    limits: { pixels: 1e8 },
    check: async (copy) => withFile(copy, checkStructure),
    ready: async () => undefined,
    read: (job) => readImage(job),
    acquired: async (sha256) => join(lab.spool, sha256),
    onRoom: (problem) => rooms.push(problem?.message),
    now: lab.now,
    ...more.deps,
    room,
  };
  const start = () => {
    const stage = settleStage(deps);
    const runner = createRunner([stage], {
      retrying: (_stage, _key, error) => failures.push(error),
      failed: (_stage, _key, error) => failures.push(error),
    });
    runner.start();
    onTestFinished(() => runner.stop(2000));
    return { stage, runner };
  };
  let { stage, runner } = start();

  const reading = readStage({
    store: lab.store,
    run: (job) => readImage(job),
    ready: async () => undefined,
    acquired: async (sha256) => join(lab.spool, sha256),
    thumb: (sha256) => join(lab.home, `${sha256}.jpg`),
    model: { backbone: 'none', engine: 'onnx', threads: 1 },
    limits: { pixels: 1e8 },
    concurrency: 1,
    now: lab.now,
  });
  const root = {
    instrument: 'sem',
    path: Buffer.from(lab.acquired),
    atFirstStart: 'take' as const,
    role: roleOf(instrument),
  };
  const file = (name: string): FileRow | undefined => {
    const parts = name.split('/');
    const last = parts.pop()!;
    return lab.store.files.current('sem', Buffer.from(parts.join('/')), Buffer.from(last));
  };
  return {
    ...lab,
    spoolDir: lab.spool,
    /** what the room for copies was said to be: a reason, or undefined for enough */
    rooms,
    /** errors that went to the runner */
    failures,
    file,
    room,
    wake: (key: string) => runner.wake(key),
    /** Another stage over the same store, as after a restart. */
    restart() {
      void runner.stop(0);
      ({ stage, runner } = start());
    },
    drop: (name: string, bytes: Uint8Array | string) => writeFileSync(join(lab.acquired, name), bytes),
    /** As the watcher does at every scan. */
    async look() {
      await scan(lab.store.files, root, lab.now());
      stage.pickUp();
      runner.wake();
    },
    /** The SHA-256 that the newest version of this file has once it is settled. */
    settled: (name: string, seconds = 10) =>
      until(
        `${name} is settled`,
        () => (file(name)?.state === 'settled' ? file(name)!.sha256 : undefined),
        seconds,
      ),
    incomplete: (name: string, seconds = 10) =>
      until(
        `${name} is aside`,
        () =>
          file(name)?.state === 'incomplete'
            ? (JSON.parse(file(name)!.error!) as { code: string; message: string })
            : undefined,
        seconds,
      ),
    /** The read stage's work on an image, without bottlenecks. */
    readNow: (sha256: string) => reading.run(lab.store.images.need(sha256)),
    spool: () => readdirSync(lab.spool).sort(),
    path: (name: string) => join(lab.acquired, name),
  };
}
