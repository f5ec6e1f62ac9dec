// Two subjects in one folder: split apart they teach apart, joined again as before, and a new image goes where it looks like it belongs.

import { expect, test } from 'vitest';
import { teachingLab } from './teaching-lab.ts';

type Lab = Awaited<ReturnType<typeof teachingLab>>;

/** Four of one kind and three of another under one name. */
async function mixed() {
  const lab = await teachingLab();
  const a = [];
  const b = [];
  for (let i = 0; i < 4; i++) a.push(await lab.image(0, 'GaAs'));
  for (let i = 0; i < 3; i++) b.push(await lab.image(3, 'GaAs'));
  return { lab, a, b, id: lab.need(a[0]!).series! };
}
const seriesOf = (lab: Lab, images: string[]) => [...new Set(images.map((one) => lab.need(one).series))];
const counts = (lab: Lab, id: number) => lab.store.series.get(id);

test('the spread proposes the two subjects', async () => {
  const { lab, a, b, id } = await mixed();
  const spread = await lab.teacher.spread(lab.store.series.newest(id, 300));
  expect(spread).toMatchObject({ images: 7 });
  expect(spread!.subjects!.map((group) => group.toSorted())).toEqual([a.toSorted(), b.toSorted()]);
  expect((await lab.teacher.spread(a))!.subjects).toBeUndefined();
  expect((await lab.teacher.spread(a))!.likeness).toBeGreaterThan(spread!.likeness);
  expect(await lab.teacher.spread(a.slice(0, 1))).toBeUndefined();
  lab.forgetBottlenecks(b[0]!);
  lab.teacher.again();
  expect(await lab.teacher.spread([...a, ...b])).toMatchObject({ images: 6 });
});

test('what was taught goes with its images, and the scores of both series are made again', async () => {
  const { lab, a, b, id } = await mixed();
  const [first, second] = [(await lab.possible(0))[0], (await lab.possible(3))[0]];
  lab.label(a[0]!, first);
  lab.label(b[0]!, second);
  await lab.settleScores();
  expect(lab.need(b[1]!)).toMatchObject({ label: { because: { lessons: [1, 2], series: id } } });
  const added = lab.answers.splitSeries(id, b, 'Anna');
  await lab.settleScores();
  expect([seriesOf(lab, a), seriesOf(lab, b)]).toEqual([[id], [added]]);
  expect(counts(lab, id)).toMatchObject({ images: 4, answers: 1, because: 3 });
  expect(counts(lab, added)).toMatchObject({ name: 'sem / GaAs (2)', images: 3, answers: 1, because: 2 });
  const [mine, theirs] = [lab.need(a[1]!).label!, lab.need(b[1]!).label!];
  expect(mine).toMatchObject({ category: first, because: { series: id, lessons: [1] } });
  expect(theirs).toMatchObject({ category: second, because: { series: added } });
  expect(theirs.because!.lessons).toHaveLength(1);
  expect(lab.store.history.ofImage(b[1]!).map(({ what }) => what)).toContain('Split off into the series sem / GaAs (2)'); // prettier-ignore
});

test('an answer does not reach over the split, and joining brings it back', async () => {
  const { lab, a, id } = await mixed();
  const added = lab.answers.splitSeries(id, a.slice(0, 2), 'Anna');
  lab.label(a[0]!, (await lab.possible(0))[0]);
  await lab.settleScores();
  expect(lab.need(a[1]!).state).toBe('labelled');
  expect(lab.need(a[2]!).state).toBe('asked');
  expect(lab.answers.joinSeries(added, id, 'Anna')).toBe(2);
  await lab.settleScores();
  expect(lab.need(a[2]!)).toMatchObject({ state: 'labelled', label: { because: { series: id } } });
  expect(counts(lab, id)).toMatchObject({ images: 7, answers: 1 });
  expect(counts(lab, added)).toMatchObject({ images: 0, joined: id });
  expect(lab.store.series.others(id)).toEqual([]);
  // nothing comes into it any more
  expect(lab.need(await lab.image(0, 'GaAs')).series).toBe(id);
});

test('a new image joins the part that it looks like, and is scored with its answers at once', async () => {
  const { lab, a, b, id } = await mixed();
  const added = lab.answers.splitSeries(id, b, 'Anna');
  const truth = (await lab.possible(0))[0];
  lab.label(a[0]!, truth);
  expect(lab.need(await lab.image(3, 'GaAs')).series).toBe(added);
  const like = await lab.image(0, 'GaAs');
  expect(lab.need(like)).toMatchObject({ series: id, label: { category: truth, because: { series: id } } });
  expect(lab.need(await lab.image(0, 'steel')).series).not.toBe(id);
});

