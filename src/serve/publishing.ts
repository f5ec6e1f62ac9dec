// Publishing that is paused: harvesters get no picture, file or record of what is, and lists say since when. Who works in the house sees it as ever.

import type { Caller } from '../domain/access.ts';
import { pausedName, type Pause } from '../domain/pause.ts';
import { SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import type { Store } from '../store/store.ts';

/** The pause that keeps an image from who asks. */
export function heldFrom(caller: Caller | undefined, image: Image, { pauses }: Store): Pause | undefined {
  return caller?.role === 'harvester' ? pauses.of(image) : undefined;
}

/** Throws publishing_paused. */
export function needPublished(caller: Caller | undefined, image: Image, store: Store): void {
  const pause = heldFrom(caller, image, store);
  if (pause)
    throw new SemtagError(
      'publishing_paused',
      `publishing of ${pausedName(pause)} is paused since ${pause.since}`,
    );
}

/** For lists. */
export function pausedSince(
  caller: Caller | undefined,
  image: Image,
  store: Store,
): { pausedSince?: string } {
  const pause = heldFrom(caller, image, store);
  return pause ? { pausedSince: pause.since } : {};
}
