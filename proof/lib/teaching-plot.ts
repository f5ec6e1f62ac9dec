// Asked and wrong against images seen, as a page and as two pictures for the docs. Draws what a proof measured.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { page } from '../../src/learn/report/page.ts';
import { lineChart, type Line } from '../../src/learn/report/plot.ts';
import { STYLE } from '../../src/learn/report/style.ts';
import type { Markup } from '../../src/learn/report/markup.ts';
import type { Seen } from './replay.ts';
import { streamFigures } from './stream-figures.ts';

/** `facilities`: what each saw, in its order. */
export type Stream = { name: string; facilities: Seen[][] };

/** Writes teaching-plot.html, teaching-asked.svg and teaching-wrong.svg. */
export function writeTeachingPlot(dir: string, streams: Stream[]): void {
  const of = (count: (one: Seen) => boolean): Line[] => streams.map(({ name, facilities }) => ({ name, points: summed(facilities, count) })); // prettier-ignore
  const count = Math.min(...streams.flatMap(({ facilities }) => facilities.map((seen) => seen.length)));
  const facilities = streams[0]!.facilities.length;
  const mean = `Mean of ${facilities} ${facilities === 1 ? 'facility' : 'facilities'}.`;
  const x = { label: 'images seen', domain: [0, count] as [number, number], digits: 0 };
  const asked = lineChart(
    {
      title: 'How many images people were asked about',
      about: `The flatter, the fewer questions. ${mean}`,
      x,
      y: { label: 'images asked so far', digits: 1 },
    },
    of((one) => one.asked),
  );
  const wrong = lineChart(
    {
      title: 'How many images got a wrong label by themselves',
      about: mean,
      x,
      y: { label: 'wrong automatic labels so far', digits: 1 },
    },
    of(({ asked: was, label, image }) => !was && label !== image.truth),
  );
  mkdirSync(dir, { recursive: true });
  const intro = [
    'Images of sources that the head of each facility has not seen, sent through the real service one after the other. A person tells the truth when asked; nobody else says anything.',
    `${streams.map(wordsOf).join('. ')}.`,
  ];
  writeFileSync(
    join(dir, 'teaching-plot.html'),
    page({
      title: 'What answers teach',
      intro,
      sections: [
        { title: 'Asked', body: [asked] },
        { title: 'Wrong', body: [wrong] },
      ],
    }),
  );
  writeFileSync(join(dir, 'teaching-asked.svg'), alone(asked));
  writeFileSync(join(dir, 'teaching-wrong.svg'), alone(wrong));
}

function wordsOf({ name, facilities }: Stream): string {
  const { images, asked, wrongOfAutomatic, wrongOfAll } = streamFigures(facilities.flat());
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const words = `${name}: asked about ${percent(asked)} of ${images} images; wrong were ${percent(wrongOfAutomatic)} of the labels given without asking, ${percent(wrongOfAll)} of all images`;
  return words[0]!.toUpperCase() + words.slice(1);
} // prettier-ignore

/** Mean over the facilities of how many so far, as long as all of them have images. */
function summed(facilities: Seen[][], count: (one: Seen) => boolean): [number, number][] {
  const length = Math.min(...facilities.map((seen) => seen.length));
  let sum = 0;
  const points: [number, number][] = [[0, 0]];
  for (let i = 0; i < length; i++) {
    sum += facilities.filter((seen) => count(seen[i]!)).length;
    points.push([i + 1, sum / facilities.length]);
  }
  return points;
}

/** The drawing of a figure as a file of its own, with the colours of reports on a ground of its own. */
function alone(figure: Markup): string {
  const svg = /<svg [\s\S]*<\/svg>/.exec(figure.text)![0];
  const style = `<style>${STYLE.text.replaceAll(/@media print\{[\s\S]*?\}\}\n/g, '')}svg{background:var(--paper)}</style>`;
  return `${svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ').replace('>', `>${style}`)}\n`;
}
