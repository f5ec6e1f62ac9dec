// The loops over samples that views are cut with, in AssemblyScript; `npm run kernel` compiles it to src/classify/cuts-wasm.ts. Each sum is
// added up in one order, in 64 bits: a result is the same to the bit on every machine. Pointers count bytes; who calls lays out the memory.

/** One row of `width` averages over `count` rows of 8-bit samples with a weight each. All but the first and last of them weigh the same. */
export function rows8(out: usize, width: u32, rows: usize, stride: u32, weights: usize, count: u32): void {
  for (let x: u32 = 0; x < width; x += 4) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let at = rows + x;
    for (let k: u32 = 0; k < count; k++, at += stride) {
      const weight = v128.load_splat<f64>(weights + (k << 3));
      let four = four8(at);
      if (k > 0 && k + 4 < count) {
        // whole numbers add up exactly: four rows of one weight at once
        for (let more = 0; more < 3; more++) four = i32x4.add(four, four8((at += stride)));
        k += 3;
      }
      const upper = v128.shuffle<i32>(four, four, 2, 3, 0, 1);
      low = f64x2.add(low, f64x2.mul(weight, f64x2.convert_low_i32x4_u(four)));
      high = f64x2.add(high, f64x2.mul(weight, f64x2.convert_low_i32x4_u(upper)));
    }
    v128.store(out + (x << 3), low);
    v128.store(out + (x << 3), high, 16);
  }
}

/** The same of 16-bit samples, each looked up in a table of 65536 float32. */
export function rows16(
  out: usize,
  width: u32,
  rows: usize,
  stride: u32,
  weights: usize,
  count: u32,
  table: usize,
): void {
  for (let x: u32 = 0; x < width; x++) {
    let sum: f64 = 0;
    let at = rows + (x << 1);
    for (let k: u32 = 0; k < count; k++, at += stride << 1) {
      const weight = load<f64>(weights + (k << 3));
      let value = value16(table, at);
      if (k > 0 && k + 4 < count) {
        for (let more = 0; more < 3; more++) value += value16(table, (at += stride << 1));
        k += 3;
      }
      sum += weight * value;
    }
    store<f64>(out + (x << 3), sum);
  }
}

/** `height` rows brought to `width` columns: `most` weights each, for the samples from its first one on. float32 */
export function columns(
  out: usize,
  width: u32,
  height: u32,
  rows: usize,
  stride: u32,
  firsts: usize,
  weights: usize,
  most: u32,
): void {
  for (let y: u32 = 0; y < height; y++, rows += stride << 3) {
    let weight = weights;
    for (let x: u32 = 0; x < width; x++, out += 4) {
      let at = rows + (load<u32>(firsts + (x << 2)) << 3);
      let sum: f64 = 0;
      for (const end = weight + (most << 3); weight < end; weight += 8, at += 8)
        sum += load<f64>(weight) * load<f64>(at);
      store<f32>(out, <f32>sum);
    }
  }
}

/**
 * One row of a table of sums, `width` + 1 of them, from the one above: of samples that are `factor` x `factor` pixels times `share`.
 * `table` as of rows16; 0: 8 bits.
 */
export function sums(
  out: usize,
  above: usize,
  width: u32,
  rows: usize,
  stride: u32,
  factor: u32,
  share: f64,
  table: usize,
): void {
  store<f64>(out, 0);
  if (factor == 1 && !table) {
    // most pictures: whole numbers add up faster
    let left: u32 = 0;
    for (let x: u32 = 0; x < width; x++) {
      left += load<u8>(rows + x);
      store<f64>(out + (x << 3), load<f64>(above + (x << 3), 8) + <f64>left, 8);
    }
    return;
  }
  let left: f64 = 0;
  for (let x: u32 = 0; x < width; x++) {
    let sample: f64 = 0;
    for (let k: u32 = 0; k < factor; k++) {
      const from = k * stride + x * factor;
      let sum: f64 = 0;
      for (let i = from; i < from + factor; i++)
        sum += table ? value16(table, rows + (i << 1)) : <f64>load<u8>(rows + i);
      sample += sum;
    }
    left += share * sample;
    store<f64>(out + (x << 3), load<f64>(above + (x << 3), 8) + left, 8);
  }
}

