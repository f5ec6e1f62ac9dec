// The oracle of the gradient measures: orientationpy, by the makers of OrientationJ, run on the same numbers. Never part of semtag.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Coherencies } from '../../src/classify/alignment.ts';
import type { Field } from '../../src/classify/structure-tensor.ts';

/** Mean tensor over one box as large as the picture; local tensors in a Gaussian window; `computeOrientation` for the direction. */
const SCRIPT = `
import json, sys
import numpy as np
from orientationpy import main as o
for line in sys.stdin:
    job = json.loads(line)
    picture = np.fromfile(job["path"], dtype="<f4").reshape(job["height"], job["width"]).astype(float)
    gy, gx = o.computeGradient(picture, mode="splines")
    local = o.computeStructureTensor((gy, gx), job["sigma"])
    mean = np.array([np.mean(gy * gy), np.mean(gy * gx), np.mean(gx * gx)]).reshape(3, 1, 1)
    parts = lambda t: (np.sqrt((t[0] - t[2]) ** 2 + 4 * t[1] ** 2).sum(), o.computeIntensity(t).sum())
    (md, me), (ld, le) = parts(mean), parts(local)
    direction = o.computeOrientation(mean)["theta"][0, 0] % 180
    print(json.dumps({"globalCoherency": md / me, "localCoherency": ld / le, "meanOrientation": direction}))
`;

/** Path of a Python that has orientationpy, and its version: $ORIENTATIONPY, else python3. Undefined where there is none. */
export function findOracle(): { python: string; version: string } | undefined {
  for (const python of [process.env['ORIENTATIONPY'], 'python3'])
    if (python) {
      const ask = 'import importlib.metadata as m, orientationpy; print(m.version("orientationpy"))';
      const { status, stdout } = spawnSync(python, ['-c', ask], { encoding: 'utf8' });
      if (status === 0) return { python, version: stdout.trim() };
    }
  return undefined;
}

export function askOracle(python: string, fields: Field[], sigma: number): Coherencies[] {
  const dir = mkdtempSync(join(tmpdir(), 'semtag-oracle-'));
  try {
    const jobs = fields.map(({ width, height, values }, i) => {
      const path = join(dir, `${i}.f4`);
      writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      return JSON.stringify({ path, width, height, sigma });
    });
    const { status, stdout, stderr } = spawnSync(python, ['-c', SCRIPT], {
      input: `${jobs.join('\n')}\n`,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (status !== 0) throw new Error(`orientationpy: ${stderr.slice(-500)}`);
    return stdout.trim().split('\n').map((line) => JSON.parse(line) as Coherencies); // prettier-ignore
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
