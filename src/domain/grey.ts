// One grey picture as decoded: the pixels that the stages hand to each other inside one child job. Never stored.

/** Row-major, `width * height` values. `bits` is the scale of the values, 8 or 16, whatever the file used. */
export type Grey = { width: number; height: number; data: Uint8Array | Uint16Array; bits: 8 | 16 };

/** A picture for people's eyes: row-major, three bytes a pixel. */
export type ColourPicture = { width: number; height: number; rgb: Uint8Array };
