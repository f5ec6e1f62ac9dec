// Records as an RO-Crate 1.2: one crate for an image, a bag or a day. Pure.

import type { RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';

/** `file`, `json`: paths of the image and of its record in the crate, with `/`; absent where they are not in it. */
export type CratePart = { record: ShownRecord; file?: string; json?: string };

/** Of the whole; else of its one part. */
export type CrateAbout = { name?: string; description?: string };

/** What `ro-crate-metadata.json` holds. */
export function renderRoCrate(_parts: CratePart[], _context: RenderContext, _about: CrateAbout = {}): object {
  return { '@context': 'https://w3id.org/ro/crate/1.2/context', '@graph': [] };
}
