// The ten categories, each at its own digit for ever, with its score as a bar; the suggestions stand out, they never move.

import { CATEGORIES, categoryTitle, type Category } from '../../../domain/categories.ts';
import { DEFINITIONS } from '../../../domain/definitions.ts';
import type { Answer } from '../../../domain/label.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ImageView } from '../api.ts';
import { score } from '../format.ts';
import { digitOf } from '../keys.ts';

type Props = {
  image: ImageView;
  disabled: boolean;
  second: Category | undefined;
  markSecond: (category: Category) => void;
  answer: (answer: Answer) => void;
  skip: () => void;
  /** nothing is learned from the next answer */
  untaught: boolean;
  toggleUntaught: () => void;
  /** goes with the next answer */
  note: string;
  openNote: () => void;
};

/** A finger that stays as long marks a second category. */
const HOLD_MS = 500;

/** The categories that are offered first: two for a prompt (or where every image is asked for), none for `choose`. */
export function offered({ decision, suggestions }: ImageView): Category[] {
  return decision === undefined || decision === 'choose'
    ? []
    : suggestions.slice(0, 2).map((s) => s.category);
}

export function Choices({
  image,
  disabled,
  second,
  markSecond,
  answer,
  skip,
  untaught,
  toggleUntaught,
  note,
  openNote,
}: Props) {
  const first = offered(image);
  /** the next one that is pressed is the second */
  const [marking, setMarking] = useState(false);
  const holding = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** what a finger marked by staying is not answered by being lifted */
  const marked = useRef(false);
  function hold(event: PointerEvent, category: Category): void {
    marked.current = false;
    clearTimeout(holding.current);
    if (disabled || event.pointerType === 'mouse') return;
    holding.current = setTimeout(() => {
      marked.current = true;
      markSecond(category);
    }, HOLD_MS);
  }
  const letGo = () => clearTimeout(holding.current);
  useEffect(() => {
    setMarking(false);
    return letGo;
  }, [image.sha256]);
  function choose(event: MouseEvent, category: Category): void {
    if (marked.current && event.detail > 0) return void (marked.current = false);
    if (!marking && !event.shiftKey) return answer({ kind: 'category', category });
    setMarking(false);
    markSecond(category);
  }

  const scores = new Map(image.suggestions.map((s) => [s.category, s.score]));
  return (
    <div class={first.length ? 'choices offering' : 'choices'} role="group" aria-label="Categories">
      {CATEGORIES.map((category, index) => {
        const value = scores.get(category);
        const rank = first.indexOf(category);
        return (
          <button
            key={category}
            class={`choice${rank >= 0 ? ' offered' : ''}${second === category ? ' second' : ''}`}
            title={`${DEFINITIONS[category]} Shift, or a finger that stays: mark as second category.`}
            aria-keyshortcuts={digitOf(index)}
            disabled={disabled}
            onPointerDown={(event) => hold(event, category)}
            onPointerUp={letGo}
            onPointerCancel={letGo}
            onPointerLeave={letGo}
            onContextMenu={(event) => marked.current && event.preventDefault()}
            onClick={(event) => choose(event, category)}
          >
            <kbd aria-hidden="true">{digitOf(index)}</kbd>
            <i class={`mark mark-${index}`} aria-hidden="true" />
            <span class="title">
              {categoryTitle(category)}
              {second === category && <em> second</em>}
              {rank >= 0 && <span class="unseen"> suggested</span>}
            </span>
            {rank === 0 && (
              <kbd class="enter" aria-hidden="true">
                ↵
              </kbd>
            )}
            {value !== undefined && (
              <>
                <span class="unseen"> score </span>
                <span class="value">{score(value)}</span>
                <span class="bar" aria-hidden="true">
                  <span style={{ width: `${value * 100}%` }} />
                </span>
              </>
            )}
          </button>
        );
      })}
      <div class="others">
        <button disabled={disabled} aria-keyshortcuts="n" onClick={() => answer({ kind: 'none_of_these' })}>
          <kbd aria-hidden="true">N</kbd> None of these
        </button>
        <button disabled={disabled} aria-keyshortcuts="x" onClick={() => answer({ kind: 'unusable' })}>
          <kbd aria-hidden="true">X</kbd> Unusable
        </button>
        <button aria-keyshortcuts="s" onClick={skip}>
          <kbd aria-hidden="true">S</kbd> Skip
        </button>
      </div>
      <div class="more">
        <button
          class="by-touch"
          disabled={disabled}
          aria-pressed={marking}
          onClick={() => setMarking(!marking)}
        >
          {marking ? 'Now the second one' : 'and a second one'}
        </button>
        <button
          class="untaught"
          disabled={disabled}
          aria-pressed={untaught}
          aria-keyshortcuts="l"
          title="An odd one out, or a guess: no other image is scored by the next answer, and no training takes it."
          onClick={toggleUntaught}
        >
          <kbd aria-hidden="true">L</kbd> Not for training
        </button>
        <button
          class="note"
          disabled={disabled}
          aria-pressed={note !== ''}
          aria-keyshortcuts="t"
          title={note || 'A free note that goes with your answer into history and record.'}
          onClick={openNote}
        >
          <kbd aria-hidden="true">T</kbd> {note ? `Note: ${note}` : 'Note'}
        </button>
      </div>
    </div>
  );
}
