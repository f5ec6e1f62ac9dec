// Claim: a model is the same wherever it runs and in whatever form: engines, exports and a second machine's import give the same; and training is quick.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { allBackbones, loadBackbone, type Backbone } from '../src/classify/backbones.ts';
import { createEngine } from '../src/classify/engine.ts';
import { scoresFrom, type Head } from '../src/classify/head.ts';
import { loadModel } from '../src/classify/model.ts';
import { PREPROCESSING, viewsOf, pictureOf } from '../src/classify/preprocess.ts';
import type { Line } from '../src/cli/classified.ts';
import { imageFiles } from '../src/cli/image-files.ts';
import { DEFAULT_LIMITS } from '../src/config/schema.ts';
import { CATEGORIES } from '../src/domain/categories.ts';
import type { Grey } from '../src/domain/grey.ts';
import type { ScanArea } from '../src/domain/header.ts';
import type { EngineName } from '../src/domain/job.ts';
import { randomOf } from '../src/domain/random.ts';
import type { Scores } from '../src/domain/scores.ts';
import { hashShare } from '../src/learn/split.ts';
import { readImage } from '../src/read/image.ts';
import { halves, pooled } from './lib/bottleneck-rate.ts';
import { headSpeed } from './lib/head-speed.ts';
import { ROOT } from './lib/service.ts';
import { format, median, printTable } from './lib/table.ts';
import type { Proof } from './run.ts';

const FEATURES_APART = 1e-3;
const SCORES_APART = 1e-3;
const PLAIN_ONNX_APART = 1e-4;
const TRAINING_SECONDS = 60;
const REFIT_SECONDS = 3;
const LEAST_RATIO = 0.85;
const FULL = { images: 24, large: 6, rounds: 3, throughput: 120 };
const SHORT = { images: 6, large: 2, rows: 1500, training: 40, rounds: 1, throughput: 8 };
/** Inception takes 0.4 s a view in wasm */
const LARGE = 250;

type Result = { ok: boolean; figures: string };
type Sample = { file: string; grey: Grey; scanArea: ScanArea };

