// Whether harvesters are given an image and, if not, why: in words for those who may see the image. What is given at all is decided in given.ts; this only tells.

import { datestamp } from '../domain/datestamp.ts';
import type { Facts } from '../domain/facts.ts';
import { keptBackWords, utcDay, whose, type PublishRules } from '../domain/publish.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';

/** `id`: of its public record, `urn:uuid:`, while it is given. */
export type Standing = { given: boolean; words: string; id?: string };

/** `recorded`: as its newest record has them, which must be public as well; absent where none is written yet. */
export function standing(
  image: Pick<Image, 'sha256' | 'instrument' | 'facts'>,
  recorded: Facts | undefined,
  { publication, pauses }: Pick<Store, 'publication'> & { pauses: Pick<Store['pauses'], 'of'> },
  rules: PublishRules,
  now: Date,
): Standing {
  const today = utcDay(now);
  const item = publication.ofImage(image.sha256, rules, today);
  const why =
    keptBackWords(whose(image.facts), rules.policy, today) ??
    (recorded && keptBackWords(whose(recorded), rules.policy, today));
  const before = item ? '; it was before, and harvesters are told that it was withdrawn' : '';
  if (why !== undefined) return { given: false, words: `no: ${why}${before}` };
  if (!recorded) return { given: false, words: 'not yet: it is once the image is tagged' };
  if (!item || item.gone)
    return { given: false, words: 'not yet: the running service comes to it by itself' };
  const since = `since ${datestamp(item.first)}, revision ${item.revision}`;
  if (pauses.of(image))
    return { given: false, words: `not while publishing of it is paused; otherwise ${since}` };
  return { given: true, words: since, id: item.id };
}
