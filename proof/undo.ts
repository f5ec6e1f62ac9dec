// Claim: what answers taught can be taken back without a trace, kill -9 in between included, and an old score can be computed again from its record.

import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scoresFrom } from '../src/classify/head.ts';
import { loadModel } from '../src/classify/model.ts';
import { CATEGORIES, type Category } from '../src/domain/categories.ts';
import { randomOf } from '../src/domain/random.ts';
import type { Scores } from '../src/domain/scores.ts';
import { readDataset } from '../src/learn/dataset.ts';
import type { SemRecord } from '../src/record/record.ts';
import { openReader } from '../src/store/reader.ts';
import { openStore, type Store } from '../src/store/store.ts';
import type { Proof } from './run.ts';
import type { ImageSummary } from '../src/serve/image-view.ts';
import { allImages, moving, type Prompt } from './lib/api.ts';
import { scoredAgain } from './lib/scored-again.ts';
import { sampled } from './lib/sampled.ts';
import { makeLab, startSemtag, type Lab, type Running } from './lib/service.ts';
import { printTable } from './lib/table.ts';
import { sha256File, until } from './lib/wait.ts';

const FULL = { images: 120, rounds: 8, actions: 40 };
const SHORT = { images: 30, rounds: 3, actions: 15 };
/** Of answers, so many are given to all look-alikes too. */
const ALSO = 0.4;
/** Of answers, so many name a category by chance. */
const RANDOM_ANSWERS = 0.2;

export const proof: Proof = {
  claim: 'with everything undone every score is the shipped head’s to the bit, and no label rests on an answer that is gone', // prettier-ignore
  defaultDir: '../shared/sem-images',
  async prove({ dir, keep, n, short }) {
    const size = { ...(short ? SHORT : FULL), ...(n ? { images: n } : {}) };
    const lab = makeLab({
      ...(keep ? { keep } : {}),
      instrument: { quiet: 0.3, scan: 1, teach: true, atFirstStart: 'take' },
      more: { log: { level: 'warn' } },
    });
    try {
      const truth = await drop(lab, dir, size.images);
      const random = randomOf(3);
      let done: Done = { answered: 0, together: 0, corrected: 0, undone: 0, split: 0, joined: 0 };
      for (let round = 0; round < size.rounds; round++) {
        const service = await startSemtag(lab);
        try {
          if (round === 0) await classified(service, size.images);
          done = await act(service, truth, random, size.actions, done);
          await sleep(500 * random()); // in the middle of whatever it does now
        } finally {
          service.child.kill('SIGKILL');
          await service.exited;
        }
      }
      const taught = await withService(lab, async () => {
        const reader = openReader(lab.dataDir);
        const lines = reader.history.after(0, 1e6).filter(({ what }) => /because of \d+ answer/.test(what));
        reader.close();
        return lines.length;
      });
      const again = await inStore(lab, recordsAgain);
      await withService(lab, undoAll);
      const left = await inStore(lab, whatIsLeft);
      printTable(
        ['', 'number'],
        [
          ['images', size.images],
          ['answers given', done.answered],
          ['look-alikes and parts answered with them', done.together],
          ['answers corrected', done.corrected],
          ['answers taken back, before the end', done.undone],
          ['series split, and joined again', `${done.split}, ${done.joined}`],
          ['kill -9', size.rounds],
          ['labels because of answers', taught],
          ['scores computed again from their records', again.records],
          ['of them taught', again.taught],
          ['not the same to the bit', again.apart],
          ['after undoing everything: images with scores', left.scored],
          ['not the head’s to the bit', left.apart],
          ['labels that rest on answers', left.because],
          ['lessons in force', left.lessons],
        ],
      );
      const ok =
        taught > 0 &&
        again.taught > 0 &&
        again.apart + left.apart + left.because + left.lessons === 0 &&
        left.scored === size.images &&
        left.integrity === 'ok';
      return {
        ok,
        figures: `${done.answered} answers, ${done.together} given with them, ${done.corrected} corrected, ${done.split} series split and ${done.joined} joined, ${done.undone} taken back, ${size.rounds} kills, ${taught} labels because of answers; ${again.apart} of ${again.records} old scores differ; after undoing everything ${left.apart} of ${left.scored} scores differ from the head’s, ${left.because} labels rest on answers; integrity ${left.integrity}`,
      };
    } finally {
      lab.remove();
    }
  },
};

/** Series lie in folders of their own. Gives the truth by SHA-256. */
async function drop(lab: Lab, dir: string, images: number): Promise<Map<string, Category>> {
  const examples = sampled(readDataset(dir), images, ({ group }) => group);
  const truth = new Map<string, Category>();
  const folders = [...new Set(examples.map(({ group }) => group))];
  for (const { path, group, category } of examples) {
    const folder = join(lab.acquired, `series ${folders.indexOf(group)}`);
    mkdirSync(folder, { recursive: true });
    copyFileSync(path, join(folder, basename(path)));
    truth.set(sha256File(path), category);
  }
  return truth;
}

function classified(service: Running, images: number): Promise<unknown> {
  return until('every image is classified', 60 + images, async () => {
    const all = await allImages(service);
    return all.length >= images && all.every(({ state }) => state !== 'settled' && state !== 'read');
  });
}

type Question = Prompt & { lookAlikes?: { sha256: string; promptVersion: number }[] };
type Done = {
  answered: number;
  together: number;
  corrected: number;
  undone: number;
  split: number;
  joined: number;
};

