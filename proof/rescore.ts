// Claim: after an answer the queue is scored again within two seconds, with 1,000 images waiting and 5,000 answers before, and acquisition does not wait for it.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import { loadModel } from '../src/classify/model.ts';
import { scoresFrom } from '../src/classify/head.ts';
import { CATEGORIES } from '../src/domain/categories.ts';
import { decide, PAPER_THRESHOLDS } from '../src/domain/decision.ts';
import { randomOf } from '../src/domain/random.ts';
import { openStore } from '../src/store/store.ts';
import type { Proof } from './run.ts';
import type { Prompt } from './lib/api.ts';
import { acquired } from './lib/acquired.ts';
import { makeLab, startSemtag, type Lab, type Running } from './lib/service.ts';
import { format, median, printTable } from './lib/table.ts';
import { sha256, until } from './lib/wait.ts';

const FULL = { answered: 5000, waiting: 1000, answers: 8, acquired: 8 };
const SHORT = { answered: 200, waiting: 60, answers: 3, acquired: 2 };
const MOST_SECONDS = 2;
const SERIES = 50;

export const proof: Proof = {
  claim: 'after an answer the waiting images are scored again within two seconds, and acquisition does not wait',
  async prove({ keep, short }) {
    const size = short ? SHORT : FULL;
    const lab = makeLab({
      ...(keep ? { keep } : {}),
      // every label a person's: the queue stays as long as it is
      instrument: { quiet: 0.3, scan: 1, teach: true, mode: 'ask' },
      // nothing of what was made up below is tagged: it has no bytes
      more: { log: { level: 'warn' }, ask: { hold: 1e7, floor: 1e9 }, teach: { hold: 1e7 } },
    });
    try {
      await fill(lab, size.answered, size.waiting);
      const service = await startSemtag(lab);
      const db = new Database(join(lab.dataDir, 'semtag.db'), { readonly: true });
      try {
        const first = await rescored(db, performance.now());
        const alone: number[] = [];
        for (let k = 0; k < size.acquired; k++) alone.push(await acquired(service, lab, `alone-${k}`));
        const seconds: number[] = [];
        for (let k = 0; k < size.answers; k++) seconds.push(await answered(service, db));
        const beside: number[] = [];
        for (let k = 0; k < size.acquired; k++) {
          const [ms] = await Promise.all([acquired(service, lab, `beside-${k}`), answered(service, db)]);
          beside.push(ms);
        }
        printTable(
          [`${size.waiting} images wait, ${size.answered} answers before`, 'median', 'slowest'],
          [
            ['answer to rescored queue, s', median(seconds), Math.max(...seconds)],
            ['the start of the service to its first scores, s', first, first],
            ['image saved to classified, s, nobody answering', median(alone), Math.max(...alone)],
            ['image saved to classified, s, while an answer is worked in', median(beside), Math.max(...beside)],
          ],
        );
        return {
          ok: short || Math.max(...seconds) <= MOST_SECONDS,
          figures: `answer to rescored queue ${format(median(seconds))} s, slowest ${format(Math.max(...seconds))} s, ${format(first)} s after the start of the service, with ${size.waiting} waiting and ${size.answered} answers before; an image is classified ${format(median(alone))} s after it was saved, ${format(median(beside))} s while an answer is worked in${short ? '; not judged' : ''}`,
        };
      } finally {
        db.close();
        await service.stop();
      }
    } finally {
      lab.remove();
    }
  },
}; // prettier-ignore

/** Images that were never files: bottlenecks of fifty made-up series, answered or waiting, by the store's own commits. */
async function fill(lab: Lab, answered: number, waiting: number): Promise<void> {
  const { head, reference } = await loadModel({});
  const random = randomOf(1);
  const centres = Array.from({ length: SERIES }, () => Float32Array.from(head.scale, () => random() - 0.5));
  const unroot = (root: number) => (head.roots ? root * Math.abs(root) : root);
  const view = (k: number) => head.mean.map((m, j) => (head.scale[j]! > 0 ? unroot(m + (centres[k]![j]! + 0.3 * (random() - 0.5)) / head.scale[j]!) : 0)); // prettier-ignore
  const store = openStore(lab.dataDir);
  const thresholds = { ...PAPER_THRESHOLDS, version: 1 };
  const picture = { width: 8, height: 8, bitsPerSample: 8, scanArea: { width: 8, height: 8, origin: 'pixels' } };
  store.thresholds.save({ auto: thresholds.auto, prompt: thresholds.prompt }, 'made up', 'proof', new Date().toISOString());
  for (let i = 0; i < answered + waiting; i++) {
    const at = new Date().toISOString();
    const series = i % SERIES;
    const hash = sha256(Buffer.from(`made up ${i}`));
    const place = { instrument: 'sem', dir: Buffer.from(`series ${series}`), name: Buffer.from(`${i}.tif`) };
    store.files.see([{ sighting: { ...place, role: 'image', size: 1, mtime_ns: '1' }, state: 'seen' }], at);
    const file = store.files.current(place.instrument, place.dir, place.name)!;
    store.files.settle({ file, sha256: hash, bytes: 1, mediaType: 'image/tiff', name: `${i}.tif`, facts: {}, at });
    const bottlenecks = { backbone: reference.backbone.sha256, preprocessing: reference.preprocessing, engine: 'onnx' as const, views: [view(series), view(series)] };
    store.bottlenecks.put(hash, bottlenecks);
    store.images.read(hash, { format: 'generic', fields: {}, warnings: [], page: 0 }, picture, {}, at);
    const scores = scoresFrom(head, bottlenecks);
    const { category, score } = decide(scores, thresholds);
    const model = { ...reference, engine: 'onnx' };
    store.images.classified(hash, { scores, category, score, decision: 'prompt', thresholds, model }, undefined, at);
    if (i >= answered) continue;
    const named = CATEGORIES[series % CATEGORIES.length]!;
    store.revisions.label(hash, { kind: 'category', category: named, basis: 'answer', by: 'proof', at }, undefined, true);
  }
  store.close();
} // prettier-ignore

/** Seconds from one answer to the moment when every image that waits knows it. */
async function answered(service: Running, db: Database.Database): Promise<number> {
  const { items } = await service.get<{ items: Prompt[] }>('/api/prompts?limit=1');
  const { sha256, suggestions, promptVersion } = items[0]!;
  const answer = { kind: 'category', category: suggestions[0]!.category };
  const start = performance.now();
  const { status } = await service.post(`/api/images/${sha256}/label`, {
    answer,
    by: 'proof',
    promptVersion,
  });
  if (status !== 200) throw new Error(`the answer was refused: ${status}`);
  return rescored(db, start);
}

async function rescored(db: Database.Database, start: number): Promise<number> {
  const behind = db.prepare("SELECT count(*) FROM image WHERE state = 'asked' AND lesson < (SELECT max(position) FROM lesson)").pluck();
  await until('the queue is scored again', 120, () => behind.get() === 0);
  return (performance.now() - start) / 1000;
} // prettier-ignore
