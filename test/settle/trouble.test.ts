// What goes wrong while a file settles: bytes that end the child that looks at them, and files that cannot be read for a while.

import { chmodSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { SemtagError } from '../../src/errors.ts';
import { withFile } from '../../src/formats/source.ts';
import { checkStructure } from '../../src/formats/structure.ts';
import { createPool } from '../../src/worker/pool.ts';
import { sha256, tinyTiff, until } from '../service/lab.ts';
import { settling } from './world.ts';

test('a copy is looked at in a child: whole, not whole and no image come back as they are', async () => {
  const pool = createPool({ size: 1, jobTime: 60, childMemory: 4000, jobsPerChild: 1000 });
  onTestFinished(() => pool.close());
  const s = settling({
    instrument: { quiet: 0.1 },
    deps: { giveUpSeconds: 0.5, check: (copy, name) => pool.check(copy, name) },
  });
  const whole = tinyTiff(1);
  s.drop('a.tif', whole);
  s.drop('half.tif', tinyTiff(2, 32).subarray(0, 300));
  s.drop('text.tif', 'Dear Anna, this is a letter and no image at all.');
  await s.look();
  expect(await s.settled('a.tif')).toBe(sha256(whole));
  expect((await s.incomplete('half.tif')).code).toBe('incomplete');
  expect((await s.incomplete('text.tif')).code).toBe('not_an_image');
  expect(s.failures).toEqual([]);
});

test('a file that ends its child goes aside after three attempts, the others settle, and a retry begins anew', async () => {
  let killing = true;
  let attempts = 0;
  const s = settling({
    instrument: { quiet: 0.1 },
    deps: {
      async check(copy, name) {
        if (name !== 'killer.tif' || !killing) return withFile(copy, checkStructure);
        attempts++;
        throw new SemtagError('child_crashed', `${name}: the child ended (SIGSEGV)`);
      },
    },
  });
  s.drop('killer.tif', tinyTiff(1));
  s.drop('fine.tif', tinyTiff(2));
  await s.look();
  await s.settled('fine.tif');
  for (let i = 2; i <= 4; i++) {
    await until(`attempt ${i - 1} was made`, () => attempts === i - 1 || s.file('killer.tif')?.state === 'incomplete'); // prettier-ignore
    s.later(60); // the wait between attempts, by the clock of the lab
    s.wake(String(s.file('killer.tif')!.id));
  }
  const error = await s.incomplete('killer.tif');
  expect(error).toEqual({ code: 'too_many_attempts', message: 'killer.tif: 3 attempts to settle it did not finish' }); // prettier-ignore
  expect(attempts).toBe(3);
  expect(s.spool()).toEqual([sha256(tinyTiff(2))]);

  killing = false;
  s.store.files.retry(s.file('killer.tif')!.id, 'Anna', s.at());
  await s.look();
  expect(await s.settled('killer.tif')).toBe(sha256(tinyTiff(1)));
});

test('giving up counts from the first try that failed, not from when the file last changed', async () => {
  let failures = 1;
  const s = settling({
    instrument: { quiet: 0.1 },
    deps: {
      giveUpSeconds: 1,
      room: { quotaBytes: 0, reserveBytes: 0 }, // intake waits
      async check(copy) {
        if (failures-- > 0) throw new SemtagError('unreadable', 'a.tif: EIO');
        return withFile(copy, checkStructure);
      },
    },
  });
  s.drop('a.tif', tinyTiff(1));
  await s.look();
  await sleep(1500); // longer than giving up
  s.room.quotaBytes = 1e9;
  await s.settled('a.tif');
  expect(failures).toBe(-1); // the first try failed, the second did not
  expect(s.store.history.of('file', String(s.file('a.tif')!.id)).map((line) => line.to)).not.toContain('incomplete'); // prettier-ignore
});

// root may read everything: the test gives that up for a while
test.runIf(process.getuid?.() === 0)('a file aside because it could not be read is tried again at the next start', async () => {
  const s = settling({ instrument: { quiet: 0.1 }, deps: { giveUpSeconds: 0.4 } });
  for (const dir of [s.home, s.spoolDir, s.data]) chmodSync(dir, 0o777);
  s.drop('locked.tif', tinyTiff(1));
  chmodSync(s.path('locked.tif'), 0o000);
  onTestFinished(() => process.seteuid!(0));
  process.seteuid!(65534);
  await s.look();
  const error = await s.incomplete('locked.tif');
  process.seteuid!(0);
  expect(error.code).toBe('unreadable');
  chmodSync(s.path('locked.tif'), 0o644); // changes neither size nor mtime
  await s.look();
  expect(s.file('locked.tif')?.state).toBe('incomplete');
  s.restart();
  expect(await s.settled('locked.tif')).toBe(sha256(tinyTiff(1)));
}); // prettier-ignore
