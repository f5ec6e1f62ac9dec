// Eigenvalues and eigenvectors of a small symmetric matrix: cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, 8.5.5). Deterministic.

const SWEEPS = 30;

/** `matrix` is destroyed. Column k of `vectors` belongs to value k; in no order. */
export function symmetricEigen(matrix: Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const size = matrix.length;
  const vectors = matrix.map((_, i) => Float64Array.from({ length: size }, (_v, j) => (i === j ? 1 : 0)));
  const total = matrix.reduce((sum, row) => sum + row.reduce((s, v) => s + v * v, 0), 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        const apq = matrix[p]![q]!;
        off += apq * apq;
        if (apq * apq > 1e-26 * total) rotate(matrix, vectors, p, q);
      }
    if (off <= 1e-22 * total) break;
  }
  return { values: matrix.map((row, i) => row[i]!), vectors };
}

/** A <- J' A J and V <- V J with the rotation J that makes A[p][q] zero. */
function rotate(matrix: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const tau = (matrix[q]![q]! - matrix[p]![p]!) / (2 * matrix[p]![q]!);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  const columns = (row: Float64Array) => {
    [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
  };
  matrix.forEach(columns);
  const [rp, rq] = [matrix[p]!, matrix[q]!];
  for (let k = 0; k < rp.length; k++) [rp[k], rq[k]] = [c * rp[k]! - s * rq[k]!, s * rp[k]! + c * rq[k]!];
  vectors.forEach(columns);
}
