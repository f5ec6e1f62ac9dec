// What a key means on the Answer page. Pure; whether a key counts at this moment is decided by who asks.

import { CATEGORIES, type Category } from '../../domain/categories.ts';

export type Zooming = 'in' | 'out' | 'fit' | 'left' | 'right' | 'up' | 'down';

export type Action =
  | { do: 'category' | 'second'; category: Category }
  | {
      do:
        | 'accept'
        | 'none_of_these'
        | 'unusable'
        | 'untaught'
        | 'skip'
        | 'undo'
        | 'alike'
        | 'facts'
        | 'note'
        | 'wider'
        | 'help';
    }
  | { do: 'zoom'; by: Zooming };

type Key = Pick<
  KeyboardEvent,
  'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'repeat' | 'isComposing'
>;

/** `1` is the first category, `0` the tenth. */
export const digitOf = (index: number): string => String((index + 1) % 10);

const LETTERS = {
  n: { do: 'none_of_these' },
  x: { do: 'unusable' },
  l: { do: 'untaught' },
  s: { do: 'skip' },
  u: { do: 'undo' },
  a: { do: 'alike' },
  e: { do: 'facts' },
  t: { do: 'note' },
  w: { do: 'wider' },
  enter: { do: 'accept' },
  '?': { do: 'help' },
  '+': { do: 'zoom', by: 'in' },
  '-': { do: 'zoom', by: 'out' },
  f: { do: 'zoom', by: 'fit' },
  arrowleft: { do: 'zoom', by: 'left' },
  arrowright: { do: 'zoom', by: 'right' },
  arrowup: { do: 'zoom', by: 'up' },
  arrowdown: { do: 'zoom', by: 'down' },
} satisfies Record<string, Action>;

/** A letter or digit, where a name is typed: the letter; nothing of a digit, which begins no name. */
export function nameKey(key: Key): string | undefined {
  if (key.repeat || key.isComposing || key.ctrlKey || key.altKey || key.metaKey) return undefined;
  if (/^\p{L}$/u.test(key.key)) return key.key;
  const by = actionOf(key)?.do;
  return by === 'category' || by === 'second' ? '' : undefined;
}

/** A held key means nothing: one press, one answer. Digits go by their place, so that they work where they need Shift to be typed. */
export function actionOf(key: Key): Action | undefined {
  if (key.repeat || key.isComposing || key.ctrlKey || key.altKey || key.metaKey) return undefined;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(key.code)?.[1];
  if (digit !== undefined) {
    const category = CATEGORIES[(Number(digit) + 9) % 10]!;
    return { do: key.shiftKey ? 'second' : 'category', category };
  }
  return (LETTERS as Record<string, Action>)[key.key.toLowerCase()];
}
