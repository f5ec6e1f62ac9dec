// `semtag undo`: an answer is taken back by anybody, without the page it was given on; what got it too and what rested on it is named.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answer, at, classification, world } from '../store/world.ts';
import { semtag, temporary } from './semtag.ts';

function place() {
  const made = world();
  const dir = temporary();
  writeFileSync(join(dir, 'semtag.yaml'), `dataDir: ${made.dataDir}\n`);
  return { ...made, dir };
}

/** One answer that a part of the same acquisition got too and that the label of a third image rests on. */
function hanging() {
  const made = place();
  const { image, store } = made;
  const [lead, part, rests] = [image('a.tif', 'asked'), image('a.jpg', 'asked', 5), image('b.tif', 'asked', 10)]; // prettier-ignore
  store.revisions.label(lead, answer('Tips', 'Anna', 30), undefined, true);
  const found = store.images.need(rests);
  const because = { position: 1, series: found.series!, lessons: [1], all: 1, settings: 'test' };
  const label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: at(40), because } as const; // prettier-ignore
  const rest = { scores: found.scores!, category: 'Tips', score: 0.9, decision: 'auto', thresholdsVersion: 1, model: found.model!, lesson: 1 } as const; // prettier-ignore
  store.rescoring.rescored([{ ...rest, image: { ...found, series: found.series! }, taught: because, label }], at(40)); // prettier-ignore
  expect(store.images.need(rests).state).toBe('labelled');
  return { ...made, lead, part, rests };
}

it('takes the answer of another person back and names what got it too and what rested on it', async () => {
  const { dir, store, lead, part, rests } = hanging();
  const plan = await semtag(dir, 'undo', lead, '--by', 'Ben', '--dry-run');
  expect(plan.out).toContain('a.tif: Tips by Anna');
  expect(plan.out).toContain('1 image that got it too would be asked again:');
  expect(plan.out).toContain('1 image was labelled because of it and would be judged anew:');
  const json = await semtag(dir, 'undo', lead, '--dry-run', '--json');
  expect(JSON.parse(json.out)).toMatchObject({ together: [part], resting: [rests], dryRun: true });
  expect(store.images.need(lead).label).toMatchObject({ by: 'Anna' });

  const { code, out } = await semtag(dir, 'undo', lead.slice(0, 10), '--by', 'Ben');
  expect(code).toBe(0);
  expect(out).toMatch(/^a\.tif: Tips by Anna \(\S+\) is taken back, now asked$/m);
  expect(out).toMatch(new RegExp(`asked again:\n {2}${part.slice(0, 12)} {2}a\\.jpg`));
  expect(out).toMatch(new RegExp(`judged anew:\n {2}${rests.slice(0, 12)} {2}b\\.tif`));
  for (const sha256 of [lead, part])
    expect([store.images.need(sha256).state, store.images.need(sha256).label]).toEqual(['asked', undefined]);
  expect(store.history.ofImage(lead).at(-1)).toMatchObject({ who: 'Ben', what: 'The answer was taken back' });
});

it('takes nothing back that no person said', async () => {
  const { dir, store, rests, image } = hanging();
  for (const sha256 of [rests, image('c.tif', 'asked', 20)])
    for (const more of [[], ['--dry-run']]) {
      const ended = await semtag(dir, 'undo', sha256, '--by', 'Ben', ...more);
      expect(ended).toMatchObject({ code: 1, out: '' });
      expect(ended.err).toContain('no answer that can be taken back');
    }
  expect(store.images.need(rests).label).toMatchObject({ basis: 'auto' });
});

it('label and facts say with --dry-run what hangs on the answer, show what an image is part of', async () => {
  const { dir, store, lead, part, rests, image } = hanging();
  const waits = image('a.bmp', 'read', 50);
  store.images.classified(waits, classification(), undefined, at(51));
  store.revisions.undo(waits, 'Ben', at(52)); // it had got the answer at once
  const plan = await semtag(dir, 'label', lead, 'Powder', '--dry-run');
  for (const words of [
    'a.tif (labelled): Tips would become Powder',
    '1 image that got the answer too: each follows',
    '1 image of the same acquisition would be labelled with it',
    '1 label rests on the answer to it and would be judged anew',
  ])
    expect(plan.out).toContain(words);
  const json = JSON.parse((await semtag(dir, 'label', lead, 'Powder', '--dry-run', '--json')).out) as object;
  expect(json).toMatchObject({ together: [part, waits], resting: [rests] });
  expect((await semtag(dir, 'facts', lead, '--sample', 'B', '--dry-run')).out).toContain('sample not known would become B; 1 label rests on the answer to it'); // prettier-ignore
  expect(store.images.need(lead).label).toMatchObject({ category: 'Tips' });

  store.revisions.correctFacts([lead], { project: null, sample: { value: 'B', unit: null, origin: 'operator Ben' } }, 'Ben', at(60)); // prettier-ignore
  const { out } = await semtag(dir, 'show', lead);
  expect(out).toMatch(/^part of +one acquisition, a \(formats\); waits for an answer: a\.bmp$/m);
  expect(out).toContain('Facts corrected: project 2211 -> not known, sample not known -> B');
});
