// A lab whose images have made-up bottlenecks, several kinds of them, with the real stages, the real store and the real process that teaches.

import Database from 'better-sqlite3';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { classifyStage } from '../../src/classify/stage.ts';
import { loadModel } from '../../src/classify/model.ts';
import { answers } from '../../src/decide/answers.ts';
import { questionOrder } from '../../src/decide/order.ts';
import { rescoreStage } from '../../src/decide/rescore.ts';
import type { Category } from '../../src/domain/categories.ts';
import { decide, PAPER_THRESHOLDS } from '../../src/domain/decision.ts';
import type { Nearest, Teach } from '../../src/domain/teaching.ts';
import { ranked } from '../../src/domain/scores.ts';
import { randomOf } from '../../src/domain/random.ts';
import { fitSpace } from '../../src/learn/space.ts';
import { startTeacher } from '../../src/learn/teach/host.ts';
import { scoresFrom } from '../../src/classify/head.ts';
import { HEADER, makeLab, tinyTiff } from '../service/lab.ts';

const KINDS = 6;

const random = randomOf(5);

/** The shipped head, with the space of six kinds of made-up pictures: each strays from the head's mean in a direction of its own. */
const madeUp = loadModel({}).then((model) => {
  const { length, mean, scale } = model.head;
  const kinds = Array.from({ length: KINDS }, () => Float32Array.from({ length }, () => random() - 0.5));
  const view = (kind: number) =>
    mean.map((m, j) => (scale[j]! > 0 ? squared(m + (kinds[kind]![j]! + 0.2 * (random() - 0.5)) / scale[j]!) : 0)); // prettier-ignore
  const known = Array.from({ length: 60 }, (_, i) => view(i % KINDS));
  return { model, view, head: { ...model.head, space: fitSpace(model.head, known, KINDS - 1) } };
});

/** The head takes roots. */
const squared = (root: number) => root * Math.abs(root);

export async function teachingLab({
  teach: taught = true,
  authors = [] as string[],
  mode = 'auto',
  check = 0,
} = {}) {
  const lab = makeLab();
  const { model, view, head } = await madeUp;
  const instruments = [lab.instrument({ teach: taught, mode })];
  const save = (auto: number) => lab.store.thresholds.save({ ...PAPER_THRESHOLDS, auto }, 'a test', 'Anna', lab.at()); // prettier-ignore
  save(PAPER_THRESHOLDS.auto);
  const thresholds = () => lab.store.thresholds.current()!;
  const teacher = startTeacher({ dataDir: lab.data, head }, lab.store.lessons);
  onTestFinished(() => teacher.close());
  let meanwhile: (() => void) | undefined;
  const teach: Teach = async (images) => {
    const scores = await teacher.teach(images);
    const happens = meanwhile;
    meanwhile = undefined;
    happens?.();
    return scores;
  };
  const deps = { store: lab.store, instruments, thresholds, teach, check, now: lab.now };
  const nearest: Nearest = async (sha256, series) =>
    series[
      (await teacher.nearest(
        sha256,
        series.map((id) => lab.store.series.newest(id, 100)),
      )) ?? 0
    ];
  const classify = classifyStage({
    ...deps,
    nearest,
    model: { ...model, scores: (b) => scoresFrom(head, b) },
  });
  const screens = new Set<string>();
  const questions = questionOrder({
    store: lab.store,
    instruments,
    rank: teacher.rank,
    floorSeconds: 3600,
    now: lab.now,
  });
  const rescore = rescoreStage({ ...deps, model: model.reference, open: () => screens });
  let made = 0;
  const forgotten = new Map<string, Float32Array[]>();

  return {
    ...lab,
    teacher,
    head,
    screens,
    questions,
    /** as the config says now */
    instrument: instruments[0]!,
    /** the threshold from which on images label themselves */
    labelFrom: save,
    /** as once bottlenecks were made */
    again() {
      rescore.again();
      teacher.again();
    },
    /** makes those that were forgotten */
    rememberBottlenecks(sha256: string) {
      const { backbone, preprocessing } = model.reference;
      lab.store.bottlenecks.put(sha256, { backbone: backbone.sha256, preprocessing, engine: 'wasm', views: forgotten.get(sha256)! }); // prettier-ignore
    },
    /** happens once, when the next scores are there and nothing is committed yet */
    during: (what: () => void) => void (meanwhile = what),
    /** as after a change of the backbone */
    forgetBottlenecks(sha256: string) {
      const { backbone, preprocessing } = model.reference;
      forgotten.set(sha256, lab.store.bottlenecks.get(sha256, backbone.sha256, preprocessing)!.views);
      const db = new Database(join(lab.data, 'bottlenecks.db'));
      db.prepare('DELETE FROM bottleneck WHERE sha256 = ?').run(sha256);
      db.close();
    },
    answers: answers(lab.store, () => {}, lab.now, { instruments, authors }),
    need: (sha256: string) => lab.store.images.need(sha256),
    /** An image of this kind in this folder, classified: the head alone is never sure of it. */
    async image(
      kind: number,
      folder: string,
      { project, name = `${made}.tif` }: { project?: string; name?: string } = {},
    ): Promise<string> {
      const facts = project === undefined ? {} : { project: { value: project, unit: null, origin: 'path' } };
      const hash = lab.settled(name, tinyTiff(++made), { dir: folder, facts });
      lab.store.images.read(hash, HEADER, { width: 8, height: 8, bitsPerSample: 8, scanArea: { width: 8, height: 8, origin: 'pixels' } }, {}, lab.at()); // prettier-ignore
      const { backbone, preprocessing } = model.reference;
      lab.store.bottlenecks.put(hash, { backbone: backbone.sha256, preprocessing, engine: 'wasm', views: [view(kind), view(kind)] }); // prettier-ignore
      await classify.run(lab.store.images.need(hash));
      return hash;
    },
    /** What a picture of this kind could be besides the head's own guess: two categories that the head holds possible. */
    async possible(kind: number): Promise<[Category, Category]> {
      const views = [view(kind)];
      const { backbone, preprocessing } = model.reference;
      const b = { backbone: backbone.sha256, preprocessing, engine: 'wasm' as const, views };
      const [, second, third] = ranked(scoresFrom(head, b));
      return [second!.category, third!.category];
    },
    /** What the head alone makes of it. */
    alone(sha256: string) {
      const { backbone, preprocessing } = model.reference;
      const scores = scoresFrom(head, lab.store.bottlenecks.get(sha256, backbone.sha256, preprocessing)!);
      return { scores, ...decide(scores, thresholds()) };
    },
    label: (sha256: string, category: Category, by = 'Anna', more: object = {}) =>
      answers(lab.store, () => {}, lab.now, { instruments, authors }).label(sha256, { answer: { kind: 'category', category }, by, ...more }), // prettier-ignore
    /** Until the stage finds nothing more to do. */
    async settleScores(): Promise<void> {
      for (let [item] = rescore.due(1, new Set()); item; [item] = rescore.due(1, new Set()))
        await rescore.run(item);
    },
  };
}
