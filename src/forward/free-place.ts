// Finds places at a target where an image can lie: bytes that somebody else put there are never overwritten.

import { foldedPlace, movedPlaces, withHash } from '../domain/place.ts';
import { SemtagError } from '../errors.ts';
import type { Delivery, DeliveryObject } from '../store/deliveries.ts';
import type { Store } from '../store/store.ts';
import type { Target } from './target.ts';

/**
 * The delivery's own places where they hold nothing or bytes of this image, else those with digits of its SHA-256. Throws target_refused
 * where even these are taken.
 */
export async function freePlaces(
  store: Store,
  target: Target,
  delivery: Delivery,
): Promise<DeliveryObject[]> {
  const { sha256, objects, place } = delivery;
  const own = new Set<string>();
  for (const other of store.deliveries.ofImage(sha256))
    if (other.target === target.name)
      for (const object of other.objects) own.add(`${foldedPlace(object.place)} ${object.sha256}`);

  const isFree = async (object: DeliveryObject): Promise<boolean> => {
    if (store.deliveries.placeTaken(target.name, object.place, sha256)) return false;
    const found = await target.hash(object.place).catch((error: unknown) => {
      // a directory lies there, or a file that this account may not read: somebody else's
      if (error instanceof SemtagError && error.code === 'target_refused') return 'not ours';
      throw error;
    });
    const isOwn = own.has(`${foldedPlace(object.place)} ${found}`);
    return found === undefined || found === object.sha256 || isOwn;
  };
  const tries = [
    objects,
    movedPlaces(objects, withHash(place, sha256)),
    movedPlaces(objects, withHash(place, sha256, 64)),
  ];
  for (const candidate of tries) {
    const free = await Promise.all(candidate.map(isFree));
    if (!free.includes(false)) return candidate;
  }
  throw new SemtagError(
    'target_refused',
    `${target.name}: ${place} holds something else, and so do the places beside it`,
  );
}
