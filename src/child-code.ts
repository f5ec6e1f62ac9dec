// Where the code of a child process or thread of ours lies: compiled in the build, TypeScript through its loader in tests and proofs.

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** `name`: of the file beside `from` (an import.meta.url), without ending. `execArgv`: what Node needs to run it. */
export function childCode(from: string, name: string): { path: string; execArgv: string[] } {
  const source = from.endsWith('.ts');
  return {
    path: fileURLToPath(new URL(`./${name}${source ? '.ts' : '.js'}`, from)),
    // tsx by its path: it is not found by name from the working directory of whoever starts semtag
    execArgv: source ? ['--import', createRequire(from).resolve('tsx')] : [],
  };
}
