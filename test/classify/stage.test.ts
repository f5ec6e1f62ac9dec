// The classify stage: scores into a decision and a label by the instrument's mode. Frames are never labelled, and never asked about.

import { describe, expect, it } from 'vitest';
import { loadAlignmentHead } from '../../src/classify/alignment-head.ts';
import type { Model } from '../../src/classify/classification.ts';
import { classifyStage, type ClassifyDeps } from '../../src/classify/stage.ts';
import { labelOf } from '../../src/domain/label-of.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import type { Thresholds } from '../../src/domain/decision.ts';
import type { FrameKind } from '../../src/domain/header.ts';
import { MODES, type Mode } from '../../src/domain/label.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import type { ImageFacts } from '../../src/domain/job.ts';
import { bottlenecksAgain } from '../../src/read/again.ts';
import { HEADER, makeLab, tinyTiff } from '../service/lab.ts';

/** For another backbone than the one here: it says nothing of these bottlenecks. */
const alignmentHead = await loadAlignmentHead();
const BACKBONE = 'b'.repeat(64);
const PREPROCESSING = 'views-1';

/** The head's part is to give scores: here the first number of the first view is the score of Tips. */
const model: Model = {
  reference: { name: 'test', head: 'h'.repeat(64), backbone: { name: 'b', sha256: BACKBONE }, preprocessing: PREPROCESSING }, // prettier-ignore
  scores: ({ views }) => {
    const score = Math.round(views[0]![0]! * 1000) / 1000;
    return scoresOf(CATEGORIES.map((c) => (c === 'Tips' ? score : (1 - score) / 9)));
  },
};

function classifying(
  mode: Mode,
  thresholds: Thresholds = { version: 3, auto: 0.8, prompt: 0.35 },
  more: Partial<ClassifyDeps> = {},
) {
  const lab = makeLab();
  let current = thresholds;
  const stage = classifyStage({ store: lab.store, model, alignmentHead, instruments: [lab.instrument({ mode })], thresholds: () => current, now: lab.now, ...more }); // prettier-ignore
  const readAs = (name: string, score: number | undefined, frame?: FrameKind, sidecar?: Buffer) => {
    const beside = sidecar ? { sidecar: { name: 'a.txt', bytes: sidecar } } : {};
    const hash = lab.settled(name, tinyTiff(name.length * 7 + Math.round((score ?? 0) * 100)), beside);
    const scanArea = { width: 8, height: 8, origin: 'pixels' };
    lab.store.images.read(hash, HEADER, { width: 8, height: 8, bitsPerSample: 8, scanArea, ...(frame ? { frame } : {}) }, {}, lab.at()); // prettier-ignore
    if (score !== undefined)
      lab.store.bottlenecks.put(hash, { backbone: BACKBONE, preprocessing: PREPROCESSING, engine: 'wasm', views: [new Float32Array([score])] }); // prettier-ignore
    return hash;
  };
  return {
    ...lab,
    stage,
    readAs,
    use: (other: Thresholds) => void (current = other),
    async classify(name: string, score: number | undefined, frame?: FrameKind) {
      const hash = readAs(name, score, frame);
      await stage.run(lab.store.images.need(hash));
      return lab.store.images.need(hash);
    },
  };
}

