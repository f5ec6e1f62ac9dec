// Clopper-Pearson intervals of a share. Chosen over Wilson's because it never promises too much, which counts most where few or no errors were seen. Pure.

/**
 * Two-sided 95 % unless told (Clopper & Pearson, Biometrika 26, 1934). `wrong` and `n` may be fractions: a share
 * times an effective number of groups (as Korn & Graubard, Survey Methodology 24, 1998, count clustered samples).
 */
export function clopperPearson(wrong: number, n: number, confidence = 0.95): { low: number; high: number } {
  const tail = (1 - confidence) / 2;
  return {
    low: wrong <= 0 ? 0 : betaQuantile(tail, wrong, n - wrong + 1),
    high: wrong >= n ? 1 : betaQuantile(1 - tail, wrong + 1, n - wrong),
  };
}

/** x with I_x(a, b) = p, to 1e-12. */
function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function by its continued fraction (DLMF 8.17.22), summed from the inside out. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  // it converges fast on this side of the mean; on the other the mirrored one does
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const terms = 20 + Math.ceil(5 * Math.sqrt(Math.max(a, b)));
  let fraction = 1;
  for (let k = terms; k >= 1; k--) {
    const m = Math.floor(k / 2);
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    fraction = 1 + (k % 2 === 0 ? even : odd) / fraction;
  }
  const front = a * Math.log(x) + b * Math.log(1 - x) - Math.log(a) - logBeta(a, b);
  return Math.exp(front) / fraction;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series (DLMF 5.11.1) from 10 on; below, by Gamma(x + 1) = x Gamma(x). Good to 1e-13. */
function logGamma(x: number): number {
  let [at, shift] = [x, 0];
  for (; at < 10; at++) shift -= Math.log(at);
  const r = 1 / (at * at);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / at;
  return shift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
}
