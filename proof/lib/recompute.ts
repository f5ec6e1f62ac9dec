// The second path of proof figures: every number of the report again, from logits and labels, by the definitions in words, as plainly as they can be written.
// Imports nothing of semtag: what is wrong there must not be wrong here too.

export type Given = {
  file: string;
  truth: string;
  group: string;
  subCategory?: string;
  fold: number;
  /** ten, in the order of `CATEGORIES` */
  logits: number[];
};

export type Setup = {
  auto: number;
  prompt: number;
  error: number;
  alpha: number;
  /** logits of the same images from other deals of the groups to folds (Table 3) */
  deals: Given[][];
  backbone: string;
  what: 'sub-category' | 'series';
};

const CATEGORIES = 'Particles Fibres Biological Patterned_surface Nanowires Tips Films_Coated_Surface Porous_Sponge MEMS_devices_and_electrodes Powder'.split(' '); // prettier-ignore
const TITLES: Record<string, string> = {
  Particles: 'Particles',
  Fibres: 'Fibres',
  Biological: 'Biological',
  Patterned_surface: 'Patterned surface',
  Nanowires: 'Nanowires',
  Tips: 'Tips',
  Films_Coated_Surface: 'Films coated surface',
  Porous_Sponge: 'Porous sponge',
  MEMS_devices_and_electrodes: 'MEMS devices and electrodes',
  Powder: 'Powder',
};

type Image = Given & {
  scores: number[];
  first: string;
  second: string;
  score: number;
  secondScore: number;
  outcome: 0 | 1 | 2;
};

const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
const unique = <T>(list: T[]): T[] => [...new Set(list)];
const text = (v: number | null | undefined, digits = 3): string => (v === null || v === undefined || !Number.isFinite(v) ? '–' : v.toFixed(digits)); // prettier-ignore
const interval = (v: [number, number] | null): string => (v ? `${text(v[0])} to ${text(v[1])}` : '–');

function softmax(logits: number[], temperature: number): number[] {
  const highest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp((z - highest) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / sum);
}

/** Least negative log likelihood by golden section over the logarithm of the temperature. */
export function temperatureOf(images: Given[]): number {
  const loss = (t: number) =>
    mean(images.map((i) => -Math.log(softmax(i.logits, t)[CATEGORIES.indexOf(i.truth)]!)));
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [Math.log(0.1), Math.log(10)];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [atC, atD] = [loss(Math.exp(c)), loss(Math.exp(d))];
  while (b - a > 1e-9) {
    if (atC < atD) {
      [b, d, atD] = [d, c, atC];
      c = b - golden * (b - a);
      atC = loss(Math.exp(c));
    } else {
      [a, c, atC] = [c, d, atD];
      d = a + golden * (b - a);
      atD = loss(Math.exp(d));
    }
  }
  return Math.exp((a + b) / 2);
}

function imageAt(given: Given, temperature: number): Image {
  const scores = softmax(given.logits, temperature);
  const order = [...scores.keys()].sort((x, y) => scores[y]! - scores[x]! || x - y);
  const [first, second] = order.map((c) => CATEGORIES[c]!);
  const outcome = first === given.truth ? 0 : second === given.truth ? 1 : 2;
  return { ...given, scores, first: first!, second: second!, score: scores[order[0]!]!, secondScore: scores[order[1]!]!, outcome }; // prettier-ignore
}

/** Each image at the temperature of the folds that it is not in. */
function crossFitted(images: Given[]): Image[] {
  const of = new Map(unique(images.map((i) => i.fold)).map((f) => [f, temperatureOf(images.filter((i) => i.fold !== f))])); // prettier-ignore
  return images.map((i) => imageAt(i, of.get(i.fold)!));
}

