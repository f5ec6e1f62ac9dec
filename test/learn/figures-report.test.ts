// Every number of the report of figures, read back out of its HTML, is what naive code finds that shares nothing with ours; and a number that is changed is seen.

import { describe, expect, test } from 'vitest';
import { figuresReport } from '../../proof/lib/figures-report.ts';
import { compareReport, readReport } from '../../proof/lib/read-report.ts';
import { expectedTables, expectedTiles, temperatureOf, type Given } from '../../proof/lib/recompute.ts';
import { calibrate } from '../../src/learn/calibration.ts';
import { crossFitted } from '../../src/learn/cross-fit.ts';
import { evaluateImages } from '../../src/learn/evaluate.ts';
import { fitTemperature } from '../../src/learn/temperature.ts';
import { CATEGORIES } from '../../src/domain/categories.ts';
import { madeUp } from './made-up.ts';

const inForce = { auto: 0.8, prompt: 0.35 };
const images = madeUp(200, 7);
const deals = [images, madeUp(90, 8), madeUp(90, 9)];
const plainly = (list: typeof images): Given[] => list.map((i) => ({ ...i, logits: [...i.logits] }));

const evaluation = evaluateImages(crossFitted(images), inForce.auto);
const html = figuresReport({
  from: 'made up <here>',
  backbone: 'some-net',
  evaluation,
  calibration: calibrate(images, { error: 0.4, alpha: 0.1, auto: inForce.auto, asGiven: false }),
  accuracies: deals.map((d) => evaluateImages(crossFitted(d), inForce.auto).top1),
  what: 'sub-category',
  inForce,
  pictures: new Map([[evaluation.misclassified[0]!.file, 'data:image/jpeg;base64,AAAA']]),
});
const setup = { ...inForce, error: 0.4, alpha: 0.1, deals: deals.map(plainly), backbone: 'some-net', what: 'sub-category' as const }; // prettier-ignore
const [tables, tiles] = [expectedTables(plainly(images), setup), expectedTiles(plainly(images))];

describe('the report of figures', () => {
  test('each of its numbers is found by the second path', () => {
    const { numbers, wrong } = compareReport(readReport(html), tables, tiles);
    expect(wrong).toEqual([]);
    expect(numbers).toBeGreaterThan(1500);
    // nothing went unseen: the made-up set has what the real one may lack
    const { tables: found } = readReport(html);
    expect(found.get('Proposed thresholds')!.map((row) => row[1])).toContain('proposed');
    expect(found.get('Table 4: top categories of each sub-category')!.map((row) => row[0])).toEqual(['mats & yarns', 'single']); // prettier-ignore
  });

  test.each([
    'Table 2: confusion in percent',
    'Conformal sets',
    'Figure 6: probability of each outcome: numbers',
  ])('a number that is changed in "%s" is seen', (caption) => {
    const report = readReport(html);
    const row = report.tables.get(caption)!.at(-1)!;
    row[row.length - 1] = row.at(-1)!.replace(/\d/, (d) => String((Number(d) + 1) % 10));
    expect(compareReport(report, tables, tiles).wrong).toHaveLength(1);
  });

  test('a table without a second path is seen, and one that is missing', () => {
    const report = readReport(html);
    report.tables.set('Table 9', [['1']]);
    report.tables.delete('Crossovers');
    expect(compareReport(report, tables, tiles).wrong).toEqual([
      'Table 9: has no second path',
      'Crossovers: is not in the report',
    ]);
  });
});

test('the temperature by halving of the slope is the one by golden section over the loss', () => {
  const labels = images.map(({ truth }) => CATEGORIES.indexOf(truth));
  const found = fitTemperature(images.map(({ logits }) => logits), labels); // prettier-ignore
  expect(found).toBeCloseTo(temperatureOf(plainly(images)), 6);
  expect(found).toBeGreaterThan(1.3);
});