export const proof: Proof = {
  claim: 'ONNX and TensorFlow.js, exports and imports of a model give the same scores; a head is trained within a minute; making bottlenecks costs little more than the network',
  defaultDir: '../shared/sem-images',
  async prove({ dir, n, short }) {
    const size = short ? SHORT : FULL;
    const files = imageFiles([dir]).map(({ file }) => file).sort((a, b) => hashShare(basename(a)) - hashShare(basename(b)));
    const samples = await readSamples(files, n ?? size.images);
    if (samples.length === 0) return { ok: false, figures: `no images that can be read in ${dir}` };
    const home = mkdtempSync(join(tmpdir(), 'semtag-parity-'));
    try {
      const parts = [
        await engines(samples, size.large),
        await moved(samples, home),
        await plainOnnx(samples, home),
        await tensorflow(samples, home),
        await training(dir, short),
        await throughput(files, size, short),
      ];
      return { ok: parts.every(({ ok }) => ok), figures: parts.map(({ figures }) => figures).join('; ') };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
}; // prettier-ignore

/** The first `n` that can be read, each as the grey picture that the service sees. */
async function readSamples(files: string[], n: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const file of files) {
    if (samples.length === n) break;
    await readImage({ path: file, name: basename(file), limits: DEFAULT_LIMITS }, async (grey, scanArea) => {
      samples.push({ file, grey: { ...grey, data: grey.data.slice() }, scanArea });
      return undefined;
    }).catch(() => undefined);
  }
  return samples;
}

/** Every backbone that is here, in ONNX Runtime and in TensorFlow.js. */
async function engines(samples: Sample[], large: number): Promise<Result> {
  const rows: (string | number)[][] = [];
  for (const backbone of allBackbones()) {
    const here = await loadBackbone(backbone).catch(() => undefined);
    if (!here) {
      console.log(`${backbone.name}: left out, its file is not here`);
      continue;
    }
    const chosen = samples.slice(0, backbone.side > LARGE ? large : samples.length);
    const [a, b] = [await bottlenecksBy('onnx', backbone, chosen), await bottlenecksBy('wasm', backbone, chosen)];
    const head = await headFor(backbone, a.flat());
    const scores = (views: Float32Array[]) => scoresFrom(head, { backbone: backbone.sha256, preprocessing: PREPROCESSING, engine: 'onnx', views });
    const features = Math.max(...a.flatMap((views, i) => views.map((v, k) => apart(v, b[i]![k]!))));
    const worst = Math.max(...a.map((views, i) => scoresApart(scores(views), scores(b[i]!))));
    rows.push([backbone.name, chosen.length, features.toExponential(1), worst.toExponential(1), head.name]);
  }
  printTable(['ONNX Runtime against TensorFlow.js wasm', 'images', '|a - b| / |a|, worst', 'a score, worst', 'head'], rows);
  const [features, scores] = [2, 3].map((k) => Math.max(...rows.map((r) => Number(r[k]))));
  return {
    ok: rows.length > 0 && features! <= FEATURES_APART && scores! <= SCORES_APART,
    figures: `${rows.length} backbones: features within ${features!.toExponential(1)}, scores within ${scores!.toExponential(1)} between ONNX and TensorFlow.js`,
  };
} // prettier-ignore

async function bottlenecksBy(name: EngineName, backbone: Backbone, samples: Sample[]): Promise<Float32Array[][]> {
  const engine = await createEngine(name, backbone);
  const made: Float32Array[][] = [];
  for (const { grey, scanArea } of samples)
    made.push(await engine.features(viewsOf(pictureOf(grey, scanArea), backbone.side)));
  await engine.close();
  return made;
} // prettier-ignore

/** The shipped one, or for another backbone a seeded one that makes as much of the features: standardised, weights that give logits of size 2. */
async function headFor(backbone: Backbone, views: Float32Array[]): Promise<Head> {
  const shipped = await loadModel({});
  if (shipped.backbone.sha256 === backbone.sha256) return shipped.head;
  const random = randomOf(1);
  const { length } = backbone;
  const mean = new Float32Array(length);
  const scale = new Float32Array(length);
  for (let j = 0; j < length; j++) {
    const of = views.map((v) => v[j]!);
    mean[j] = of.reduce((a, b) => a + b, 0) / of.length;
    scale[j] = 1 / (Math.sqrt(of.reduce((a, b) => a + (b - mean[j]!) ** 2, 0) / of.length) + 1e-3);
  }
  const weights = Float32Array.from({ length: length * CATEGORIES.length }, () => (4 * (random() - 0.5) * 1.7) / Math.sqrt(length));
  const { name, sha256, preprocessing } = backbone;
  return { name: 'seeded', sha256: '', backbone: { name, sha256 }, preprocessing, length, roots: false, temperature: 1, mean, scale, weights, bias: new Float32Array(CATEGORIES.length) };
} // prettier-ignore

/** Exported, imported on a machine that has nothing yet, classified there: the same numbers to the last bit. And a damaged folder is refused. */
async function moved(samples: Sample[], home: string): Promise<Result> {
  const out = join(home, 'moved');
  semtag(home, 'model', 'export', out, '--name', 'moved');
  const models = join(home, 'elsewhere');
  const imported = JSON.parse(semtag(models, 'model', 'import', out, '--json')) as { out: string; apart: number };
  const files = samples.map(({ file }) => file);
  const scored = (...head: string[]) =>
    semtag(models, 'classify', '--jsonl', ...head, ...files).trim().split('\n').map((l) => (JSON.parse(l) as Line).scores!);
  const [before, after] = [scored(), scored('--head', join(imported.out, 'head.json'))];
  const worst = Math.max(...before.map((s, i) => scoresApart(s, after[i]!)));
  const refused: string[] = [];
  for (const name of ['head.json', 'backbone.onnx', 'labels.txt', 'backbone.json', 'model.json']) {
    const broken = join(home, 'broken');
    cpSync(out, broken, { recursive: true });
    truncateSync(join(broken, name), readFileSync(join(broken, name)).length - 2);
    if (failure(models, 'model', 'import', broken, '--force').includes(join(broken, name))) refused.push(name);
    rmSync(broken, { recursive: true });
  }
  console.log(`moved: ${files.length} images, scores apart by ${worst}; known picture apart by ${imported.apart}; cut short and refused by name: ${refused.join(', ')}`);
  return {
    ok: worst === 0 && imported.apart === 0 && refused.length === 5,
    figures: `exported and imported: scores apart by ${worst}, ${refused.length} of 5 damaged folders refused by name`,
  };
} // prettier-ignore

async function plainOnnx(samples: Sample[], home: string): Promise<Result> {
  const out = join(home, 'plain');
  semtag(home, 'model', 'export', out, '--form', 'onnx');
  const session = await ort.InferenceSession.create(join(out, 'model.onnx'), { intraOpNumThreads: 1 });
  const worst = await againstOurs(samples, out, async (views, side) => {
    const x = new Float32Array(views.length * 3 * side * side);
    for (const [i, view] of views.entries()) for (let c = 0; c < 3; c++) x.set(view, (3 * i + c) * side * side);
    const { scores } = await session.run({ views: new ort.Tensor('float32', x, [views.length, 3, side, side]) });
    return scores!.data as Float32Array;
  });
  await session.release();
  console.log(`plain ONNX: ${samples.length} images, scores within ${worst.toExponential(1)}`);
  return { ok: worst <= PLAIN_ONNX_APART, figures: `plain ONNX within ${worst.toExponential(1)}` };
} // prettier-ignore

async function tensorflow(samples: Sample[], home: string): Promise<Result> {
  const out = join(home, 'tfjs');
  semtag(home, 'model', 'export', out, '--form', 'tfjs');
  const { modelTopology, weightsManifest, signature } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8')) as {
    modelTopology: object;
    signature: object;
    weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
  };
  const data = readFileSync(join(out, weightsManifest[0]!.paths[0]!));
  const weightData = new Uint8Array(data).buffer;
  // the backend is the one that the engine above set
  const model = await tf.loadGraphModel({
    load: async () => ({ modelTopology, signature, weightSpecs: weightsManifest[0]!.weights, weightData }),
  });
  const worst = await againstOurs(samples, out, async (views, side) => {
    const scores = tf.tidy(() => {
      const stacked = tf.stack(views.map((v) => tf.tile(tf.tensor3d(v, [side, side, 1]), [1, 1, 3])));
      return model.execute({ views: stacked }, 'scores') as tf.Tensor;
    });
    const values = await scores.data();
    scores.dispose();
    return values;
  });
  console.log(`TensorFlow.js graph model (${tf.getBackend()}): ${samples.length} images, scores within ${worst.toExponential(1)}`);
  return { ok: worst <= SCORES_APART, figures: `TensorFlow.js export within ${worst.toExponential(1)}` };
} // prettier-ignore

