// A signature: where an image lies among others, one byte an axis; and the scan that finds the nearest of a million. Pure.

/** Of a place of length 1 an axis has rarely more than half: what has more is cut, and ranking by the bottlenecks mends it. */
const SCALE = 254;

export function signatureOf(u: Float32Array): Int8Array {
  return Int8Array.from(u, (v) => Math.max(-127, Math.min(127, Math.round(v * SCALE))));
}

export type Near = { index: number; likeness: number };

/** The `most` signatures (row-major, [n x axes]) with the largest cosine to `asked`, largest first. */
export function nearest(
  all: Int8Array,
  lengths: Float32Array,
  n: number,
  asked: Int8Array,
  most: number,
): Near[] {
  const axes = asked.length;
  // a plain array of integers: the loop below is all that a search costs
  const q = Int32Array.from(asked);
  const length = Math.sqrt(q.reduce((sum, v) => sum + v * v, 0)) || 1;
  const best: Near[] = [];
  let worst = -Infinity;
  for (let i = 0, at = 0; i < n; i++, at += axes) {
    let sum = 0;
    for (let k = 0; k < axes; k++) sum = (sum + Math.imul(q[k]!, all[at + k]!)) | 0;
    const likeness = sum / lengths[i]!;
    if (likeness <= worst && best.length >= most) continue;
    // few get here: a sorted list is kept by shifting
    let j = best.length;
    while (j > 0 && best[j - 1]!.likeness < likeness) j--;
    best.splice(j, 0, { index: i, likeness });
    if (best.length > most) best.pop();
    worst = best.at(-1)!.likeness;
  }
  return best.map(({ index, likeness }) => ({ index, likeness: likeness / length }));
}

export function lengthOf(signature: Int8Array): number {
  return Math.sqrt(signature.reduce((sum, v) => sum + v * v, 0)) || 1;
}
