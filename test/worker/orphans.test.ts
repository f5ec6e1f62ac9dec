// Children end when their parent does, however it died and whatever they are doing: starting, idle, or blocked in a file that never answers.

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { project } from '../cli/semtag.ts';
import { makeLab, tinyTiff, until } from '../service/lab.ts';

/** A process with a pool of two. Prints the ids of its children as they start, and again when one is idle and one blocked. */
const PARENT = `
  const [, , poolFile, image, pipe] = process.argv;
  const { createPool } = await import(poolFile);
  const pool = createPool({ size: 2, jobTime: 600, childMemory: 4000, jobsPerChild: 1000 });
  const job = (path) => ({ path, name: 'a.tif', limits: { pixels: 1e6 } });
  const blocked = pool.run(job(pipe));
  const answered = pool.run(job(image));
  console.log(JSON.stringify(pool.pids()));
  await answered;
  setTimeout(() => console.log(JSON.stringify(pool.pids())), 2000);
  await blocked;
`;

function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test.runIf(process.platform === 'linux').each([
  ['while they start', 1],
  ['while one is idle and one is blocked', 2],
])('a parent that is killed %s leaves no child behind', async (_, line) => {
  const { home } = makeLab();
  const [script, image, pipe] = ['parent.mts', 'a.tif', 'pipe.tif'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(script, PARENT);
  writeFileSync(image, tinyTiff());
  execFileSync('mkfifo', [pipe]);
  const tsx = join(project, 'node_modules/tsx/dist/esm/index.mjs');
  const args = ['--import', tsx, script, join(project, 'src/worker/pool.ts'), image, pipe];
  const parent = spawn(process.execPath, args, { cwd: project, stdio: ['ignore', 'pipe', 'ignore'] });
  let pids: number[] = [];
  onTestFinished(() => {
    parent.kill('SIGKILL');
    for (const pid of pids.filter(alive)) process.kill(pid, 'SIGKILL');
  });
  let out = '';
  parent.stdout.on('data', (text: Buffer) => (out += text.toString()));
  const printed = await until('the children are there', () => out.split('\n')[line] !== undefined && out.split('\n')[line - 1], 30); // prettier-ignore
  pids = JSON.parse(printed) as number[];
  expect(pids.filter(alive)).toHaveLength(2);
  parent.kill('SIGKILL');
  await until('no child is left', () => !pids.some(alive), 15);
});
