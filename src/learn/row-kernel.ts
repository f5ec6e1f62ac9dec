// The two inner loops of training: logits of four rows at once, and their share of the gradient. The order of additions is fixed, so the bits are too.

/** Rows taken together: one load of a weight serves four rows, one store of a gradient takes four; about twice as fast as row by row. */
export const ROWS = 4;

/**
 * p[r * classes + c] = W_c x_r + b_c for the ROWS rows of `x` from `at`. `theta`: weights [classes x length], then the biases [classes].
 */
export function logitsOfRows(
  p: Float64Array,
  theta: Float64Array,
  x: Float32Array,
  at: number,
  length: number,
): void {
  const classes = p.length / ROWS;
  const [a0, a1, a2, a3] = [at, at + length, at + 2 * length, at + 3 * length];
  for (let c = 0; c < classes; c += 2) {
    // two classes at once; an odd last one is done twice over itself
    const other = Math.min(c + 1, classes - 1);
    const [k, l] = [c * length, other * length];
    let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let j = 0; j < length; j++) {
      const [u, v] = [theta[k + j]!, theta[l + j]!];
      const [x0, x1, x2, x3] = [x[a0 + j]!, x[a1 + j]!, x[a2 + j]!, x[a3 + j]!];
      s0 += u * x0;
      s1 += u * x1;
      s2 += u * x2;
      s3 += u * x3;
      t0 += v * x0;
      t1 += v * x1;
      t2 += v * x2;
      t3 += v * x3;
    }
    const b = theta[classes * length + c]!;
    const d = theta[classes * length + other]!;
    p[c] = s0 + b;
    p[classes + c] = s1 + b;
    p[2 * classes + c] = s2 + b;
    p[3 * classes + c] = s3 + b;
    p[other] = t0 + d;
    p[classes + other] = t1 + d;
    p[2 * classes + other] = t2 + d;
    p[3 * classes + other] = t3 + d;
  }
}

/** gradient += sum over the ROWS rows of d_r outer (x_r, 1). `d` as `p` above. */
export function addOuterOfRows(
  gradient: Float64Array,
  d: Float64Array,
  x: Float32Array,
  at: number,
  length: number,
): void {
  const classes = d.length / ROWS;
  const [a0, a1, a2, a3] = [at, at + length, at + 2 * length, at + 3 * length];
  for (let c = 0; c < classes; c++) {
    const [d0, d1, d2, d3] = [d[c]!, d[classes + c]!, d[2 * classes + c]!, d[3 * classes + c]!];
    // far from the border rows say nothing more
    if (Math.abs(d0) + Math.abs(d1) + Math.abs(d2) + Math.abs(d3) < 1e-12) continue;
    const row = c * length;
    for (let j = 0; j < length; j++)
      gradient[row + j]! += d0 * x[a0 + j]! + d1 * x[a1 + j]! + (d2 * x[a2 + j]! + d3 * x[a3 + j]!);
    gradient[classes * length + c]! += d0 + d1 + (d2 + d3);
  }
}
