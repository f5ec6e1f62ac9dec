// Whoever sees an image is told whether it is public, and if not, why.

import { expect, test } from 'vitest';
import { publishRules, type PublishPolicy } from '../../src/domain/publish.ts';
import { standing } from '../../src/harvest/standing.ts';
import { at, world } from '../store/world.ts';

const publish = { projects: ['*'], withhold: [] as PublishPolicy['withhold'], fields: [], files: false };
const open = publishRules(publish, []);

function place() {
  const w = world();
  const sha256 = w.image('a', 'labelled');
  const settle = (rules = open) => {
    w.store.publication.goBy(rules, '2026-01-01', false);
    while (w.store.publication.settle(rules, new Date(at(100))));
  };
  const of = (rules = open) => {
    const { revision } = w.store.images.need(sha256);
    const recorded = w.store.publication.record(sha256, revision)?.facts;
    return standing(w.store.images.need(sha256), recorded, w.store, rules, new Date(at(500)));
  };
  return { w, sha256, settle, of };
}

test('an image is public once it is tagged and the publisher came to it, and its record is named', () => {
  const { w, sha256, settle, of } = place();
  expect(of()).toEqual({ given: false, words: 'not yet: it is once the image is tagged' });
  w.tag(sha256);
  expect(of().words).toMatch(/^not yet: the running service/);
  settle();
  const { id } = w.store.publication.record(sha256, 1)!;
  expect(of()).toEqual({ given: true, words: 'since 2026-01-01T00:01:40Z, revision 1', id });
});

test('what is kept back says by what, at once', () => {
  const { w, sha256, settle, of } = place();
  w.tag(sha256);
  settle();
  const gone = '; it was before, and harvesters are told that it was withdrawn';
  expect(of(publishRules(publish, ['2211'])).words).toBe(`no: project 2211 is private${gone}`);
  expect(of(publishRules({ ...publish, projects: ['Teaching'] }, [])).words).toBe(`no: project 2211 is not in publish.projects${gone}`); // prettier-ignore
  const embargo = publishRules({ ...publish, withhold: [{ project: '2211', until: '2026-06-01', forward: true }] }, []); // prettier-ignore
  expect(of(embargo)).toEqual({ given: false, words: `no: withheld: project 2211 until 2026-06-01${gone}` });
});

test('a project that the record alone names keeps it back as well, and an unknown one', () => {
  const { w, sha256, settle, of } = place();
  w.tag(sha256);
  settle();
  const move = (value: string) => ({ project: { value, unit: null, origin: 'operator' } });
  const { facts } = w.store.publication.record(sha256, 1)!;
  w.store.revisions.correctFacts([sha256], move('Open'), 'Anna', at(40));
  const secret = publishRules(publish, ['2211']);
  const now = w.store.images.need(sha256);
  expect(standing(now, facts, w.store, secret, new Date(at(500))).words).toMatch(/^no: project 2211 is private/); // prettier-ignore
  expect(standing({ ...now, facts: {} }, undefined, w.store, open, new Date(at(500))).words).toMatch(/^no: its project is not known/); // prettier-ignore
  expect(of().given).toBe(false);
});

test('a pause is told', () => {
  const { w, sha256, settle, of } = place();
  w.tag(sha256);
  settle();
  w.store.pauses.add({ scope: 'all' }, 'Meier', 'move', at(200));
  expect(of()).toEqual({ given: false, words: 'not while publishing of it is paused; otherwise since 2026-01-01T00:01:40Z, revision 1' }); // prettier-ignore
});
