// The steps of training as a page of its own: accuracy and loss against steps. Draws what the sweep found; computes nothing.

import { page } from './report/page.ts';
import { lineChart } from './report/plot.ts';
import { fixed, reportTable } from './report/table.ts';
import type { Quality, StepsPoint, StepsSweep } from './steps-sweep.ts';

export function stepsReport({ images, points, ends }: StepsSweep, from: string): string {
  const line = (part: 'train' | 'validation', of: keyof Quality) => ({
    name: `${part === 'train' ? 'trained on' : 'not trained on'} (${images[part]} images)`,
    points: points.map((p): [number, number] => [p.step, p[part][of]]),
  });
  const marked = ends === undefined ? [] : [{ x: ends, label: 'training ends here' }];
  const x = { label: 'steps', digits: 0 };
  const chart = (title: string, about: string, of: keyof Quality, label: string) =>
    lineChart({ title, about, x, y: { label } }, [line('train', of), line('validation', of)], marked);
  const row = ({ step, train, validation }: StepsPoint) => [
    step,
    ...[train.accuracy, validation.accuracy, train.loss, validation.loss].map((v) => fixed(v)),
  ];
  return page({
    title: 'Steps of training',
    intro: [
      `Data: ${from}. Groups of images stay in one part of the 80/10/10 split; the last tenth was not looked at.`,
      'A step goes over all images that are trained on. It says when training may end, not how good the head is: cross-validation says that.',
    ],
    sections: [
      {
        title: 'Accuracy',
        body: [chart('Accuracy against steps', 'Share of images whose top category is right.', 'accuracy', 'accuracy')],
      },
      {
        title: 'Loss',
        body: [
          chart('Loss against steps', 'Mean of -log of the score of the true category; lower is better. It rises on images not trained on where a head becomes too sure of itself.', 'loss', 'loss'),
        ],
      },
      {
        title: 'Numbers',
        body: [
          reportTable({
            caption: 'Accuracy and loss',
            heading: ['step', 'accuracy, trained on', 'accuracy, not trained on', 'loss, trained on', 'loss, not trained on'],
            rows: points.map(row),
          }),
        ],
      },
    ],
  }); // prettier-ignore
}