/** mulberry32 */
function numbers(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A thousand lists of images, each of as many groups as there are, drawn with replacement; percentiles of what `statistic` says of them. */
function bootstrap(images: Image[], statistic: (drawn: Image[]) => number[]): ([number, number] | null)[] {
  const groups = unique(images.map((i) => i.group));
  const members = groups.map((g) => images.filter((i) => i.group === g));
  const random = numbers(1);
  const values: number[][] = [];
  for (let d = 0; d < 1000; d++) {
    const drawn: Image[] = [];
    for (let k = 0; k < groups.length; k++) drawn.push(...members[Math.floor(random() * groups.length)]!);
    values.push(statistic(drawn));
  }
  return values[0]!.map((_, s) => {
    const sorted = values.map((v) => v[s]!).filter((v) => Number.isFinite(v)).sort((x, y) => x - y); // prettier-ignore
    if (groups.length < 2 || sorted.length < 500) return null;
    const at = (share: number): number => {
      const place = share * (sorted.length - 1);
      const i = Math.floor(place);
      const next = sorted[i + 1] ?? sorted[i]!;
      return sorted[i]! * (1 - (place - i)) + next * (place - i);
    };
    return [at(0.025), at(0.975)];
  });
}

/** The length of the series that an image lies in, mean over the images. */
const ownLength = (l: { group: string }[]): number =>
  mean(l.map((i) => l.filter((k) => k.group === i.group).length));

/** Images in units of series. */
const seriesWorth = (l: { group: string }[]): number => (l.length === 0 ? 0 : l.length / ownLength(l));

/** What is said of a figure that rests on `l`. */
function rangeOf(
  l: Image[],
  value: number,
  drawn: [number, number] | null,
  isShare: boolean,
): [number, number] | null {
  if (unique(l.map((i) => i.group)).length < 5) return null;
  const n = seriesWorth(l);
  if (isShare && value === 1) return clopperPearson(n, n);
  if (isShare && value === 0) return clopperPearson(0, n);
  return drawn && drawn[1] - drawn[0] < 1e-9 ? null : drawn;
}

const top1 = (l: Image[]): number => mean(l.map((i) => (i.outcome === 0 ? 1 : 0)));
const top2 = (l: Image[]): number => mean(l.map((i) => (i.outcome < 2 ? 1 : 0)));
const recall = (l: Image[], c: string): number => top1(l.filter((i) => i.truth === c));
const precision = (l: Image[], c: string): number => top1(l.filter((i) => i.first === c));
const f1 = (l: Image[], c: string): number => {
  const right = l.filter((i) => i.truth === c && i.first === c).length;
  return (2 * right) / (l.filter((i) => i.truth === c).length + l.filter((i) => i.first === c).length);
};
const truths = (l: Image[]): string[] => CATEGORIES.filter((c) => l.some((i) => i.truth === c));

function calibrationError(l: Image[]): number {
  let error = 0;
  for (let b = 0; b < 10; b++) {
    const bin = inTenth(l, b);
    if (bin.length > 0)
      error += (bin.length / l.length) * Math.abs(top1(bin) - mean(bin.map((i) => i.score)));
  }
  return error;
}

const inTenth = (l: Image[], b: number): Image[] => l.filter((i) => i.score * 10 >= b && (b === 9 || i.score * 10 < b + 1)); // prettier-ignore

type Rows = string[][];

/** Caption -> the cells of the body, as they must stand in the report. */
export function expectedTables(given: Given[], setup: Setup): Map<string, Rows> {
  const images = crossFitted(given);
  return new Map([
    ...evaluationTables(images, setup),
    ['Table 3: accuracy of the backbone', table3(setup)],
    ...statisticsTables(images, setup),
    ...calibrationTables(given, images),
    ...riskTables(images),
    ['Proposed thresholds', thresholdRows(images, setup.error)],
    ['Conformal sets', conformalRows(given, setup)],
  ]);
}

function evaluationTables(images: Image[], { auto, what }: Setup): [string, Rows][] {
  const above = (l: Image[]) => l.filter((i) => i.score > auto);
  const figures = (l: Image[]): number[] => [
    top1(l),
    top2(l),
    mean(truths(l).map((c) => recall(l, c))),
    mean(truths(l).map((c) => (l.some((i) => i.first === c) ? precision(l, c) : 0))),
    mean(truths(l).map((c) => f1(l, c))),
    top1(above(l)),
    above(l).length / l.length,
  ];
  const names = [
    'accuracy (top-1)',
    'truth among the top two (top-2)',
    'recall@1, mean over categories',
    'precision, mean over categories',
    'F1, mean over categories',
    `precision above ${auto}`,
    `coverage above ${auto}`,
  ];
  const ranges = bootstrap(images, figures);
  const overall = figures(images).map((v, k) => [
    names[k]!,
    text(v),
    interval(rangeOf(k === 5 ? above(images) : images, v, ranges[k]!, k < 2 || k > 4)),
  ]);
  overall.push(['expected calibration error', text(calibrationError(images)), '–']);
  const present = truths(images);
  const both = (l: Image[]) => present.flatMap((c) => [recall(l, c), precision(l, c)]);
  const drawn = bootstrap(images, both);
  const perCategory = both(images).map((v, k) => {
    const c = present[Math.floor(k / 2)]!;
    return rangeOf(
      images.filter((i) => (k % 2 ? i.first : i.truth) === c),
      v,
      drawn[k]!,
      true,
    );
  });
  const categories = present.map((c, k) => {
    const own = images.filter((i) => i.truth === c);
    return [
      TITLES[c]!,
      String(own.length),
      text(recall(images, c)),
      interval(perCategory[2 * k]!),
      text(precision(images, c)),
      interval(perCategory[2 * k + 1]!),
      text(f1(images, c)),
      text(top2(own)),
      text(top1(above(own))),
      text(above(own).length / own.length),
    ];
  });
  const recalls = present.map((c, k) => {
    const range = perCategory[2 * k];
    return [TITLES[c]!, text(recall(images, c)), ...(range ?? [null, null]).map((v) => text(v))];
  });
  const confusion = present.map((c) => {
    const own = images.filter((i) => i.truth === c);
    const share = (d: string) => own.filter((i) => i.first === d).length / own.length;
    return [TITLES[c]!, String(own.length), ...CATEGORIES.map((d) => text(100 * share(d), 1))];
  });
  const below = images.filter((i) => i.subCategory !== undefined);
  const keys = unique(below.map((i) => JSON.stringify([CATEGORIES.indexOf(i.truth), i.subCategory])))
    .map((key) => JSON.parse(key) as [number, string])
    .sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1));
  const subs = keys.map(([c, name]) => {
    const own = below.filter((i) => i.truth === CATEGORIES[c] && i.subCategory === name);
    const shares = CATEGORIES.map((d) => ({ d, n: own.filter((i) => i.first === d).length }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => b.n - a.n);
    const two = [0, 1].flatMap((k) => (shares[k] ? [TITLES[shares[k].d]!, text((100 * shares[k].n) / own.length, 1)] : ['–', '–'])); // prettier-ignore
    return [name, TITLES[CATEGORIES[c]!]!, String(own.length), ...two, text(100 * top1(own), 1), text(100 * top2(own), 1)]; // prettier-ignore
  });
  return [
    ['Figures of all images', overall],
    ['Figures of each category', categories],
    ['Recall of each category: numbers', recalls],
    ['Table 2: confusion in percent', confusion],
    ...(subs.length > 0 ? [[`Table 4: top categories of each ${what}`, subs] as [string, Rows]] : []),
  ];
}

