// Whoever sees an image is told whether it is public, and if not, why.

import { expect, test } from 'vitest';
import { publishRules, type PublishPolicy } from '../../src/domain/publish.ts';
import { standings } from '../../src/harvest/standing.ts';
import { at, world } from '../store/world.ts';

const publish = { projects: ['*'], withhold: [] as PublishPolicy['withhold'], fields: [], files: false };
const open = publishRules(publish, []);
const since = '2026-01-01T00:01:40Z';

function place() {
  const w = world();
  const { store } = w;
  const sha256 = w.image('a', 'labelled');
  return {
    w,
    sha256,
    /** What the publisher does. */
    settle: (rules = open) => {
      store.publication.goBy(rules, '2026-01-01', false);
      while (store.publication.settle(rules, new Date(at(100))));
    },
    move: (value: string) => store.revisions.correctFacts([sha256], { project: { value, unit: null, origin: 'operator' } }, 'Anna', at(40)), // prettier-ignore
    of: (rules = open) =>
      standings({ store, rules, publish, now: () => new Date(at(500)) })(store.images.need(sha256)),
  };
}

test('an image is public once it is tagged and the publisher came to it, and its record is named', () => {
  const { w, sha256, settle, of } = place();
  expect(of()).toEqual({ given: false, why: 'it is not tagged yet' });
  w.tag(sha256);
  expect(of()).toEqual({ given: false, why: 'the running service has not come to it yet' });
  settle();
  const { id } = w.store.publication.record(sha256, 1)!;
  expect(of()).toEqual({ given: true, since, revision: 1, id });
});

test('what is kept back says by what, at once', () => {
  const { w, sha256, settle, of } = place();
  w.tag(sha256);
  settle();
  const no = (why: string) => ({ given: false, why });
  expect(of(publishRules(publish, ['2211']))).toEqual(no('project 2211 is private'));
  expect(of(publishRules({ ...publish, projects: ['Teaching'] }, []))).toEqual(no('project 2211 is not in publish.projects')); // prettier-ignore
  const embargo = publishRules({ ...publish, withhold: [{ project: '2211', until: '2026-06-01', forward: true }] }, []); // prettier-ignore
  expect(of(embargo)).toEqual(no('withheld: project 2211 until 2026-06-01'));
  w.store.revisions.correctFacts([sha256], { project: null }, 'Anna', at(40));
  expect(of()).toEqual(no('its project is not known'));
});

test('while the next revision is made the one before it is public; what that one names keeps the image back, unnamed', () => {
  const { w, sha256, settle, move, of } = place();
  w.tag(sha256);
  settle();
  move('Open');
  expect(of()).toMatchObject({ given: true, revision: 1 });
  expect(of(publishRules(publish, ['2211']))).toEqual({
    given: false,
    why: 'its newest record still names another project or person, which is kept back',
  });
  w.tag(sha256, 50);
  settle();
  expect(of(publishRules(publish, ['2211']))).toMatchObject({ given: true, since, revision: 2 });
});

test('a pause is told', () => {
  const { w, sha256, settle, of } = place();
  w.tag(sha256);
  settle();
  w.store.pauses.add({ scope: 'all' }, 'Meier', 'move', at(200));
  expect(of()).toEqual({ given: false, why: 'publishing of it is paused' });
});
