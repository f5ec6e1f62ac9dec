// Claim: an image that is labelled by itself needs, from the last byte written to the receipt, little more than the quiet time and the sum of
// the parts that cannot be avoided. Nobody answers here: no person is measured.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFixtures } from '../fixtures/generate.ts';
import type { Proof } from './run.ts';
import { detail } from './lib/api.ts';
import { measureParts } from './lib/parts.ts';
import { makeLab, startSemtag } from './lib/service.ts';
import { percentile, printTable } from './lib/table.ts';
import { sha256, until } from './lib/wait.ts';

const QUIET_S = 1;
/** The best of ten scores is 0.1 or more: every image is labelled by itself, and no person is measured. */
const THRESHOLDS = { auto: 0.05, prompt: 0 };

export const proof: Proof = {
  claim: 'last byte written to receipt, without the quiet time, beside the sum of the parts in the same run',
  async prove({ keep, n, short }) {
    const count = n ?? (short ? 6 : 30);
    const lab = makeLab({
      ...(keep ? { keep } : {}),
      instrument: { quiet: QUIET_S, mode: 'auto' },
      more: { thresholds: THRESHOLDS },
    });
    const made = join(lab.home, 'made');
    const fixtures = (await makeFixtures(made, { n: 20, seed: 11, size: 1024 })).filter(
      (f) => f.file.endsWith('.tif') && !f.sidecar && !f.frame,
    );
    const service = await startSemtag(lab);
    try {
      const waits: number[] = [];
      const paths: string[] = [];
      for (let i = -2; i < count; i++) {
        const bytes = Buffer.concat([
          readFileSync(join(made, fixtures[(i + 2) % fixtures.length]!.file)),
          Buffer.from(`latency ${i}`),
        ]);
        const path = join(lab.acquired, `latency-${i}.tif`);
        writeFileSync(path, bytes);
        const written = Date.now();
        const hash = sha256(bytes);
        const { image, receipt } = await until('the receipt', 60, async () => {
          const found = await detail(service, hash).catch(() => undefined);
          const receipt = found?.deliveries.find((d) => d.state === 'received')?.receipt?.at;
          return found && receipt ? { image: found.image, receipt } : undefined;
        });
        if (image.label?.basis !== 'auto')
          throw new Error(`${path}: ${image.label?.basis}, not labelled by itself`);
        if (i < 0) continue; // the first two warm the child
        waits.push(Date.parse(receipt) - written - QUIET_S * 1000);
        paths.push(path);
      }
      await service.stop();
      const parts = await measureParts(paths.slice(0, 20), join(lab.home, 'parts'));
      const sum = parts.reduce((total, part) => total + part.ms, 0);
      printTable(
        ['part, alone in one process', 'median ms'],
        [...parts.map((p) => [p.name, p.ms] as [string, number]), ['sum', sum]],
      );
      const [p50, p95] = [percentile(waits, 0.5), percentile(waits, 0.95)];
      printTable(
        ['last byte to receipt minus quiet time', 'ms', 'ratio to the sum'],
        [
          ['p50', p50, p50 / sum],
          ['p95', p95, p95 / sum],
        ],
      );
      // a poll of the settle stage is 100 ms, a scan on a hint another 100; more than that plus four times the parts is somebody waiting for nothing
      return {
        ok: short || p50 <= 4 * sum + 300,
        figures: `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms over ${waits.length} images; parts ${sum.toFixed(0)} ms`,
      };
    } finally {
      await service.stop();
      lab.remove();
    }
  },
};
