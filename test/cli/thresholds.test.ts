// `semtag thresholds`: without a service and beside one it says and saves the same; a calibration's proposal can be put to use.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { waitingWords } from '../../src/serve/threshold-words.ts';
import { openStore } from '../../src/store/store.ts';
import { listen } from '../serve/browser.ts';
import { makeWorld } from '../serve/world.ts';
import { semtag, temporary } from './semtag.ts';

function alone(): string {
  const dir = temporary();
  writeFileSync(join(dir, 'semtag.yaml'), 'dataDir: data\n');
  mkdirSync(join(dir, 'data'));
  const store = openStore(join(dir, 'data'));
  store.thresholds.save({ auto: 0.8, prompt: 0.35 }, 'From the config', 'semtag', new Date().toISOString());
  store.close();
  return dir;
}

it('without a service: tries out, says what would be saved, saves, rolls back', async () => {
  const dir = alone();
  const why = ['--reason', 'fewer questions', '--by', 'Mia'];
  const [tried, dry] = await Promise.all([
    semtag(dir, 'thresholds', 'what-if', '--auto', '0.7'),
    semtag(dir, 'thresholds', 'save', '--auto', '0.7', ...why, '--dry-run'),
  ]);
  expect(tried).toMatchObject({ code: 0, err: '' });
  expect(tried.out).toContain('not enough data (n = 0, from 0 series)');
  expect(dry.out).toContain('would be saved as version 2');
  const saved = await semtag(dir, 'thresholds', 'save', '--per-category', 'Tips:0.9:0.4', ...why, '--json');
  expect(JSON.parse(saved.out)).toMatchObject({ version: 2, auto: 0.8, perCategory: { Tips: { auto: 0.9, prompt: 0.4 } }, author: 'Mia' }); // prettier-ignore
  await semtag(dir, 'thresholds', 'roll-back', '1', ...why);
  const { out } = await semtag(dir, 'thresholds');
  for (const words of ['Version 3 is in force: auto above 0.8', 'Back to version 1: fewer questions']) expect(out).toContain(words); // prettier-ignore
});

it('beside a service, with what a calibration proposed', async () => {
  const world = await makeWorld({ n: 1, size: 64, webDir: '/nonexistent' });
  onTestFinished(() => world.close());
  const dir = temporary();
  const merlin = { name: 'Merlin', root: '/nonexistent', mode: 'auto' };
  writeFileSync(join(dir, 'semtag.yaml'), `dataDir: ${join(world.dir, 'data')}\ninstruments: [${JSON.stringify(merlin)}]\n`); // prettier-ignore
  await world.asked(0, 'Nanowires', 'Fibres', 0.75);
  const url = await listen(world);
  writeFileSync(join(world.dir, 'data/service.json'), JSON.stringify({ url, pid: process.pid }));
  const calibration = { format: 'semtag-calibration/1', thresholds: { error: 0.05, auto: 0.72, prompt: null, perCategory: { Tips: 0.3 } } }; // prettier-ignore
  writeFileSync(join(dir, 'c.json'), JSON.stringify(calibration));
  const saved = await semtag(dir, 'thresholds', 'save', '--from', 'c.json', '--reason', 'calibrated', '--by', 'Mia'); // prettier-ignore
  expect(saved).toMatchObject({ code: 0, err: '' });
  expect(world.store.thresholds.current()).toMatchObject({ version: 2, auto: 0.72, prompt: 0.35, perCategory: { Tips: { auto: 0.3, prompt: 0.3 } } }); // prettier-ignore
  const { out } = await semtag(dir, 'thresholds', 'compare', '1', '2');
  expect(out).toContain('it is not above the thresholds of version 1.');
  expect(out).toContain(
    'it is above the thresholds of version 2 and labels itself when an answer scores it again.',
  );
});

it('says in words how many wait and what becomes of them', () => {
  expect(waitingWords({ asked: 1, above: 1 })).toBe('1 image waits for people and stays with them; it is above these thresholds and labels itself when an answer scores it again.'); // prettier-ignore
  expect(waitingWords({ asked: 3, above: 0 })).toBe('3 images wait for people and stay with them; none of them is above these thresholds.'); // prettier-ignore
  expect(waitingWords({ asked: 3, above: 1 })).toMatch(/; 1 of them is above these thresholds and labels itself when an answer scores it again\.$/); // prettier-ignore
  expect(waitingWords({ asked: 3, above: 2 })).toMatch(/; 2 of them are above .* label themselves when an answer scores them again\.$/); // prettier-ignore
});

it('what is no thresholds is refused, exit 2; nothing is printed as a result', async () => {
  const dir = alone();
  const refused: [string[], string][] = [
    [['save', '--auto', '0.2', '--reason', 'x'], 'prompt 0.35 is above auto 0.2'],
    [['save', '--auto', '2', '--reason', 'x'], 'a score from 0 to 1'],
    [['what-if', '--per-category', 'Dust:1:0'], '--per-category Dust:1:0'],
  ];
  const ended = await Promise.all(refused.map(([args]) => semtag(dir, 'thresholds', ...args)));
  for (const [i, [, words]] of refused.entries()) {
    expect(ended[i]).toMatchObject({ code: 2, out: '' });
    expect(ended[i]!.err).toContain(words);
  }
});
