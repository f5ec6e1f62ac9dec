// The thread that finds images that look alike: holds every signature in memory, keeps them up with the bottlenecks as they come, ranks the best by the bottlenecks themselves. Changes nothing but signatures.db.

import { parentPort, workerData } from 'node:worker_threads';
import type { Linear } from '../../classify/head.ts';
import { placeOf, type Space } from '../../classify/space.ts';
import { readBottlenecks } from '../../store/bottlenecks.ts';
import { openSignatures, type Signature } from '../../store/signatures.ts';
import { lengthOf, nearest, signatureOf } from './signature.ts';

export type Setup = {
  dataDir: string;
  /** names head and preprocessing: signatures of another space are of no use */
  space: string;
  backbone: string;
  preprocessing: string;
  head: Pick<Linear, 'length' | 'roots' | 'mean' | 'scale'> & { space: Space };
};
export type Ask = { id: number; sha256: string; most: number };
export type Found = { sha256: string; likeness: number };
export type Reply = { id: number; found?: Found[]; error?: string };

/** Made between two looks for a question: some tens of milliseconds. */
const BATCH = 200;

const { dataDir, space, backbone, preprocessing, head } = workerData as Setup;
const axes = head.space.variance.length;
const bottlenecks = readBottlenecks(dataDir);
const signatures = openSignatures(dataDir, space);

let n = 0;
let room = signatures.count() + 1024;
let vectors = new Int8Array(room * axes);
let lengths = new Float32Array(room);
let names = Buffer.alloc(room * 32);
for (const one of signatures.all()) keep(one);

function keep({ sha256, vector }: Signature): void {
  if (n === room) {
    room = Math.ceil(room * 1.3);
    const [v, l, b] = [new Int8Array(room * axes), new Float32Array(room), Buffer.alloc(room * 32)];
    v.set(vectors);
    l.set(lengths);
    names.copy(b);
    [vectors, lengths, names] = [v, l, b];
  }
  const signature = new Int8Array(vector.buffer, vector.byteOffset, axes);
  vectors.set(signature, n * axes);
  lengths[n] = lengthOf(signature);
  sha256.copy(names, n * 32);
  n++;
}

function place(sha256: string): Float32Array | undefined {
  const views = bottlenecks.get(sha256, backbone, preprocessing)?.views;
  return views?.every((view) => view.length === head.length) ? placeOf(head, head.space, views).u : undefined;
}

/** False when nothing is left to be made. */
function follow(): boolean {
  const came = bottlenecks.arrivedAfter(signatures.upTo(), backbone, preprocessing, BATCH);
  if (came.length === 0) return false;
  const made: Signature[] = [];
  for (const { sha256 } of came) {
    const key = Buffer.from(sha256, 'hex');
    const u = signatures.get(key) ? undefined : place(sha256);
    if (u) made.push({ sha256: key, vector: Buffer.from(signatureOf(u).buffer) });
  }
  signatures.add(made, came.at(-1)!.n);
  for (const one of made) keep(one);
  return true;
}

/** Undefined where the network has not seen the image. */
function similar(sha256: string, most: number): Found[] | undefined {
  const exact = place(sha256);
  const kept = exact ? undefined : signatures.get(Buffer.from(sha256, 'hex'));
  const asked = exact ? signatureOf(exact) : kept && new Int8Array(kept.buffer, kept.byteOffset, axes);
  if (!asked) return undefined;
  return nearest(vectors, lengths, n, asked, most + 1)
    .map(({ index, likeness }) => ({ sha256: names.toString('hex', index * 32, index * 32 + 32), likeness }))
    .filter((one) => one.sha256 !== sha256)
    .map((one) => {
      const u = exact && place(one.sha256);
      return u ? { ...one, likeness: u.reduce((sum, v, k) => sum + v * exact[k]!, 0) } : one;
    })
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, most);
}

parentPort!.on('message', ({ id, sha256, most }: Ask) => {
  try {
    follow();
    const found = similar(sha256, most);
    parentPort!.postMessage({ id, ...(found ? { found } : {}) } satisfies Reply);
  } catch (error) {
    parentPort!.postMessage({ id, error: (error as Error).message } satisfies Reply);
  }
});

/** Looks for new ones each second, and goes on at once while there are more. */
function forever(): void {
  const more = follow();
  setTimeout(forever, more ? 0 : 1000);
}
forever();
