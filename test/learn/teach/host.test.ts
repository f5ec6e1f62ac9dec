// The service's side of the child that teaches: one that hangs does not keep images waiting.

import { execFileSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { loadModel } from '../../../src/classify/model.ts';
import { startTeacher } from '../../../src/learn/teach/host.ts';
import { makeLab } from '../../service/lab.ts';

/** Children of this process that run the code of the child, from /proc as ps reads it. */
function pids(): number[] {
  const lines = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)])
    .toString()
    .split('\n');
  return lines.filter((line) => line.includes('teach/child')).map((line) => parseInt(line));
}

test('a child that hangs is ended, what was asked is refused with the reason, and the next one answers', async () => {
  const lab = makeLab();
  const { head } = await loadModel({});
  const lessons = { ...lab.store.lessons, position: () => 1 };
  const teacher = startTeacher({ dataDir: lab.data, head }, lessons, 3000);
  onTestFinished(() => teacher.close());
  const ask = () => teacher.teach([{ sha256: 'f'.repeat(64), series: 1, realm: undefined }]);
  expect(await ask()).toEqual([undefined]); // no bottlenecks, and an answer
  const [pid] = pids();
  process.kill(pid!, 'SIGSTOP');
  await expect(ask()).rejects.toMatchObject({ code: 'out_of_resources', message: expect.stringContaining('did not answer for 3 s') as string }); // prettier-ignore
  expect(await ask()).toEqual([undefined]);
  expect(pids()).not.toContain(pid);
});
