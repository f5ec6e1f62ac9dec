// Tables of a report. Numbers are put right and told apart from text; nothing is rounded here that the caller has not rounded.

import { markup, joined, type Markup } from './markup.ts';

/** `shade` 0..1: how strongly the cell is coloured beside its number; `own`: framed, as the diagonal of a confusion matrix. */
export type Cell = string | number | null | { text: string; shade?: number; own?: boolean };

export type ReportTable = {
  caption: string;
  /** a sentence below the caption */
  note?: string;
  heading: string[];
  /** the first cell names the row */
  rows: Cell[][];
};

export function reportTable({ caption, note, heading, rows }: ReportTable): Markup {
  const numeric = heading.map((_, c) => c > 0 && rows.every((row) => isNumber(row[c])));
  const head = heading.map((text, c) => markup`<th scope="col"${right(numeric[c])}>${text}</th>`);
  const body = rows.map(
    ([name, ...cells]) =>
      markup`<tr><th scope="row">${textOf(name)}</th>${cells.map((cell, c) => cellOf(cell, numeric[c + 1]))}</tr>
`,
  );
  return markup`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}${note ? markup`<span>${note}</span>` : undefined}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${joined(body)}</tbody></table></div>
`;
}

/** `digits` after the point; a dash for what is not known. */
export function fixed(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

function cellOf(cell: Cell | undefined, numeric: boolean | undefined): Markup {
  const { shade, own } = typeof cell === 'object' && cell !== null ? cell : {};
  const classes = [numeric ? 'n' : '', own ? 'own' : ''].filter(Boolean).join(' ');
  // at most 0.45, so that the text keeps its contrast
  const style = shade
    ? markup` style="background:rgba(var(--shade),${(0.45 * shade).toFixed(3)})"`
    : undefined;
  return markup`<td${classes ? markup` class="${classes}"` : undefined}${style}>${textOf(cell)}</td>`;
}

function right(numeric: boolean | undefined): Markup | undefined {
  return numeric ? markup` class="n"` : undefined;
}

function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '–';
  return typeof cell === 'object' ? cell.text : String(cell);
}

function isNumber(cell: Cell | undefined): boolean {
  const text = textOf(cell);
  return text === '–' || /^[-−]?\d/.test(text);
}