function table3({ deals, backbone }: Setup): Rows {
  const values = deals.map((d) => top1(d.map((i) => imageAt(i, 1))));
  const m = mean(values);
  const deviation = Math.sqrt(values.reduce((s, v) => s + (v - m) ** 2, 0) / (values.length - 1));
  return [[backbone, String(values.length), text(m), text(deviation / Math.sqrt(values.length)), text(Math.min(...values)), text(Math.max(...values))]]; // prettier-ignore
}

function statisticsTables(images: Image[], { error }: Setup): [string, Rows][] {
  const bins = Array.from({ length: 20 }, (_, b) => b);
  const inBin = (b: number, o: number) =>
    images.filter((i) => i.outcome === o && i.score * 20 >= b && (b === 19 || i.score * 20 < b + 1)).length;
  const of = (o: number) => images.filter((i) => i.outcome === o).length;
  const share = (b: number, o: number) => (of(o) === 0 ? 0 : inBin(b, o) / of(o));
  const grid = curveScores(images);
  const values = (l: Image[]) => curve(l, grid, error);
  const point = values(images);
  const ranges = bootstrap(images, values);
  const n = grid.length;
  const names = [
    'top right more probable than neither',
    'top right more probable than second right',
    'top right more probable than not',
    'right one among the top two more probable than not',
    'top right as probable as wanted',
  ];
  return [
    ['Figure 4: top scores by outcome: numbers', bins.map((b) => [text(b / 20, 2), text((b + 1) / 20, 2), ...[0, 1, 2].map((o) => String(inBin(b, o)))])], // prettier-ignore
    ['Figure 5: the three distributions: numbers', bins.map((b) => [text((b + 0.5) / 20), ...[0, 1, 2].map((o) => text(share(b, o)))])], // prettier-ignore
    [
      'Figure 6: probability of each outcome: numbers',
      grid.map((s, k) => [text(s, 2), ...[0, 1, 2].flatMap((o) => [point[o * n + k]!, ...(ranges[o * n + k] ?? [point[o * n + k]!, point[o * n + k]!])].map((v) => text(v)))]), // prettier-ignore
    ],
    ['Crossovers', names.map((name, k) => [name, text(point[3 * n + k]), interval(ranges[3 * n + k]!)])],
  ];
}

