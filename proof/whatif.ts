// Claim: what the page says that thresholds would have done is what the router itself does to the same images, integer for integer, and 100,000 images take less than 200 ms.

import { publishRules } from '../src/domain/publish.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pino from 'pino';
import { checkConfig } from '../src/config/load.ts';
import { answers } from '../src/decide/answers.ts';
import { CATEGORIES, type Category } from '../src/domain/categories.ts';
import type { Confirmed } from '../src/domain/confirmed.ts';
import { DECISIONS, decide, type Decision, type Pair, type ThresholdsValue } from '../src/domain/decision.ts';
import type { Label } from '../src/domain/label.ts';
import { randomOf } from '../src/domain/random.ts';
import { ranked, scoresOf, type Scores } from '../src/domain/scores.ts';
import { columnsFrom } from '../src/learn/confirmed-history.ts';
import { whatIf, type Outcomes } from '../src/learn/what-if.ts';
import { buildApp } from '../src/serve/app.ts';
import { onScreens } from '../src/serve/on-screens.ts';
import type { WhatIfAnswer } from '../src/serve/routes/thresholds.ts';
import { pairsText } from '../src/serve/thresholds-query.ts';
import { statusOf } from '../src/serve/status.ts';
import { addSearchTerms } from '../src/store/search-terms.ts';
import { openStore, type Store } from '../src/store/store.ts';
import type { Proof } from './run.ts';
import { makeLab, startSemtag, type Lab } from './lib/service.ts';
import { format, median, printTable } from './lib/table.ts';
import { sha256 } from './lib/wait.ts';

const HISTORIES = 200;
const MOST_MS = 200;
/** Once after a start, read in pieces beside everything else, with its progress on the page. */
const MOST_COLD_MS = 10_000;
const BORDERS = [0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1];
const ROUNDS = 15;

type Image = { scores: Scores; truth: Category | null | undefined };
type Counts = Record<Decision, Outcomes>;
/** of all images, and of each category that has some */
type Found = { all: { counts: Counts }; perCategory: Record<string, { counts: Counts }> };
type Random = () => number;

export const proof: Proof = {
  claim: 'what-if is what the router does to the same images, integer for integer, and 100,000 images take less than 200 ms',
  async prove({ n, short }) {
    const random = randomOf(20);
    const large = n ?? (short ? 5000 : 100_000);
    let [compared, differ, images] = [0, 0, 0];
    for (let k = 0; k < HISTORIES; k++) {
      const value = thresholdsOf(random);
      const history = historyOf(random, value, k % 20 === 0 ? 0 : Math.ceil(random() * 400));
      images += history.length;
      for (const [mine, theirs] of pairsOfCounts(inCore(history, value), replayed(history, value))) {
        compared++;
        if (mine !== theirs) differ++;
      }
    }
    const service = await throughService(random, short ? 2 : 20);
    const speed = await speeds(random, large);
    printTable(
      ['what-if against decide()', 'histories', 'images', 'integers', 'that differ'],
      [
        ['in the core', HISTORIES, images, compared, differ],
        ['through the API of a running service', service.asked, service.images, service.compared, service.differ],
      ],
    );
    printTable(
      [`${large} images`, 'median, ms', 'slowest, ms'],
      [
        ['the core alone, all and ten categories', median(speed.core), Math.max(...speed.core)],
        ['one request, two settings, past error, waiting images', median(speed.api), Math.max(...speed.api)],
        ['the first request after a start reads the history', speed.cold, speed.cold],
        ['the plots', median(speed.plots), Math.max(...speed.plots)],
      ],
    );
    const equal = differ === 0 && service.differ === 0 && compared > 0 && service.compared > 0;
    return {
      ok: equal && (short || (median(speed.core) < MOST_MS && median(speed.api) < MOST_MS && speed.cold < MOST_COLD_MS)),
      figures: `${compared} integers of ${HISTORIES} histories and ${service.compared} through the API, ${differ + service.differ} differ; ${large} images: core ${format(median(speed.core))} ms, request ${format(median(speed.api))} ms, slowest ${format(Math.max(...speed.api))} ms, the first one ${format(speed.cold)} ms${short ? '; speed not judged' : ''}`,
    };
  },
}; // prettier-ignore

