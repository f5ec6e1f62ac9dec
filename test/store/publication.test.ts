// What harvesters are given follows what is tagged, whose it is and the rules; its order and stamps only ever grow.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { publishRules, type Withheld } from '../../src/domain/publish.ts';
import { answer, at, sha, world, type World } from './world.ts';

type Given = { projects?: string[]; withhold?: Withheld[]; fields?: 'creator'[]; privateProjects?: string[] };
const rulesOf = ({ projects = ['*'], withhold = [], fields = [], privateProjects = [] }: Given = {}) =>
  publishRules({ projects, withhold, fields, files: false }, privateProjects);
const TODAY = '2026-01-01';

function settle({ store }: World, rules = rulesOf(), second = 100): void {
  store.publication.goBy(rules, TODAY, false);
  while (store.publication.settle(rules, new Date(at(second))));
}
const listed = ({ store }: World, rules = rulesOf(), asked = {}) =>
  store.publication.list(asked, rules, TODAY, 100);
const names = (w: World, rules = rulesOf()) =>
  listed(w, rules).map(
    ({ sha256, gone }) => `${gone ? '-' : ''}${['a', 'b', 'c'].find((one) => sha(one) === sha256)}`,
  );

describe('what harvesters are given', () => {
  test('is what was tagged, with the sets of that revision', () => {
    const w = world();
    w.image('a', 'tagged');
    w.image('b', 'asked');
    settle(w);
    expect(listed(w)).toMatchObject([
      {
        sha256: sha('a'),
        revision: 1,
        gone: false,
        instrument: 'SEM 1',
        category: 'Tips',
        status: 'confirmed',
      },
    ]);
    expect(listed(w)[0]!.id).toMatch(/^urn:uuid:/);
  });

  test('comes again at the end once it has another label', () => {
    const w = world();
    w.image('a', 'forwarded');
    w.image('b', 'forwarded');
    settle(w);
    expect(names(w)).toEqual(['a', 'b'].sort((x, y) => (sha(x) < sha(y) ? -1 : 1)));
    w.store.revisions.label(sha('a'), answer('Powder', 'Ben', 40));
    w.tag(sha('a'), 50);
    settle(w, rulesOf(), 200);
    const [first, second] = listed(w);
    expect(names(w)).toEqual(['b', 'a']);
    expect(second).toMatchObject({ revision: 2, category: 'Powder' });
    expect(second!.stamp).toBeGreaterThan(first!.stamp);
    expect(second!.first).toBe(first!.first);
  });

  test('is never stamped earlier than what was given before, whatever the clock does', () => {
    const w = world();
    w.image('a', 'tagged');
    settle(w, rulesOf(), 1000);
    w.image('b', 'tagged');
    settle(w, rulesOf(), 10);
    const [a, b] = listed(w);
    expect(b!.stamp).toBe(a!.stamp);
    expect(b!.seq).toBeGreaterThan(a!.seq);
    w.image('c', 'tagged');
    while (w.store.publication.settle(rulesOf(), new Date(at(10)), { seq: 70, stamp: a!.stamp + 500 }));
    expect(listed(w).at(-1)).toMatchObject({ seq: 71, stamp: a!.stamp + 500 });
  });

  test('does not hold what is of no project, of a private one, of one that is not named, or withheld', () => {
    const w = world();
    w.image('a', 'tagged');
    w.store.revisions.correctFacts(
      [sha('a')],
      { operator: { value: 'Anna', unit: null, origin: 'operator' } },
      'Ben',
      at(20),
    );
    w.tag(sha('a'), 30);
    for (const rules of [
      rulesOf({ privateProjects: ['2211'] }),
      rulesOf({ privateProjects: [' 22 11'] }),
      rulesOf({ projects: ['other'] }),
      rulesOf({ projects: [] }),
      rulesOf({ withhold: [{ project: '2211', forward: true }] }),
      rulesOf({ withhold: [{ operator: ' anna', until: '2026-01-02', forward: true }] }),
      rulesOf({ withhold: [{ forward: true }] }),
    ]) {
      settle(w, rules);
      expect(names(w, rules)).toEqual([]);
    }
    settle(w, rulesOf({ withhold: [{ operator: 'Anna', until: TODAY, forward: true }] }));
    expect(names(w)).toEqual(['a']);
    w.store.revisions.correctFacts([sha('a')], { project: null }, 'Anna', at(40));
    // nobody waits for the next revision
    settle(w);
    expect(names(w)).toEqual(['-a']);
  });

  test('is gone from lists with the rules themselves, before every item was looked at, and stays in them as gone', () => {
    const w = world();
    w.image('a', 'tagged');
    settle(w);
    const closed = rulesOf({ projects: [] });
    expect(names(w, closed)).toEqual(['-a']);
    settle(w, closed, 200);
    expect(listed(w, closed)).toMatchObject([{ gone: true, category: 'Tips' }]);
    const before = listed(w, closed)[0]!.seq;
    settle(w, rulesOf(), 300);
    expect(listed(w)).toMatchObject([{ gone: false }]);
    expect(listed(w)[0]!.seq).toBeGreaterThan(before);
  });

  test('has new stamps once records say something else, and after a restore; the same rules change nothing', () => {
    const w = world();
    w.image('a', 'tagged');
    settle(w);
    const { seq } = w.store.publication.top();
    settle(w);
    expect(w.store.publication.top().seq).toBe(seq);
    settle(w, rulesOf({ fields: ['creator'] }));
    expect(w.store.publication.top().seq).toBe(seq + 1);
    w.store.publication.goBy(rulesOf({ fields: ['creator'] }), TODAY, true);
    settle(w, rulesOf({ fields: ['creator'] }));
    expect(w.store.publication.top().seq).toBe(seq + 2);
  });

  test('leaves out what is paused, and has it at the end of the list afterwards', () => {
    const w = world();
    w.image('a', 'tagged');
    settle(w);
    const { seq } = listed(w)[0]!;
    w.store.pauses.add({ scope: 'project', name: '2211' }, 'Ben', 'a reason', at(50));
    expect(listed(w)).toEqual([]);
    expect(
      w.store.publication.get(w.store.publication.record(sha('a'), 1)!.id, rulesOf(), TODAY)?.paused,
    ).toBe(true);
    w.store.pauses.end({ scope: 'project', name: '2211' }, 'Ben', at(60));
    settle(w);
    expect(listed(w)[0]!.seq).toBeGreaterThan(seq);
    w.store.pauses.add({ scope: 'instrument', name: 'SEM 1' }, 'Ben', 'a reason', at(70));
    expect([listed(w), listed(w, rulesOf(), { instrument: 'SEM 1' })]).toEqual([[], []]);
  });

  test('goes by the project that the image has now, also for pauses', () => {
    const w = world();
    w.image('a', 'tagged');
    settle(w);
    w.store.revisions.correctFacts([sha('a')], { project: { value: 'Held', unit: null, origin: 'operator' } }, 'Anna', at(40)); // prettier-ignore
    expect(names(w, rulesOf({ privateProjects: ['Held'] }))).toEqual(['-a']);
    w.store.pauses.add({ scope: 'project', name: 'Held' }, 'Ben', 'a reason', at(50));
    expect(names(w)).toEqual([]);
  });

  test('commits the time that harvesters are told once a minute, and starts behind it', () => {
    const w = world();
    const { publication } = w.store;
    const commits = () => {
      const db = new Database(join(w.dataDir, 'semtag.db'), { readonly: true });
      const until = db.prepare("SELECT value FROM meta WHERE key = 'publish-told'").pluck().get() as string;
      db.close();
      return Number(until);
    };
    expect(publication.tell(1000)).toBe(1000);
    const until = commits();
    expect(publication.tell(1050)).toBe(1050);
    expect(commits()).toBe(until);
    expect(publication.tell(1070)).toBe(1070);
    expect(commits()).toBeGreaterThan(until);
    expect(publication.told().stamp).toBeGreaterThanOrEqual(1070);
  });

  test('is found to be there also where the newest of a set is not public', () => {
    const w = world();
    w.image('a', 'tagged');
    settle(w, rulesOf(), 100);
    w.image('b', 'tagged');
    settle(w, rulesOf(), 200);
    w.store.revisions.correctFacts([sha('b')], { project: { value: 'Held', unit: null, origin: 'operator' } }, 'Anna', at(40)); // prettier-ignore
    const rules = rulesOf({ privateProjects: ['Held'] });
    const exists = (category: string) => w.store.publicationSearch.exists({ category, instrument: 'SEM 1' }, rules, TODAY); // prettier-ignore
    expect([exists('Tips'), exists('Powder')]).toEqual([true, false]);
    expect(w.store.publicationSearch.exists({}, rulesOf({ projects: [] }), TODAY)).toBe(false);
  });

  test('is found by time and by set, page by page', () => {
    const w = world();
    for (const [i, name] of ['a', 'b', 'c'].entries()) {
      w.image(name, 'tagged');
      settle(w, rulesOf(), 100 + i);
    }
    const [a, b, c] = listed(w);
    const seqs = (asked: object) => listed(w, rulesOf(), asked).map(({ seq }) => seq);
    expect(seqs({ from: b!.stamp })).toEqual([b!.seq, c!.seq]);
    expect(seqs({ until: b!.stamp })).toEqual([a!.seq, b!.seq]);
    expect(seqs({ until: a!.stamp - 1 })).toEqual([]);
    expect(seqs({ from: c!.stamp + 1 })).toEqual([]);
    expect(seqs({ after: a!.seq, status: 'confirmed' })).toEqual([b!.seq, c!.seq]);
    expect(seqs({ category: 'Powder' })).toEqual([]);
    expect(w.store.publication.earliest()).toBe(a!.stamp);
    expect(w.store.publication.values('category')).toEqual(['Tips']);
  });
});
