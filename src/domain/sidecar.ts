// Which vendor text file belongs to which image, by name alone. Never looks at a disk: the caller says what is there.

/** Names of images; group 1 is the extension. */
export const IMAGE_NAME = /\.(tiff?|png|jpe?g|bmp)$/i;

/** Bytes: a text of a vendor is some kB; a larger file is something else. */
export const LARGEST_SIDECAR = 1 << 20;

/**
 * Names a sidecar of this image may have, best first, in the letter cases that instruments write. TESCAN: NAME-tif.hdr (the dot becomes a
 * dash) and, in some exports, NAME.hdr; JEOL and Hitachi: NAME.txt, last, because a .txt can also be anybody's notes. Empty for what is no
 * image name.
 */
export function sidecarNames(fileName: string): string[] {
  const extension = IMAGE_NAME.exec(fileName)?.[1];
  const stem = extension && fileName.slice(0, -extension.length - 1);
  if (!extension || !stem) return [];
  const dashed = [extension, extension.toLowerCase(), extension.toUpperCase()].map((e) => `${stem}-${e}.hdr`);
  const names = [...dashed, `${stem}.hdr`, `${stem}.txt`];
  return [...new Set(names.flatMap((name) => [name, `${name.slice(0, -4)}${name.slice(-4).toUpperCase()}`]))];
}

/** A name that a sidecar can have. Whether it is one, only an image beside it and its bytes tell. */
export function isSidecarName(name: string): boolean {
  return /.\.(txt|hdr)$/i.test(name);
}

/**
 * The images that a sidecar (perhaps one that came late) belongs to, among the names in its directory, best first: one as a rule, more where
 * the same shot was saved in two formats.
 */
export function imagesOfSidecar(name: string, present: Iterable<string>): string[] {
  if (!isSidecarName(name)) return [];
  const wanted = name.toLowerCase();
  const rank = (image: string): number =>
    sidecarNames(image).findIndex((own) => own.toLowerCase() === wanted);
  // a directory can hold many thousand images: only those that begin alike are looked at closely
  const alike = [...present].filter((image) =>
    wanted.startsWith(image.replace(IMAGE_NAME, '').toLowerCase()),
  );
  return alike.filter((image) => rank(image) >= 0).sort((a, b) => rank(a) - rank(b));
}
