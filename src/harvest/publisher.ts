// Keeps what harvesters are given up to date with what is tagged and with the rules: a little at a time, beside everything else. Never decides what is public.

import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { utcDay, type PublishRules } from '../domain/publish.ts';
import { publish } from '../publish.ts';
import { NOTHING, type Told } from '../store/publication-told.ts';
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
  const before = readMark(mark);
  let noted = before ?? NOTHING;
  const { seq } = publication.top();
  /** a directory without the mark: it was restored as a whole, or nothing was ever given */
  const restored = before ? before.seq > seq : seq > 0;
  let day = utcDay(now());
  publication.goBy(rules, day, restored);

  async function round(): Promise<void> {
    const today = utcDay(now());
    // an embargo ended
    if (today !== day) publication.goBy(rules, (day = today), false);
    const start = performance.now();
    while (
      performance.now() - start < BUSY_MS &&
      publication.isDue() &&
      publication.settle(rules, now(), before, onUnreadable)
    );
    await note();
  }

  async function note(): Promise<void> {
    const told = publication.told();
    const next = { seq: Math.max(told.seq, noted.seq), stamp: Math.max(told.stamp, noted.stamp) };
    if (next.seq === noted.seq && next.stamp === noted.stamp) return;
    await writeMark(mark, next);
    noted = next;
  }
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= round()
      .catch(onTrouble)
      .finally(() => (running = undefined));
  }, EVERY_MS);
  return {
    async close(): Promise<void> {
      clearInterval(timer);
      await running;
      await note().catch(onTrouble);
    },
  };
}

function readMark(path: string): Told | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { seq, stamp } = JSON.parse(readFileSync(path, 'utf8')) as Told;
    return Number.isInteger(seq) && Number.isInteger(stamp) ? { seq, stamp } : undefined;
  } catch {
    return undefined; // damaged: as if the directory had been restored
  }
}

async function writeMark(path: string, mark: Told): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(mark));
  await publish(`${path}.new`, path);
}
