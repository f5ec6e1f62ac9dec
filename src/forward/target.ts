// The Target port: a repository that images are put into. Every target passes the same conformance suite (test/forward/target-suite.ts).

/** Places are relative, with forward slashes. Errors: `target_unreachable`, `target_refused`. */
export type Target = {
  name: string;
  /**
   * Makes `place` hold exactly these bytes, all or nothing: a reader sees what was there before or the whole new file. Doing it twice is
   * doing it once.
   */
  put(place: string, content: Content): Promise<void>;
  /** SHA-256 of what lies there, read back from the target; undefined when there is nothing. */
  hash(place: string): Promise<string | undefined>;
  /** Copies what lies there to a local path. Throws target_mismatch when there is nothing. */
  get(place: string, localPath: string): Promise<void>;
  /** Removes `place` if it holds the bytes of this SHA-256, and directories that this leaves empty. Nothing there is fine. */
  remove(place: string, sha256: string): Promise<void>;
  /** Sentences that say what would not work; none = usable. Leaves nothing behind. */
  check(): Promise<string[]>;
};

export type Content = { path: string } | { bytes: Uint8Array };
