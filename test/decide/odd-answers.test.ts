// Answers that need a manager's look, on the real stages: found, with their images, and gone once they were corrected, taken back or said again.

import { expect, test } from 'vitest';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import { oddOf } from '../../src/decide/odd-answers.ts';
import { teachingLab } from './teaching-lab.ts';

type Lab = Awaited<ReturnType<typeof teachingLab>>;

const odd = async (lab: Lab) => oddOf(lab.store, await lab.teacher.odd(), ALL_SIGHT);

/** Three alike images in one folder; the third has another answer than the others. */
async function disagreement(lab: Lab) {
  const [truth, other] = await lab.possible(0);
  const images = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
  for (const image of images.slice(0, 2)) lab.label(image, truth, 'Anna');
  lab.label(images[2]!, other, 'Ben');
  return { truth, other, strange: images[2]! };
}

test('nobody has taught: nothing is odd, and no process is started for it', async () => {
  const lab = await teachingLab();
  expect(await odd(lab)).toEqual({ answers: [], people: [] });
});

test('the others of its series speak against an answer', async () => {
  const lab = await teachingLab();
  const { truth, other, strange } = await disagreement(lab);
  const { answers } = await odd(lab);
  expect(answers).toEqual([
    { sha256: strange, by: 'Ben', category: other, implausible: expect.any(Boolean) as boolean, against: { category: truth, score: expect.any(Number) as number } },
  ]); // prettier-ignore
  // nothing is deleted or changed by itself
  expect(lab.need(strange).label).toMatchObject({ category: other, by: 'Ben' });
  expect(lab.store.lessons.position()).toBe(3);
});

test.each([
  ['corrected', (lab: Lab, strange: string, truth: never) => lab.label(strange, truth, 'Mia')],
  ['taken back', (lab: Lab, strange: string) => lab.answers.undo(strange, 'Ben')],
  ['said again', (lab: Lab, strange: string, _: never, other: never) => lab.label(strange, other, 'Mia')],
])('it is settled when it is %s', async (_, settle) => {
  const lab = await teachingLab();
  const { truth, other, strange } = await disagreement(lab);
  settle(lab, strange, truth as never, other as never);
  expect((await odd(lab)).answers).toEqual([]);
});

test('a category without a score just before is shown too, until it is taken back', async () => {
  const lab = await teachingLab();
  const image = await lab.image(0, 'GaAs');
  const least = Object.entries(lab.alone(image).scores).sort(([, a], [, b]) => a - b)[0]![0] as 'Tips';
  lab.label(image, least, 'Ben');
  expect((await odd(lab)).answers).toEqual([
    { sha256: image, by: 'Ben', category: least, implausible: true },
  ]);
  lab.answers.undo(image, 'Ben');
  expect((await odd(lab)).answers).toEqual([]);
});

test('a person out of line is named with the images and no number', async () => {
  const lab = await teachingLab();
  const [truth, other] = await lab.possible(0);
  const strange: string[] = [];
  for (let n = 0; n < 8; n++) {
    for (let i = 0; i < 3; i++)
      lab.label(await lab.image(0, `folder ${n}`), truth, i === 0 ? 'Anna' : 'Cleo');
    const image = await lab.image(0, `folder ${n}`);
    lab.label(image, other, 'Ben');
    strange.unshift(image);
  }
  const { people } = await odd(lab);
  expect(people).toEqual([{ by: 'Ben', sha256s: strange }]);
});