/**
 * `size` x `size` area averages of a cut by its size + 1 edges in each direction: the sample that each lies in (`xs`, `ys`: u32) and how far
 * (`us`, `vs`: f64). `gain`: 1 / area of an average. Two rows of size + 2 f64 are scratch: `above`, `below`. Before the averages go their
 * mean and what `turn` multiplies by.
 */
export function crop(
  out: usize,
  size: u32,
  table: usize,
  stride: u32,
  xs: usize,
  us: usize,
  ys: usize,
  vs: usize,
  gain: f64,
  above: usize,
  below: usize,
): void {
  let at = out + 16;
  let sum: f64 = 0;
  let squares: f64 = 0;
  for (let r: u32 = 0; r <= size; r++) {
    const v = v128.load_splat<f64>(vs + (r << 3));
    const upper = table + ((load<u32>(ys + (r << 2)) * stride) << 3);
    const lower = upper + (stride << 3);
    for (let c: u32 = 0; c <= size; c += 2) {
      const x = (<usize>load<u32>(xs + (c << 2))) << 3;
      const y = (<usize>load<u32>(xs + (c << 2), 4)) << 3;
      const u = v128.load(us + (c << 3));
      const a = between(v128.load(upper + x), v128.load(upper + y), u);
      const b = between(v128.load(lower + x), v128.load(lower + y), u);
      v128.store(below + (c << 3), towards(a, b, v));
    }
    if (r > 0)
      for (let c: u32 = 0; c < size; c++, at += 8) {
        const i = below + (c << 3);
        const j = above + (c << 3);
        const value = gain * (load<f64>(i, 8) - load<f64>(i) - (load<f64>(j, 8) - load<f64>(j)));
        store<f64>(at, value);
        sum += value;
        squares += value * value;
      }
    const next = above;
    above = below;
    below = next;
  }
  const n = size * size;
  const mean = sum / n;
  const variance = squares / n - mean * mean;
  store<f64>(out, mean);
  store<f64>(out, 0.22 / (sqrt(variance > 0 ? variance : 0) + 1), 8);
}

/** Averages of `crop` with their contrast stretched: out[y * size + x] from the one at first + y * row + x * column. float32; writes one more. */
export function turn(out: usize, size: u32, averages: usize, first: u32, row: i32, column: i32): void {
  const mean = v128.load_splat<f64>(averages);
  const gain = v128.load_splat<f64>(averages, 8);
  let from = averages + 16 + (first << 3);
  for (let y: u32 = 0; y < size; y++, from += row << 3) {
    let at = from;
    for (let x: u32 = 0; x < size; x += 2, at += column << 4) {
      const two = v128.load64_lane(at + (column << 3), v128.load64_zero(at), 1);
      const z = f64x2.add(f64x2.splat(0.5), f64x2.mul(gain, f64x2.sub(two, mean)));
      const clipped = f64x2.pmin(f64x2.splat(1), f64x2.pmax(f64x2.splat(0), z));
      v128.store64_lane(out + ((y * size + x) << 2), f32x4.demote_f64x2_zero(clipped), 0);
    }
  }
}

function four8(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

function value16(table: usize, at: usize): f64 {
  return <f64>load<f32>(table + ((<usize>load<u16>(at)) << 2));
}

/** Two neighbours each: from the first towards the second. */
function between(a: v128, b: v128, part: v128): v128 {
  return towards(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3), part);
}

function towards(a: v128, b: v128, part: v128): v128 {
  return f64x2.add(a, f64x2.mul(part, f64x2.sub(b, a)));
}
