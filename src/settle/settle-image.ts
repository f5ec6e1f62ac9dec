// One settling try of an image file that stood still: copy, structure on the copy, sidecar, publish in the spool, commit. Effect first, then commit (R3).

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Facts } from '../domain/facts.ts';
import { asSemtagError, type ErrorCode } from '../errors.ts';
import { faultPoint } from '../faults.ts';
import { publish } from '../publish.ts';
import type { Structure } from '../formats/structure.ts';
import type { FileRow } from '../store/files.ts';
import type { Store } from '../store/store.ts';
import { copyWhileStill, type Copied, type Stamp } from './copy.ts';
import { readSidecar, type FoundSidecar } from './sidecar.ts';

export type SettleImage = {
  store: Store;
  spoolDir: string;
  file: FileRow;
  /** the directory that holds the file, raw bytes */
  directory: Buffer;
  path: Buffer;
  stamp: Stamp;
  /** bytes that end in zeros may be reserved space: only believed after a longer stand-still */
  believeZeros: boolean;
  facts: Facts;
  /** the vendor's sidecar beside it, which stood still as well */
  sidecar?: FoundSidecar;
  /** is the copy whole? Asked of a child: its bytes are nobody's yet */
  check: (copy: string, name: string) => Promise<Structure>;
  /** resolves once a child could take it: no attempt counts before */
  ready: () => Promise<void>;
  now: () => Date;
};

export type SettleOutcome =
  | { kind: 'settled'; sha256: string; isNew: boolean }
  /** changed while it was looked at */
  | { kind: 'moving' }
  | { kind: 'not_whole'; code: ErrorCode; reason: string };

export async function settleImage(job: SettleImage): Promise<SettleOutcome> {
  const { store, file } = job;
  const name = file.name.toString();
  const key = String(file.id);
  const temp = join(job.spoolDir, `settling-${key}`);
  try {
    const copied = await copyWhileStill(job.path, temp, job.stamp);
    if (!copied) return { kind: 'moving' };
    faultPoint('settle.copied');
    await job.ready();
    store.attempts.begin(key, 'settle', name, job.now().toISOString());
    faultPoint('settle.attempted', name);
    try {
      const outcome = await settleCopy(job, temp, copied);
      // the attempt of a settled one went with the commit
      if (outcome.kind !== 'settled') store.attempts.end(key, 'settle');
      return outcome;
    } catch (error) {
      if (!asSemtagError(error).unexplained) store.attempts.end(key, 'settle');
      throw error;
    }
  } finally {
    await rm(temp, { force: true });
  }
}

async function settleCopy(job: SettleImage, temp: string, copied: Copied): Promise<SettleOutcome> {
  const { store, file, stamp } = job;
  const name = file.name.toString();
  const structure = await job.check(temp, name);
  if (!structure.complete) return { kind: 'not_whole', code: structure.code, reason: structure.reason };
  if (structure.endsInZeros && !job.believeZeros)
    return {
      kind: 'not_whole',
      code: 'incomplete',
      reason: 'it ends in zeros: space may be reserved and not written yet',
    };

  const found = job.sidecar;
  const sidecarBytes = found && (await readSidecar(found.path, found.stamp));
  if (found && !sidecarBytes) return { kind: 'moving' };

  await publish(temp, join(job.spoolDir, copied.sha256));
  faultPoint('settle.published');
  const row =
    found &&
    store.files.current(
      file.instrument,
      file.dir,
      Buffer.from(found.path.subarray(job.directory.length + 1)),
    );
  const { isNew } = store.files.settle({
    file: { ...file, ...stamp },
    ...copied,
    mediaType: structure.mediaType,
    name,
    facts: job.facts,
    ...(found && sidecarBytes
      ? {
          sidecar: {
            name: found.name,
            bytes: sidecarBytes,
            ...(row?.state === 'seen' ? { fileId: row.id } : {}),
          },
        }
      : {}),
    at: job.now().toISOString(),
  });
  faultPoint('settle.committed');
  return { kind: 'settled', sha256: copied.sha256, isNew };
}
