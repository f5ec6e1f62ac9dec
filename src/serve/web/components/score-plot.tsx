// The histogram of top scores with the two handles on it. Draws and moves; asks nothing.

import { scaleLinear } from 'd3-scale';
import { useRef } from 'preact/hooks';
import type { Pair } from '../../../domain/decision.ts';
import type { HistoryPlots } from '../api.ts';
import { grouped } from '../../../domain/amounts.ts';

export const PLOT = { width: 640, height: 230, left: 62, right: 14, top: 20, bottom: 42 };
const { width, height, left, right, top, bottom } = PLOT;
const KINDS = ['first', 'second', 'neither'] as const;
const KIND_WORDS = { first: 'top category right', second: 'second right', neither: 'neither' };
const STEP = 0.01;
const LARGE = 0.1;

type Props = {
  bins: HistoryPlots['bins'];
  pair: Pair;
  /** the pair is a category's own */
  of: string;
  move: (pair: Pair) => void;
};

export function ScorePlot({ bins, pair, of, move }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const most = Math.max(1, ...bins.map((bin) => bin.first + bin.second + bin.neither));
  const x = scaleLinear([0, 1], [left, width - right]);
  const y = scaleLinear([0, most], [height - bottom, top]).nice(4);
  const wide = (x(1) - x(0)) / Math.max(1, bins.length);

  function put(name: 'auto' | 'prompt', value: number): void {
    const to = Math.min(1, Math.max(0, Math.round(value * 1000) / 1000));
    move(
      name === 'auto'
        ? { ...pair, auto: Math.max(to, pair.prompt) }
        : { ...pair, prompt: Math.min(to, pair.auto) },
    );
  }
  const scoreAt = (clientX: number) => {
    const box = svg.current!.getBoundingClientRect();
    return x.invert(((clientX - box.left) / box.width) * width);
  };
  function key(name: 'auto' | 'prompt', event: KeyboardEvent): void {
    const by: Record<string, number> = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LARGE, PageUp: LARGE, Home: -1, End: 1 }; // prettier-ignore
    const change = by[event.key];
    if (change === undefined) return;
    event.preventDefault();
    put(name, pair[name] + change);
  }

  return (
    <figure class="plot">
      <h2>Top scores of the confirmed images</h2>
      <svg ref={svg} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`Top scores of ${of}`}>
        {y.ticks(4).map((tick) => (
          <g key={tick} class="tick" aria-hidden="true">
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
            <text x={left - 6} y={y(tick) + 4} text-anchor="end">
              {Number.isInteger(tick) ? grouped(tick) : ''}
            </text>
          </g>
        ))}
        {[0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) => (
          <text key={tick} class="label" x={x(tick)} y={height - 25} text-anchor="middle" aria-hidden="true">
            {tick}
          </text>
        ))}
        <text
          class="label"
          x={(left + width - right) / 2}
          y={height - 8}
          text-anchor="middle"
          aria-hidden="true"
        >
          top score
        </text>
        <text
          class="label"
          transform={`translate(14 ${(top + height - bottom) / 2}) rotate(-90)`}
          text-anchor="middle"
          aria-hidden="true"
        >
          images
        </text>
        {bins.map((bin) => {
          let below = 0;
          return KINDS.map((kind) => {
            const from = below;
            below += bin[kind];
            return bin[kind] === 0 ? null : (
              <rect key={`${bin.from} ${kind}`} class={`bar-${kind}`} x={x(bin.from) + 0.5} width={wide - 1} y={y(below)} height={y(from) - y(below)} aria-hidden="true" /> // prettier-ignore
            );
          });
        })}
        {(['prompt', 'auto'] as const).map((name) => (
          <g
            key={name}
            class={`handle handle-${name}`}
            role="slider"
            tabindex={0}
            aria-label={name === 'auto' ? `labels itself above, ${of}` : `two suggestions from, ${of}`}
            aria-valuemin={name === 'auto' ? pair.prompt : 0}
            aria-valuemax={name === 'auto' ? 1 : pair.auto}
            aria-valuenow={pair[name]}
            onKeyDown={(event) => key(name, event)}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={(event) =>
              event.currentTarget.hasPointerCapture(event.pointerId) && put(name, scoreAt(event.clientX))
            }
          >
            <rect
              class="grab"
              x={x(pair[name]) - 12}
              width={24}
              y={top - 16}
              height={height - bottom - top + 16}
            />
            <line x1={x(pair[name])} x2={x(pair[name])} y1={top - 4} y2={height - bottom} />
            <path d={`M${x(pair[name])} ${top + 6}l-7 -7v-9h14v9z`} />
            <text
              x={x(pair[name]) + (name === 'auto' ? 11 : -11)}
              y={top - 6}
              text-anchor={
                name === 'auto' ? (pair.auto > 0.85 ? 'end' : 'start') : pair.prompt < 0.15 ? 'start' : 'end'
              }
              dx={
                name === 'auto' && pair.auto > 0.85 ? -22 : name === 'prompt' && pair.prompt < 0.15 ? 22 : 0
              }
            >
              {name} {pair[name]}
            </text>
          </g>
        ))}
      </svg>
      <figcaption class="legend quiet">
        {KINDS.map((kind) => (
          <span key={kind}>
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
              <rect class={`bar-${kind}`} width="10" height="10" />
            </svg>{' '}
            {KIND_WORDS[kind]}
          </span>
        ))}
      </figcaption>
      <details>
        <summary class="quiet">as a table</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">top score from</th>
              {KINDS.map((kind) => (
                <th key={kind} scope="col">
                  {KIND_WORDS[kind]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bins
              .filter((bin) => bin.first + bin.second + bin.neither > 0)
              .map((bin) => (
                <tr key={bin.from}>
                  <th scope="row">{bin.from.toFixed(2)}</th>
                  {KINDS.map((kind) => (
                    <td key={kind}>{grouped(bin[kind])}</td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