/** Hundredths from the first to the last that has images of five groups within 0.05. */
function curveScores(images: Image[]): number[] {
  const hundredths = Array.from({ length: 101 }, (_, k) => Number((k / 100).toFixed(2)));
  const known = hundredths.filter((s) => unique(images.filter((i) => Math.abs(i.score - s) <= 0.05).map((i) => i.group)).length >= 5); // prettier-ignore
  return hundredths.filter((s) => known.length > 0 && s >= known[0]! && s <= known.at(-1)!);
}

/** Probabilities of the three outcomes at each score of the grid, then the five crossovers. */
function curve(l: Image[], grid: number[], error: number): number[] {
  const p: number[][] = [[], [], []];
  for (const s of grid) {
    const weight = [0, 0, 0];
    for (const i of l) weight[i.outcome]! += Math.exp(-((i.score - s) ** 2) / (2 * 0.05 ** 2));
    for (const o of [0, 1, 2]) p[o]!.push(weight[o]! / (weight[0]! + weight[1]! + weight[2]!));
  }
  const [top, second, neither] = p as [number[], number[], number[]];
  const crossings = [
    top.map((v, k) => v - neither[k]!),
    top.map((v, k) => v - second[k]!),
    top.map((v) => v - 0.5),
    neither.map((v) => 0.5 - v),
    top.map((v) => v - (1 - error)),
  ].map((difference) => {
    const last = difference.findLastIndex((v) => !(v > 0)); // the highest score at which it does not hold
    if (grid.length === 0 || last === grid.length - 1) return NaN;
    if (last < 0) return grid[0]!;
    const [low, high] = [difference[last]!, difference[last + 1]!];
    return grid[last]! + (grid[last + 1]! - grid[last]!) * (-low / (high - low));
  });
  return [...top, ...second, ...neither, ...crossings];
}

function calibrationTables(given: Given[], after: Image[]): [string, Rows][] {
  const before = given.map((i) => imageAt(i, 1));
  const tenths = Array.from({ length: 10 }, (_, b) => b);
  const points = (name: string, l: Image[]) =>
    tenths.flatMap((b) => {
      const bin = inTenth(l, b);
      return bin.length === 0 ? [] : [[name, text(mean(bin.map((i) => i.score))), text(top1(bin))]];
    });
  return [
    [
      'Calibration error',
      [
        ['temperature from all images', text(temperatureOf(given))],
        ['calibration error before', text(calibrationError(before))],
        ['calibration error after', text(calibrationError(after))],
      ],
    ],
    ['Reliability: numbers', [...points('before', before), ...points('after', after)]],
    ['Images a bin', tenths.map((b) => [text(b / 10, 1), text((b + 1) / 10, 1), String(inTenth(before, b).length), String(inTenth(after, b).length)])], // prettier-ignore
  ];
}

