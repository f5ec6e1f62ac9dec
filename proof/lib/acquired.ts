// Saves a made-up image as a microscope does and waits until it is classified.

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTiff } from '../../fixtures/tiff-writer.ts';
import { detail } from './api.ts';
import type { Lab, Running } from './service.ts';
import { sha256, until } from './wait.ts';

/** Seconds from saving an image to its scores. */
export async function acquired(service: Running, lab: Lab, name: string): Promise<number> {
  const samples = Uint8Array.from({ length: 256 * 256 }, (_, i) => (i * 31 + name.length * 97 + i * i * 7) % 250);
  const bytes = Buffer.concat([writeTiff([{ width: 256, height: 256, samples }]), Buffer.from(name)]);
  writeFileSync(join(lab.acquired, `.${name}.tmp`), bytes);
  renameSync(join(lab.acquired, `.${name}.tmp`), join(lab.acquired, `${name}.tif`));
  const start = performance.now();
  await until(`${name} is classified`, 60, async () => {
    const found = await detail(service, sha256(bytes)).catch(() => undefined);
    return found !== undefined && !['settled', 'read'].includes(found.image.state);
  });
  return (performance.now() - start) / 1000;
} // prettier-ignore
