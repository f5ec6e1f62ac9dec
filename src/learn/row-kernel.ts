// The two inner loops of training: logits of four rows, and their share of the gradient. The order of additions is fixed, so the bits are too.

/** Rows taken together. */
export const ROWS = 4;

/**
 * p[r * classes + c] = W_c x_r + b_c for the ROWS rows of `x` from `at`. `theta`: weights [classes x length], then the biases [classes].
 * Two rows and five classes at once: seven loads serve ten products, and all sums stay in registers; three times as fast as four rows and two.
 */
export function logitsOfRows(
  p: Float64Array,
  theta: Float64Array,
  x: Float32Array,
  at: number,
  length: number,
): void {
  const classes = p.length / ROWS;
  for (let r = 0; r < ROWS; r += 2) {
    const [a, b] = [at + r * length, at + (r + 1) * length];
    for (let c = 0; c < classes; c += 5) {
      // where fewer than five are left the last one is done again over itself
      const last = classes - 1;
      const [c1, c2] = [Math.min(c + 1, last), Math.min(c + 2, last)];
      const [c3, c4] = [Math.min(c + 3, last), Math.min(c + 4, last)];
      const [k0, k1, k2, k3, k4] = [c * length, c1 * length, c2 * length, c3 * length, c4 * length];
      let [s0, s1, s2, s3, s4, t0, t1, t2, t3, t4] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
      for (let j = 0; j < length; j++) {
        const u = x[a + j]!;
        const v = x[b + j]!;
        const w0 = theta[k0 + j]!;
        const w1 = theta[k1 + j]!;
        const w2 = theta[k2 + j]!;
        const w3 = theta[k3 + j]!;
        const w4 = theta[k4 + j]!;
        s0 += w0 * u;
        s1 += w1 * u;
        s2 += w2 * u;
        s3 += w3 * u;
        s4 += w4 * u;
        t0 += w0 * v;
        t1 += w1 * v;
        t2 += w2 * v;
        t3 += w3 * v;
        t4 += w4 * v;
      }
      const bias = classes * length;
      const [row, next] = [r * classes, (r + 1) * classes];
      p[row + c] = s0 + theta[bias + c]!;
      p[row + c1] = s1 + theta[bias + c1]!;
      p[row + c2] = s2 + theta[bias + c2]!;
      p[row + c3] = s3 + theta[bias + c3]!;
      p[row + c4] = s4 + theta[bias + c4]!;
      p[next + c] = t0 + theta[bias + c]!;
      p[next + c1] = t1 + theta[bias + c1]!;
      p[next + c2] = t2 + theta[bias + c2]!;
      p[next + c3] = t3 + theta[bias + c3]!;
      p[next + c4] = t4 + theta[bias + c4]!;
    }
  }
}

/** gradient += sum over the ROWS rows of d_r outer (x_r, 1). `d` as `p` above. Two classes at once share the loads of the rows. */
export function addOuterOfRows(
  gradient: Float64Array,
  d: Float64Array,
  x: Float32Array,
  at: number,
  length: number,
): void {
  const classes = d.length / ROWS;
  for (let c = 0; c < classes; c += 2) {
    const [one, other] = [says(d, c, classes), c + 1 < classes && says(d, c + 1, classes)];
    if (one && other) addTwo(gradient, d, x, at, length, c);
    else if (one) addOne(gradient, d, x, at, length, c);
    else if (other) addOne(gradient, d, x, at, length, c + 1);
  }
}

/** Far from the border rows say nothing more. */
function says(d: Float64Array, c: number, classes: number): boolean {
  const [d0, d1, d2, d3] = [d[c]!, d[classes + c]!, d[2 * classes + c]!, d[3 * classes + c]!];
  return Math.abs(d0) + Math.abs(d1) + Math.abs(d2) + Math.abs(d3) >= 1e-12;
}

function addOne(
  gradient: Float64Array,
  d: Float64Array,
  x: Float32Array,
  at: number,
  length: number,
  c: number,
): void {
  const classes = d.length / ROWS;
  const [a0, a1, a2, a3] = [at, at + length, at + 2 * length, at + 3 * length];
  const [d0, d1, d2, d3] = [d[c]!, d[classes + c]!, d[2 * classes + c]!, d[3 * classes + c]!];
  const row = c * length;
  for (let j = 0; j < length; j++)
    gradient[row + j]! += d0 * x[a0 + j]! + d1 * x[a1 + j]! + (d2 * x[a2 + j]! + d3 * x[a3 + j]!);
  gradient[classes * length + c]! += d0 + d1 + (d2 + d3);
}

function addTwo(
  gradient: Float64Array,
  d: Float64Array,
  x: Float32Array,
  at: number,
  length: number,
  c: number,
): void {
  const classes = d.length / ROWS;
  const [a0, a1, a2, a3] = [at, at + length, at + 2 * length, at + 3 * length];
  const [d0, d1, d2, d3] = [d[c]!, d[classes + c]!, d[2 * classes + c]!, d[3 * classes + c]!];
  const k = c + 1;
  const [e0, e1, e2, e3] = [d[k]!, d[classes + k]!, d[2 * classes + k]!, d[3 * classes + k]!];
  const [row, next] = [c * length, k * length];
  for (let j = 0; j < length; j++) {
    const x0 = x[a0 + j]!;
    const x1 = x[a1 + j]!;
    const x2 = x[a2 + j]!;
    const x3 = x[a3 + j]!;
    gradient[row + j]! += d0 * x0 + d1 * x1 + (d2 * x2 + d3 * x3);
    gradient[next + j]! += e0 * x0 + e1 * x1 + (e2 * x2 + e3 * x3);
  }
  const bias = classes * length;
  gradient[bias + c]! += d0 + d1 + (d2 + d3);
  gradient[bias + k]! += e0 + e1 + (e2 + e3);
}