function riskTables(images: Image[]): [string, Rows][] {
  const points = unique(images.map((i) => i.score))
    .sort((a, b) => b - a)
    .map((score) => {
      const labelled = images.filter((i) => i.score >= score);
      return { score, coverage: labelled.length / images.length, risk: 1 - top1(labelled) };
    });
  const drawn = points.length <= 100 ? points : Array.from({ length: 100 }, (_, i) => points[Math.round((i / 99) * (points.length - 1))]!); // prettier-ignore
  const area = mean(images.map((i) => points.find((p) => p.score === i.score)!.risk));
  const at = [0.2, 0.4, 0.6, 0.8, 1].map((c) => points.find((p) => p.coverage >= c)!);
  return [
    ['Risk against coverage: numbers', drawn.map((p) => [text(p.coverage), text(p.risk)])],
    ['Risk at a coverage', [...at.map((p) => [text(p.coverage), text(p.risk), text(p.score)]), ['mean over the images', text(area), '–']]], // prettier-ignore
  ];
}

function thresholdRows(images: Image[], wanted: number): Rows {
  const row = (name: string, l: Image[]): string[] => {
    const { verdict, threshold, above } = propose(l, wanted);
    const chosen = l.filter((i) => i.score > above);
    const groups = unique(chosen.map((i) => i.group)).length;
    const [low, high] = groups === 0 ? [0, 1] : clopperPearson(...wrongOf(chosen));
    return [
      name,
      verdict,
      text(threshold, 2),
      text(above, 2),
      String(chosen.length),
      String(groups),
      text(seriesWorth(chosen), 1),
      String(chosen.filter((i) => i.outcome !== 0).length),
      text(groups === 0 ? null : 1 - top1(chosen)),
      `${text(low)} to ${text(high)}`,
      text(l.length === 0 ? 0 : chosen.length / l.length),
    ];
  };
  return [row('all', images), ...CATEGORIES.map((c) => row(TITLES[c]!, images.filter((i) => i.first === c)))]; // prettier-ignore
}

function propose(l: Image[], wanted: number): { verdict: string; threshold: number | null; above: number } {
  const holds = (wrong: number, n: number) => clopperPearson(wrong, n)[1] <= wanted;
  const enough = (wrong: number) => {
    let n = wrong + 1;
    while (!holds(wrong, n)) n++;
    return n;
  };
  const hundredths = Array.from({ length: 100 }, (_, k) => (99 - k) / 100);
  const above = (t: number) => l.filter((i) => i.score > t);
  const start = [1, 0].map((w) => hundredths.find((t) => seriesWorth(above(t)) >= enough(w))).find((t) => t !== undefined); // prettier-ignore
  if (start === undefined) return { verdict: 'not enough data', threshold: null, above: 0.8 };
  let best: number | null = null;
  for (const t of hundredths.filter((h) => h <= start)) {
    if (!holds(...wrongOf(above(t)))) break;
    best = t;
  }
  if (best !== null) return { verdict: 'proposed', threshold: best, above: best };
  const [low] = clopperPearson(...wrongOf(above(start)));
  if (low > wanted) return { verdict: 'more errors than wanted', threshold: null, above: start };
  return { verdict: 'not enough data', threshold: null, above: 0.8 };
}

/** In units of series: how many are wrong, and of how many. */
function wrongOf(l: Image[]): [number, number] {
  const n = seriesWorth(l);
  return [(1 - top1(l)) * n, n];
}

const known = new Map<string, [number, number]>();

/** 95 %, two-sided; quantiles of the beta distribution by halving. */
function clopperPearson(wrong: number, n: number): [number, number] {
  const key = `${wrong}/${n}`;
  const quantile = (p: number, a: number, b: number) => {
    let [low, high] = [0, 1];
    for (let k = 0; k < 60; k++) {
      const x = (low + high) / 2;
      if (beta(x, a, b) < p) low = x;
      else high = x;
    }
    return low;
  };
  const found = known.get(key) ?? [wrong <= 0 ? 0 : quantile(0.025, wrong, n - wrong + 1), wrong >= n ? 1 : quantile(0.975, wrong + 1, n - wrong)]; // prettier-ignore
  known.set(key, found);
  return found;
}