/** Largest difference of a score from semtag's own, over all samples. The labels file must name the ten in their order. */
async function againstOurs(samples: Sample[], out: string, run: (views: Float32Array[], side: number) => Promise<ArrayLike<number>>): Promise<number> {
  const { backbone, head } = await loadModel({});
  const labels = readFileSync(join(out, 'labels.txt'), 'utf8').trim().split('\n');
  const engine = await createEngine('onnx', backbone);
  let worst = 0;
  for (const { grey, scanArea } of samples) {
    const views = viewsOf(pictureOf(grey, scanArea), backbone.side);
    const ours = scoresFrom(head, { backbone: backbone.sha256, preprocessing: PREPROCESSING, engine: 'onnx', views: await engine.features(views) });
    const theirs = await run(views, backbone.side);
    for (const [i, label] of labels.entries()) worst = Math.max(worst, Math.abs(ours[label as keyof Scores] - theirs[i]!));
  }
  await engine.close();
  return worst;
} // prettier-ignore

/** On one thread, in CPU seconds: what else the machine does says nothing. */
async function training(dir: string, short: boolean): Promise<Result> {
  const rows = await headSpeed(dir, short ? { rows: SHORT.rows, images: SHORT.training } : undefined);
  printTable(['training a head', 'rows', 'seconds', 'CPU seconds', 'steps'], rows.map(({ what, rows: n, seconds, cpu, steps }) => [what, n, seconds.toFixed(1), cpu.toFixed(1), steps]));
  const [fresh, , refit] = rows;
  return {
    ok: short || (fresh!.cpu <= TRAINING_SECONDS && refit!.cpu <= REFIT_SECONDS),
    figures: `${fresh!.what} trained in ${fresh!.cpu.toFixed(1)} s of one core, ${refit!.what} in ${refit!.cpu.toFixed(1)} s`,
  };
} // prettier-ignore

