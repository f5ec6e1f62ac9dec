// The table of errors: what the system says of a machine in trouble has a code of its own, so that no image is blamed for it.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asSemtagError, SemtagError } from '../src/errors.ts';

const thrownBy = (run: () => unknown): SemtagError => {
  try {
    run();
  } catch (error) {
    return asSemtagError(error);
  }
  throw new Error('nothing was thrown');
};
const system = (code: string) => Object.assign(new Error(`${code}: write`), { code });

it.each(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'SQLITE_FULL', 'SQLITE_IOERR_WRITE'])(
  '%s is of the disk, may pass and blames nobody',
  (code) => {
    const error = asSemtagError(system(code));
    expect(error).toMatchObject({ code: 'disk_failed', retryable: true, ofMachine: true });
  },
);

it.each(['EMFILE', 'EAGAIN', 'ENOMEM'])('%s: the machine has nothing left', (code) => {
  expect(asSemtagError(system(code))).toMatchObject({ code: 'out_of_resources', ofMachine: true });
});

it('what nobody foresaw is internal and keeps its cause; what is known stays', () => {
  const error = thrownBy(() => readFileSync('/nowhere'));
  expect(error).toMatchObject({ code: 'internal', ofMachine: false });
  expect(error.cause).toMatchObject({ code: 'ENOENT' });
  expect(asSemtagError('a string')).toMatchObject({ code: 'internal', message: 'a string' });
  const known = new SemtagError('malformed', 'a.tif: no');
  expect(asSemtagError(known)).toBe(known);
});

it('a missing model or engine waits for the operator: the images are not at fault', () => {
  for (const code of ['model_missing', 'engine_missing'] as const)
    expect(new SemtagError(code, 'x')).toMatchObject({ retryable: true, ofMachine: true });
});
