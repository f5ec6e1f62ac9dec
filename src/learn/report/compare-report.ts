// The comparison of backbones as a report: Table 3 of the paper and accuracy as a plot. Computes nothing.

import type { Compared, Mean } from '../compare.ts';
import { page } from './page.ts';
import { bars } from './plot.ts';
import { fixed, reportTable } from './table.ts';

export function compareReport(value: { from: string; runs: number; folds: number; backbones: Compared[] }): string {
  const { from, runs, folds, backbones } = value;
  const shown = ({ mean, error }: Mean, digits = 3) => (error === undefined ? fixed(mean, digits) : `${fixed(mean, digits)} ± ${fixed(error, digits)}`);
  const images = backbones[0]?.images ?? 0;
  const whiskers = ({ mean, error = 0 }: Mean) => ({ value: mean, low: mean - error, high: mean + error });
  return page({
    title: 'Backbones compared',
    intro: [
      `${backbones.length} backbones on ${images} images of ${from}: ${runs} runs of ${folds}-fold cross-validation with groups kept together, as Table 3 of Modarres et al. 2017.`,
      'Every run deals the groups to the folds anew. The standard error is that over the runs: how much the dealing matters, not how a model would do on images of another facility. Times are those of the machine that made this report.',
    ],
    sections: [
      {
        title: 'Accuracy and time',
        body: [
          reportTable({
            caption: 'Test accuracy, time of a bottleneck and of a fold',
            note: 'mean ± standard error over the runs; a bottleneck: median of reading an image and its two views through the network, one thread; a fold: training a head on the others and judging it on this one',
            heading: ['backbone', 'numbers', 'top-1', 'top-2', 'macro recall', 'bottleneck in ms', 'of it reading', 'fold in s'],
            rows: backbones.map((b) => [b.backbone, b.length, shown(b.top1), shown(b.top2), shown(b.macroRecall), fixed(b.bottleneckMs, 1), fixed(b.readMs, 1), shown(b.foldSeconds, 2)]),
          }),
          bars(
            { title: 'Top-1 accuracy', about: 'Share of images whose top category is right, a bar a backbone; whiskers are the standard error over the runs.', x: { label: 'top-1', domain: [0, 1] }, y: { label: 'backbone' } },
            backbones.map((b) => ({ name: b.backbone, ...whiskers(b.top1) })),
          ),
        ],
      },
      {
        title: 'Every run',
        body: [
          reportTable({
            caption: 'Figures of each run',
            heading: ['backbone, run', 'top-1', 'top-2', 'macro recall', 'fold in s'],
            rows: backbones.flatMap((b) => b.runs.map((r, i) => [`${b.backbone}, ${i + 1}`, fixed(r.top1), fixed(r.top2), fixed(r.macroRecall), fixed(r.foldSeconds, 2)])),
          }),
        ],
      },
    ],
  });
} // prettier-ignore
