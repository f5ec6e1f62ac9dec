// The report of proof figures: the tables and figures of Modarres et al. 2017 on one folder. Puts together, computes only Table 3's mean and error.

import type { Calibration } from '../../src/learn/calibration.ts';
import type { FullEvaluation } from '../../src/learn/evaluate.ts';
import { calibrationSections, scoreStatistics, type InForce } from '../../src/learn/report/calibration.ts';
import { categoryTable, confusionTable, evaluationSections, figuresTable, recallBars, subCategoryTable, type Pictures } from '../../src/learn/report/evaluation.ts'; // prettier-ignore
import type { Markup } from '../../src/learn/report/markup.ts';
import { page } from '../../src/learn/report/page.ts';
import { fixed, reportTable } from '../../src/learn/report/table.ts';

export type FiguresReport = {
  from: string;
  backbone: string;
  evaluation: FullEvaluation;
  calibration: Calibration;
  /** accuracy of each deal of the groups to folds */
  accuracies: number[];
  /** what Table 4 has rows for */
  what: 'sub-category' | 'series';
  inForce: InForce;
  pictures: Pictures;
};

export function figuresReport(report: FiguresReport): string {
  const { evaluation, calibration, inForce, what, pictures, from } = report;
  const seen = evaluationSections(evaluation, inForce.auto, pictures).filter(({ title }) => /two categories|Misclassified/.test(title)); // prettier-ignore
  const rest = calibrationSections(calibration, inForce).filter(({ title }) => title !== 'Score statistics');
  return page({
    title: 'Tables 2 to 4 and Figures 4 to 6',
    intro: [
      `The tables and figures of Modarres et al., Scientific Reports 7, 13282 (2017), on the images of ${from}. Every image is judged by a head that saw none of its series, its score at the temperature of the other folds.`,
    ],
    sections: [
      {
        title: 'Table 2',
        body: [figuresTable(evaluation, inForce.auto), categoryTable(evaluation, inForce.auto), recallBars(evaluation), confusionTable(evaluation)], // prettier-ignore
      },
      { title: 'Table 3', body: [table3(report)] },
      {
        title: 'Table 4',
        body: [
          ...(what === 'series' ? ['The folder has no sub-categories: its series of five and more images take their place.'] : []), // prettier-ignore
          ...(evaluation.subCategories.length > 0 ? [subCategoryTable(evaluation.subCategories, what)] : []),
        ],
      },
      { title: 'Figures 4 to 6', body: scoreStatistics(calibration, inForce) },
      ...seen,
      ...rest,
    ],
  });
}

function table3({ backbone, accuracies }: FiguresReport): Markup {
  const n = accuracies.length;
  const mean = accuracies.reduce((a, b) => a + b, 0) / n;
  const variance = accuracies.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  return reportTable({
    caption: 'Table 3: accuracy of the backbone',
    note: 'Over deals of the groups to folds, which the seed of a fit does not change. Error: of the mean, from the spread of the deals. The verb compare has several backbones and times.',
    heading: ['backbone', 'deals', 'accuracy', 'error', 'lowest', 'highest'],
    rows: [[backbone, n, fixed(mean), fixed(Math.sqrt(variance / n)), fixed(Math.min(...accuracies)), fixed(Math.max(...accuracies))]], // prettier-ignore
  });
}
