// Images to look at in a report: small pictures as data: URLs with what is known of them, so many and no more. Reads no file.

import { joined, markup, type Markup } from './markup.ts';

export type Tile = {
  file: string;
  lines: string[];
  /** `data:image/jpeg;base64,...`; a tile without one says so */
  picture?: string;
};

/** `all`: how many there are, of which `shown` are given here; the difference is said. */
export function tiles(shown: Tile[], all: number): Markup {
  if (all === 0) return markup`<p>There are none.</p>`;
  const made = shown.map(
    ({ file, lines, picture }) =>
      markup`<li>${picture ? markup`<img src="${picture}" alt="${file}">` : markup`<p class="note">no picture</p>`}${joined(
        lines.map((line) => markup`<div>${line}</div>`),
      )}<div class="note">${file}</div></li>
`,
  );
  const rest = all - shown.length;
  return markup`<ul class="tiles">
${made}</ul>
${rest > 0 ? markup`<p class="note">${rest} more are not shown; the JSON lists all.</p>` : undefined}`;
}
