// A temporary home with an acquisition directory, a spool, a repository and a real store. Everything is removed when the test has ended.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { checkConfig } from '../../src/config/load.ts';
import type { FolderTargetConfig, InstrumentConfig } from '../../src/config/schema.ts';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { decide } from '../../src/domain/decision.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { InstrumentHeader } from '../../src/domain/header.ts';
import type { Label } from '../../src/domain/label.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import type { Classification } from '../../src/record/record.ts';
import { openStore, type Store } from '../../src/store/store.ts';

export const ROOT = Buffer.alloc(0);
export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** A small whole TIFF; another seed gives other bytes. Ends in a pixel that is not black. */
export function tinyTiff(seed = 1, side = 8): Buffer {
  const samples = Uint8Array.from({ length: side * side }, (_, i) => ((i * 31 + seed * 97) % 250) + 1);
  return Buffer.concat([
    writeTiff([{ width: side, height: side, samples }]),
    Buffer.from(`seed ${seed}`), // bytes behind the picture, as some instruments leave them
  ]);
}

export const HEADER: InstrumentHeader = { format: 'generic', fields: {}, warnings: [], page: 0 };

/** As where the vendor's text file beside the image was what told. */
export const SIDECAR_HEADER: InstrumentHeader = {
  ...HEADER,
  format: 'jeol',
  fields: { accelerating_voltage_V: { value: 15000, unit: 'V', origin: 'sidecar $CM_ACCEL_VOLT' } },
};

export type Lab = ReturnType<typeof makeLab>;

export function makeLab() {
  const home = mkdtempSync(join(tmpdir(), 'semtag-lab-'));
  const dir = (name: string) => {
    mkdirSync(join(home, name));
    return join(home, name);
  };
  const [acquired, spool, tagged, repository, data] = ['acquired', 'spool', 'tagged', 'repository', 'data'].map(dir) as [string, string, string, string, string]; // prettier-ignore
  let store: Store = openStore(data);
  onTestFinished(() => {
    store.close();
    rmSync(home, { recursive: true, force: true });
  });
  let clock = Date.parse('2026-03-01T12:00:00Z');

  const lab = {
    home,
    acquired,
    spool,
    tagged,
    repository,
    data,
    get store() {
      return store;
    },
    /** What a restart of the service sees. */
    reopen() {
      store.close();
      store = openStore(data);
    },
    /** A clock of its own: every look is a millisecond later, so that orders are certain. */
    now: () => new Date(clock++),
    at: () => new Date(clock++).toISOString(),
    later(seconds: number) {
      clock += seconds * 1000;
    },

    instrument(more: object = {}): InstrumentConfig {
      const value = { name: 'sem', root: acquired, mode: 'auto', quiet: 0.2, scan: 60, ...more };
      return checkConfig({ dataDir: data, instruments: [value] }).instruments[0]!;
    },
    target(more: object = {}): FolderTargetConfig {
      const value = { name: 'repository', type: 'folder', path: repository, ...more };
      return checkConfig({ dataDir: data, targets: [value] }).targets[0]!;
    },

    /** The image as after the settle stage: ledger line, private copy, row. */
    settled(
      name: string,
      bytes: Buffer = tinyTiff(name.length),
      more: { facts?: Facts; sidecar?: { name: string; bytes: Buffer }; dir?: string } = {},
    ): string {
      const place = { instrument: 'sem', dir: Buffer.from(more.dir ?? ''), name: Buffer.from(name) };
      const stamp = { size: bytes.length, mtime_ns: `${clock}000000` };
      store.files.see([{ sighting: { ...place, ...stamp, role: 'image' }, state: 'seen' }], lab.at());
      const hash = sha256(bytes);
      writeFileSync(join(spool, hash), bytes);
      store.files.settle({
        file: store.files.current('sem', place.dir, place.name)!,
        sha256: hash,
        bytes: bytes.length,
        mediaType: 'image/tiff',
        name,
        facts: more.facts ?? {},
        ...(more.sidecar ? { sidecar: more.sidecar } : {}),
        at: lab.at(),
      });
      return hash;
    },
    read(hash: string, header: InstrumentHeader = HEADER): string {
      const scanArea = { width: 8, height: 8, origin: 'pixels' };
      store.images.read(hash, header, { width: 8, height: 8, bitsPerSample: 8, scanArea }, {}, lab.at());
      return hash;
    },
    classified(hash: string, category: Category, score: number, label?: Label): string {
      store.images.classified(hash, classification(category, score), label, lab.at());
      return hash;
    },
    asked(name: string, bytes?: Buffer): string {
      return lab.classified(lab.read(lab.settled(name, bytes)), 'Powder', 0.5);
    },
    labelled(name: string, bytes?: Buffer, category: Category = 'Powder'): string {
      const label: Label = { kind: 'category', category, basis: 'auto', by: 'semtag', at: lab.at() };
      return lab.classified(lab.read(lab.settled(name, bytes)), category, 0.9, label);
    },
  };
  return lab;
}

export function classification(category: Category, score: number): Classification {
  const rest = (1 - score) / 9;
  const scores = scoresOf(CATEGORIES.map((c) => (c === category ? score : rest)));
  const routing = decide(scores, { version: 1, auto: 0.8, prompt: 0.35 });
  return {
    scores,
    decision: routing.decision,
    category: routing.category,
    score: routing.score,
    thresholds: { version: 1, auto: 0.8, prompt: 0.35 },
    model: {
      name: 'test',
      head: 'h'.repeat(64),
      backbone: { name: 'b', sha256: 'b'.repeat(64) },
      preprocessing: 'p',
      engine: 'onnx',
    },
  };
}

/** Looks every 20 ms until `look` gives something; fails with `what` and `last()` when it takes too long. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  seconds = 10,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false && found !== null) return found;
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(20);
  }
}
