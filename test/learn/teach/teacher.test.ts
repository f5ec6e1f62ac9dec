// The teacher: nothing taught is the shipped head to the bit, scores depend on lessons alone, one answer labels the like images of its series and no others.

import { describe, expect, test } from 'vitest';
import { CATEGORIES, type Category } from '../../../src/domain/categories.ts';
import { randomOf } from '../../../src/domain/random.ts';
import { softmax, top } from '../../../src/domain/scores.ts';
import { createTeacher } from '../../../src/learn/teach/teacher.ts';
import { weightOf } from '../../../src/learn/teach/weight.ts';
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
    expect([weightOf(0.049), weightOf(0.05)]).toEqual([0.3, 1]);
    const light = createTeacher();
    light.learn(lessonOf(1, image('ours', 'Tips'), 'Tips', weightOf(0.01)));
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

test('where the shipped head is sure and the taught one agrees, an unanswered series keeps the higher score', () => {
  const image = imagesOf(6);
  const teacher = createTeacher();
  for (let id = 0; id < 200; id++) teacher.learn(lessonOf(id, image(`s${id}`, 'Tips', 3, 'Powder'), 'Tips'));
  const sure = image('new', 'Powder', 5.5);
  expect(teacher.score(sure).scores.Powder).toBeGreaterThanOrEqual(softmax(sure.logits).Powder);
  // sure of another category than the taught head: flattened, so that a person is asked
  const torn = image('new', 'Tips', 3.8, 'Powder');
  expect(softmax(torn.logits).Powder).toBeGreaterThan(0.8);
  expect(top(teacher.score(torn).scores).score).toBeLessThan(0.8);
});