function thresholdsOf(random: Random): ThresholdsValue {
  const border = () => (random() < 0.6 ? BORDERS[Math.floor(random() * BORDERS.length)]! : Number(random().toFixed(6))); // prettier-ignore
  const pair = (): Pair => {
    const [a, b] = [border(), border()];
    return { auto: Math.max(a, b), prompt: Math.min(a, b) };
  };
  const own = CATEGORIES.filter(() => random() < 0.25).map((name) => [name, pair()] as const);
  return { ...pair(), ...(own.length ? { perCategory: Object.fromEntries(own) } : {}) };
}

/** Top scores on the borders and off them, equal scores, the same image twice, categories that never come. */
function historyOf(random: Random, value: ThresholdsValue, n: number): Image[] {
  const there = CATEGORIES.filter(() => random() < 0.6);
  const borders = [value, ...Object.values(value.perCategory ?? {})].flatMap(({ auto, prompt }) => [auto, prompt]); // prettier-ignore
  const images: Image[] = [];
  for (let i = 0; i < n; i++) {
    const last = images.at(-1);
    if (last && random() < 0.1) {
      images.push(last);
      continue;
    }
    const first = (there.length ? there : CATEGORIES)[Math.floor(random() * (there.length || 10))]!;
    const top = random() < 0.4 ? borders[Math.floor(random() * borders.length)]! : 0.1 + 0.9 * random();
    const others = CATEGORIES.map(() => (random() < 0.3 ? 0.3 : random()));
    const sum = CATEGORIES.reduce((all, c, k) => all + (c === first ? 0 : others[k]!), 0);
    const scores = scoresOf(CATEGORIES.map((c, k) => (c === first ? top : ((1 - top) * others[k]!) / sum)));
    const [best, second] = ranked(scores);
    const said = random();
    const truth = said < 0.6 ? best!.category : said < 0.8 ? second!.category : said < 0.9 ? CATEGORIES[Math.floor(random() * 10)]! : said < 0.96 ? null : undefined; // prettier-ignore
    images.push({ scores, truth });
  }
  return images;
}

function inCore(history: Image[], value: ThresholdsValue): Found {
  const found = whatIf({ columns: columnsFrom(history.map(confirmed)), rows: undefined, automatic: false }, value); // prettier-ignore
  const perCategory = Object.fromEntries(CATEGORIES.map((c, k) => [c, found.perCategory[k]!]));
  return { all: found.all, perCategory };
}

function confirmed({ scores, truth }: Image, i: number): Confirmed {
  const [first, second] = ranked(scores);
  return {
    top: first!.category,
    score: first!.score,
    second: second!.category,
    truth,
    stratum: 'asked',
    weight: 1,
    series: i,
    project: undefined,
    instrument: 'sem',
    version: 1,
    head: '',
  };
}

/** The router itself, one image after the other. */
function replayed(history: Image[], value: ThresholdsValue): Found {
  const zero = () => Object.fromEntries(DECISIONS.map((d) => [d, { first: 0, second: 0, neither: 0 }])) as Counts; // prettier-ignore
  const all = { counts: zero() };
  const perCategory = Object.fromEntries(CATEGORIES.map((c) => [c, { counts: zero() }]));
  for (const { scores, truth } of history) {
    const { decision, category, suggestions } = decide(scores, { version: 1, ...value });
    const outcome = truth === category ? 'first' : truth === suggestions[1]!.category ? 'second' : 'neither';
    for (const { counts } of [all, perCategory[category]!]) counts[decision][outcome]++;
  }
  return { all, perCategory };
}

function pairsOfCounts(mine: Found, theirs: Found): [number, number][] {
  const flat = ({ all, perCategory }: Found) =>
    [all, ...CATEGORIES.map((c) => perCategory[c]!)].flatMap(({ counts }) =>
      DECISIONS.flatMap((d) => [counts[d].first, counts[d].second, counts[d].neither]),
    );
  const others = flat(theirs);
  return flat(mine).map((one, k) => [one, others[k]!]);
}