async function act(service: Running, truth: Map<string, Category>, random: () => number, actions: number, done: Done): Promise<Done> {
  const counts = { ...done };
  const pick = <T>(list: T[]): T | undefined => list[Math.floor(random() * list.length)];
  const categoryOf = (sha256: string) => (random() < RANDOM_ANSWERS ? pick([...CATEGORIES])! : truth.get(sha256)!);
  const say = async (sha256: string, question: { promptVersion?: number; also?: object[] } = {}) => {
    const answer = { kind: 'category', category: categoryOf(sha256) };
    const { status, body } = await service.post<{ together?: string[] }>(`/api/images/${sha256}/label`, { answer, by: 'proof', ...question });
    if (status === 200) counts.together += body.together?.length ?? 0;
    return status === 200;
  };
  for (let k = 0; k < actions; k++) {
    const what = random();
    const answered = (await allImages(service)).filter(({ label }) => label?.basis === 'answer');
    const one = pick(answered);
    if (what < 0.6 || !one) {
      const { items } = await service.get<{ items: Question[] }>('/api/prompts?limit=1');
      const [first] = items;
      if (!first) continue;
      const also = random() < ALSO ? (first.lookAlikes ?? []).map(({ sha256, promptVersion }) => ({ sha256, promptVersion })) : [];
      if (await say(first.sha256, { promptVersion: first.promptVersion, also })) counts.answered++;
    } else if (what < 0.65 && one.series !== undefined) {
      if (random() < 0.6) counts.split += await splitOff(service, one.series);
      else counts.joined += await joinAgain(service, one.series);
    } else if (what < 0.8) {
      if (await say(one.sha256)) counts.corrected++;
    } else if ((await service.post(`/api/images/${one.sha256}/undo`, { by: 'proof' })).status === 200) counts.undone++;
  }
  return counts;
} // prettier-ignore

/** The newer half of a series becomes one of its own. */
async function splitOff(service: Running, id: number): Promise<number> {
  const { items } = await service.get<{ items: ImageSummary[] }>(`/api/images?series=${id}&limit=200`);
  const sha256s = items.slice(0, Math.floor(items.length / 2)).map(({ sha256 }) => sha256);
  if (sha256s.length === 0) return 0;
  const { status } = await service.post(`/api/series/${id}/split`, { sha256s, by: 'proof' });
  return status === 200 ? 1 : 0;
}

/** With another one of the same folder, where there is one. */
async function joinAgain(service: Running, id: number): Promise<number> {
  const { others } = await service.get<{ others: { id: number }[] }>(`/api/series/${id}?full=true`);
  if (!others[0]) return 0;
  const { status } = await service.post(`/api/series/${id}/join`, { into: others[0].id, by: 'proof' });
  return status === 200 ? 1 : 0;
}

/** Takes every answer back, and again what was labelled meanwhile. */
async function undoAll(service: Running): Promise<void> {
  await until('no answer is left', 120, async () => {
    const answered = (await allImages(service)).filter(({ label }) => label?.basis === 'answer');
    for (const { sha256 } of answered) await service.post(`/api/images/${sha256}/undo`, { by: 'proof' });
    return answered.length === 0;
  });
}

/** Runs it until nothing more happens, and stops it. */
async function withService<T>(lab: Lab, work: (service: Running) => Promise<T>): Promise<T> {
  const service = await startSemtag(lab);
  const reader = openReader(lab.dataDir);
  try {
    const result = await work(service);
    let [last, since] = [-1, performance.now()];
    await until('nothing more happens', 120, async () => {
      const now = reader.history.lastId();
      if (now !== last) [last, since] = [now, performance.now()];
      const { images, seen } = await moving(service);
      const { images: counts } = await service.get<{ images: Record<string, number> }>('/api/status');
      return images === (counts['asked'] ?? 0) && seen === 0 && performance.now() - since > 2500;
    });
    return result;
  } finally {
    reader.close();
    await service.stop();
  }
}

async function inStore<T>(lab: Lab, look: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(lab.dataDir);
  try {
    return await look(store);
  } finally {
    store.close();
  }
}

async function recordsAgain(store: Store): Promise<{ records: number; taught: number; apart: number }> {
  const { head } = await loadModel({});
  const found = { records: 0, taught: 0, apart: 0 };
  for (const sha256 of store.images.readAfter('', 1e6))
    for (let revision = store.images.need(sha256).revision; revision > 0; revision--) {
      const stored = store.deliveries.record(sha256, revision);
      const classification = stored && (JSON.parse(stored.record) as SemRecord).classification;
      if (!classification) continue;
      found.records++;
      if (classification.taught) found.taught++;
      if (!same(classification.scores, scoredAgain(store, head, sha256, classification.taught)))
        found.apart++;
    }
  return found;
}

async function whatIsLeft(store: Store) {
  const { head } = await loadModel({});
  const left = { scored: 0, apart: 0, because: 0, lessons: 0, integrity: store.integrity() };
  for (const sha256 of store.images.readAfter('', 1e6)) {
    const { scores, label } = store.images.need(sha256);
    if (label?.because) left.because++;
    if (!scores) continue;
    left.scored++;
    const stored = store.bottlenecks.get(sha256, head.backbone.sha256, head.preprocessing)!;
    if (!same(scores, scoresFrom(head, stored))) left.apart++;
  }
  const log = store.lessons.after(0);
  left.lessons = log.filter(({ of }) => of === undefined).length - log.filter(({ of }) => of !== undefined).length;
  return left;
} // prettier-ignore

const same = (a: Scores, b: Scores) => CATEGORIES.every((c) => a[c] === b[c]);
