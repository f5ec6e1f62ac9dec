// What `semtag evaluate` says on a terminal. Prints nothing itself and computes nothing.

import { CATEGORIES, categoryTitle } from '../domain/categories.ts';
import type { Interval } from '../learn/bootstrap.ts';
import type { FullEvaluation } from '../learn/evaluate.ts';
import { table } from './table.ts';

const share = (v: number | null) => (v === null ? '-' : v.toFixed(2));
const range = (v: Interval | null | undefined) => (v ? `[${v.low.toFixed(2)}, ${v.high.toFixed(2)}]` : '-');

export function evaluationText(
  found: FullEvaluation,
  skipped: { file: string; reason: string }[],
  { name, auto, html, dryRun }: { name: string; auto: number; html?: string; dryRun?: boolean },
): string {
  const { n, groups, top1, top2, macroRecall, macroPrecision, macroF1, autoPrecision, autoCoverage, ece, intervals } = found; // prettier-ignore
  const present = CATEGORIES.flatMap((category) => {
    const one = found.perCategory[category];
    return one ? [[category, one] as const] : [];
  });
  const rows = present.map(([category, c]) => [
    categoryTitle(category),
    c.n,
    `${share(c.recall)} ${range(intervals.perCategory[category]?.recall)}`,
    ...[c.precision, c.f1, c.top2, c.autoPrecision, c.autoCoverage].map(share),
  ]);
  const confusion = present.map(([truth, { n: there }]) => [
    categoryTitle(truth),
    ...CATEGORIES.map((c) => ((100 * found.confusion[truth]![c]) / there).toFixed(0)),
  ]);
  const below = found.subCategories.map(({ name: sub, category, images, readAs }) => [
    `${categoryTitle(category)}/${sub}`,
    images,
    readAs.map((r) => `${(100 * r.share).toFixed(0)} % ${categoryTitle(r.category)}`).join(', '),
  ]);
  const overall: [string, number | null, Interval | null][] = [
    ['accuracy (top-1)', top1, intervals.top1],
    ['top-2', top2, intervals.top2],
    ['recall@1, mean over categories', macroRecall, intervals.macroRecall],
    ['precision, mean over categories', macroPrecision, intervals.macroPrecision],
    ['F1, mean over categories', macroF1, intervals.macroF1],
    [`precision above ${auto}`, autoPrecision, intervals.autoPrecision],
    [`coverage above ${auto}`, autoCoverage, intervals.autoCoverage],
    ['calibration error', ece, null],
  ];
  return [
    ...skipped.map(({ file, reason }) => `left out: ${file}: ${reason}`),
    table(rows, [
      'category',
      'images',
      'recall@1 [95 %]',
      'precision',
      'F1',
      'top-2',
      `precision > ${auto}`,
      'coverage',
    ]),
    '',
    'Confusion in percent of the images of a row; columns in the order of the ten keys (1 to 9, 0)',
    table(confusion, ['truth', ...CATEGORIES.map((_, i) => String((i + 1) % 10))]),
    '',
    ...(below.length > 0 ? [table(below, ['sub-category', 'images', 'read as']), ''] : []),
    table(overall.map(([what, value, interval]) => [what, share(value), range(interval)]), [`${name} on ${n} images of ${groups} groups`, '', '95 %']), // prettier-ignore
    '',
    `${found.misclassified.length} images misclassified, ${found.twoCategories.length} that seem to hold two categories` +
      (html ? `; ${dryRun ? 'not written (dry run)' : 'written'}: ${html}` : '; --html FILE shows them'),
  ].join('\n');
}
