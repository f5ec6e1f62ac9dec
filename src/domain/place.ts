// Where things lie at a target, as text: when two places are the same one, and what a place is called that makes way. Pure.

/** Two places that are one on a share that compares names without case or spells accents in another way. */
export function foldedPlace(place: string): string {
  return place.normalize('NFC').toLowerCase();
}

/** The same place with the first digits of the SHA-256 in it, for an image whose own place somebody else has. */
export function withHash(place: string, sha256: string, digits = 8): string {
  const ending = endingOf(place);
  return `${place.slice(0, place.length - ending.length)}-${sha256.slice(0, digits)}${ending}`;
}

/** All places of an image, of which the first is its own, after that one moved: what lies beside it goes along under the new stem. */
export function movedPlaces<T extends { place: string }>(objects: T[], place: string): T[] {
  const from = objects[0]!.place;
  const stem = from.slice(0, from.length - endingOf(from).length);
  const newStem = place.slice(0, place.length - endingOf(place).length);
  return objects.map((object) => ({ ...object, place: newStem + object.place.slice(stem.length) }));
}

/** `.tif`; empty where the name has none. */
export function endingOf(place: string): string {
  return /[^/](\.[^./]*)$/.exec(place)?.[1] ?? '';
}
