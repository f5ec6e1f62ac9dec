// A record names the answers that a label rests on: image, category, time, and nobody; also inside the file, where others read it.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import { recordText } from '../../src/record/record.ts';
import { renderXmp } from '../../src/record/xmp.ts';
import { embed } from '../../src/tag/embed.ts';
import { recordOf } from '../../src/tag/record-of.ts';
import { verifyTagged } from '../../src/tag/verify.ts';
import { teachingLab } from '../decide/teaching-lab.ts';
import { folder, recordFor, sha256 } from './world.ts';

test('by image, category and time, the same whatever happens to the answers later', async () => {
  const lab = await teachingLab();
  const [truth] = await lab.possible(0);
  const answered = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs')];
  const alike = await lab.image(0, 'GaAs');
  for (const one of answered) lab.label(one, truth, 'Anna Secret');
  await lab.settleScores();
  const image = lab.need(alike);
  const record = () =>
    recordOf(image, [], {}, undefined, lab.store.lessons.answers(image.label!.because!.lessons));
  const answers = answered.map((sha) => ({ sha256: sha, category: truth, at: lab.need(sha).label!.at }));
  expect(record().label.because).toEqual({ ...image.label!.because, answers });
  const text = recordText(record());
  expect(text).not.toContain('Secret');
  expect(renderXmp(record())).not.toContain('Secret');
  // the sample of one is corrected, the other is taken back: an old record is made again to the byte
  lab.answers.correctFacts([answered[0]!], { sample: 'steel' }, 'Ben');
  lab.answers.undo(answered[1]!, 'Ben');
  expect(recordText(record())).toBe(text);
});

const exiftool = (path: string) =>
  (JSON.parse(execFileSync('exiftool', ['-json', '-struct', '-n', '-XMP:all', path], { encoding: 'utf8' })) as Record<string, unknown>[])[0]!; // prettier-ignore
const installed = (() => {
  try {
    execFileSync('exiftool', ['-ver']);
    return true;
  } catch {
    return false;
  }
})();

test('a packet names the first of them and how many there are, and still fits into a JPEG', async () => {
  const made = join(folder, 'because');
  await makeFixtures(made, { size: 64 });
  const name = readdirSync(made).find((n) => n.endsWith('.jpg'))!;
  const bytes = readFileSync(join(made, name));
  const answers = Array.from({ length: 400 }, (_, i) => ({
    sha256: sha256(Buffer.from(String(i))),
    category: 'Tips' as const,
    at: `2026-01-02T03:04:${String(i % 60).padStart(2, '0')}.000Z`,
  }));
  const plain = recordFor(bytes, name);
  const because = { position: 400, series: 1, lessons: answers.map((_, i) => i), all: 500, settings: 'abc', answers }; // prettier-ignore
  const record = { ...plain, label: { ...plain.label, because } };
  const [acquired, tagged] = [join(folder, `of-${name}`), join(folder, `because-${name}`)];
  writeFileSync(acquired, bytes);
  const { method } = await embed(acquired, tagged, renderXmp(record), record.acquired.sha256);
  expect(method).toBe('jpeg');
  await verifyTagged(acquired, tagged, { category: 'Nanowires' });
  if (!installed) return;
  const seen = exiftool(tagged)['LabelBecause'] as Record<string, unknown> & { Answers: unknown[] };
  expect(seen).toMatchObject({ AnswersInSeries: 400, AnswersInAll: 500, TeachSettings: 'abc' });
  expect(seen.Answers).toHaveLength(50);
  // exiftool writes every time its own way
  expect(seen.Answers[0]).toEqual({ Image: `hash://sha256/${answers[0]!.sha256}`, Category: 'Tips', At: '2026:01:02 03:04:00.000Z' }); // prettier-ignore
});
