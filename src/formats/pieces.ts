// A new file described as pieces of an old one and bytes in between. Pure: what copies and compares them is tag/copy-pieces.ts.

/** A range of the old file in bytes, or new bytes. */
export type Piece = { offset: number; length: number } | Buffer;

/** At `at` of the old file, `cut` bytes give way to `put`. */
export type Edit = { at: number; cut: number; put: Buffer };

/** The old file of `size` bytes with edits that do not overlap, in any order. */
export function splice(size: number, edits: Edit[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.at - b.at)) {
    pieces.push({ offset: at, length: edit.at - at }, edit.put);
    at = edit.at + edit.cut;
  }
  pieces.push({ offset: at, length: size - at });
  return pieces.filter((piece) => piece.length > 0);
}