const IN_FORCE = { auto: 0.8, prompt: 0.35 };
const STORED = 3;

/** The service as a process of its own, over stores that were filled while it was down: answers corrected and taken back among them. */
async function throughService(random: Random, asked: number) {
  const sum = { asked: 0, images: 0, compared: 0, differ: 0 };
  for (let round = 0; round < STORED; round++) {
    const lab: Lab = makeLab({ more: { log: { level: 'warn' }, ask: { hold: 1e7 }, teach: { hold: 1e7 } } });
    try {
      const usual = thresholdsOf(random);
      const made = historyOf(random, usual, 300);
      const store = openStore(lab.dataDir);
      store.thresholds.save(IN_FORCE, 'made up', 'proof', new Date().toISOString());
      const stands = made.map((image, i) => stored(store, i, image));
      store.close();
      const history = stands.filter((one) => one !== undefined);
      const service = await startSemtag(lab);
      sum.images += history.length;
      try {
        for (let k = 0; k < asked; k++) {
          const value = k === 0 ? usual : thresholdsOf(random);
          const answer = await service.get<WhatIfAnswer>(`/api/thresholds/what-if?${queryOf(value)}`);
          const pairs = [
            ...pairsOfCounts(answer.candidate, replayed(history, value)),
            ...pairsOfCounts(answer.against, replayed(history, IN_FORCE)),
            [answer.waiting.asked, made.length - history.length] as const,
          ];
          sum.compared += pairs.length;
          sum.differ += pairs.filter(([mine, theirs]) => mine !== theirs).length;
          sum.asked++;
        }
      } finally {
        await service.stop();
      }
    } finally {
      lab.remove();
    }
  }
  return sum;
}

const queryOf = ({ auto, prompt, perCategory }: ThresholdsValue) =>
  new URLSearchParams({
    auto: String(auto),
    prompt: String(prompt),
    perCategory: pairsText(perCategory),
  }).toString();

/** By the store's own commits: an image that waits, a person's answer, some corrected, some taken back. What stands in the end; undefined: it waits again. */
function stored(store: Store, i: number, image: Image): Image | undefined {
  const other = CATEGORIES.find((category) => category !== image.truth)!;
  const hash = answered(store, i, i % 7 === 0 ? { ...image, truth: other } : image);
  const at = new Date().toISOString();
  if (i % 7 === 0) store.revisions.label(hash, labelOf(image.truth, at));
  if (i % 11 !== 0) return image;
  store.revisions.undo(hash, 'proof', at);
  return undefined;
}

function answered(store: Store, i: number, { scores, truth }: Image): string {
  const at = new Date().toISOString();
  const hash = sha256(Buffer.from(`what if ${i}`));
  const place = { instrument: 'sem', dir: Buffer.from(`s${i % 9}`), name: Buffer.from(`${i}.tif`) };
  store.files.see([{ sighting: { ...place, role: 'image', size: 1, mtime_ns: '1' }, state: 'seen' }], at);
  const file = store.files.current(place.instrument, place.dir, place.name)!;
  store.files.settle({
    file,
    sha256: hash,
    bytes: 1,
    mediaType: 'image/tiff',
    name: `${i}.tif`,
    facts: {},
    at,
  });
  const picture = { width: 8, height: 8, bitsPerSample: 8, scanArea: { width: 8, height: 8, origin: 'pixels' } }; // prettier-ignore
  store.images.read(hash, { format: 'generic', fields: {}, warnings: [], page: 0 }, picture, {}, at);
  const [first] = ranked(scores);
  const backbone = { name: 'b', sha256: 'b'.repeat(64) };
  const model = { name: 'h', head: 'd'.repeat(64), backbone, preprocessing: '1', engine: 'onnx' };
  const thresholds = { version: 1, auto: 0.8, prompt: 0.35 };
  store.images.classified(hash, { scores, category: first!.category, score: first!.score, decision: 'prompt', thresholds, model }, undefined, at); // prettier-ignore
  store.revisions.label(hash, labelOf(truth, at));
  return hash;
}

