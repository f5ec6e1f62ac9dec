// Inception-v3 out of the package nsfwjs (a development dependency), converted once to ONNX and cached. Never the default, never downloaded.

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SemtagError } from '../errors.ts';
import { publish } from '../publish.ts';
import { cacheDir } from './cache-dir.ts';
import { convertKeras } from './convert/keras.ts';
import { openTfjs } from './convert/tfjs-files.ts';
import { writeOnnx } from './onnx-file.ts';

/** Each averaged over the picture. mixed10 averaged is the paper's 2048 numbers. */
const TAPS = ['mixed5', 'mixed10'];

const PACKAGE_VERSION = '4.4.0';

/** Path of the converted file; made where it is not there. Errors: `model_missing` without the package. */
export async function convertedInception(): Promise<string> {
  const dir = cacheDir('backbones');
  const path = join(dir, `inception-v3.nsfwjs-${PACKAGE_VERSION}.onnx`);
  if (existsSync(path)) return path;
  const bytes = inceptionOnnx();
  await mkdir(dir, { recursive: true });
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, bytes);
  await publish(part, path);
  return path;
}

export function inceptionOnnx(): Uint8Array {
  const folder = packageFolder();
  if (!folder)
    throw new SemtagError(
      'model_missing',
      `backbone inception-v3: the package nsfwjs ${PACKAGE_VERSION} is not there`,
    );
  const model = openTfjs(join(folder, 'dist', 'models', 'inception_v3', 'model.min.js')).read();
  if (model.form !== 'layers')
    throw new SemtagError('model_missing', 'backbone inception-v3: no layers model');
  return writeOnnx(
    convertKeras(model.topology, model.weights, 'inception-v3', { taps: TAPS, input: 'x' }).graph,
  );
}

export function inceptionLicence(): { licenceText?: string } {
  const folder = packageFolder();
  return folder ? { licenceText: join(folder, 'LICENSE') } : {};
}

/** The package's main lies in dist/cjs. */
function packageFolder(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('nsfwjs')), '..', '..');
  } catch {
    return undefined;
  }
}
