// Claim: however instrument software writes a file, the newest version at the target is the finished one, and nothing incomplete is ever read.

import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { makeFixtures } from '../fixtures/generate.ts';
import { WRITERS, type WriterName, type Written } from '../fixtures/writers.ts';
import type { Proof } from './run.ts';
import { allImages, untilDone } from './lib/api.ts';
import { makeLab, ROOT, startSemtag } from './lib/service.ts';
import { printTable } from './lib/table.ts';
import { sha256File } from './lib/wait.ts';

const QUIET_S = 1;

export const proof: Proof = {
  claim:
    'whatever the writer does, the newest version at the target is the finished file, nothing is lost, nothing incomplete is read',
  async prove({ keep, n = 2, short }) {
    const rounds = short ? 1 : n;
    const lab = makeLab({ ...(keep ? { keep } : {}), instrument: { quiet: QUIET_S } });
    const made = join(lab.home, 'made');
    const names = Object.keys(WRITERS) as WriterName[];
    // two pictures a job: what stands there first, and what replaces it
    const fixtures = (await makeFixtures(made, { n: names.length * rounds * 3, seed: 7, size: 512 })).filter(
      (f) => !f.sidecar && f.file.endsWith('.tif'),
    );
    const service = await startSemtag(lab);
    try {
      const jobs = names.flatMap((writer) =>
        Array.from({ length: rounds }, (_, round) => ({ writer, round })),
      );
      const written = await Promise.all(
        jobs.map(async ({ writer, round }, i) => {
          const fixture = fixtures[(2 * i) % fixtures.length]!;
          const before = fixtures[(2 * i + 1) % fixtures.length]!;
          const extension = fixture.file.slice(fixture.file.lastIndexOf('.'));
          const dir = join(lab.acquired, `${writer}-${round}`);
          mkdirSync(dir);
          const path = join(dir, `image${extension}`);
          // bytes that no other job has, so that every job is an image of its own
          const bytes = unique(readFileSync(join(made, fixture.file)), i);
          const first = unique(readFileSync(join(made, before.file)), i + 1000);
          const done = await WRITERS[writer]({
            path,
            bytes,
            quietMs: QUIET_S * 1000,
            before: first,
            sidecar: {
              path: join(dir, 'image.txt'),
              bytes: Buffer.from('$CM_FORMAT JEOL-SEM\r\n$CM_ACCEL_VOLT 15.0\r\n'),
            },
          });
          return { writer, round, dir, done };
        }),
      );
      await untilDone(service, jobs.length);
      // a late writer may still be superseded by its last version: one more quiet time, then look
      await new Promise((resolve) => setTimeout(resolve, 4 * QUIET_S * 1000));
      await untilDone(service, jobs.length);

      const images = await allImages(service);
      const restored = restoreAll(lab.repository, join(lab.home, 'restored'));
      const rows: (string | number)[][] = [];
      let lost = 0;
      let early = 0;
      for (const { writer, round, done } of written) {
        const missing = done.files.filter((f) => !/\.(txt|hdr)$/i.test(f.path) && !restored.has(f.sha256));
        const current = done.files.filter((f) =>
          images.some((i) => i.sha256 === f.sha256 && i.state === 'forwarded' && !i.supersededBy),
        );
        const tooEarly = earlyVersions(images, done);
        lost += missing.length;
        early += tooEarly;
        rows.push([
          `${writer} ${round + 1}`,
          done.files.length,
          current.length,
          tooEarly,
          done.superseded.filter((s) => restored.has(s)).length,
          missing.length ? missing.map((f) => basename(f.path)).join(' ') : '-',
        ]);
      }
      const incompleteRead = images.filter((i) => i.state === 'quarantined').length;
      printTable(
        [
          'writer',
          'finished files',
          'at the target, newest',
          'taken too early, superseded',
          'complete versions before',
          'lost',
        ],
        rows,
      );
      return {
        ok: lost === 0 && incompleteRead === 0,
        figures: `${written.length} writers, ${lost} lost, ${early} versions taken too early and superseded, ${incompleteRead} incomplete structures read`,
      };
    } finally {
      await service.stop();
      lab.remove();
    }
  },
};

/** Versions of the writer's files that settled but were neither finished nor a complete file that stood there on purpose. */
function earlyVersions(images: { sha256: string; supersededBy?: string }[], done: Written): number {
  const wanted = new Set([...done.files.map((f) => f.sha256), ...done.superseded]);
  let count = 0;
  for (const file of done.files) {
    let at = images.find((i) => i.supersededBy === file.sha256);
    while (at) {
      if (!wanted.has(at.sha256)) count++;
      const before = at.sha256;
      at = images.find((i) => i.supersededBy === before);
    }
  }
  return count;
}

/** SHA-256 of the acquired bytes of everything at the target, by `semtag untag`. */
function restoreAll(repository: string, out: string): Set<string> {
  mkdirSync(out, { recursive: true });
  const hashes = new Set<string>();
  const images = readdirSync(repository, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && !/^\.|\.(json|txt|hdr)$/.test(e.name))
    .map((e) => join(e.parentPath, e.name));
  const plain = images.filter((path) => /\.bmp$/i.test(path));
  for (const path of plain) hashes.add(sha256File(path));
  const tagged = images.filter((path) => !plain.includes(path));
  if (tagged.length > 0)
    execFileSync(
      process.execPath,
      [join(ROOT, 'dist', 'main.js'), 'untag', '--force', '--output', out, ...tagged],
      { stdio: 'pipe' },
    );
  for (const name of readdirSync(out)) hashes.add(sha256File(join(out, name)));
  return hashes;
}

/** The same picture as a file of its own: bytes behind the end that no IFD points to. */
function unique(bytes: Buffer, salt: number): Buffer {
  return Buffer.concat([bytes, Buffer.from(`semtag proof ${salt}`)]);
}
