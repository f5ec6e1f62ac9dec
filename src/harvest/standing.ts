// Whether harvesters are given an image, since when, or why not: for those who may see the image. given.ts decides; this finds the words.

import { datestamp } from '../domain/datestamp.ts';
import { keptBackWords, utcDay, whose } from '../domain/publish.ts';
import type { SemRecord } from '../record/record.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';
import { givens, type GivenDeps } from './given.ts';

/** `since`: UTC. `id`: of its public record, `urn:uuid:`. */
export type Standing =
  { given: true; since: string; revision: number; id: string } | { given: false; why: string };

type Deps = GivenDeps & { store: Pick<Store, 'deliveries'> };

export function standings({ store, rules, publish, now }: Deps) {
  const given = givens({ store, rules, publish, now });

  function why({ sha256, facts }: Image): string {
    const today = utcDay(now());
    const kept = keptBackWords(whose(facts), rules.policy, today);
    if (kept !== undefined) return kept;
    const newest = store.deliveries.newestRecord(sha256);
    if (!newest) return 'it is not tagged yet';
    const { facts: recorded } = JSON.parse(newest.record) as SemRecord;
    // never which: those who see the image may not know of that project
    if (keptBackWords(whose(recorded), rules.policy, today) !== undefined)
      return 'its newest record still names another project or person, which is kept back';
    return store.publication.ofImage(sha256, rules, today)?.paused
      ? 'publishing of it is paused'
      : 'the running service has not come to it yet';
  }

  return (image: Image): Standing => {
    const found = given.ofImage(image.sha256);
    if (!found) return { given: false, why: why(image) };
    const { first, revision, id } = found.item;
    return { given: true, since: datestamp(first), revision, id };
  };
}
