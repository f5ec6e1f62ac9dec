// A signature: where an image lies among others, one byte an axis; and the scan that finds the nearest of a million. Pure.

/** Of a place of length 1 an axis has rarely more than half: what has more is cut, and ranking by the bottlenecks mends it. */
const SCALE = 254;

export function signatureOf(u: Float32Array): Int8Array {
  return Int8Array.from(u, (v) => Math.max(-127, Math.min(127, Math.round(v * SCALE))));
}

export type Near = { index: number; likeness: number };

/** A signature is compared part by part: most are out of question after the first. */
const PARTS = 4;
export const LENGTHS = PARTS;

/** Its length, and the length of what is left of it behind each part but the last. */
export function lengthsOf(signature: Int8Array): Float32Array {
  const part = Math.ceil(signature.length / PARTS);
  return Float32Array.from({ length: PARTS }, (_, p) => lengthOf(signature.subarray(p * part)));
}

/** The `most` signatures (row-major, [n x axes]; their lengths [n x LENGTHS]) with the largest cosine to `asked`, largest first. */
export function nearest(
  all: Int8Array,
  lengths: Float32Array,
  n: number,
  asked: Int8Array,
  most: number,
): Near[] {
  const axes = asked.length;
  const part = Math.ceil(axes / PARTS);
  // a plain array of integers: the loop below is all that a search costs
  const q = Int32Array.from(asked);
  const left = lengthsOf(asked);
  const best: Near[] = [];
  let worst = -Infinity;
  for (let i = 0; i < n; i++) {
    const at = i * axes;
    const own = i * LENGTHS;
    const needed = worst * lengths[own]!;
    let sum = 0;
    let out = false;
    for (let p = 0; p < PARTS && !out; p++) {
      const end = Math.min(axes, (p + 1) * part);
      for (let k = p * part; k < end; k++) sum = (sum + Math.imul(q[k]!, all[at + k]!)) | 0;
      // what is left adds at most the product of its lengths
      out = p < PARTS - 1 && sum + left[p + 1]! * lengths[own + p + 1]! * (1 + 1e-5) < needed;
    }
    if (out) continue;
    const likeness = sum / lengths[own]!;
    if (likeness <= worst && best.length >= most) continue;
    // few get here: a sorted list is kept by shifting
    let j = best.length;
    while (j > 0 && best[j - 1]!.likeness < likeness) j--;
    best.splice(j, 0, { index: i, likeness });
    if (best.length > most) best.pop();
    if (best.length === most) worst = best.at(-1)!.likeness;
  }
  const length = left[0]! || 1;
  return best.map(({ index, likeness }) => ({ index, likeness: likeness / length }));
}

function lengthOf(signature: Int8Array): number {
  return Math.sqrt(signature.reduce((sum, v) => sum + v * v, 0)) || 1;
}
