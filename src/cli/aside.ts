// Files that went aside as incomplete, with their reasons: they have no image yet, so no verb finds them by SHA-256. Reads only.

import { shownPath } from '../domain/shown-path.ts';
import { ERRORS, type ErrorCode } from '../errors.ts';
import type { FileRow } from '../store/files.ts';
import type { Reader } from '../store/reader.ts';

export type FileAside = {
  /** number of the file, as the API takes it for a retry */
  file: number;
  state: 'incomplete';
  instrument: string;
  /** below the acquisition directory */
  path: string;
  bytes: number;
  error: { code: string; message: string; advice: string };
};

export function filesAside(reader: Reader, filter: { instrument?: string; name?: string } = {}): FileAside[] {
  const part = filter.name?.toLowerCase();
  return reader.files
    .inState('incomplete')
    .map(fileAside)
    .filter(({ instrument }) => filter.instrument === undefined || instrument === filter.instrument)
    .filter(({ path }) => part === undefined || path.toLowerCase().includes(part));
}

export function fileAside({ id, instrument, dir, name, size, error }: FileRow): FileAside {
  const path = shownPath({ dir, name });
  const stored = error === null ? undefined : (JSON.parse(error) as { code: ErrorCode; message: string });
  const { code, message } = stored ?? { code: 'incomplete' as const, message: path };
  const { advice } = ERRORS[code] ?? ERRORS.internal;
  return { file: id, state: 'incomplete', instrument, path, bytes: size, error: { code, message, advice } };
}
