// What every plot of a report has: axes with ticks, a legend, a title and description for those who do not see it, and its numbers as a table. Inline SVG.

import type { ScaleLinear } from 'd3-scale';
import { joined, markup, slug, type Markup } from './markup.ts';
import { COLOURS } from './style.ts';
import { fixed, reportTable, type Cell } from './table.ts';

export type Axis = {
  /** with its unit where it has one: `time in s` */
  label: string;
  /** else what the data spans */
  domain?: [number, number];
  /** digits after the point in the table of numbers; 3 unless told, counts 0 */
  digits?: number;
};

/** `title` differs from the other plots of the page: it becomes an id. `about`: a sentence or two, for everybody. */
export type Frame = { title: string; about: string; x: Axis; y: Axis };

export type Scale = ScaleLinear<number, number>;

export const WIDTH = 720;
/** Of the plotting area. */
export const AREA = { left: 64, right: WIDTH - 18, top: 34, bottom: 310 };

/** A series looks the same in a line, a bar and the legend. */
export const colour = (series: number): string => `var(--s${series % COLOURS})`;
export const dashes = (series: number): string =>
  ['none', '8 4', '2 3', '10 3 2 3', '4 2'][series % COLOURS]!;

/** Fill patterns, so that bars are told apart without colour too: full, two hatchings, dots, crosses. */
export function patterns(id: string, series: number): Markup {
  const strokes = ['M-2 2l4-4M0 8l8-8M6 10l4-4', 'M-2 6l4 4M0 0l8 8M6-2l4 4', 'M4 2v4', 'M0 4h8M4 0v8'];
  const made = Array.from(
    { length: series },
    (_, i) => markup`<pattern id="${id}-${i}" width="8" height="8" patternUnits="userSpaceOnUse">
<rect width="8" height="8" fill="${colour(i)}"${i === 0 ? undefined : markup` fill-opacity="0.45"`}/>
${i === 0 ? undefined : markup`<path d="${strokes[(i - 1) % strokes.length]}" stroke="${colour(i)}" stroke-width="2"/>`}</pattern>`,
  );
  return markup`<defs>${made}</defs>`;
}

export function axes(x: Scale, y: Scale, frame: Pick<Frame, 'x' | 'y'>, area = AREA): Markup {
  const format = (scale: Scale, count: number) => scale.tickFormat(count);
  const across = x.ticks(8).map((v) => {
    const at = x(v).toFixed(1);
    return markup`<line class="grid" x1="${at}" x2="${at}" y1="${area.top}" y2="${area.bottom}"/><text x="${at}" y="${area.bottom + 18}" text-anchor="middle">${format(x, 8)(v)}</text>
`;
  });
  const up = y.ticks(6).map((v) => {
    const at = y(v).toFixed(1);
    return markup`<line class="grid" x1="${area.left}" x2="${area.right}" y1="${at}" y2="${at}"/><text x="${area.left - 8}" y="${at}" dy="0.32em" text-anchor="end">${format(y, 6)(v)}</text>
`;
  });
  const middle = (area.top + area.bottom) / 2;
  return markup`<g class="axis">
${across}${up}<line class="base" x1="${area.left}" x2="${area.right}" y1="${area.bottom}" y2="${area.bottom}"/>
<text x="${(area.left + area.right) / 2}" y="${area.bottom + 40}" text-anchor="middle">${frame.x.label}</text>
<text transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${frame.y.label}</text></g>
`;
}

/** Names of series above the plot, each beside what it looks like; none for a single one. Letters are about 7 units wide. */
export function legend(names: string[], swatch: (series: number, x: number) => Markup): Markup | undefined {
  if (names.length < 2) return undefined;
  let at = AREA.left;
  const entries = names.map((name, i) => {
    const x = at;
    at += 44 + 7.2 * name.length;
    return markup`${swatch(i, x)}<text x="${x + 30}" y="16">${name}</text>
`;
  });
  return markup`<g>${entries}</g>`;
}

/** A dotted line at a place on the x axis, with its name; every other name a line lower, so that neighbours stay readable. */
export function marks(x: Scale, at: { x: number; label: string }[], area = AREA): Markup {
  return joined(
    at.map(({ x: v, label }, i) => {
      const left = x(v) > (area.left + area.right) / 2;
      const place = x(v).toFixed(1);
      return markup`<line class="mark" x1="${place}" x2="${place}" y1="${area.top}" y2="${area.bottom}"/><text class="label" x="${x(v) + (left ? -5 : 5)}" y="${area.top + 14 + 16 * (i % 3)}" text-anchor="${left ? 'end' : 'start'}">${label}</text>
`;
    }),
  );
}

export type Numbers = { heading: string[]; rows: Cell[][] };

export function figure(
  frame: Frame,
  height: number,
  drawing: (id: string) => Markup,
  numbers: Numbers,
): Markup {
  const id = `plot-${slug(frame.title)}`;
  return markup`<figure id="${id}">
<figcaption><b>${frame.title}</b><span>${frame.about}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${frame.title}</title><desc id="${id}-desc">${frame.about} The numbers are in the table below.</desc>
${drawing(id)}</svg>
<details><summary>Numbers</summary>
${reportTable({ caption: `${frame.title}: numbers`, ...numbers })}</details>
</figure>
`;
}

export function numberText(value: number | null | undefined, axis: Axis): string {
  return fixed(
    value,
    axis.digits ?? (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 1 ? 0 : 3),
  );
}
