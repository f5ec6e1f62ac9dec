// Every signature in memory, kept up with the bottlenecks as they come: finds images that look alike and ranks the best by the bottlenecks themselves. Writes nothing but signatures.db.

import type { Linear } from '../../classify/head.ts';
import { placeOf, type Space } from '../../classify/space.ts';
import { readBottlenecks } from '../../store/bottlenecks.ts';
import { openSignatures, type Signature } from '../../store/signatures.ts';
import { LENGTHS, lengthsOf, nearest, signatureOf } from './signature.ts';

export type Setup = {
  dataDir: string;
  /** names head and preprocessing: signatures of another space are of no use */
  space: string;
  backbone: string;
  preprocessing: string;
  head: Pick<Linear, 'length' | 'roots' | 'mean' | 'scale'> & { space: Space };
};
export type Likeness = { sha256: string; likeness: number };

/** Made between two looks for a question: some tens of milliseconds. */
const BATCH = 200;
/** Of what is nearest by one byte an axis, so many are compared by their bottlenecks, at a millisecond each on a slow machine: twice what the page shows. */
const EXACTLY = 24;

export function openCollection({ dataDir, space, backbone, preprocessing, head }: Setup) {
  const axes = head.space.variance.length;
  const bottlenecks = readBottlenecks(dataDir);
  const signatures = openSignatures(dataDir, space);

  let n = 0;
  let room = signatures.count() + 1024;
  let vectors = new Int8Array(room * axes);
  let lengths = new Float32Array(room * LENGTHS);
  let names = Buffer.alloc(room * 32);
  for (const one of signatures.all()) keep(one);

  function keep({ sha256, vector }: Signature): void {
    if (n === room) {
      room = Math.ceil(room * 1.3);
      const [v, l, b] = [
        new Int8Array(room * axes),
        new Float32Array(room * LENGTHS),
        Buffer.alloc(room * 32),
      ];
      v.set(vectors);
      l.set(lengths);
      names.copy(b);
      [vectors, lengths, names] = [v, l, b];
    }
    const signature = new Int8Array(vector.buffer, vector.byteOffset, axes);
    vectors.set(signature, n * axes);
    lengths.set(lengthsOf(signature), n * LENGTHS);
    sha256.copy(names, n * 32);
    n++;
  }

  function place(sha256: string): Float32Array | undefined {
    const views = bottlenecks.get(sha256, backbone, preprocessing)?.views;
    const ofHead = views?.every((view) => view.length === head.length);
    return ofHead ? placeOf(head, head.space, views!).u : undefined;
  }

  return {
    /** Makes the next few signatures; false when none is left to be made. */
    follow(): boolean {
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
      return came.length === BATCH;
    },

    /** Most alike first, without itself; undefined where the network has not seen the image. */
    similar(sha256: string, most: number): Likeness[] | undefined {
      const exact = place(sha256);
      const kept = exact ? undefined : signatures.get(Buffer.from(sha256, 'hex'));
      const asked = exact ? signatureOf(exact) : kept && new Int8Array(kept.buffer, kept.byteOffset, axes);
      if (!asked) return undefined;
      const near = nearest(vectors, lengths, n, asked, Math.max(most, EXACTLY) + 1)
        .map(({ index, likeness }) => ({ sha256: nameAt(index), likeness }))
        .filter((one) => one.sha256 !== sha256);
      if (!exact) return near.slice(0, most);
      const first = near.slice(0, EXACTLY).map((one) => ({ ...one, likeness: likenessTo(exact, one) }));
      first.sort((a, b) => b.likeness - a.likeness);
      return [...first, ...near.slice(EXACTLY)].slice(0, most);
    },
  };

  function nameAt(index: number): string {
    return names.toString('hex', index * 32, index * 32 + 32);
  }

  /** By the bottlenecks; by the signature where they are not there. */
  function likenessTo(exact: Float32Array, { sha256, likeness }: Likeness): number {
    return place(sha256)?.reduce((sum, v, k) => sum + v * exact[k]!, 0) ?? likeness;
  }
}
