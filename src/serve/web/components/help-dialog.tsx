// The keys of the Answer page and what each category means.

import { CATEGORIES, categoryTitle } from '../../../domain/categories.ts';
import { DEFINITIONS, WHICH_WINS } from '../definitions.ts';
import { digitOf } from '../keys.ts';
import { Dialog } from './dialog.tsx';

const KEYS = [
  ['↵', 'accept the first suggestion'],
  ['1 … 9 0', 'this category'],
  ['Shift + digit', 'mark a second category, then answer'],
  ['N', 'none of these'],
  ['X', 'unusable: blank, blurred, charging'],
  ['L', 'learn nothing from the next answer: an odd one out, a guess'],
  ['S', 'skip, it comes again later'],
  ['A', 'same answer for all look-alikes, or for none'],
  ['U', 'undo the last answer'],
  ['E', 'correct operator, project or sample'],
  ['+  −  F', 'zoom in, out, fit; wheel and drag too'],
  ['?', 'this help'],
] as const;

export function HelpDialog({ close }: { close: () => void }) {
  return (
    <Dialog title="Keys and categories" close={close} class="help">
      <div class="columns">
        <dl class="categories">
          {CATEGORIES.map((category, index) => (
            <div key={category}>
              <dt>
                <kbd>{digitOf(index)}</kbd> <i class={`mark mark-${index}`} aria-hidden="true" />
                {categoryTitle(category)}
              </dt>
              <dd>{DEFINITIONS[category]}</dd>
            </div>
          ))}
        </dl>
        <div>
          <p>{WHICH_WINS}</p>
          <dl class="keylist">
            {KEYS.map(([key, words]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
          <p class="quiet">
            Keys count once the picture has been on the screen for a moment, and only one press at a time.
          </p>
        </div>
      </div>
    </Dialog>
  );
}
