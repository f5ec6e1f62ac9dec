// The decision at its borders: auto above 0.8, prompt from 0.35 to 0.8, choose below, as the paper has it; and what is offered.

import { describe, expect, it } from 'vitest';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { decide, PAPER_THRESHOLDS, type Thresholds } from '../../src/domain/decision.ts';
import { scoresOf, softmax, type Scores } from '../../src/domain/scores.ts';

const paper: Thresholds = { ...PAPER_THRESHOLDS, version: 1 };

/** Tips has this score exactly; the others share the rest. */
function withTop(score: number, category: Category = 'Tips'): Scores {
  return scoresOf(CATEGORIES.map((c) => (c === category ? score : (1 - score) / 9)));
}

describe('the borders', () => {
  it.each([
    [1, 'auto'],
    [0.8000000000000002, 'auto'],
    [0.8, 'prompt'],
    [0.7999999999999999, 'prompt'],
    [0.35, 'prompt'],
    [0.3499999999999999, 'choose'],
    [0.11, 'choose'],
  ])('%d is %s', (score, decision) => {
    expect(decide(withTop(score), paper)).toMatchObject({ decision, category: 'Tips', score });
  });

  it('are the scores themselves: nothing is rounded on the way', () => {
    // 0.8 and 0.35 as float32 lie on the other side of the border
    expect(decide(withTop(Math.fround(0.8)), paper).decision).toBe('auto');
    expect(decide(withTop(Math.fround(0.35)), paper).decision).toBe('choose');
  });

  it('can be moved, and each category can have its own', () => {
    const own: Thresholds = { version: 2, auto: 0.5, prompt: 0.2, perCategory: { Tips: { auto: 0.95, prompt: 0.6 } } }; // prettier-ignore
    expect(decide(withTop(0.9), own).decision).toBe('prompt');
    expect(decide(withTop(0.59), own).decision).toBe('choose');
    expect(decide(withTop(0.51, 'Powder'), own).decision).toBe('auto');
    expect(decide(withTop(0.2, 'Powder'), own).decision).toBe('prompt');
  });

  it('of 1 and 0 mean never and always', () => {
    expect(decide(withTop(1), { version: 1, auto: 1, prompt: 0 }).decision).toBe('prompt');
    expect(decide(withTop(0.11), { version: 1, auto: 0, prompt: 0 }).decision).toBe('auto');
  });
});

describe('what is offered', () => {
  it('is all ten, best first', () => {
    const scores = softmax([3, 1, 4, 1, 5, 9, 2, 6, 5, 3]);
    const { suggestions } = decide(scores, paper);
    expect(suggestions.map((s) => s.category)).toEqual([
      'Tips', 'Porous_Sponge', 'Nanowires', 'MEMS_devices_and_electrodes', 'Biological', 'Particles', 'Powder', 'Films_Coated_Surface', 'Fibres', 'Patterned_surface',
    ]); // prettier-ignore
    for (const { category, score } of suggestions) expect(score).toBe(scores[category]);
  });

  it('is the same order every time where scores are equal', () => {
    const { suggestions, decision } = decide(softmax(new Array(10).fill(0)), paper);
    expect(suggestions.map((s) => s.category)).toEqual([...CATEGORIES]);
    expect(decision).toBe('choose');
  });
});
