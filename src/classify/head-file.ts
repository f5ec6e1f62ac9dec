// What every file of a head has in common: an envelope that names its backbone, arrays as base64, and the file's own SHA-256 as its identity.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SemtagError } from '../errors.ts';

export type Envelope = {
  name: string;
  backbone: { name: string; sha256: string };
  preprocessing: string;
  /** numbers in one bottleneck */
  length: number;
  /** logits are divided by it before the softmax (Guo et al. 2017) */
  temperature: number;
};

/** `rest`: what else the file holds, nothing of it looked at yet. `wrong`: an error that names the file. */
export type HeadFile = {
  envelope: Envelope;
  sha256: string;
  rest: Record<string, unknown>;
  wrong: (reason: string) => SemtagError;
};

/** Throws model_missing, naming `where`, when it is no file of this format or a part of the envelope is missing. `what`: for people. */
export function openHeadFile(text: string, where: string, format: string, what: string): HeadFile {
  const wrong = (reason: string) => new SemtagError('model_missing', `${where}: ${reason}`);
  let stored: (Partial<Envelope> & Record<string, unknown>) | null;
  try {
    stored = JSON.parse(text) as typeof stored;
  } catch {
    stored = null;
  }
  if (!stored) throw wrong(`not ${what} of semtag`);
  if (stored['format'] !== format)
    throw wrong(`format ${String(stored['format'])}, this semtag reads ${format}`);
  const { name, backbone, preprocessing, length, temperature } = stored;
  if (!name || !backbone?.sha256 || !preprocessing || !length || !temperature)
    throw wrong('a part of it is missing');
  return {
    envelope: { name, backbone, preprocessing, length, temperature },
    sha256: createHash('sha256').update(text).digest('hex'),
    rest: stored,
    wrong,
  };
}

/** The file's text; the same content gives the same bytes. */
export function headFileText(stored: object): string {
  return JSON.stringify(stored, null, 1) + '\n';
}

/** Throws model_missing where it cannot be read. */
export function readHeadFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new SemtagError('model_missing', `${path}: ${error.message}`, { cause: error });
  });
}

/** float32, little-endian, base64 */
export function toText(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** Undefined for what is no array of float32. */
export function storedFloats(text: unknown): Float32Array | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length % 4 === 0 ? new Float32Array(new Uint8Array(bytes).buffer) : undefined;
}
