// Tagged files for verbs that give them out: from the data directory, or from a target that holds them. Reads only.

import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';
import { folderTarget } from '../forward/targets/folder.ts';
import { dataPaths } from '../paths.ts';
import type { Reader } from '../store/reader.ts';

/** The function throws not_found where it is nowhere any more, and what a target says. Whether it is what was tagged is the caller's to look at. */
export function taggedCopies({ dataDir, targets }: Pick<Config, 'dataDir' | 'targets'>, reader: Reader) {
  const paths = dataPaths(dataDir);
  const ports = new Map(targets.map((one) => [one.name, folderTarget(one, paths.target(one.name))]));

  return async (sha256: string, revision: number, dest: string): Promise<void> => {
    const here = join(paths.tagged, `${sha256}.${revision}.image`);
    if (existsSync(here)) return copyFileSync(here, dest);
    const at = reader.deliveries.ofImage(sha256).filter((one) => one.revision === revision && one.state === 'received'); // prettier-ignore
    const held = at.find(({ target }) => ports.has(target));
    if (!held) throw new SemtagError('not_found', `no target holds revision ${revision} of image ${sha256}`);
    await ports.get(held.target)!.get(held.place, dest);
  };
}
