// Which share of labels is wrong when only the surest images are labelled, with the point that the setting stands at. Draws; asks nothing.

import { scaleLinear } from 'd3-scale';
import { curveStepBefore, line } from 'd3-shape';
import type { Category } from '../../../domain/categories.ts';
import { errorWords, percent } from '../../threshold-words.ts';
import type { HistoryPlots, WhatIfAnswer } from '../api.ts';
import type { Figures } from '../use-what-if.ts';
import { PLOT } from './score-plot.tsx';

const { width, left, right } = PLOT;
const [top, height, bottom] = [10, 190, 44];

type Point = HistoryPlots['curve'][number];

type Props = { curve: Point[]; figures: Figures; category: Category | undefined };

export function RiskPlot({ curve, figures: { answer, current }, category }: Props) {
  if (curve.length === 0)
    return (
      <p class="quiet empty">
        The curve of risk against coverage will appear here once automatic labels were checked blind.
      </p>
    );
  // as the figures beside it say, not as the points of the curve happen to lie
  const candidate = current ? answer?.candidate : undefined;
  const setting = category ? candidate?.perCategory[category] : candidate?.all;
  const shares = setting?.shares;
  const error = setting?.error.error;
  const most = Math.max(0.02, error ?? 0, ...curve.map(({ risk }) => risk));
  const x = scaleLinear([0, 1], [left, width - right]);
  const y = scaleLinear([0, most], [height - bottom, top]).nice(4);
  const path = line<Point>(
    (point) => x(point.coverage),
    (point) => y(point.risk),
  ).curve(curveStepBefore)(curve);
  return (
    <figure class="plot">
      <h2>How many labels are wrong, if only the surest images label themselves?</h2>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label="Share of wrong labels against the share of images that label themselves"
      >
        {y.ticks(4).map((tick) => (
          <g key={tick} class="tick">
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text x={left - 6} y={y(tick) + 4} text-anchor="end">
              {percent(tick)}
            </text>
          </g>
        ))}
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <text
            key={tick}
            class="label"
            x={x(tick)}
            y={height - 27}
            text-anchor={tick === 1 ? 'end' : 'middle'}
          >
            {percent(tick)}
          </text>
        ))}
        <text class="label" x={(left + width - right) / 2} y={height - 9} text-anchor="middle">
          share of images that label themselves
        </text>
        <text
          class="label"
          transform={`translate(14 ${(top + height - bottom) / 2}) rotate(-90)`}
          text-anchor="middle"
        >
          share of wrong labels
        </text>
        <path class="curve" d={path ?? ''} />
        {shares && error !== undefined && <circle class="here" cx={x(shares.auto)} cy={y(error)} r={5} />}
      </svg>
      <figcaption class="quiet">
        {setting ? settingWords(setting) : 'Looking at this setting …'}
        {!category && Object.keys(candidate?.thresholds.perCategory ?? {}).length > 0 && OWN}
      </figcaption>
      <details>
        <summary class="quiet">as a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">from</th>
              <th scope="col">label themselves</th>
              <th scope="col">wrong</th>
            </tr>
          </thead>
          <tbody>
            {curve
              .filter((_, k) => k % Math.ceil(curve.length / 25) === 0)
              .map((point) => (
                <tr key={point.from}>
                  <th scope="row">{point.from.toFixed(3)}</th>
                  <td>{percent(point.coverage)}</td>
                  <td>{percent(point.risk)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

const OWN = ' The curve is of one threshold for all; the setting gives some categories their own.';

function settingWords({ shares, error }: WhatIfAnswer['candidate']['all']): string {
  if (shares?.auto === 0) return 'With this setting no image labels itself.';
  const wrong = `Among the labels that this setting gives: ${errorWords(error)}.`;
  return shares ? `About ${percent(shares.auto)} of the images label themselves. ${wrong}` : wrong;
}
