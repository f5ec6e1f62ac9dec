// A head of before spaces: nothing is taught on top of it, and what earlier answers did can still be taken back.

import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadModel } from '../../src/classify/model.ts';
import { checkConfig } from '../../src/config/load.ts';
import { PAPER_THRESHOLDS } from '../../src/domain/decision.ts';
import { answers } from '../../src/decide/answers.ts';
import { wireTeaching } from '../../src/teaching.ts';
import { teachingLab } from './teaching-lab.ts';

test('labels that rested on an answer fall with it, waiting images get the head’s scores, and the log says why nothing is taught', async () => {
  const lab = await teachingLab();
  const [truth, other] = await lab.possible(0);
  const [first, alike, unlike, doubted] = [await lab.image(0, 'GaAs'), await lab.image(0, 'GaAs'), await lab.image(3, 'GaAs'), await lab.image(0, 'GaAs')]; // prettier-ignore
  lab.label(first, truth);
  await lab.settleScores();
  expect(lab.need(alike).label).toMatchObject({ category: truth, basis: 'auto' });
  expect(lab.need(unlike).taught).toBeDefined();
  const second = await lab.image(0, 'steel');
  lab.label(second, other);
  await lab.settleScores();
  lab.store.rescoring.doubt([
    {
      sha256: doubted,
      series: lab.need(doubted).series!,
      doubt: { category: other, score: 0.9, at: lab.at() },
    },
  ]);

  const shipped = await loadModel({});
  const { space, ...head } = shipped.head;
  expect(space).toBeDefined();
  const model = { ...shipped, head };
  const warned: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void warned.push(line) });
  const config = checkConfig({ dataDir: lab.data, instruments: [{ name: 'sem', root: lab.acquired, mode: 'auto' }], teach: { authors: ['Anna'] } }); // prettier-ignore
  const thresholds = () => ({ ...PAPER_THRESHOLDS, version: 1 });
  const parts = wireTeaching({ config, store: lab.store, model, thresholds, logger, now: lab.now });
  const settle = async () => {
    const [stage] = parts.stages;
    for (let [item] = stage!.due(1, new Set()); item; [item] = stage!.due(1, new Set()))
      await stage!.run(item);
  };
  const told = answers(lab.store, () => {}, lab.now, parts.answers);
  expect(warned.join()).toContain('the head has no space');

  await settle();
  // nothing was taken back: labels stay, those that wait are the head's again
  expect(lab.need(alike).label).toMatchObject({ category: truth });
  expect(lab.need(unlike)).toMatchObject({ state: 'asked', scores: lab.alone(unlike).scores });
  expect(lab.need(unlike).taught).toBeUndefined();
  told.undo(first, 'Anna');
  await settle();
  expect(lab.need(alike)).toMatchObject({ state: 'asked', scores: lab.alone(alike).scores });
  expect(lab.need(alike).label).toBeUndefined();
  expect(lab.need(doubted).doubt).toBeUndefined();
  // answers are remembered as ever, and teach nothing
  const position = lab.store.lessons.position();
  told.label(alike, { answer: { kind: 'category', category: truth }, by: 'Ben' });
  expect(lab.need(alike).label).toMatchObject({ by: 'Ben', teaches: false });
  told.label(unlike, { answer: { kind: 'category', category: truth }, by: 'Anna' });
  expect(lab.store.lessons.position()).toBe(position);
});
