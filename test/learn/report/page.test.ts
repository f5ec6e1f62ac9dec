// A report page: one file that needs nothing else, in which no text can become markup.

import { expect, test } from 'vitest';
import { page } from '../../../src/learn/report/page.ts';
import { bars, histogram, lineChart, scatter } from '../../../src/learn/report/plot.ts';
import { reportTable } from '../../../src/learn/report/table.ts';
import { tiles } from '../../../src/learn/report/tiles.ts';

const evil = `"><script>alert('x')</script>&amp;`;
const frame = { title: evil, about: evil, x: { label: evil }, y: { label: evil } };
const whole = page({
  title: evil,
  intro: [evil],
  sections: [
    {
      title: evil,
      body: [
        evil,
        reportTable({
          caption: evil,
          note: evil,
          heading: [evil, evil],
          rows: [[evil, { text: evil, shade: 1 }]],
        }),
        lineChart(frame, [{ name: evil, points: [[0, 0], [1, 2]], band: [[0, 1], [1, 3]] }], [{ x: 0.5, label: evil }]), // prettier-ignore
        histogram({ ...frame, title: 'two' }, [0, 1, 2], [{ name: evil, counts: [1, 2] }, { name: evil, counts: [0, 3] }]), // prettier-ignore
        bars({ ...frame, title: 'three' }, [{ name: evil, value: 1, low: 0.5, high: 1.5 }]),
        scatter({ ...frame, title: 'four' }, [{ name: evil, points: [[1, 1]] }], true),
        tiles([{ file: evil, lines: [evil], picture: `data:image/png;base64,AA${evil}` }], 5),
      ],
    },
  ],
});

test('text stays text', () => {
  expect(whole).not.toContain('<script');
  expect(whole).not.toContain(`'x'`);
  expect(whole).toContain('&amp;amp;');
});

test('nothing is fetched from elsewhere, and its own policy would not let it', () => {
  expect(whole).not.toMatch(/\b(src|href)="(?!#|data:)/);
  expect(whole).not.toMatch(/url\((?!#)/);
  expect(whole).toContain(`default-src &#39;none&#39;`);
});

test('every plot has a title, a description and its numbers as a table; what is not shown is counted', () => {
  expect(whole.match(/<svg /g)).toHaveLength(4);
  expect(whole.match(/role="img" aria-labelledby="/g)).toHaveLength(4);
  expect(whole.match(/<details>/g)).toHaveLength(4);
  expect(whole).toContain('4 more are not shown');
  const ids = [...whole.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
