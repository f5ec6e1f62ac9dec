// The service's side of the child process that finds images that look alike: starts it, asks it, starts it again should it end. Compares nothing itself.

import { askedChild } from '../asked-child.ts';
import type { Answer, Ask } from './child.ts';
import type { Likeness, Setup } from './collection.ts';

/** `complete`: false while signatures of older images are still being made. */
export type Alikes = { found: Likeness[]; complete: boolean };

export type Alike = {
  /** Most alike first, without itself; undefined where the network has not seen the image. Rejects with out_of_resources where the child ended or does not answer. */
  similar(sha256: string, most: number): Promise<Alikes | undefined>;
  /** Of the child; absent while it does not run. */
  pid(): number | undefined;
  /** Ends the child; what was asked is rejected with `stopping`. */
  close(): void;
};

/** Loading a million signatures from a slow disk takes some seconds: one that has not answered by then hangs. */
const PATIENCE_MS = 60_000;
/** It starts with the first question, or so long after the service: what a start has to do goes first. */
const START_AFTER_MS = 30_000;

export function startAlike(setup: Setup, patienceMs = PATIENCE_MS): Alike {
  const name = 'the process that compares images';
  const child = askedChild<Ask, Answer>({ from: import.meta.url, setup, name, patienceMs });
  const later = setTimeout(() => child.start(), START_AFTER_MS).unref();
  return {
    async similar(sha256, most) {
      const { found, complete } = await child.ask(() => ({ sha256, most }));
      return found && { found, complete };
    },
    pid: () => child.pid(),
    close() {
      clearTimeout(later);
      child.close();
    },
  };
}
