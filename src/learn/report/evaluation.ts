// The sections of an evaluation's report: figures with intervals, confusion (Table 2), sub-categories (Table 4, Fig. 2), two categories (Fig. 3), what to look at. Draws, computes nothing.

import { CATEGORIES, categoryTitle, type Category } from '../../domain/categories.ts';
import type { Interval } from '../bootstrap.ts';
import type { Evaluation, FullEvaluation, ImageResult } from '../evaluate.ts';
import type { SubCategory } from '../sub-categories.ts';
import { AT_LEAST, TOGETHER } from '../two-categories.ts';
import type { Markup } from './markup.ts';
import type { Section } from './page.ts';
import { bars } from './plot.ts';
import { fixed, reportTable, type Cell } from './table.ts';
import { tiles } from './tiles.ts';

/** Tiles a list: a report of a large folder must stay a file that opens. */
export const SHOWN = 60;

/** File -> data: URL. */
export type Pictures = ReadonlyMap<string, string>;

export const between = (interval: Interval | null): string =>
  interval === null ? '–' : `${fixed(interval.low)} to ${fixed(interval.high)}`;

export function evaluationSections(found: FullEvaluation, auto: number, pictures: Pictures): Section[] {
  return [
    { title: 'Figures', body: [figuresTable(found, auto)] },
    { title: 'Categories', body: [categoryTable(found, auto), recallBars(found)] },
    { title: 'Confusion', body: [confusionTable(found)] },
    {
      title: 'Sub-categories',
      body:
        found.subCategories.length === 0
          ? ['The folder has no sub-categories (folders below the folder of a category).']
          : [subCategoryTable(found.subCategories, 'sub-category'), subCategoryBars(found.subCategories)],
    },
    {
      title: 'Images of two categories',
      body: [
        `The two top scores hold at least ${TOGETHER} of the whole, and the second is at least ${AT_LEAST} of the first: such an image may show both (Fig. 3). The most evenly shared first.`,
        imageTiles(found.twoCategories, pictures),
      ],
    },
    {
      title: 'Misclassified images',
      body: [
        'The surest first. A wrong label in the folder looks like this too.',
        imageTiles(found.misclassified, pictures),
      ],
    },
  ];
}

export function figuresTable(found: FullEvaluation, auto: number): Markup {
  const { intervals: i } = found;
  const row = (name: string, value: number | null, interval: Interval | null): Cell[] => [name, fixed(value), between(interval)]; // prettier-ignore
  return reportTable({
    caption: 'Figures of all images',
    note: `${found.n} images of ${found.groups} groups. Intervals: 95 %, by drawing groups 1,000 times; of a share of 0 or 1, Clopper and Pearson’s by groups; none where a figure rests on fewer than five groups. The calibration error has none: drawing makes it too large.`,
    heading: ['figure', 'value', '95 % interval'],
    rows: [
      row('accuracy (top-1)', found.top1, i.top1),
      row('truth among the top two (top-2)', found.top2, i.top2),
      row('recall@1, mean over categories', found.macroRecall, i.macroRecall),
      row('precision, mean over categories', found.macroPrecision, i.macroPrecision),
      row('F1, mean over categories', found.macroF1, i.macroF1),
      row(`precision above ${auto}`, found.autoPrecision, i.autoPrecision),
      row(`coverage above ${auto}`, found.autoCoverage, i.autoCoverage),
      row('expected calibration error', found.ece, null),
    ],
  });
}

export function categoryTable(found: FullEvaluation, auto: number): Markup {
  return reportTable({
    caption: 'Figures of each category',
    heading: ['category', 'images', 'recall@1', '95 % interval', 'precision', '95 % interval', 'F1', 'top-2', `precision > ${auto}`, `coverage > ${auto}`], // prettier-ignore
    rows: present(found).map((category) => {
      const c = found.perCategory[category]!;
      const i = found.intervals.perCategory[category]!;
      return [
        categoryTitle(category),
        c.n,
        fixed(c.recall),
        between(i.recall),
        fixed(c.precision),
        between(i.precision),
        ...[c.f1, c.top2, c.autoPrecision, c.autoCoverage].map((v) => fixed(v)),
      ];
    }),
  });
}

export function recallBars(found: FullEvaluation): Markup {
  return bars(
    {
      title: 'Recall of each category',
      about: 'Share of the images of a category that have it on top, with 95 % intervals.',
      x: { label: 'recall@1', domain: [0, 1] },
      y: { label: 'category' },
    },
    present(found).map((category) => ({
      name: categoryTitle(category),
      value: found.perCategory[category]!.recall,
      ...(found.intervals.perCategory[category]!.recall ?? {}),
    })),
  );
}

export function confusionTable(found: Evaluation): Markup {
  return reportTable({
    caption: 'Table 2: confusion in percent',
    note: 'Rows: the truth. Columns: the category on top. Each row sums to 100 but for rounding.',
    steep: true,
    heading: ['truth', 'images', ...CATEGORIES.map(categoryTitle)],
    rows: present(found).map((truth) => {
      const { n } = found.perCategory[truth]!;
      const cells = CATEGORIES.map((category): Cell => {
        const share = found.confusion[truth]![category] / n;
        return { text: fixed(100 * share, 1), shade: share, own: category === truth };
      });
      return [categoryTitle(truth), n, ...cells];
    }),
  });
}

/** `what`: what the rows are, `sub-category` or `series`. */
export function subCategoryTable(list: SubCategory[], what: string): Markup {
  return reportTable({
    caption: `Table 4: top categories of each ${what}`,
    note: 'First and second: the categories that most of its images have on top, with their shares in percent.',
    heading: [what, 'category', 'images', 'first', '%', 'second', '%', 'right on top %', 'right among two %'],
    rows: list.map(({ name, category, images, readAs: [first, second], top1, top2 }) => [
      name,
      categoryTitle(category),
      images,
      categoryTitle(first!.category),
      fixed(100 * first!.share, 1),
      second ? categoryTitle(second.category) : null,
      second ? fixed(100 * second.share, 1) : null,
      fixed(100 * top1, 1),
      fixed(100 * top2, 1),
    ]),
  });
}

function subCategoryBars(list: SubCategory[]): Markup {
  return bars(
    {
      title: 'Right on top, each sub-category',
      about: 'Share of the images of a sub-category that have the right category on top (Fig. 2).',
      x: { label: 'share', domain: [0, 1] },
      y: { label: 'sub-category' },
    },
    list.map(({ name, top1 }) => ({ name: name.length > 28 ? `${name.slice(0, 27)}…` : name, value: top1 })),
  );
}

export function imageTiles(list: ImageResult[], pictures: Pictures): Markup {
  const shown = list.slice(0, SHOWN).map((image) => {
    const { file, truth, category, score, second } = image;
    const picture = pictures.get(file);
    return {
      file,
      lines: [
        `${categoryTitle(category)} ${fixed(score)}`,
        `${categoryTitle(second.category)} ${fixed(second.score)}`,
        `in the folder: ${categoryTitle(truth)}`,
      ],
      ...(picture === undefined ? {} : { picture }),
    };
  });
  return tiles(shown, list.length);
}

function present({ perCategory }: Evaluation): Category[] {
  return CATEGORIES.filter((c) => perCategory[c]);
}
