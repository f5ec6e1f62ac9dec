// A temporary folder, a record, and the trip that every file of the tag tests makes: embed, verify, untag.

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { CATEGORIES, type Category } from '../../src/domain/categories.ts';
import { scoresOf } from '../../src/domain/scores.ts';
import { recordId, type SemRecord } from '../../src/record/record.ts';
import { renderXmp } from '../../src/record/xmp.ts';
import { embed, type Embedded } from '../../src/tag/embed.ts';
import { untag } from '../../src/tag/untag.ts';
import { verifyCopy, verifyTagged } from '../../src/tag/verify.ts';

export const folder = mkdtempSync(join(tmpdir(), 'semtag-tag-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export const SCORE = 0.9123456789012345;
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export function recordFor(bytes: Uint8Array, name: string, category: Category = 'Nanowires'): SemRecord {
  const hash = sha256(bytes);
  const rest = (1 - SCORE) / 9;
  return {
    schema: 'semtag-record/1',
    id: recordId(hash),
    revision: 2,
    cause: 'relabelled',
    acquired: { name, bytes: bytes.length, sha256: hash, mediaType: 'image/tiff', settledAt: '2026-01-02T03:04:05.000Z', files: [] }, // prettier-ignore
    instrument: { name: 'SEM "one" & <two>', zone: 'Europe/Rome' },
    picture: {
      width: 37,
      height: 23,
      bitsPerSample: 8,
      scanArea: { width: 37, height: 20, origin: 'pixels' },
    },
    header: {
      format: 'fei',
      fields: {
        accelerating_voltage_V: { value: 15000, unit: 'V', origin: 'tiff:34682 [EBeam] HV' },
        acquired_at: { value: '2020-01-02T03:04:05', zone: '+02:00', origin: 'tiff:34682 [User] Date' },
      },
      warnings: [],
    },
    facts: { operator: { value: 'Zoë', unit: null, origin: 'path' } },
    classification: {
      scores: scoresOf(CATEGORIES.map((c) => (c === 'Nanowires' ? SCORE : rest))),
      decision: 'auto',
      category: 'Nanowires',
      score: SCORE,
      thresholds: { version: 3, auto: 0.8, prompt: 0.35 },
      model: { name: 'bootstrap', head: 'a'.repeat(64), backbone: { name: 'lite0', sha256: 'b'.repeat(64) }, preprocessing: 'v1', engine: 'onnx' }, // prettier-ignore
    },
    label: { kind: 'category', category, basis: 'auto', by: 'semtag', at: '2026-01-02T03:04:06.000Z' },
    relations: {},
  };
}

export type Trip = { embedded: Embedded; tagged: Buffer; acquiredPath: string; taggedPath: string };

let trips = 0;

/** Fails unless the acquired bytes come back exactly. */
export async function trip(
  acquired: Buffer,
  category: Category = 'Nanowires',
  name = `trip-${++trips}`,
): Promise<Trip> {
  const [acquiredPath, taggedPath, restoredPath] = [name, `tagged-${name}`, `restored-${name}`].map((n) => join(folder, n)) as [string, string, string]; // prettier-ignore
  writeFileSync(acquiredPath, acquired, { flag: 'w' });
  const record = recordFor(acquired, name, category);
  const embedded = await embed(acquiredPath, taggedPath, renderXmp(record), record.acquired.sha256);
  const tagged = readFileSync(taggedPath);
  expect(embedded).toMatchObject({ sha256: sha256(tagged), size: tagged.length });
  if (embedded.method === 'sidecar') {
    await verifyCopy(acquiredPath, taggedPath);
    expect(tagged.equals(acquired)).toBe(true);
  } else {
    await verifyTagged(acquiredPath, taggedPath, { category, score: String(SCORE), model: 'bootstrap' });
    expect(await untag(taggedPath, restoredPath)).toEqual({
      sha256: sha256(acquired),
      size: acquired.length,
    });
    expect(readFileSync(restoredPath).equals(acquired)).toBe(true);
  }
  return { embedded, tagged, acquiredPath, taggedPath };
}