test('a correction of the whole folder keeps the subjects apart, and taking it back brings them where they were', async () => {
  const { lab, a, b, id } = await mixed();
  const added = lab.answers.splitSeries(id, b, 'Anna');
  const [truth] = await lab.possible(0);
  const both = [b[0]!, a[0]!, b[1]!, a[1]!, ...b.slice(2), ...a.slice(2)];
  lab.answers.correctFacts(both, { sample: 'GaAs-17' }, 'Anna');
  const [as, bs] = [seriesOf(lab, a), seriesOf(lab, b)];
  expect([as.length, bs.length]).toEqual([1, 1]);
  expect(new Set([...as, ...bs, id, added]).size).toBe(4);
  expect([as, bs].map(([one]) => counts(lab, one!)!.name).toSorted()).toEqual(['sem / GaAs-17', 'sem / GaAs-17 (2)']); // prettier-ignore
  lab.label(a[0]!, truth);
  await lab.settleScores();
  expect(lab.need(a[1]!).label).toMatchObject({ category: truth, because: { series: as[0] } });
  expect(b.map((one) => lab.need(one).label)).toEqual([undefined, undefined, undefined]);
  lab.answers.correctFacts(both, { sample: null }, 'Anna');
  expect([seriesOf(lab, a), seriesOf(lab, b)]).toEqual([[id], [added]]);
});

test('one after the other, in either order, they stay apart too', async () => {
  const { lab, a, b, id } = await mixed();
  lab.answers.splitSeries(id, b, 'Anna');
  for (const image of [b[0]!, a[0]!, a[1]!, b[1]!]) lab.answers.correctFacts([image], { operator: 'Ben' }, 'Anna'); // prettier-ignore
  const [as, bs] = [seriesOf(lab, a.slice(0, 2)), seriesOf(lab, b.slice(0, 2))];
  expect([as.length, bs.length]).toEqual([1, 1]);
  expect(as).not.toEqual(bs);
});

test('they do not fall into a series that the new sample had already; one image corrected alone does', async () => {
  const { lab, a, b, id } = await mixed();
  lab.answers.splitSeries(id, b, 'Anna');
  const there = await lab.image(4, 'elsewhere');
  lab.answers.correctFacts([there], { sample: 'steel' }, 'Anna');
  const steel = lab.need(there).series!;
  lab.answers.correctFacts([a[0]!], { sample: 'steel' }, 'Anna');
  expect(lab.need(a[0]!).series).toBe(steel);
  lab.answers.correctFacts([...a.slice(1), ...b], { sample: 'steel' }, 'Anna');
  const [as, bs] = [seriesOf(lab, a.slice(1)), seriesOf(lab, b)];
  expect(new Set([...as, ...bs, steel]).size).toBe(3);
});

test('a project that becomes private takes its subjects along apart', async () => {
  const lab = await teachingLab();
  const images = [];
  for (const kind of [0, 0, 3, 3]) images.push(await lab.image(kind, 'GaAs', { project: 'thesis' }));
  const [a, b] = [images.slice(0, 2), images.slice(2)];
  const id = lab.need(a[0]!).series!;
  const added = lab.answers.splitSeries(id, b, 'Anna');
  lab.store.projects.setPrivate(['thesis'], lab.at());
  const [as, bs] = [seriesOf(lab, a), seriesOf(lab, b)];
  expect(new Set([...as, ...bs, id, added]).size).toBe(4);
  lab.store.projects.setPrivate([], lab.at());
  expect([seriesOf(lab, a), seriesOf(lab, b)]).toEqual([[id], [added]]);
});

test('what cannot be done is refused with the reason, and nothing is moved', async () => {
  const { lab, a, b, id } = await mixed();
  const steel = await lab.image(0, 'steel');
  const other = lab.need(steel).series!;
  const refused = (what: () => unknown, code: string) =>
    expect(what).toThrow(expect.objectContaining({ code }));
  refused(() => lab.answers.splitSeries(id, [...a, ...b], 'Anna'), 'bad_request');
  refused(() => lab.answers.splitSeries(id, [], 'Anna'), 'bad_request');
  refused(() => lab.answers.splitSeries(id, [b[0]!, steel], 'Anna'), 'bad_request');
  refused(() => lab.answers.splitSeries(99, b, 'Anna'), 'not_found');
  refused(() => lab.answers.splitSeries(id, b, 'semtag'), 'bad_request');
  refused(() => lab.answers.joinSeries(id, other, 'Anna'), 'bad_request');
  refused(() => lab.answers.joinSeries(id, id, 'Anna'), 'bad_request');
  expect(seriesOf(lab, [...a, ...b])).toEqual([id]);
  const added = lab.answers.splitSeries(id, b, 'Anna');
  lab.answers.joinSeries(added, id, 'Anna');
  refused(() => lab.answers.joinSeries(added, id, 'Anna'), 'wrong_state');
  refused(() => lab.answers.joinSeries(id, added, 'Anna'), 'wrong_state');
});
