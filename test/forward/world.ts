// The tag and forward stages as the service wires them, over the directories of a lab, worked by hand one round at a time.

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderTargetConfig } from '../../src/config/schema.ts';
import type { Withheld } from '../../src/domain/publish.ts';
import { asSemtagError } from '../../src/errors.ts';
import { fetchBack } from '../../src/forward/fetch-back.ts';
import { pruneStage } from '../../src/forward/prune.ts';
import { forwardStage } from '../../src/forward/stage.ts';
import { folderTarget } from '../../src/forward/targets/folder.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import { tagStage } from '../../src/tag/stage.ts';
import { untag } from '../../src/tag/untag.ts';
import { makeLab } from '../service/lab.ts';

export type World = ReturnType<typeof forwarding>;

/** `targets`: by name, each with a directory of its own and what the config says of it. `withhold`: looked at each time. */
export function forwarding(
  targets: Record<string, Partial<FolderTargetConfig>> = { repository: {} },
  withhold: Withheld[] = [],
) {
  const lab = makeLab();
  const configs = Object.entries(targets).map(([name, more]) => {
    const path = join(lab.home, name);
    if (!existsSync(path)) mkdirSync(path);
    return lab.target({ name, path, ...more });
  });
  const { store, spool: spoolDir, tagged: taggedDir, now } = lab;
  const ports = configs.map((config) => folderTarget(config));
  const acquired = fetchBack({ store, spoolDir, taggedDir, targets: ports, untag, now });
  const tag = tagStage({ store, taggedDir, house: { instruments: [lab.instrument()] }, targets: configs, withhold, acquired, holdSeconds: { answer: 0, because: 0 }, ready: async () => {}, measure: async () => undefined, now }); // prettier-ignore
  /** Who went and came back, as the log would say it. */
  const heard: string[] = [];
  const forwards = ports.map((target) => {
    const onAway = (problem?: Error) => heard.push(problem ? problem.message.replace(/ \(.*/, '') : `${target.name} is back`);
    return forwardStage({ store, target, taggedDir, withhold, onAway, now });
  }); // prettier-ignore
  const prune = pruneStage({
    store,
    spoolDir,
    taggedDir,
    keepSeconds: 3600,
    targets: configs.map((c) => c.name),
    now,
  });

  /** Does everything that is due once; gives the codes of what failed. */
  async function round<T>(stage: Stage<T>): Promise<string[]> {
    const codes: string[] = [];
    for (const item of stage.due(1000, new Set())) {
      try {
        await stage.run(item);
      } catch (thrown) {
        const error = asSemtagError(thrown);
        codes.push(error.code);
        if (!error.retryable) await stage.failed(item, error);
      }
    }
    return codes;
  }
  return {
    ...lab,
    heard,
    acquiredOf: acquired,
    tag: () => round(tag),
    forward: async (...names: string[]) =>
      (await Promise.all(forwards.filter((_, i) => names.length === 0 || names.includes(configs[i]!.name)).map(round))).flat(), // prettier-ignore
    prune: () => round(prune),
    /** Tags and forwards until nothing is due. */
    async deliver() {
      for (const stage of [tag, ...forwards]) {
        const codes = await round(stage as Stage<unknown>);
        if (codes.length > 0) throw new Error(`${stage.name}: ${codes.join()}`);
      }
    },
    /** Files at a target, sorted. */
    at: (name = 'repository') =>
      readdirSync(join(lab.home, name), { recursive: true, withFileTypes: true })
        .filter((e) => !e.isDirectory())
        .map((e) => join(e.parentPath, e.name).slice(join(lab.home, name).length + 1))
        .sort(),
    bytes: (place: string, name = 'repository') => readFileSync(join(lab.home, name, place)),
    deliveries: (sha256: string) =>
      store.deliveries.ofImage(sha256).map((d) => `${d.target} ${d.revision} ${d.state}`),
    time: lab.at,
  };
}
