// The plots of reports: lines, stacked bars over bins, bars with intervals, points. Inline SVG without scripts; draws what it is given and computes nothing.

import { scaleLinear } from 'd3-scale';
import { area as areaOf, curveLinear, curveStep, line as lineOf } from 'd3-shape';
import { AREA, axes, colour, dashes, figure, legend, marks, numberText, patterns, WIDTH, type Frame, type Scale } from './frame.ts'; // prettier-ignore
import { joined, markup, type Markup } from './markup.ts';

type Point = readonly [x: number, y: number];

export type Line = {
  name: string;
  points: Point[];
  /** low and high at each point: drawn as a band */
  band?: [low: number, high: number][];
  /** shares of bins are drawn as steps: nothing is known between them */
  step?: boolean;
};

export type Mark = { x: number; label: string };

/** Lines over one another, at most five. `marked`: dotted lines at places on the x axis. */
export function lineChart(frame: Frame, lines: Line[], marked: Mark[] = []): Markup {
  const all = lines.flatMap(({ points, band }) => [...points, ...(band ?? []).flatMap(([low, high], i) => [[points[i]![0], low], [points[i]![0], high]] as const)]); // prettier-ignore
  const { x, y } = scales(frame, all);
  const drawn = lines.map(({ points, band, step }, i) => {
    const curve = step ? curveStep : curveLinear;
    const path = lineOf<Point>((p) => x(p[0]), (p) => y(p[1])).curve(curve).digits(1)([...points]); // prettier-ignore
    const shape = areaOf<Point>().x((p) => x(p[0])).y0((_, k) => y(band![k]![0])).y1((_, k) => y(band![k]![1])).curve(curve).digits(1); // prettier-ignore
    return markup`${band ? markup`<path d="${shape([...points]) ?? ''}" fill="${colour(i)}" fill-opacity="0.15"/>` : undefined}
<path d="${path ?? ''}" fill="none" stroke="${colour(i)}" stroke-width="2.2" stroke-dasharray="${dashes(i)}"/>
`;
  });
  const swatch = (i: number, at: number) =>
    markup`<line x1="${at}" x2="${at + 24}" y1="12" y2="12" stroke="${colour(i)}" stroke-width="2.4" stroke-dasharray="${dashes(i)}"/>`;
  const named = legend(lines.map(({ name }) => name), swatch); // prettier-ignore
  const [first] = lines;
  // lines over the same places share a table; else each point has a row
  const shared = lines.every(({ points }) => points.length === first?.points.length && points.every(([v], k) => v === first.points[k]![0])); // prettier-ignore
  const heading = (l: Line) => (l.band ? [l.name, `${l.name}, low`, `${l.name}, high`] : [l.name]);
  const cells = (l: Line, k: number) => [l.points[k]![1], ...(l.band?.[k] ?? [])].map((v) => numberText(v, frame.y)); // prettier-ignore
  const numbers = shared
    ? {
        heading: [frame.x.label, ...lines.flatMap(heading)],
        rows: (first?.points ?? []).map(([v], k) => [
          numberText(v, frame.x),
          ...lines.flatMap((l) => cells(l, k)),
        ]),
      }
    : {
        heading: ['line', frame.x.label, frame.y.label],
        rows: lines.flatMap((l) =>
          l.points.map(([v, w]) => [l.name, numberText(v, frame.x), numberText(w, frame.y)]),
        ),
      };
  return figure(
    frame,
    AREA.bottom + 48,
    () => markup`${named}${axes(x, y, frame)}${drawn}${marks(x, marked)}`,
    numbers,
  );
}

/** Counts of bins, the series on top of one another. `edges`: one more than bins. */
export function histogram(
  frame: Frame,
  edges: number[],
  series: { name: string; counts: number[] }[],
  marked: Mark[] = [],
): Markup {
  const sums = edges.slice(1).map((_, b) => series.reduce((sum, { counts }) => sum + counts[b]!, 0));
  const { x, y } = scales(frame, [[edges[0]!, 0], [edges.at(-1)!, Math.max(...sums, 1)]]); // prettier-ignore
  const bars = (id: string) =>
    sums.map((_, b) => {
      let below = 0;
      return joined(
        series.map(({ name, counts }, i) => {
          const [low, high] = [below, (below += counts[b]!)];
          if (high === low) return markup``;
          return markup`<rect x="${(x(edges[b]!) + 1).toFixed(1)}" y="${y(high).toFixed(1)}" width="${(x(edges[b + 1]!) - x(edges[b]!) - 2).toFixed(1)}" height="${(y(low) - y(high)).toFixed(1)}" fill="url(#${id}-${i})" stroke="${colour(i)}"><title>${name}: ${counts[b]}</title></rect>
`;
        }),
      );
    });
  const swatch = (id: string) => (i: number, at: number) =>
    markup`<rect x="${at}" y="3" width="24" height="15" fill="url(#${id}-${i})" stroke="${colour(i)}"/>`;
  return figure(
    frame,
    AREA.bottom + 48,
    (id) =>
      markup`${patterns(id, series.length)}${legend(series.map(({ name }) => name), swatch(id))}${axes(x, y, frame)}${bars(id)}${marks(x, marked)}`, // prettier-ignore
    {
      heading: [`${frame.x.label}, from`, 'to', ...series.map(({ name }) => name)],
      rows: sums.map((_, b) => [
        numberText(edges[b], frame.x),
        numberText(edges[b + 1], frame.x),
        ...series.map(({ counts }) => numberText(counts[b], { digits: 0, ...frame.y })),
      ]),
    },
  );
}