/** Regularised incomplete beta function as a hypergeometric series of positive terms (DLMF 8.17.8 with 15.8.1). */
function beta(x: number, a: number, b: number): number {
  if (x > 0.5 && x > a / (a + b)) return 1 - beta(1 - x, b, a);
  let [term, sum] = [1, 1];
  for (let k = 0; term > 1e-17 * sum; k++) sum += term *= ((a + b + k) / (a + 1 + k)) * x;
  return sum * Math.exp(a * Math.log(x) + b * Math.log(1 - x) - Math.log(a) - lnGamma(a) - lnGamma(b) + lnGamma(a + b)); // prettier-ignore
}

/** Lanczos' approximation, g = 7, nine terms. */
function lnGamma(z: number): number {
  const c = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7]; // prettier-ignore
  const x = z - 1;
  const sum = c.slice(1).reduce((s, v, k) => s + v / (x + k + 1), c[0]!);
  const t = x + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum);
}

function conformalRows(given: Given[], { alpha, auto }: Setup): Rows {
  const scored = (l: Given[], t: number, asked: boolean) => l.map((i) => imageAt(i, t)).filter((i) => !asked || i.score <= auto); // prettier-ignore
  const misfit = (i: Image) => 1 - i.scores[CATEGORIES.indexOf(i.truth)]!;
  const quantile = (l: Image[]) => {
    const needed = (1 - alpha) * (l.length + ownLength(l));
    return l.map(misfit).sort((a, b) => a - b)[Math.ceil(needed - 1e-9) - 1] ?? 1;
  };
  const setOf = (i: Image, q: number) => {
    const inside = CATEGORIES.filter((_, c) => 1 - i.scores[c]! <= q);
    return inside.length > 0 ? inside : [i.first];
  };
  const temperature = temperatureOf(given);
  const folds: { fitting: Given[]; judging: Given[]; t: number }[] = [];
  for (let deal = 1; deal <= 20; deal++) {
    const groups = unique(given.map((i) => i.group)).sort();
    const random = numbers(deal);
    for (let i = groups.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [groups[i], groups[j]] = [groups[j]!, groups[i]!];
    }
    const place = new Map(groups.map((g, i) => [g, i % 5]));
    for (let f = 0; f < 5; f++) {
      const fitting = given.filter((i) => place.get(i.group) !== f);
      const judging = given.filter((i) => place.get(i.group) === f);
      if (fitting.length > 0 && judging.length > 0)
        folds.push({ fitting, judging, t: temperatureOf(fitting) });
    }
  }
  return [false, true].map((asked) => {
    const name = asked ? 'asked about' : 'all';
    const all = scored(given, temperature, asked);
    if (all.length === 0) return [name, ...Array.from({ length: 6 }, () => '–')];
    const found = folds.flatMap(({ fitting, judging, t }) => {
      const q = quantile(scored(fitting, t, asked));
      const own = scored(judging, t, asked).map((i) => ({
        group: i.group,
        set: setOf(i, q),
        truth: i.truth,
      }));
      if (own.length === 0) return [];
      const hit = (l: typeof own) => mean(l.map((i) => (i.set.includes(i.truth) ? 1 : 0)));
      const groups = unique(own.map((i) => i.group));
      return [{ n: own.length, groups: groups.length, coverage: hit(own), series: mean(groups.map((g) => hit(own.filter((i) => i.group === g)))), size: mean(own.map((i) => i.set.length)) }]; // prettier-ignore
    });
    const weighted = (value: (f: (typeof found)[number]) => number, by: (f: (typeof found)[number]) => number) => found.reduce((s, f) => s + value(f) * by(f), 0) / found.reduce((s, f) => s + by(f), 0); // prettier-ignore
    return [
      name,
      text(quantile(all)),
      text(weighted((f) => f.coverage, (f) => f.n)), // prettier-ignore
      text(Math.min(...found.map((f) => f.coverage))),
      text(Math.max(...found.map((f) => f.coverage))),
      text(weighted((f) => f.series, (f) => f.groups)), // prettier-ignore
      text(weighted((f) => f.size, (f) => f.n), 2), // prettier-ignore
    ];
  });
}

/** File -> the two lines of its tile that carry scores. */
export function expectedTiles(given: Given[]): Map<string, string[]> {
  return new Map(
    crossFitted(given).map((i) => [
      i.file,
      [`${TITLES[i.first]} ${text(i.score)}`, `${TITLES[i.second]} ${text(i.secondScore)}`],
    ]),
  );
}
