// A new revision at a target: the new bytes are there and read back before the old place is emptied; what others put there is left alone.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { releaseUnanswered } from '../../src/decide/release.ts';
import type { Category } from '../../src/domain/categories.ts';
import { forwardStage } from '../../src/forward/stage.ts';
import type { Target } from '../../src/forward/target.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';
import type { SemRecord } from '../../src/record/record.ts';
import { imageSummary } from '../../src/serve/image-view.ts';
import { flagOf } from '../../src/serve/web/flags.ts';
import { tinyTiff } from '../service/lab.ts';
import { forwarding, type World } from './world.ts';

const layout = { layout: '{category}/{stem}{ext}' };

function relabel(w: World, hash: string, category: Category): void {
  answers(w.store, () => undefined, w.now).label(hash, {
    answer: { kind: 'category', category },
    by: 'Anna',
  });
}

it('moves image, record and directory to the new category', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.labelled('a.tif');
  await w.deliver();
  expect(w.at()).toEqual(['Powder/a.tif', 'Powder/a.tif.json']);
  relabel(w, hash, 'Tips');
  await w.deliver();
  expect(w.at()).toEqual(['Tips/a.tif', 'Tips/a.tif.json']);
  expect(w.deliveries(hash)).toEqual(['repository 1 emptied', 'repository 2 received']);
  const record = JSON.parse(w.bytes('Tips/a.tif.json').toString()) as Record<string, unknown>;
  expect(record).toMatchObject({ revision: 2, cause: 'relabelled', label: { category: 'Tips', by: 'Anna' } });
});

it('empties nothing before the new bytes were read back', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.labelled('a.tif');
  await w.deliver();
  relabel(w, hash, 'Tips');
  await w.tag();
  const honest = folderTarget(w.target({ path: join(w.home, 'repository') }));
  const calls: string[] = [];
  let unreachable = true;
  const target: Target = {
    ...honest,
    async put(place, content) {
      calls.push(`put ${place}`);
      return honest.put(place, content);
    },
    async hash(place) {
      calls.push(`hash ${place}`);
      // the connection breaks after the bytes were sent
      if (unreachable && calls.includes(`put ${place}`)) throw new Error('connection lost');
      return honest.hash(place);
    },
    async remove(place, sha256) {
      calls.push(`remove ${place}`);
      expect(w.at()).toContain('Tips/a.tif');
      return honest.remove(place, sha256);
    },
  };
  const stage = forwardStage({ store: w.store, target, taggedDir: w.tagged, withhold: [], now: w.now });
  await expect(stage.run(stage.due(1, new Set())[0]!)).rejects.toThrow();
  expect(w.at()).toEqual(['Powder/a.tif', 'Powder/a.tif.json', 'Tips/a.tif', 'Tips/a.tif.json']);
  unreachable = false;
  w.later(2);
  await stage.run(stage.due(1, new Set())[0]!);
  const removed = calls.findIndex((call) => call.startsWith('remove'));
  expect(calls.slice(removed - 2, removed)).toEqual(['hash Tips/a.tif', 'hash Tips/a.tif.json']);
  expect(w.at()).toEqual(['Tips/a.tif', 'Tips/a.tif.json']);
});

it('cleans up what an overtaken revision had sent', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.labelled('a.tif');
  await w.tag();
  const target = folderTarget(w.target({ path: join(w.home, 'repository') }));
  const [first] = w.store.deliveries.due('repository', w.time(), 1);
  await target.put(first!.place, { path: join(w.tagged, `${hash}.1.image`) }); // and then the service was killed
  relabel(w, hash, 'Tips');
  await w.deliver();
  expect(w.at()).toEqual(['Tips/a.tif', 'Tips/a.tif.json']);
  expect(w.deliveries(hash)).toEqual(['repository 1 emptied', 'repository 2 received']);
});

it('in the same place replaces the file and empties nothing', async () => {
  const w = forwarding({ repository: { layout: '{stem}{ext}' } });
  const hash = w.labelled('a.tif');
  await w.deliver();
  const before = w.bytes('a.tif');
  relabel(w, hash, 'Tips');
  await w.deliver();
  expect(w.at()).toEqual(['a.tif', 'a.tif.json']);
  expect(w.bytes('a.tif').equals(before)).toBe(false);
});

it('leaves alone what somebody changed or added in the old place', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.labelled('a.tif');
  await w.deliver();
  writeFileSync(join(w.home, 'repository/Powder/a.tif.json'), 'annotated by a person');
  mkdirSync(join(w.home, 'repository/Powder/notes'));
  relabel(w, hash, 'Tips');
  await w.deliver();
  expect(w.at()).toEqual(['Powder/a.tif.json', 'Tips/a.tif', 'Tips/a.tif.json']);
});

it('there and back again ends in the first place', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.labelled('a.tif');
  await w.deliver();
  for (const category of ['Tips', 'Powder'] as const) {
    relabel(w, hash, category);
    await w.deliver();
  }
  expect(w.at()).toEqual(['Powder/a.tif', 'Powder/a.tif.json']);
  expect(w.deliveries(hash)).toEqual(['repository 1 emptied', 'repository 2 emptied', 'repository 3 received']); // prettier-ignore
});

it('a label that was taken back does not stay at the target: ten minutes later a revision without it takes its place', async () => {
  const w = forwarding({ repository: layout });
  const hash = w.asked('a.tif');
  relabel(w, hash, 'Tips');
  await w.deliver();
  answers(w.store, () => undefined, w.now).undo(hash, 'Anna');
  const week = 7 * 86_400;
  w.later(590); // the question stands, also on the page of who took the answer back
  expect(releaseUnanswered(w.store, week, w.now())).toBe(0);
  w.later(20);
  const never = w.asked('b.tif', tinyTiff(9));
  expect(releaseUnanswered(w.store, week, w.now())).toBe(1);
  await w.deliver();
  expect(w.at()).toEqual(['unlabelled/a.tif', 'unlabelled/a.tif.json']);
  const record = JSON.parse(w.bytes('unlabelled/a.tif.json').toString()) as SemRecord;
  expect(record).toMatchObject({ revision: 2, cause: 'answer taken back', label: { kind: 'unlabelled' } });
  w.later(1000);
  expect(releaseUnanswered(w.store, week, w.now())).toBe(0); // what was never tagged waits its week
  expect(w.store.images.need(never).state).toBe('asked');
  relabel(w, hash, 'Fibres'); // still answerable
  await w.deliver();
  expect(w.at()).toEqual(['Fibres/a.tif', 'Fibres/a.tif.json']);
});

it('without a target the history says that the image is kept here, not that a target has it', async () => {
  const w = forwarding({});
  const hash = w.labelled('a.tif');
  await w.deliver();
  expect(w.store.images.need(hash)).toMatchObject({ state: 'forwarded', atTarget: false });
  expect(w.store.history.of('image', hash).at(-1)!.what).toBe('Tagged and kept in the data directory; no target is configured'); // prettier-ignore
  expect(flagOf(imageSummary(w.store.images.need(hash))).words).toBe('Kept in the data directory');
  const other = forwarding();
  const forwarded = other.labelled('a.tif');
  await other.deliver();
  expect(flagOf(imageSummary(other.store.images.need(forwarded))).words).toBe('At the repository');
});
