// The keys of the page, and what each category means: in words, by an image that a person and the machine say the same of, and where it ends.

import { useEffect, useState } from 'preact/hooks';
import { CATEGORIES, categoryTitle, type Category } from '../../../domain/categories.ts';
import { BORDERLINE, DEFINITIONS, WHICH_WINS } from '../../../domain/definitions.ts';
import { api, thumbUrl, type ImageSummary } from '../api.ts';
import { exampleOf } from '../example.ts';
import { digitOf } from '../keys.ts';
import type { Route } from '../router.ts';
import { Dialog } from './dialog.tsx';
import { Drawing } from './drawing.tsx';

type Keys = readonly (readonly [key: string, words: string])[];

const ANSWER: Keys = [
  ['↵', 'accept the first suggestion'],
  ['1 … 9 0', 'this category'],
  ['Shift + digit', 'mark a second category, then answer'],
  ['N', 'none of these'],
  ['X', 'unusable: blank, blurred, charging'],
  ['T', 'a note that goes with your answer'],
  ['L', 'learn nothing from the next answer: an odd one out, a guess'],
  ['S', 'skip, it comes again later'],
  ['A', 'same answer for all look-alikes, or for none'],
  ['U', 'undo what the line at the bottom says you did last'],
  ['W', 'the same sample at lower magnification'],
  ['E', 'correct operator, project or sample'],
  ['+  −  F', 'zoom in, out, fit; wheel and two fingers too'],
  ['← → ↑ ↓', 'move the zoomed picture; drag too'],
];
/** What works on every page. */
const ANY: Keys = [
  ['Tab', 'to the next link, button or field'],
  ['Space', 'press the button that has the focus, or tick the box'],
  ['Esc', 'close a dialog'],
];
/** Elsewhere than on the Answer page, where it takes the suggestion. */
const ENTER: Keys = [['↵', 'open or press what has the focus']];
/** What some pages have besides. */
const OWN: Partial<Record<Route['page'], Keys>> = {
  answer: ANSWER,
  images: [
    ['/', 'to the search line'],
    ['← → ↑ ↓', 'from image to image, once one has the focus'],
    ['Home  End', 'to the first image, to the last one'],
  ],
  series: [['Space', 'pick the image that has the focus, or leave it']],
  thresholds: [
    ['← →', 'move the handle that has the focus by 0.01'],
    ['Page ↑ ↓', 'by 0.1'],
    ['Home  End', 'as far as it goes'],
  ],
};
const HELP: Keys = [['?', 'this help']];

export function HelpDialog({ page, close }: { page: Route['page']; close: () => void }) {
  const answering = page === 'answer';
  return (
    <Dialog title="Keys and categories" close={close} class="help">
      <div class="columns">
        <Categories />
        <div>
          <p>{WHICH_WINS}; add the other with Shift.</p>
          <dl class="keylist">
            {[...(OWN[page] ?? []), ...ANY, ...(answering ? [] : ENTER), ...HELP].map(([key, words]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          {answering && (
            <p class="quiet">
              Keys count once the picture has been on the screen for a moment, and only one press at a time.
            </p>
          )}
          <p class="quiet">
            <a href="#/api" onClick={close}>
              What programs can ask for
            </a>
          </p>
        </div>
      </div>
    </Dialog>
  );
}

/** By category: the newest image that a person gave it and the machine too; one that only one of them says may be wrong. Looked for once a page load. */
const examples = new Map<Category, ImageSummary>();
const NEWEST = '50';

function Categories() {
  const [, look] = useState(0);
  useEffect(() => {
    for (const category of CATEGORIES)
      if (!examples.has(category))
        api.images({ category, basis: 'answer', limit: NEWEST }).then(
          ({ items }) => {
            const image = exampleOf(items);
            if (!image) return;
            examples.set(category, image);
            look((n) => n + 1);
          },
          () => undefined, // the drawing stays
        );
  }, []);
  return (
    <dl class="categories">
      {CATEGORIES.map((category, index) => {
        const example = examples.get(category);
        return (
          <div key={category}>
            <dt>
              <kbd>{digitOf(index)}</kbd> <i class={`mark mark-${index}`} aria-hidden="true" />
              {categoryTitle(category)}
            </dt>
            <dd class="example">
              {example ? (
                <img
                  src={thumbUrl(example.sha256)}
                  alt={`Example of ${categoryTitle(category)}`}
                  width="64"
                  height="48"
                />
              ) : (
                <Drawing category={category} />
              )}
            </dd>
            <dd>
              {DEFINITIONS[category]} <span class="borderline">{BORDERLINE[category]}</span>
              {example && (
                <span class="from">
                  Shown: from {example.name}, answered by {example.label?.by}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
