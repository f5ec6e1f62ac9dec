// Knows a target's directory again by a small file in it: below an unmounted mount point lies a directory too. Never takes another for it.

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SemtagError } from '../../errors.ts';
import { publish } from '../../publish.ts';

export const MARK = '.semtag-target';

export type RootMark = {
  /** Throws `target_unreachable` where the directory is not the one that was used before. */
  check(): Promise<void>;
  /** As check; a directory that is used for the first time gets its mark, or keeps the one that another data directory gave it. */
  claim(): Promise<void>;
};

/**
 * `memory`: path in the data directory that remembers the mark's id. The mark travels with the directory when it is moved or restored, so
 * that the config may name another path for it. `own` gives a file to the owner that the config names.
 */
export function rootMark(
  target: string,
  root: string,
  memory: string,
  own: (path: string) => Promise<void>,
): RootMark {
  const path = join(root, MARK);
  let known: string | undefined;
  let claiming: Promise<void> | undefined;

  async function check(): Promise<void> {
    known ??= (await readIfThere(memory))?.trim();
    if (known === undefined) return;
    const text = await readIfThere(path);
    if (text !== undefined && idIn(text) === known) return;
    const id = known;
    known = undefined; // read again next time: the memory may have been removed on purpose
    throw another(
      text === undefined ? `there is no ${MARK} with the id ${id}` : `its ${MARK} has not the id ${id}`,
    );
  }

  async function claim(): Promise<void> {
    await check();
    if (known !== undefined) return;
    claiming ??= mark().finally(() => (claiming = undefined));
    await claiming;
  }

  async function mark(): Promise<void> {
    const there = await readIfThere(path);
    const marked = there === undefined ? undefined : idIn(there);
    const id = marked ?? randomUUID();
    if (marked === undefined) {
      const about = 'semtag puts images here and knows this directory again by this file. Leave it here.';
      const temp = `${path}.writing`;
      await writeFile(temp, `${JSON.stringify({ about, target, id }, null, 2)}\n`);
      await own(temp);
      await publish(temp, path);
    }
    await mkdir(dirname(memory), { recursive: true });
    await writeFile(`${memory}.writing`, `${id}\n`);
    await publish(`${memory}.writing`, memory);
    known = id;
  }

  function another(how: string): SemtagError {
    const what = 'the directory is there but is not the target that was used before: is the share mounted?';
    const onPurpose = `another one on purpose: remove ${memory}`;
    return new SemtagError('target_unreachable', `${target}: ${root}: ${what} (${how}; ${onPurpose})`);
  }

  return { check, claim };
}

function idIn(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text) as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
