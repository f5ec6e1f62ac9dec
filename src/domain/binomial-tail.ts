// How often chance alone gives as much: the exact upper tail of a binomial. Pure.

/** P(X >= k), X ~ Binomial(n, p). `k`, `n`: whole, 0 <= n; `p`: 0..1. By its terms, each from the one before in logarithms, so that none overflows. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  let term = n * Math.log1p(-p);
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    if (i >= k) sum += Math.exp(term);
    term += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, sum);
}
