// The teacher: nothing taught is the shipped head to the bit, scores depend on lessons alone, one answer labels the like images of its series and no others.

import { describe, expect, test } from 'vitest';
import { CATEGORIES, type Category } from '../../../src/domain/categories.ts';
import { randomOf } from '../../../src/domain/random.ts';
import { softmax, top } from '../../../src/domain/scores.ts';
import { cautious } from '../../../src/learn/teach/caution.ts';
import { TEACH_SETTINGS } from '../../../src/learn/teach/settings.ts';
import { createTeacher } from '../../../src/learn/teach/teacher.ts';
import { lessonWeight } from '../../../src/domain/teaching.ts';
import { imagesOf, lessonOf } from './world.ts';

test('without lessons, and after all were unlearned, every score is the shipped head’s to the bit', () => {
  const image = imagesOf();
  const teacher = createTeacher();
  const known = image('a', 'Tips', 1);
  const shipped = { scores: softmax(known.logits), lessons: [], all: 0, taught: false };
  expect(teacher.score(known)).toEqual(shipped);
  teacher.learn(lessonOf(1, image('a', 'Tips'), 'Tips'));
  expect(teacher.score(known).taught).toBe(true);
  teacher.unlearn(1);
  expect(teacher.score(known)).toEqual(shipped);
});

test('scores are the same whatever came and went before, and in whatever order', () => {
  const random = randomOf(5);
  const image = imagesOf(2);
  const some = (): Category => CATEGORIES[Math.floor(random() * CATEGORIES.length)]!;
  const lessons = Array.from({ length: 23 }, (_, id) => lessonOf(id, image(`s${id % 5}`, some()), some(), id % 4 ? 1 : 0.3)); // prettier-ignore
  const asked = Array.from({ length: 20 }, (_, i) => image(`s${i % 7}`, some(), i / 5));
  const plain = createTeacher();
  for (const lesson of lessons) plain.learn(lesson);
  const winding = createTeacher();
  for (const lesson of lessons.toReversed()) {
    winding.learn({ ...lesson, category: some(), series: 's6' });
    winding.score(asked[0]!);
    winding.learn(lessonOf(1000 + lesson.id, image('s1', some()), some()));
    winding.learn(lesson);
  }
  for (const { id } of lessons) winding.unlearn(1000 + id);
  winding.unlearn(77);
  for (const one of asked) expect(winding.score(one)).toEqual(plain.score(one));
});

describe('one answer', () => {
  const image = imagesOf(3);
  const teacher = createTeacher();
  teacher.learn(lessonOf(1, image('ours', 'Tips'), 'Tips'));

  test('labels what is like it in its series by itself', () => {
    const { scores, lessons } = teacher.score(image('ours', 'Tips'));
    expect(top(scores).category).toBe('Tips');
    expect(top(scores).score).toBeGreaterThan(0.8);
    expect(lessons).toHaveLength(1);
  });

  test('leaves what is unlike it in its series to a person, and what the head makes of it', () => {
    const { scores } = teacher.score(image('ours', 'Powder', 3));
    expect(top(scores).score).toBeLessThan(0.8);
    expect(scores.Powder).toBeGreaterThan(scores.Fibres);
  });

  test('does not label the like images of another series by itself', () => {
    const { scores, lessons } = teacher.score(image('theirs', 'Tips'));
    expect(top(scores)).toMatchObject({ category: 'Tips' });
    expect(top(scores).score).toBeLessThan(0.8);
    expect(lessons).toEqual([]);
  });

  test('counts less where its category was hardly thought possible', () => {
    expect([lessonWeight(0.099), lessonWeight(0.1)]).toEqual([0.3, 1]);
    const light = createTeacher();
    light.learn(lessonOf(1, image('ours', 'Tips'), 'Tips', lessonWeight(0.01)));
    const one = image('ours', 'Tips');
    expect(light.score(one).scores.Tips).toBeLessThan(teacher.score(one).scores.Tips);
  });
});

test('answers reach other series by what they change in the head', () => {
  const image = imagesOf(4);
  const teacher = createTeacher();
  const wrong = () => image('new', 'Tips', 1, 'Powder');
  const before = teacher.score(wrong()).scores.Tips;
  for (let id = 0; id < 40; id++) teacher.learn(lessonOf(id, image(`s${id}`, 'Tips', 1, 'Powder'), 'Tips'));
  const { scores } = teacher.score(wrong());
  expect(scores.Tips).toBeGreaterThan(2 * before);
  expect(top(scores).category).toBe('Tips');
});