describe.each(MODES)('in mode %s', (mode) => {
  it('an image is labelled or asked about as that mode says', async () => {
    const c = classifying(mode);
    const [sure, unsure, lost] = [await c.classify('sure.tif', 0.9), await c.classify('unsure.tif', 0.6), await c.classify('lost.tif', 0.2)]; // prettier-ignore
    expect([sure.decision, unsure.decision, lost.decision]).toEqual(['auto', 'prompt', 'choose']);
    const seen = [sure, unsure, lost].map((i) => i.label?.basis ?? i.state);
    expect(seen).toEqual(
      { observe: ['observe', 'observe', 'observe'], ask: ['asked', 'asked', 'asked'], auto: ['auto', 'asked', 'asked'] }[mode], // prettier-ignore
    );
    // what the machine saw is kept in every mode
    for (const image of [sure, unsure, lost]) expect(image).toMatchObject({ category: expect.any(String) as Category, thresholdsVersion: 3, model: { engine: 'wasm', head: 'h'.repeat(64) } }); // prettier-ignore
    expect(sure).toMatchObject({ category: 'Tips', score: 0.9 });
  });

  it.each(['navigation_camera', 'chamber_view', 'screenshot', 'blank'] as const)('a %s goes on by itself without a category', async (frame) => {
    const c = classifying(mode);
    // whatever a head would say of it, and although there are bottlenecks
    const image = await c.classify('nav.tif', 0.99, frame);
    expect(image).toMatchObject({ state: 'labelled', label: { kind: 'unlabelled', basis: 'not_a_sample', by: 'semtag' } });
    expect(image).not.toHaveProperty('category');
    expect(image).not.toHaveProperty('scores');
    expect(image.label).not.toHaveProperty('category');
  }); // prettier-ignore
});

