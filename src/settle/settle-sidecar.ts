// A sidecar that has a line of its own in the ledger: it waits for its image, or it came late and its image's header follows.

import type { ImageFacts, ImageJob } from '../domain/job.ts';
import { imagesOfSidecar, LARGEST_SIDECAR } from '../domain/sidecar.ts';
import { asSemtagError } from '../errors.ts';
import type { FileRow } from '../store/files.ts';
import type { Store } from '../store/store.ts';
import type { Stamp } from './copy.ts';
import { readSidecar } from './sidecar.ts';

export type SettleSidecar = {
  store: Store;
  file: FileRow;
  path: Buffer;
  stamp: Stamp;
  /** reads header and sidecar together, in a child */
  read: (job: ImageJob) => Promise<ImageFacts>;
  /** resolves once a child could take the job: no attempt counts before */
  ready: () => Promise<void>;
  /** path of the image's acquired bytes */
  acquired: (sha256: string) => Promise<string>;
  limits: ImageJob['limits'];
  now: () => Date;
};

/** `waiting`: its image has not settled, there is none yet, or it is too large to be a sidecar. */
export async function settleSidecar(job: SettleSidecar): Promise<'settled' | 'waiting' | 'moving'> {
  const { store, file } = job;
  if (job.stamp.size > LARGEST_SIDECAR) return 'waiting';
  const bytes = await readSidecar(job.path, job.stamp);
  if (!bytes) return 'moving';
  const beside = [...store.files.inDir(file.instrument, file.dir).values()].filter(
    (row) => row.role === 'image',
  );
  const names = imagesOfSidecar(
    file.name.toString('latin1'),
    beside.map((row) => row.name.toString('latin1')),
  );
  // as a rule one; the same shot saved as TIFF and BMP shares its sidecar
  const images = beside.filter((row) => names.includes(row.name.toString('latin1')));
  const shas = images.map((row) => (row.state === 'settled' ? row.sha256 : null));
  if (shas.length === 0 || shas.includes(null)) return 'waiting';

  const at = job.now().toISOString();
  for (const sha256 of shas as string[])
    if (!store.images.sidecar(sha256)?.bytes.equals(bytes)) await attach(job, sha256, bytes, at);
  store.files.sidecarSettled(file.id, shas[0]!, at);
  return 'settled';
}

async function attach(job: SettleSidecar, sha256: string, bytes: Buffer, at: string): Promise<void> {
  const { store, file } = job;
  const name = file.name.toString();
  const path = await job.acquired(sha256);
  await job.ready();
  store.attempts.begin(String(file.id), 'settle', name, at);
  try {
    const { header } = await job.read({
      path,
      name: store.images.need(sha256).name,
      sidecar: { name, bytes },
      limits: job.limits,
    });
    store.revisions.lateSidecar(sha256, { name, bytes }, header, at);
  } catch (error) {
    if (!asSemtagError(error).unexplained) store.attempts.end(String(file.id), 'settle');
    throw error;
  }
  store.attempts.end(String(file.id), 'settle');
}
