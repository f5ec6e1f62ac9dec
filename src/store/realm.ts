// Whom an answer about an image teaches: everybody, or, where its project is private, that project alone. Reads the list; projects.ts keeps it.

import type { Db } from './open.ts';

/** In a statement FROM image: the private project that the image belongs to; NULL for everybody's. */
export const REALM =
  '(SELECT private_project.name FROM private_project WHERE private_project.name = image.project)';

/** Returns the private project that an image belongs to now; undefined for everybody's. */
export function realms(db: Db): (sha256: string) => string | undefined {
  const select = db.prepare(`SELECT ${REALM} FROM image WHERE sha256 = ?`).pluck();
  return (sha256) => (select.get(sha256) as string | null | undefined) ?? undefined;
}