describe('the stage', () => {
  it('an observed image never carries a category as its label', async () => {
    const c = classifying('observe');
    expect((await c.classify('a.tif', 0.99)).label).toMatchObject({ kind: 'unlabelled', basis: 'observe' });
  });

  it('takes exactly the borders', async () => {
    const c = classifying('auto');
    expect(await c.classify('border.tif', 0.8)).toMatchObject({ state: 'asked', decision: 'prompt' });
    expect(await c.classify('above.tif', 0.801)).toMatchObject({ state: 'labelled', decision: 'auto' });
  });

  it('uses the thresholds that are in force when it decides, and notes their version', async () => {
    const c = classifying('auto');
    c.use({ version: 4, auto: 0.95, prompt: 0.35 });
    expect(await c.classify('a.tif', 0.9)).toMatchObject({ state: 'asked', thresholdsVersion: 4 });
    c.use({ version: 5, auto: 0.95, prompt: 0.35, perCategory: { Tips: { auto: 0.5, prompt: 0.2 } } });
    expect(await c.classify('bb.tif', 0.6)).toMatchObject({ state: 'labelled', thresholdsVersion: 5 });
  });

  it('asks nobody about a version of a file that a newer one has replaced', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const prompt = { decision: 'prompt', category: 'Tips' } as const;
    expect(labelOf({ supersededBy: 'x' }, prompt, 'ask', at)).toMatchObject({ basis: 'superseded' });
    expect(labelOf({}, prompt, 'ask', at)).toBeUndefined();
    const auto = { decision: 'auto', category: 'Tips' } as const;
    expect(labelOf({ supersededBy: 'x' }, auto, 'auto', at)).toMatchObject({ basis: 'auto' });
  });

  it('asks about images of an instrument that the config no longer has', async () => {
    const c = classifying('auto');
    const stage = classifyStage({ store: c.store, model, alignmentHead, instruments: [], thresholds: () => ({ version: 1, auto: 0.8, prompt: 0.35 }), now: c.now }); // prettier-ignore
    const hash = c.readAs('a.tif', 0.99);
    await stage.run(c.store.images.need(hash));
    expect(c.store.images.need(hash).state).toBe('asked');
  });

  it('puts aside an image without its bottlenecks, and a retry reads it again', async () => {
    const c = classifying('auto');
    const hash = c.readAs('a.tif', undefined);
    const image = c.store.images.need(hash);
    const error = await c.stage.run(image).then(() => undefined, (thrown: unknown) => thrown); // prettier-ignore
    expect(error).toMatchObject({ code: 'bottlenecks_missing', retryable: false });
    await c.stage.failed(image, error as never);
    expect(c.store.images.need(hash)).toMatchObject({ state: 'quarantined', error: { code: 'bottlenecks_missing' } }); // prettier-ignore
    c.store.images.retry(hash, 'Anna', c.at());
    expect(c.store.images.need(hash).state).toBe('settled');
  });

  it('has the bottlenecks made again for an image that was read under another backbone', async () => {
    const c = classifying('auto');
    const hash = c.readAs('a.tif', undefined, undefined, Buffer.from('$CM_FORMAT JEOL-SEM'));
    c.store.bottlenecks.put(hash, { backbone: 'a'.repeat(64), preprocessing: PREPROCESSING, engine: 'onnx', views: [new Float32Array([0.1])] }); // prettier-ignore
    const jobs: string[] = [];
    const again = bottlenecksAgain({
      store: c.store,
      ready: async () => {},
      acquired: async (sha256) => `spool/${sha256}`,
      model: { backbone: 'b', engine: 'wasm', threads: 1 },
      limits: { pixels: 1e9 },
      now: c.now,
      run: async (job) => {
        jobs.push(`${job.path} ${job.backbone} ${job.sidecar?.name} ${String(job.sidecar?.bytes)}`);
        const bottlenecks = { backbone: BACKBONE, preprocessing: PREPROCESSING, engine: 'wasm' as const, views: [new Float32Array([0.9])] }; // prettier-ignore
        return { bottlenecks } as ImageFacts;
      },
    });
    const stage = classifyStage({ store: c.store, model, alignmentHead, instruments: [c.instrument({ mode: 'auto' })], thresholds: () => ({ version: 1, auto: 0.8, prompt: 0.35 }), again, now: c.now }); // prettier-ignore
    await stage.run(c.store.images.need(hash));
    expect(jobs).toEqual([`spool/${hash} b a.txt $CM_FORMAT JEOL-SEM`]);
    expect(c.store.images.need(hash)).toMatchObject({ state: 'labelled', category: 'Tips', score: 0.9 });
    expect(c.store.bottlenecks.get(hash, BACKBONE, PREPROCESSING)?.views).toHaveLength(1);
  });

  it('hands out what is read, oldest first, without what is in work', () => {
    const c = classifying('auto');
    const hashes = ['a.tif', 'bb.tif', 'ccc.tif'].map((name) => c.readAs(name, 0.9));
    expect(c.stage.due(10, new Set()).map((i) => i.sha256)).toEqual(hashes);
    expect(c.stage.due(1, new Set([hashes[0]!])).map((i) => i.sha256)).toEqual([hashes[1]]);
  });

  it('lets an image wait whose bottlenecks were begun to be made anew and never finished', () => {
    const c = classifying('auto');
    const [a, b] = [c.readAs('a.tif', undefined), c.readAs('bb.tif', 0.9)];
    c.store.attempts.begin(a, 'read', 'a.tif', c.at());
    expect(c.stage.due(10, new Set()).map((i) => i.sha256)).toEqual([b]);
  });
});

describe('in a folder that people have split', () => {
  it.each([
    ['the nearest part', (series: number[]) => Promise.resolve(series.at(-1)), 0],
    ['the newest where nothing is known of its features', () => Promise.resolve(undefined), 1],
    ['the newest where the process that compares ended', () => Promise.reject(new Error('ended')), 1],
  ])('an image joins %s', async (_, found: (series: number[]) => Promise<number | undefined>, which) => {
    const asked: number[][] = [];
    const nearest = (_sha256: string, series: number[]) => {
      asked.push(series);
      return found(series);
    };
    const c = classifying('ask', undefined, { nearest, untaught: () => undefined });
    const [first, second] = [await c.classify('a.tif', 0.6), await c.classify('b.tif', 0.5)];
    expect(asked).toEqual([]); // there was only one
    const old = first.series!;
    const added = c.store.series.split(old, [second.sha256], 'Anna', c.at());
    const { series } = await c.classify('c.tif', 0.4);
    expect(asked).toEqual([[added, old]]);
    expect(series).toBe([old, added][which]);
  });
});
