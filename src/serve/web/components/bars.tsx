// A small bar graph, stacked, with its figures as a table behind it. Draws what it is given; the sum of a bar stands where one points.

import { scaleBand, scaleLinear } from 'd3-scale';

export type Bar = { label: string; values: number[] };

type Props = {
  title: string;
  /** what a bar stands for, above the first column of the table */
  of: string;
  /** what each part of a bar is, in the order of `values`; at most four */
  parts: string[];
  bars: Bar[];
  /** every so many bars one is labelled */
  every?: number;
};

const WIDTH = 420;
const HEIGHT = 130;
const MARGIN = { top: 8, right: 4, bottom: 20, left: 34 };

export function Bars({ title, of, parts, bars, every = 1 }: Props) {
  const sum = ({ values }: Bar) => values.reduce((a, b) => a + b, 0);
  const most = Math.max(1, ...bars.map(sum));
  const x = scaleBand<number>()
    .domain(bars.map((_, i) => i))
    .range([MARGIN.left, WIDTH - MARGIN.right])
    .padding(0.2);
  const y = scaleLinear()
    .domain([0, most])
    .nice(3)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const ticks = y.ticks(3).filter(Number.isInteger);
  return (
    <figure class="bars">
      <figcaption>{title}</figcaption>
      {parts.length > 1 && (
        <ul class="legend">
          {parts.map((part, i) => (
            <li key={part}>
              <span class={`swatch part-${i}`} /> {part}
            </li>
          ))}
        </ul>
      )}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: figures in the table below`}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="grid-line" x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(tick)} y2={y(tick)} />
            <text class="tick" x={MARGIN.left - 5} y={y(tick) + 4} text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        {bars.map((bar, i) => {
          let below = 0;
          return (
            <g key={bar.label}>
              <title>{`${bar.label}: ${bar.values.map((n, k) => `${n} ${parts[k]}`).join(', ')}`}</title>
              {bar.values.map((n, k) => {
                const from = below;
                below += n;
                return (
                  n > 0 && (
                    <rect
                      key={k}
                      class={`part-${k}`}
                      x={x(i)}
                      width={x.bandwidth()}
                      y={y(below)}
                      height={y(from) - y(below)}
                    />
                  )
                );
              })}
              {i % every === 0 && (
                <text class="tick" x={x(i)! + x.bandwidth() / 2} y={HEIGHT - 5} text-anchor="middle">
                  {bar.label}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <details>
        <summary>As a table</summary>
        <div class="tall" role="region" aria-label={title} tabindex={0}>
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">{of}</th>
                {parts.map((part) => (
                  <th key={part} scope="col">
                    {part}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bars.map(({ label, values }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {values.map((n, k) => (
                    <td key={k}>{n}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