test('in an unanswered series scores are flatter than the corrected head’s, less so where the shipped head agrees; the shipped head’s certainty is not taken over', () => {
  const image = imagesOf(6);
  const teacher = createTeacher();
  const sure = image('new', 'Powder', 4.2);
  const torn = image('new', 'Tips', 3.8, 'Powder');
  for (let id = 0; id < 200; id++) teacher.learn(lessonOf(id, image(`s${id}`, 'Tips', 3, 'Powder'), 'Tips'));
  const { scores, lessons, taught } = teacher.score(sure);
  expect([lessons, taught]).toEqual([[], true]);
  expect(top(scores).category).toBe('Powder');
  const shipped = softmax(sure.logits).Powder;
  expect(shipped).toBeGreaterThan(0.8);
  expect(scores.Powder).toBeLessThan(shipped);
  // the shipped head is sure of another category than the taught one: a person is asked
  expect(softmax(torn.logits).Powder).toBeGreaterThan(0.8);
  expect(top(teacher.score(torn).scores).score).toBeLessThan(0.8);
});

test('the power is the milder one where both heads name one category', () => {
  const taught = Float64Array.of(0.9, 0.05, 0.05);
  const flat = (power: number) => 0.9 ** (1 / power) / (0.9 ** (1 / power) + 2 * 0.05 ** (1 / power));
  const settings = { ...TEACH_SETTINGS, caution: 2, cautionAgreed: 1.3 };
  const first = (...shipped: number[]) => cautious(Float64Array.from(shipped), taught, settings)[0];
  expect(first(0.85, 0.1, 0.05)).toBeCloseTo(flat(1.3), 12);
  expect(first(0.75, 0.2, 0.05)).toBeCloseTo(flat(2), 12);
  expect(first(0.05, 0.9, 0.05)).toBeCloseTo(flat(2), 12);
});

describe('a private project', () => {
  const some = (i: number): Category => CATEGORIES[i % CATEGORIES.length]!;

  test('no answer of it reaches an image outside, not even in a series of the same name: scores are the same to the bit as if it had never been', () => {
    const image = imagesOf(11);
    const [without, with_] = [createTeacher(), createTeacher()];
    for (let id = 0; id < 12; id++) {
      const lesson = lessonOf(2 * id, image(`s${id % 3}`, some(id)), some(id));
      without.learn(lesson);
      with_.learn(lesson);
      with_.learn({ ...lessonOf(2 * id + 1, image(`s${id % 3}`, some(id)), some(id + 1)), realm: 'ours' });
    }
    for (let i = 0; i < 10; i++) {
      const outside = image(`s${i % 4}`, some(i));
      expect(with_.score(outside)).toEqual(without.score(outside));
      expect(with_.score({ ...outside, realm: 'theirs' })).toEqual(without.score(outside));
      expect(with_.score({ ...outside, realm: 'ours' }).scores).not.toEqual(without.score(outside).scores);
    }
  });

  test('its images know everybody’s answers and its own, as if all were everybody’s', () => {
    const image = imagesOf(12);
    const [plain, apart] = [createTeacher(), createTeacher()];
    for (let id = 0; id < 12; id++) {
      const lesson = lessonOf(id, image(`s${id % 3}`, some(id)), some(id));
      plain.learn(lesson);
      apart.learn(id % 2 ? { ...lesson, realm: 'ours' } : lesson);
    }
    const inside = image('s1', 'Tips');
    expect(apart.score({ ...inside, realm: 'ours' })).toEqual(plain.score(inside));
    expect(apart.score(inside).all).toBe(6);
    // a correction that was made is not kept once one of its answers is gone
    for (const id of [1, 2]) for (const teacher of [plain, apart]) teacher.unlearn(id);
    expect(apart.score({ ...inside, realm: 'ours' })).toEqual(plain.score(inside));
  });

  test('with private answers alone everybody’s scores are the shipped head’s to the bit', () => {
    const image = imagesOf(13);
    const teacher = createTeacher();
    teacher.learn({ ...lessonOf(1, image('a', 'Tips'), 'Tips'), realm: 'ours' });
    const known = image('a', 'Tips', 1);
    expect(teacher.score(known)).toEqual({
      scores: softmax(known.logits),
      lessons: [],
      all: 0,
      taught: false,
    });
  });
});
