// A real store in a temporary directory with images in chosen states, made through the store's own functions, and the app on it.

import { publishRules } from '../../src/domain/publish.ts';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import pino from 'pino';
import sharp from 'sharp';
import { makeFixtures, type Fixture } from '../../fixtures/generate.ts';
import { checkConfig } from '../../src/config/load.ts';
import { answers } from '../../src/decide/answers.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { decide } from '../../src/domain/decision.ts';
import type { Field, HeaderFields, Unit } from '../../src/domain/header.ts';
import type { Label } from '../../src/domain/label.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import { SemtagError } from '../../src/errors.ts';
import type { Classification } from '../../src/record/record.ts';
import { buildApp } from '../../src/serve/app.ts';
import type { AppDeps } from '../../src/serve/deps.ts';
import { onScreens } from '../../src/serve/on-screens.ts';
import { statusOf, type Live } from '../../src/serve/status.ts';
import { openStore, type Store } from '../../src/store/store.ts';

export type World = {
  dir: string;
  store: Store;
  deps: AppDeps;
  /** what the service alone knows; tests change it */
  live: Live;
  fixtures: Fixture[];
  /** settles the nth fixture and brings it to `read`; gives its SHA-256 */
  read(n: number, options?: { at?: string; name?: string }): Promise<string>;
  /** `asked` with the two categories first, the first one with this score */
  asked(
    n: number,
    first: Category,
    second: Category,
    score: number,
    options?: { at?: string },
  ): Promise<string>;
  automatic(n: number, category: Category, at?: string): Promise<string>;
  /** labelled by itself and to be checked by a person; `head`: what the head alone names, where answers made something else of it */
  checked(n: number, category: Category, head?: Category): Promise<string>;
  /** of an instrument in mode observe: classified, never labelled */
  observed(n: number, category: Category, score: number): Promise<string>;
  forwarded(sha256: string): void;
  aside(n: number): string;
  incomplete(name: string): number;
  /** `files`: what is injected without credentials comes as from the command line, which may manage */
  app(as?: 'loopback' | 'files'): Promise<FastifyInstance>;
  close(): Promise<void>;
};

export const WEB = join(import.meta.dirname, '../../dist/serve/web');

/** Pictures are drawn once in a test file for each size, and written for each world: the first ones of a larger set are the same. */
const sets = new Map<number, { fixture: Fixture; bytes: Buffer }[]>();

async function drawn(size: number, n: number): Promise<{ fixture: Fixture; bytes: Buffer }[]> {
  const have = sets.get(size) ?? [];
  if (have.length >= n) return have.slice(0, n);
  const dir = mkdtempSync(join(tmpdir(), 'semtag-drawn-'));
  const made = await makeFixtures(dir, { seed: 11, n, size });
  const set = made.map((fixture) => ({ fixture, bytes: readFileSync(join(dir, fixture.file)) }));
  rmSync(dir, { recursive: true });
  sets.set(size, set);
  return set;
}