/**
 * Training bottlenecks through the pool against the slower half alone, with as many processes; in turn, so that the machine's moods hit both.
 * Judged with the number of children that `train` starts by itself, one less than there are cores: the last core is for the parent and for
 * whoever else works here. With a child on every core the parent takes its time from them; that is printed.
 */
async function throughput(files: string[], size: { rounds: number; throughput: number }, short: boolean): Promise<Result> {
  const cores = availableParallelism();
  const byDefault = Math.max(1, cores - 1);
  const chosen = Array.from({ length: size.throughput }, (_, i) => files[i % files.length]!);
  const rows: number[][] = [];
  for (let round = 0; round < size.rounds; round++)
    for (const children of new Set([byDefault, cores])) {
      const read = await halves('read', children, chosen, 15);
      const network = await halves('network', children, chosen, 15);
      const made = await pooled(chosen, children);
      rows.push([children, read, network, made, made / Math.min(read, network)]);
    }
  printTable(['images/s, 15 views', 'processes', 'reading alone', 'network alone', 'bottlenecks', 'ratio'], rows.map((r) => ['', ...r]));
  const middle = (children: number, column: number) => median(rows.filter((r) => r[0] === children).map((r) => r[column]!));
  const ratio = middle(byDefault, 4);
  return {
    ok: short || ratio >= LEAST_RATIO,
    figures: `${format(middle(byDefault, 3))} images/s with 15 views each by ${byDefault} process(es), ${ratio.toFixed(2)} of the slower half alone${short ? ', not judged' : ''}; with a child on every core ${middle(cores, 4).toFixed(2)}`,
  };
} // prettier-ignore

function semtag(models: string, ...args: string[]): string {
  const env = { ...process.env, SEMTAG_MODELS: models };
  return execFileSync(process.execPath, [join(ROOT, 'dist', 'main.js'), ...args], { env, encoding: 'utf8', maxBuffer: 1 << 28 });
} // prettier-ignore

/** What it says on stderr; empty where it does not fail. */
function failure(models: string, ...args: string[]): string {
  try {
    execFileSync(process.execPath, [join(ROOT, 'dist', 'main.js'), ...args], { env: { ...process.env, SEMTAG_MODELS: models }, encoding: 'utf8', stdio: 'pipe' }); // prettier-ignore
    return '';
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
}

/** |a - b| / |a| */
function apart(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let length = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    length += a[i]! ** 2;
  }
  return Math.sqrt(difference / length);
}

function scoresApart(a: Scores, b: Scores): number {
  return Math.max(...CATEGORIES.map((c) => Math.abs(a[c] - b[c])));
}
