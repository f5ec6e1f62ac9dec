// Images that look like one, as somebody may see them: asks for more where what is most alike is hidden. Compares nothing itself.

import type { Sight } from '../domain/access.ts';
import type { Store } from '../store/store.ts';
import type { AppDeps } from './deps.ts';

type Find = (
  sha256: string,
  most: number,
) => Promise<{ found: { sha256: string; likeness: number }[]; complete: boolean } | undefined>;

/** Where many of them are hidden, a second look takes more. */
const looksFor = (limit: number): number[] => [2 * limit, 20 * limit, 2000];

export function similarSeen(store: Store, find: Find): NonNullable<AppDeps['similar']> {
  return async (sha256: string, sight: Sight, limit: number) => {
    const looks = looksFor(limit);
    for (const most of looks) {
      const alike = await find(sha256, most);
      if (!alike) return undefined;
      const { found, complete } = alike;
      const likeness = new Map(found.map((one) => [one.sha256, one.likeness]));
      const images = store.search.among([...likeness.keys()], sight, limit);
      if (images.length >= limit || found.length < most || most === looks.at(-1))
        return { items: images.map((image) => ({ image, likeness: likeness.get(image.sha256)! })), complete };
    }
    return undefined;
  };
}
