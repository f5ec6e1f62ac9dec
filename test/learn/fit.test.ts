// Training: the optimum is one, a seed repeats bit for bit, unseen categories exist, temperature undoes over-confidence.

import { describe, expect, test } from 'vitest';
import { findBackbone } from '../../src/classify/backbones.ts';
import { headText, logitsOf, parseHead, scoresFrom } from '../../src/classify/head.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { top } from '../../src/domain/scores.ts';
import type { TrainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { crossValidate } from '../../src/learn/crossval.ts';
import { figuresOf } from '../../src/learn/figures.ts';
import { DEFAULT_SETTINGS, fit } from '../../src/learn/fit.ts';
import { minimise } from '../../src/learn/lbfgs.ts';
import { randomOf } from '../../src/domain/random.ts';
import { fitSoftmax } from '../../src/learn/softmax-regression.ts';
import { fitTemperature } from '../../src/learn/temperature.ts';
import { trainHead } from '../../src/learn/train.ts';

const backbone = findBackbone();
const settings = { ...DEFAULT_SETTINGS, backbone: backbone.name, views: 2, folds: 3 };

/** Bottlenecks of three categories: noise, and a bump where the category is. */
function bottlenecks(count: number, seed = 1): TrainingBottlenecks[] {
  const random = randomOf(seed);
  const some: Category[] = ['Tips', 'Powder', 'Fibres'];
  return Array.from({ length: count }, (_, i) => {
    const which = i % 3;
    const view = (): Float32Array =>
      Float32Array.from({ length: backbone.length }, (_, j) => random() + (j % 50 === which ? 0.4 : 0));
    const example = { file: `${i}.png`, path: '', category: some[which]!, group: `g${i >> 1}` };
    return { example, sha256: String(i), views: [view(), view()] };
  });
}

describe('minimise', () => {
  test('finds the bottom of the Rosenbrock valley', () => {
    const x = Float64Array.of(-1.2, 1);
    minimise(
      {
        size: 2,
        evaluate: (at, g) => {
          const [a, b] = [at[0]!, at[1]!];
          g[0] = -400 * a * (b - a * a) - 2 * (1 - a);
          g[1] = 200 * (b - a * a);
          return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
        },
      },
      x,
      1e-10,
      500,
    );
    expect(x[0]).toBeCloseTo(1, 5);
    expect(x[1]).toBeCloseTo(1, 5);
  });
});

describe('softmax regression', () => {
  const random = randomOf(3);
  // an odd number of rows and classes: blocks of four and pairs must come out even so
  const [n, length, classes] = [41, 7, 3];
  const y = Int32Array.from({ length: n }, (_, i) => i % classes);
  const x = Float32Array.from({ length: n * length }, (_, k) => random() + (k % length === y[Math.floor(k / length)]! ? 0.5 : 0)); // prettier-ignore
  const rows = { x, n, length, y, w: Float64Array.from(y, (c) => 1 + c) };

  test('at the optimum the gradient, worked out the plain way, is zero', () => {
    const C = 0.5;
    const { mean, scale, weights, bias } = fitSoftmax(rows, {
      classes,
      C,
      tolerance: 1e-9,
      iterations: 1000,
    });
    const gradient = Float64Array.from(weights, (v) => v / C);
    const biasGradient = new Float64Array(classes);
    for (let i = 0; i < n; i++) {
      const z = Array.from({ length }, (_, j) => (x[i * length + j]! - mean[j]!) * scale[j]!);
      const logits = Array.from(
        bias,
        (b, c) => b + z.reduce((s, v, j) => s + v * weights[c * length + j]!, 0),
      );
      const sum = logits.reduce((s, v) => s + Math.exp(v), 0);
      for (const [c, v] of logits.entries()) {
        const d = rows.w[i]! * (Math.exp(v) / sum - (c === y[i] ? 1 : 0));
        biasGradient[c]! += d;
        for (const [j, value] of z.entries()) gradient[c * length + j]! += d * value;
      }
    }
    expect(Math.max(...gradient.map(Math.abs), ...biasGradient.map(Math.abs))).toBeLessThan(1e-4);
  });
});

describe('a head', () => {
  const set = bottlenecks(36);

  test('the same seed gives the same bytes, less data gives others', () => {
    const [first, second] = [trainHead(set, 'a', settings), trainHead(set, 'a', settings)];
    expect(second.text).toBe(first.text);
    expect(trainHead(set.slice(0, -1), 'a', settings).head.sha256).not.toBe(first.head.sha256);
  });

  test('knows all ten categories; one without images stays far from the top', () => {
    const { head } = trainHead(set, 'a', settings);
    const { example, views } = set[0]!;
    const scores = scoresFrom(head, {
      backbone: backbone.sha256,
      preprocessing: backbone.preprocessing,
      engine: 'onnx',
      views,
    });
    expect(Object.keys(scores)).toEqual([...CATEGORIES]);
    expect(Object.values(scores).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(top(scores).category).toBe(example.category);
    expect(scores.Nanowires).toBeLessThan(0.05);
  });

  test('survives its file; a changed byte changes its name; bottlenecks of another backbone are refused', () => {
    const { head, text } = trainHead(set, 'a', settings);
    const again = parseHead(text, 'a.json');
    expect(again.sha256).toBe(head.sha256);
    expect([...logitsOf(again, set[3]!.views[0]!)]).toEqual([...logitsOf(head, set[3]!.views[0]!)]);
    expect(headText(again)).toBe(text);
    expect(parseHead(text.replace('"a"', '"b"'), 'a.json').sha256).not.toBe(head.sha256);
    expect(() => parseHead(text.replace('Tips', 'Tops'), 'a.json')).toThrow(/not the ten/);
    expect(() =>
      scoresFrom(head, {
        backbone: 'other',
        preprocessing: head.preprocessing,
        engine: 'onnx',
        views: set[0]!.views,
      }),
    ).toThrow(/is for efficientnet-lite0/);
  });

  test('cross-validation judges each image by a head that has not seen its group', () => {
    const found = crossValidate(bottlenecks(60), settings);
    expect(found.figures.n).toBe(60);
    expect(found.figures.top1).toBeGreaterThan(0.9);
    // labels that mean nothing: only a head that saw its test images could be right
    const random = randomOf(9);
    const nonsense = bottlenecks(60).map((b) => ({
      ...b,
      example: { ...b.example, category: CATEGORIES[Math.floor(random() * 10)]! },
    }));
    expect(crossValidate(nonsense, settings).figures.top1).toBeLessThan(0.35);
    expect(fit(nonsense, settings).weights.length).toBe(10 * backbone.length);
  });
});

test('temperature: logits three times too large are brought back', () => {
  const random = randomOf(5);
  const logits: number[][] = [];
  const labels: number[] = [];
  for (let i = 0; i < 3000; i++) {
    const row = Array.from({ length: 4 }, () => 3 * random());
    const powers = row.map(Math.exp);
    let at = random() * powers.reduce((a, b) => a + b, 0);
    labels.push(
      Math.max(
        0,
        powers.findIndex((p) => (at -= p) < 0),
      ),
    );
    logits.push(row.map((v) => 3 * v));
  }
  expect(fitTemperature(logits, labels)).toBeGreaterThan(2.7);
  expect(fitTemperature(logits, labels)).toBeLessThan(3.3);
});

test('figures: counted by hand', () => {
  const scores = (best: Category, score: number, second: Category) => ({
    ...Object.fromEntries(CATEGORIES.map((c) => [c, 0])),
    [best]: score,
    [second]: 1 - score,
  });
  const judged = [
    { truth: 'Tips', scores: scores('Tips', 0.9, 'Powder') },
    { truth: 'Tips', scores: scores('Powder', 0.6, 'Tips') },
    { truth: 'Powder', scores: scores('Tips', 0.9, 'Fibres') },
    { truth: 'Powder', scores: scores('Powder', 0.8, 'Fibres') },
  ] as Parameters<typeof figuresOf>[0];
  const figures = figuresOf(judged);
  expect(figures).toMatchObject({
    n: 4,
    top1: 0.5,
    top2: 0.75,
    macroRecall: 0.5,
    autoPrecision: 0.5,
    autoCoverage: 0.5,
  });
  // bins 0.9 (right 1 of 2), 0.6 (0 of 1), 0.8 (1 of 1)
  expect(figures.ece).toBeCloseTo(0.5 * 0.4 + 0.25 * 0.6 + 0.25 * 0.2, 10);
});
