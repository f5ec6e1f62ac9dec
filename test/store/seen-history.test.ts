// What of the history somebody reads who does not see everything: lines are left out for what they name, not for how their words look.

import { expect, test } from 'vitest';
import { ALL_SIGHT } from '../../src/domain/access.ts';
import { answer, at, sha, world } from './world.ts';

const OTHERS = { hidden: ['Tip'] };
const all = () => true;

/** A private project with the beginning of a category for its name. */
function withPrivate() {
  const w = world();
  w.store.projects.setPrivate(['Tip'], at());
  const read = (name: string, sight = OTHERS) =>
    w.store.seen.history.ofImage(sha(name), sight, all).map(({ what }) => what);
  const move = (name: string, project: string, second: number) =>
    w.store.revisions.correctFacts([sha(name)], { project: { value: project, unit: null, origin: 'operator A' } }, 'A', at(second)); // prettier-ignore
  return { ...w, read, move };
}

test('a private project hides what was said in it, also of an image that left it, and nothing else', () => {
  const { image, store, tag, receive, read, move } = withPrivate();
  image('a.tif', 'forwarded');
  expect(read('a.tif')).toContain('Labelled Tips');
  move('a.tif', 'Tip', 20);
  store.revisions.label(sha('a.tif'), answer('Powder', 'Dora', 21));
  tag(sha('a.tif'), 22);
  receive(23);
  expect(read('a.tif')).toEqual([]);
  move('a.tif', '2211', 30);
  tag(sha('a.tif'), 31);
  const now = read('a.tif');
  expect(now).toEqual(expect.arrayContaining(['Labelled Tips', 'Revision 3 carried in tiff']));
  expect(now.filter((what) => /project|Powder|Revision 2 carried/.test(what))).toEqual([]);
  const everything = read('a.tif', ALL_SIGHT);
  for (const what of [
    'Labelled Powder',
    'Facts corrected: project Tip -> 2211',
    'Revision 2 carried in tiff',
  ])
    expect(everything).toContain(what);
});

test('a line that names an image is as hidden as that image', () => {
  const { image, store, read, move } = withPrivate();
  for (const [i, name] of ['b.tif', 'b.jpg'].entries()) image(name, 'asked', i * 10);
  store.revisions.label(sha('b.tif'), answer('Tips', 'Anna', 30));
  expect(read('b.jpg')).toContain('Labelled Tips together with b.tif, which was answered');
  move('b.tif', 'Tip', 40);
  expect(read('b.jpg').join()).not.toContain('b.tif');
  expect(read('b.jpg')).toContain('Settled from b.jpg');
});

test('lines of a project and of an instrument are for those who see it', () => {
  const { store } = withPrivate();
  store.pauses.add({ scope: 'instrument', name: 'SEM 2' }, 'Mia', 'service', at(1));
  store.users.add('Carla', 'operator', ['Tip'], 'Mia', at(2));
  const keys = (sight: { hidden: string[]; instruments?: string[] }) =>
    store.seen.history.after(0, 100, sight, all).lines.map(({ key }) => key);
  expect(keys(ALL_SIGHT)).toEqual(['Tip', 'SEM 2', 'Carla']);
  expect(keys(OTHERS)).toEqual(['SEM 2']);
  expect(keys({ hidden: [], instruments: ['SEM 1'] })).toEqual(['Tip', 'Carla']);
});
