// What the system says when an account may not work in the data directory, in words that name it. Blames no image; repairs nothing.

import { SemtagError } from '../errors.ts';

const NO_RIGHT = /^(EACCES|EPERM|EROFS|SQLITE_(READONLY|CANTOPEN).*)$/;

/** Runs `work`; a missing right becomes data_dir_unusable, anything else passes as it is. */
export function inDataDir<T>(dataDir: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const { code } = thrown as { code?: unknown };
    if (thrown instanceof SemtagError || typeof code !== 'string' || !NO_RIGHT.test(code)) throw thrown;
    const who = process.getuid ? `the account with the number ${process.getuid()}` : 'this account';
    throw new SemtagError(
      'data_dir_unusable',
      `dataDir ${dataDir}: ${who} may not read and write there (${code})`,
      {
        cause: thrown,
      },
    );
  }
}