/** `n` fixtures of `size` pixels; frames and 16-bit ones are left out, sharp reads the rest. */
export async function makeWorld({ n = 12, size = 256, webDir = WEB } = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-serve-'));
  for (const folder of ['data', 'thumbs', 'pictures', 'acquired']) mkdirSync(join(dir, folder));
  const made = await drawn(size, n * 3);
  const chosen = made
    .filter(({ fixture: f }) => !f.frame && f.bits === 8 && f.mediaType !== 'image/bmp')
    .slice(0, n);
  for (const { fixture, bytes } of chosen) writeFileSync(join(dir, 'acquired', fixture.file), bytes);
  const fixtures = chosen.map(({ fixture }) => fixture);
  const store = openStore(join(dir, 'data'));
  store.thresholds.save({ auto: 0.8, prompt: 0.35 }, 'from the config', 'config', now());
  const config = checkConfig({
    dataDir: join(dir, 'data'),
    instruments: [{ name: 'Merlin', root: join(dir, 'acquired'), mode: 'auto' }],
    targets: [{ name: 'archive', type: 'folder', path: dir }],
  });
  const live: Live = {
    version: '0.1.0',
    uptime: 12.5,
    intake: { paused: false },
    model: { name: 'test-head', engine: 'onnx' },
  };
  const path = (folder: string, sha256: string) => join(dir, folder, `${sha256}.jpg`);
  const byHash = new Map(fixtures.map((f) => [f.sha256, join(dir, 'acquired', f.file)]));
  const deps: AppDeps = {
    store,
    answers: answers(store, () => undefined),
    screens: onScreens(),
    config,
    rules: publishRules(config.publish, config.projects.private),
    secret: SECRET,
    files: {
      thumb: (sha256) => path('thumbs', sha256),
      picture: async (sha256) => path('pictures', sha256),
      acquired: async (sha256) => {
        const file = byHash.get(sha256);
        if (!file) throw new SemtagError('not_found', sha256);
        return file;
      },
      tagged: async (sha256) => ({ path: path('pictures', sha256), temporary: false }), // any other bytes will do
    },
    status: (sight) => statusOf(store, config, live, sight),
    webDir,
    logger: pino({ level: process.env['LOG'] ?? 'silent' }),
  };
  const apps: FastifyInstance[] = [];

  function settle(n: number, at: string, name = fixtures[n]!.file): string {
    const { sha256, mediaType, truth } = fixtures[n]!;
    const key = { instrument: 'Merlin', dir: Buffer.from('GaAs/run 3'), name: Buffer.from(name) };
    const sighting = { ...key, role: 'image' as const, size: 1000 + n, mtime_ns: '1700000000000000000' };
    store.files.see([{ sighting, state: 'seen' }], at);
    const file = store.files.current(key.instrument, key.dir, key.name)!;
    const project: Field<string> = { value: '2211', unit: null, origin: 'path' };
    const sample: Field<string> = { value: truth.sample_name ?? 'GaAs-17', unit: null, origin: 'path' };
    store.files.settle({ file, sha256, bytes: 1000 + n, mediaType, name, facts: { project, sample }, at });
    return sha256;
  }

  const world: World = {
    dir,
    store,
    deps,
    live,
    fixtures,
    async read(n, { at = now(), name } = {}) {
      const fixture = fixtures[n]!;
      const sha256 = settle(n, at, name);
      const { width, height, scanHeight } = fixture;
      const cut = sharp(byHash.get(sha256))
        .extract({ left: 0, top: 0, width, height: scanHeight })
        .greyscale();
      const bytes = await cut.jpeg({ quality: 88 }).toBuffer();
      await sharp(bytes).toFile(path('pictures', sha256));
      await sharp(bytes).resize(320, 320, { fit: 'inside' }).toFile(path('thumbs', sha256));
      const fields = headerOf(fixture);
      store.images.read(
        sha256,
        { format: fixture.vendor, fields, warnings: [], page: 0 },
        { width, height, bitsPerSample: 8, scanArea: { width, height: scanHeight, origin: 'header' } },
        {},
        at,
      );
      return sha256;
    },
    async asked(n, first, second, score, { at = now() } = {}) {
      const sha256 = await world.read(n, { at });
      store.images.classified(sha256, classification(first, second, score), undefined, at);
      return sha256;
    },
    async automatic(n, category, at = now()) {
      const sha256 = await world.read(n, { at });
      const other = CATEGORIES.find((c) => c !== category)!;
      const label: Label = { kind: 'category', category, basis: 'auto', by: 'semtag', at };
      store.images.classified(sha256, classification(category, other, 0.93), label, at);
      return sha256;
    },
    async checked(n, category, head = category) {
      const at = now();
      const sha256 = await world.read(n, { at });
      const other = CATEGORIES.find((c) => c !== category)!;
      const label: Label = { kind: 'category', category, basis: 'auto', by: 'semtag', at };
      const checking = { share: 1, head };
      store.images.classified(sha256, classification(category, other, 0.93), label, at, { checking });
      return sha256;
    },
    async observed(n, category, score) {
      const at = now();
      const sha256 = await world.read(n, { at });
      const other = CATEGORIES.find((c) => c !== category)!;
      const label: Label = { kind: 'unlabelled', basis: 'observe', by: 'semtag', at };
      store.images.classified(sha256, classification(category, other, score), label, at);
      return sha256;
    },
    forwarded(sha256) {
      const { revision, edition, name, bytes } = store.images.need(sha256);
      const objects = [{ place: `Merlin/${name}`, kind: 'image' as const, sha256: 'b'.repeat(64), bytes }];
      const record = `{"schema":"semtag-record/1","revision":${revision},"facts":{}}\n`;
      store.deliveries.tagged({
        sha256,
        revision,
        edition,
        record,
        method: 'tiff',
        taggedSha256: 'b'.repeat(64),
        deliveries: [{ target: 'archive', objects }],
        at: now(),
      });
      const delivery = store.deliveries.ofImage(sha256).at(-1)!;
      store.deliveries.received(delivery.id, objects, [], now());
    },
    aside(n) {
      const sha256 = settle(n, now());
      const message = `${fixtures[n]!.file}: strip 3 ends at 812, the file at 800`;
      store.images.quarantine(sha256, { code: 'malformed', message }, now());
      return sha256;
    },
    incomplete(name) {
      const key = { instrument: 'Merlin', dir: Buffer.from(''), name: Buffer.from(name) };
      const sighting = { ...key, role: 'image' as const, size: 77, mtime_ns: '1' };
      store.files.see([{ sighting, state: 'seen' }], now());
      const { id } = store.files.current(key.instrument, key.dir, key.name)!;
      store.files.incomplete(id, { code: 'incomplete', message: `${name}: no EOI marker` }, now());
      return id;
    },
    async app(as = 'loopback') {
      const app = await buildApp(deps);
      if (as === 'files') asFiles(app);
      apps.push(app);
      return app;
    },
    async close() {
      for (const app of apps) await app.close();
      store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return world;
}

const now = () => new Date().toISOString();

export const SECRET = 'the-secret-of-this-run';
/** What the command line sends beside a running service: a manager who sees all. */
export const FILES = { authorization: `Bearer ${SECRET}` };

function asFiles(app: FastifyInstance): void {
  const inject = app.inject.bind(app) as (options: InjectOptions) => unknown;
  const filled = (options: InjectOptions | string) => {
    const { headers, ...rest } = typeof options === 'string' ? { url: options } : options;
    return inject({ ...rest, headers: { ...FILES, ...headers } });
  };
  app.inject = filled as typeof app.inject;
}

const UNITS: Record<string, Unit> = { V: 'V', A: 'A', m: 'm', s: 's', Pa: 'Pa', deg: 'deg', px: 'px' };

function headerOf({ truth, vendor }: Fixture): HeaderFields {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(truth))
    fields[name] =
      typeof value === 'object'
        ? { ...value, origin: vendor }
        : { value, unit: UNITS[name.split('_').at(-1)!] ?? null, origin: `${vendor} header` };
  return fields;
}

function classification(first: Category, second: Category, score: number): Classification {
  const behind = Math.min(0.7 * (1 - score), 0.8 * score);
  const values = CATEGORIES.map((c) =>
    c === first ? score : c === second ? behind : (1 - score - behind) / (CATEGORIES.length - 2),
  );
  const thresholds = { version: 1, auto: 0.8, prompt: 0.35 };
  const { decision, category, score: top } = decide(scoresOf(values), thresholds);
  const backbone = { name: 'efficientnet-lite0', sha256: 'c'.repeat(64) };
  const model = { name: 'test-head', head: 'd'.repeat(64), backbone, preprocessing: '1', engine: 'onnx' };
  return { scores: scoresOf(values), decision, category, score: top, thresholds, model };
}
