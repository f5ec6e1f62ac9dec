// Where copies of records may be put: nowhere that semtag reads or keeps things.

import { expect, test } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { refusePlace } from '../../src/preflight/loops.ts';

test('a copy lies beside what semtag reads and keeps, neither within nor around it', async () => {
  const config = checkConfig({
    dataDir: '/nowhere/data',
    instruments: [{ name: 'SEM 1', root: '/nowhere/acquired' }],
    targets: [{ name: 'repository', type: 'folder', path: '/nowhere/repository' }],
  });
  for (const [place, why] of [
    ['', 'is empty'],
    ['/nowhere/data', 'lies in dataDir'],
    ['/nowhere/acquired/www', 'lies in the acquisition directory of SEM 1'],
    ['/nowhere/repository/a/b', 'lies in the directory of target repository'],
    ['/nowhere', 'holds dataDir'],
  ] as const)
    await expect(refusePlace(place, config), place).rejects.toThrow(why);
  await expect(refusePlace('/nowhere/repository2', config)).resolves.toBeUndefined();
});