function labelOf(truth: Image['truth'], at: string): Label {
  const kind = truth === undefined ? 'unusable' : truth === null ? 'none_of_these' : 'category';
  return { kind, ...(truth ? { category: truth } : {}), basis: 'answer', by: 'proof', at };
}

/** A store with so many answered images and the app that listens on it, asked over HTTP. */
async function speeds(random: Random, n: number) {
  const home = mkdtempSync(join(tmpdir(), 'semtag-proof-'));
  const store = openStore(home);
  try {
    store.thresholds.save({ auto: 0.8, prompt: 0.35 }, 'made up', 'proof', new Date().toISOString());
    const history = historyOf(random, { auto: 0.8, prompt: 0.35 }, n);
    fill(home, history);
    const columns = columnsFrom(history.map(confirmed));
    const core = await times(async () => void whatIf({ columns, rows: undefined, automatic: false }, thresholdsOf(random))); // prettier-ignore
    const config = checkConfig({ dataDir: home, instruments: [{ name: 'sem', root: home, mode: 'auto' }] });
    const live = { version: '0', uptime: 0, intake: { paused: false }, model: null };
    const none = async () => '';
    const app = await buildApp({
      store,
      config,
      rules: publishRules(config.publish, config.projects.private),
      answers: answers(store, () => undefined),
      screens: onScreens(),
      webDir: home,
      logger: pino({ level: 'silent' }),
      status: (sight) => statusOf(store, config, live, sight),
      secret: '',
      files: {
        thumb: () => '',
        picture: none,
        acquired: none,
        tagged: async () => ({ path: '', temporary: false }),
      },
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/thresholds`;
    const ask = async (path: string) => {
      const answer = (await (await fetch(`${url}/${path}`)).json()) as WhatIfAnswer;
      if (path.startsWith('what') && answer.candidate.all.images !== n) throw new Error(`${answer.candidate.all.images} images of ${n}`); // prettier-ignore
    };
    const [cold] = await times(() => ask(`what-if?${queryOf(thresholdsOf(random))}`), 1);
    const api = await times(() => ask(`what-if?${queryOf(thresholdsOf(random))}`));
    const plots = await times(() => ask('plots'));
    await app.close();
    return { core, api, plots, cold: cold! };
  } finally {
    store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Written at once: the commits of 100,000 answers would take an hour. The triggers of the schema are those of every answer. */
function fill(dataDir: string, history: Image[]): void {
  const db = new Database(join(dataDir, 'semtag.db'));
  addSearchTerms(db);
  const at = new Date().toISOString();
  const image = db.prepare(
    `INSERT INTO image (sha256, state, instrument, name, bytes, media_type, scores, category, score, decision, model, thresholds_version, series,
       settled_at, changed_at, spooled_at) VALUES (?, 'forwarded', 'sem', ?, 1, 'image/tiff', ?, ?, ?, 'prompt', ?, 1, NULL, ?, ?, ?)`,
  );
  const label = db.prepare(`INSERT INTO label (id, sha256, kind, category, basis, by, at) VALUES (?, ?, ?, ?, 'answer', 'proof', ?)`); // prettier-ignore
  const own = db.prepare('UPDATE image SET label_id = ? WHERE sha256 = ?');
  const model = JSON.stringify({ name: 'h', head: 'd'.repeat(64) });
  db.transaction(() => {
    for (const [i, { scores, truth }] of history.entries()) {
      const hash = sha256(Buffer.from(`image ${i}`));
      const [first] = ranked(scores);
      image.run(hash, `${i}.tif`, JSON.stringify(scores), first!.category, first!.score, model, at, at, at);
      const kind = truth === undefined ? 'unusable' : truth === null ? 'none_of_these' : 'category';
      label.run(i + 1, hash, kind, truth ?? null, at);
      own.run(i + 1, hash);
    }
  })();
  db.close();
}

async function times(what: () => Promise<void>, rounds = ROUNDS): Promise<number[]> {
  const all: number[] = [];
  for (let k = 0; k < rounds; k++) {
    const start = performance.now();
    await what();
    all.push(performance.now() - start);
  }
  return all;
}
