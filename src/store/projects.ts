// Private projects: what an answer about one of their images teaches stays in them. The config names them; the database holds the list, so that every commit goes by one. Never changes an image's project.

import { withheldBy, type Withheld } from '../domain/publish.ts';
import { corrections } from './corrections.ts';
import { history } from './history.ts';
import type { Db } from './open.ts';
import { realms } from './realm.ts';

export function projects(db: Db) {
  const lines = history(db);
  const { follow } = corrections(db);
  const list = db.prepare('SELECT name FROM private_project ORDER BY name').pluck();
  const add = db.prepare('INSERT INTO private_project (name) VALUES (?)');
  const remove = db.prepare('DELETE FROM private_project WHERE name = ?');
  const imagesOf = db.prepare('SELECT sha256 FROM image WHERE project = ? AND series IS NOT NULL').pluck();

  const borne = db.prepare('SELECT DISTINCT project FROM image WHERE project IS NOT NULL').pluck();

  const operators = db.prepare('SELECT DISTINCT operator FROM image WHERE operator IS NOT NULL').pluck();

  return {
    realmOf: realms(db),

    /** Names that no image bears, each with one that images do bear and that differs in case or spaces only. Looks at all images: at the start. */
    slips(names: string[]): { name: string; borne: string }[] {
      const plain = (name: string) => name.toLowerCase().replace(/\s+/g, '');
      const all = borne.all() as string[];
      return names.flatMap((name) => {
        const near = all.includes(name) ? undefined : all.find((one) => plain(one) === plain(name));
        return near === undefined ? [] : [{ name, borne: near }];
      });
    },

    /** Names of entries that hold back no image, since none bears them. Looks at all images: at the start. */
    withholdNothing(withhold: readonly Withheld[]): string[] {
      const all = { project: borne.all() as string[], operator: operators.all() as string[] };
      return withhold.flatMap((entry) =>
        (['project', 'operator'] as const).flatMap((of) => {
          const name = entry[of];
          if (name === undefined) return [];
          const by = (one: string) => (of === 'project' ? { project: one } : { operator: one });
          const holds = (one: string) => withheldBy(by(one), [{ ...by(name), forward: true }], '').length > 0;
          return all[of].some(holds) ? [] : [name];
        }),
      );
    },

    /** Those that the database goes by, in the order of their names. */
    private: (): string[] => list.all() as string[],

    /**
     * These projects are private from now on, and no others. Images of one that became private, or is so no more, go to series of their own
     * with what they taught: the log unlearns it where it was and learns it where it belongs. One transaction.
     */
    setPrivate(names: string[], at: string): void {
      db.transaction(() => {
        const before = new Set(list.all() as string[]);
        const now = new Set(names);
        const changed = [...new Set([...before, ...now])].filter(
          (name) => before.has(name) !== now.has(name),
        );
        for (const name of changed) {
          (now.has(name) ? add : remove).run(name);
          const what = now.has(name)
            ? `Project ${name} is private: its answers teach only itself`
            : `Project ${name} is private no more: its answers teach everybody`;
          lines.add({ at, subject: 'project', key: name, who: 'semtag', what });
        }
        for (const name of changed)
          for (const sha256 of imagesOf.all(name) as string[]) follow(sha256, at, true);
      }).immediate();
    },
  };
}
