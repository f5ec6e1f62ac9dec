// Keeps what harvesters are given up to date with what is tagged and with the rules: a little at a time, beside everything else. Never decides what is public.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { utcDay, type PublishRules } from '../domain/publish.ts';
import type { Told } from '../store/publication.ts';
import type { Store } from '../store/store.ts';

export type PublisherDeps = {
  store: Store;
  rules: PublishRules;
  /** file beside the database: one that was restored from a backup knows less than harvesters were told */
  mark: string;
  now: () => Date;
  /** What went wrong; it is tried again. */
  onTrouble: (error: unknown) => void;
  /** The record of this image is damaged: what was given of it stays. */
  onUnreadable: (sha256: string) => void;
};

const EVERY_MS = 500;
/** Others are served between two of these. */
const BUSY_MS = 40;

export function startPublisher({ store, rules, mark, now, onTrouble, onUnreadable }: PublisherDeps) {
  const { publication } = store;
  const told = readMark(mark);
  let known = publication.top();
  /** a directory without the mark: it was restored as a whole, or nothing was ever given */
  const restored = told ? told.seq > known.seq : known.seq > 0;
  let day = utcDay(now());
  publication.goBy(rules, day, restored);
  // killed between a commit and its mark
  if (told && told.seq < known.seq) writeMark(mark, known);

  function round(): void {
    const today = utcDay(now());
    // an embargo ended
    if (today !== day) publication.goBy(rules, (day = today), false);
    const start = performance.now();
    while (performance.now() - start < BUSY_MS && publication.settle(rules, now(), told, onUnreadable));
    const top = publication.top();
    if (top.seq === known.seq) return;
    writeMark(mark, top);
    known = top;
  }
  const timer = setInterval(() => {
    try {
      if (publication.isDue() || utcDay(now()) !== day) round();
    } catch (error) {
      onTrouble(error);
    }
  }, EVERY_MS);
  return { close: () => clearInterval(timer) };
}

function readMark(path: string): Told | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { seq, stamp } = JSON.parse(readFileSync(path, 'utf8')) as Told;
    return Number.isInteger(seq) && Number.isInteger(stamp) ? { seq, stamp } : undefined;
  } catch {
    return undefined; // half written by a power cut: as if the directory had been restored
  }
}

function writeMark(path: string, mark: Told): void {
  writeFileSync(`${path}.new`, JSON.stringify(mark));
  renameSync(`${path}.new`, path);
}
