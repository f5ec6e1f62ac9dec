// A report as one HTML file that needs nothing else: no script, no link to elsewhere, which its own policy forbids too. Escapes every string.

import { markup, joined, slug, type Markup } from './markup.ts';
import { STYLE } from './style.ts';

export type Section = {
  title: string;
  /** a string becomes a paragraph */
  body: (string | Markup)[];
};

/** `intro`: what this is, of which data, and what it is not. Titles of sections differ from each other: they become ids. */
export function page({
  title,
  intro,
  sections,
}: {
  title: string;
  intro: (string | Markup)[];
  sections: Section[];
}): string {
  const contents = sections.map((s) => markup`<li><a href="#${slug(s.title)}">${s.title}</a></li>`);
  const made = sections.map(
    (s) => markup`<section id="${slug(s.title)}">
<h2>${s.title}</h2>
${blocks(s.body)}
</section>
`,
  );
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${blocks(intro)}
<nav aria-label="Contents"><ul>${contents}</ul></nav>
</header>
<main>
${joined(made)}</main>
</body>
</html>
`.text;
}

function blocks(body: (string | Markup)[]): Markup {
  return joined(
    body.map((block) => (typeof block === 'string' ? markup`<p>${block}</p>` : block)),
    '\n',
  );
}
