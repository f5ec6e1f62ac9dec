// The path of a file below its acquisition directory, as people and records read it. Pure; never used to open anything: names are raw bytes.

/** Bytes that are not UTF-8 are shown as U+FFFD. An empty `dir` is the acquisition directory itself. */
export function shownPath({ dir, name }: { dir: Buffer; name: Buffer }): string {
  return dir.length ? `${dir.toString()}/${name.toString()}` : name.toString();
}
