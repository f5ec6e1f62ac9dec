// Limited-memory BFGS with a backtracking line search (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 3.1). Deterministic.

export type Problem = {
  size: number;
  /** Returns the value at `x` and writes the gradient. */
  evaluate: (x: Float64Array, gradient: Float64Array) => number;
  /** norm of the gradient that the tolerance is a share of; that at the start unless told */
  scale?: number;
};

/** `ratio`: norm of the gradient / its scale. `x` is only lent. */
export type OnMinimiserStep = (step: number, ratio: number, x: Float64Array) => void;

const MEMORY = 10;
const ARMIJO = 1e-4;

/** Minimises from `x` (changed in place) until the gradient's norm is `tolerance` of its scale, or `iterations` steps. */
export function minimise(
  { size, evaluate, scale }: Problem,
  x: Float64Array,
  tolerance: number,
  iterations: number,
  onStep: OnMinimiserStep = () => {},
): void {
  let g: Float64Array = new Float64Array(size);
  let f = evaluate(x, g);
  const start = (scale ?? norm(g)) || 1;
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let k = 0; k < iterations && norm(g) > tolerance * start; k++) {
    const d = direction(g, steps);
    let slope = dot(d, g);
    if (slope >= 0) {
      // rounding has spoilt the memory: go down the gradient
      steps.length = 0;
      for (let i = 0; i < size; i++) d[i] = -g[i]!;
      slope = -dot(g, g);
    }
    const next = new Float64Array(size);
    const nextG = new Float64Array(size);
    let length = steps.length === 0 ? Math.min(1, 1 / norm(g)) : 1;
    let value = Infinity;
    for (let tries = 0; tries < 30; tries++, length /= 2) {
      for (let i = 0; i < size; i++) next[i] = x[i]! + length * d[i]!;
      value = evaluate(next, nextG);
      if (value <= f + ARMIJO * length * slope) break;
    }
    if (!(value < f)) return; // nothing to be won any more at this precision
    const s = next.map((v, i) => v - x[i]!);
    const y = nextG.map((v, i) => v - g[i]!);
    const sy = dot(s, y);
    if (sy > 1e-12) steps.push({ s, y, rho: 1 / sy });
    if (steps.length > MEMORY) steps.shift();
    x.set(next);
    g = nextG;
    f = value;
    onStep(k + 1, norm(g) / start, x);
  }
}

function direction(
  g: Float64Array,
  steps: { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = Float64Array.from(g);
  const alphas = steps.map(() => 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    const { s, y, rho } = steps[i]!;
    alphas[i] = rho * dot(s, q);
    add(q, y, -alphas[i]!);
  }
  const last = steps.at(-1);
  const gamma = last ? 1 / (last.rho * dot(last.y, last.y)) : 1;
  for (let i = 0; i < q.length; i++) q[i] = q[i]! * gamma;
  steps.forEach(({ s, y, rho }, i) => add(q, s, alphas[i]! - rho * dot(y, q)));
  for (let i = 0; i < q.length; i++) q[i] = -q[i]!;
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
function add(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = a[i]! + factor * b[i]!;
}
function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