export type Bar = { name: string; value: number; low?: number; high?: number };

/** One row a bar, with its number written at its end; `low` and `high` as a whisker. The values lie along `frame.x`; `frame.y` names the rows. */
export function bars(frame: Frame, list: Bar[]): Markup {
  const row = 28;
  const area = { left: 210, right: WIDTH - 70, top: 8, bottom: 8 + row * list.length };
  const x = linear(frame.x.domain ?? [0, Math.max(...list.map((b) => b.high ?? b.value))], [
    area.left,
    area.right,
  ]);
  const ticks = x.ticks(6).map((v) => {
    const at = x(v).toFixed(1);
    return markup`<line class="grid" x1="${at}" x2="${at}" y1="${area.top}" y2="${area.bottom}"/><text x="${at}" y="${area.bottom + 18}" text-anchor="middle">${x.tickFormat(6)(v)}</text>`;
  });
  const rows = list.map(({ name, value, low, high }, i) => {
    const top = area.top + row * i;
    const middle = top + row / 2;
    const whisker =
      low === undefined || high === undefined
        ? undefined
        : markup`<path d="M${x(low).toFixed(1)} ${middle - 4}v8M${x(low).toFixed(1)} ${middle}H${x(high).toFixed(1)}m0-4v8" fill="none" stroke="var(--ink)" stroke-width="1.3"/>`;
    const end = Math.max(x(value), x(high ?? value));
    return markup`<text x="${area.left - 8}" y="${middle}" dy="0.32em" text-anchor="end">${name}</text><rect x="${area.left}" y="${top + 5}" width="${(x(value) - area.left).toFixed(1)}" height="${row - 10}" fill="${colour(0)}" fill-opacity="0.75"/>${whisker}<text x="${(end + 6).toFixed(1)}" y="${middle}" dy="0.32em">${numberText(value, frame.x)}</text>
`;
  });
  const withRange = list.some(({ low }) => low !== undefined);
  return figure(
    frame,
    area.bottom + 48,
    () =>
      markup`<g class="axis">${ticks}<text x="${(area.left + area.right) / 2}" y="${area.bottom + 40}" text-anchor="middle">${frame.x.label}</text></g>${rows}`,
    {
      heading: [frame.y.label, frame.x.label, ...(withRange ? ['low', 'high'] : [])],
      rows: list.map(({ name, value, low, high }) => [
        name,
        ...[value, ...(withRange ? [low, high] : [])].map((v) => numberText(v, frame.x)),
      ]),
    },
  );
}

/** Points of at most five series, each with a shape of its own. `diagonal`: the line y = x, where what is said is what holds. */
export function scatter(frame: Frame, series: { name: string; points: Point[] }[], diagonal = false): Markup {
  const { x, y } = scales(frame, series.flatMap(({ points }) => points)); // prettier-ignore
  const shapes = ['M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z', 'M-4-4h8v8h-8z', 'M0-5l5 9h-10z', 'M0-5l5 5l-5 5l-5-5z', 'M-4-4l8 8m0-8l-8 8']; // prettier-ignore
  const shape = (i: number, px: number, py: number) =>
    markup`<path transform="translate(${px.toFixed(1)} ${py.toFixed(1)})" d="${shapes[i % shapes.length]}" fill="${colour(i)}" fill-opacity="0.55" stroke="${colour(i)}"/>`;
  const [low, high] = [Math.max(x.domain()[0]!, y.domain()[0]!), Math.min(x.domain()[1]!, y.domain()[1]!)];
  const equal = diagonal
    ? markup`<line class="base" x1="${x(low)}" y1="${y(low)}" x2="${x(high)}" y2="${y(high)}"/>`
    : undefined;
  const drawn = series.flatMap(({ points }, i) => points.map(([a, b]) => shape(i, x(a), y(b))));
  const named = legend(series.map(({ name }) => name), (i, at) => shape(i, at + 12, 11)); // prettier-ignore
  return figure(frame, AREA.bottom + 48, () => markup`${named}${axes(x, y, frame)}${equal}${drawn}`, {
    heading: ['series', frame.x.label, frame.y.label],
    rows: series.flatMap(({ name, points }) =>
      points.map(([a, b]) => [name, numberText(a, frame.x), numberText(b, frame.y)]),
    ),
  });
}

function scales(frame: Frame, points: readonly Point[]): { x: Scale; y: Scale } {
  const span = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  const x = linear(frame.x.domain ?? span(points.map(([v]) => v)), [AREA.left, AREA.right]);
  const y = linear(frame.y.domain ?? span([0, ...points.map(([, v]) => v)]), [AREA.bottom, AREA.top]);
  return { x: frame.x.domain ? x : x.nice(), y: frame.y.domain ? y : y.nice() };
}

function linear(domain: [number, number], range: [number, number]): Scale {
  return scaleLinear().domain(domain).range(range);
}
