// The teaching part of the service: the child that teaches, the stage that scores again, the order of questions. Wires; decides nothing.

import type { Logger } from 'pino';
import { headAlone } from './classify/alone.ts';
import type { LoadedModel } from './classify/model.ts';
import type { ClassifyDeps } from './classify/stage.ts';
import type { Config, InstrumentConfig } from './config/schema.ts';
import type { Teaching } from './decide/answers.ts';
import { setAsideIfWorse } from './decide/guard.ts';
import { questionOrder } from './decide/order.ts';
import { rescoreStage } from './decide/rescore.ts';
import type { Thresholds } from './domain/decision.ts';
import type { Teach } from './domain/teaching.ts';
import { startTeacher } from './learn/teach/host.ts';
import { onScreens, type Screens } from './serve/on-screens.ts';
import type { AppDeps } from './serve/deps.ts';
import type { Store } from './store/store.ts';

export type TeachingParts = {
  classify: Pick<ClassifyDeps, 'teach' | 'untaught' | 'check' | 'nearest'>;
  stages: ReturnType<typeof rescoreStage>[];
  answers: Teaching;
  screens: Screens;
  app: Pick<AppDeps, 'questions' | 'odd' | 'spread'>;
  /** Bottlenecks were made that the child may have missed. */
  again(): void;
  close(): void;
};

/** With so many of the newest images of each series a new one is compared. */
const COMPARED = 100;

type Deps = {
  config: Config;
  store: Store;
  model: LoadedModel;
  thresholds: () => Thresholds;
  logger: Logger;
  now: () => Date;
};

export function wireTeaching({ config, store, model, thresholds, logger, now }: Deps): TeachingParts {
  const { instruments, teach, ask } = config;
  const screens = onScreens();
  const rescoreBy = (scores: Teach, of: InstrumentConfig[]) =>
    rescoreStage({
      store,
      instruments: of,
      model: model.reference,
      teach: scores,
      check: teach.check,
      thresholds,
      open: () => screens.open(),
      now,
    });
  if (!model.head.space) {
    logger.warn(
      { head: model.reference.name },
      'answers teach nothing: the head has no space; train it again',
    );
    // what rested on answers can still be taken back
    const untaught = instruments.map((one) => ({ ...one, teach: false }));
    const rescore = rescoreBy(headAlone(store, model), untaught);
    return {
      classify: { check: teach.check },
      stages: [rescore],
      answers: { instruments: untaught, authors: teach.authors },
      screens,
      app: {},
      again: () => rescore.again(),
      close: () => undefined,
    };
  }
  const teacher = startTeacher({ dataDir: config.dataDir, head: model.head }, store.lessons);
  const untaught = (reason: Error): undefined =>
    void logger.warn({ reason: reason.message }, 'the head alone decides: teaching is in trouble');
  const at = now().toISOString();
  store.teaching.headInUse(model.reference.head, at);
  setAsideIfWorse(store, at);
  const rescore = rescoreBy(teacher.teach, instruments);
  return {
    classify: {
      teach: teacher.teach,
      untaught,
      check: teach.check,
      nearest: async (sha256, series) =>
        series[
          (await teacher.nearest(
            sha256,
            series.map((id) => store.series.newest(id, COMPARED)),
          )) ?? 0
        ],
    },
    stages: [rescore],
    answers: { instruments, authors: teach.authors },
    screens,
    app: {
      spread: teacher.spread,
      questions: questionOrder({ store, instruments, rank: teacher.rank, floorSeconds: ask.floor, now }),
      odd: () => teacher.odd(),
    },
    again() {
      rescore.again();
      teacher.again();
    },
    close: () => teacher.close(),
  };
}
