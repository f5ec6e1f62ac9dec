// The settle stage: keeps an eye on every seen file, and settles those that stood still for their quiet time. Its observations are memory only.

import type { InstrumentConfig } from '../config/schema.ts';
import type { ImageFacts, ImageJob } from '../domain/job.ts';
import { shownPath } from '../domain/shown-path.ts';
import { SemtagError, type ErrorCode } from '../errors.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { FileRow } from '../store/files.ts';
import type { Store } from '../store/store.ts';
import type { Stamp } from './copy.ts';
import { pathFacts } from './path-facts.ts';
import { firstLook, lookAgain, notWhole, stoodStill, ZEROS_FACTOR, type Observation } from './quiet.ts';
import { needRoom, type Room } from './room.ts';
import { settleImage, type SettleImage } from './settle-image.ts';
import { settleSidecar } from './settle-sidecar.ts';
import { findSidecar, stampOf, type FoundSidecar } from './sidecar.ts';

export type SettleDeps = {
  store: Store;
  instruments: InstrumentConfig[];
  spoolDir: string;
  giveUpSeconds: number;
  room: Room;
  limits: ImageJob['limits'];
  check: SettleImage['check'];
  ready: SettleImage['ready'];
  read: (job: ImageJob) => Promise<ImageFacts>;
  acquired: (sha256: string) => Promise<string>;
  /** intake waits for room, or goes on */
  onRoom: (problem: SemtagError | undefined) => void;
  now: () => Date;
};

export type SettleStage = Stage<FileRow> & {
  /** look in the ledger for files that are new */
  pickUp(): void;
  /** Files that stood still and are not whole, and why; known in memory only. */
  notWhole(): { instrument: string; path: string; reason: string }[];
};

type Observed = {
  file: FileRow;
  o: Observation;
  /** why the last copy was not whole; told as long as `o` counts it as failing */
  reason?: string;
  /** the sidecar beside an image must stand still as well */
  beside?: { found: FoundSidecar; o: Observation };
};

/** The ledger is asked for seen files at least this often. */
const PICK_UP_MS = 2_000;
/** How often room in the spool is looked for again. */
const ROOM_MS = 2_000;
/** How often files are tried again that went aside because they could not be read: permissions and shares change without a trace on the file. */
const UNREADABLE_MS = 3_600_000;
const SLASH = Buffer.from('/');

export function settleStage(deps: SettleDeps): SettleStage {
  const { store } = deps;
  const settings = new Map(
    deps.instruments.map((i) => [
      i.name,
      { config: i, root: Buffer.from(i.root), factsOf: pathFacts(i.path) },
    ]),
  );
  const observed = new Map<number, Observed>();
  let pickedUpAt = -Infinity;
  let triedUnreadableAt = -Infinity;
  /** bytes of the copies that are being made: the database does not count them yet */
  let copying = 0;

  function pickUp(): void {
    pickedUpAt = performance.now();
    if (pickedUpAt - triedUnreadableAt > UNREADABLE_MS) tryUnreadable(pickedUpAt);
    const rows = store.files.inState('seen');
    const present = new Set(rows.map((row) => row.id));
    for (const id of observed.keys()) if (!present.has(id)) observed.delete(id);
    for (const file of rows)
      if (!observed.has(file.id) && settings.has(file.instrument))
        // the first look takes the true size: the ledger's may be old
        observed.set(file.id, {
          file,
          o: firstLook({ size: file.size, mtime_ns: file.mtime_ns }, pickedUpAt, 0),
        });
  }

  function tryUnreadable(now: number): void {
    triedUnreadableAt = now;
    for (const { id, instrument, error } of store.files.inState('incomplete'))
      if (
        error &&
        settings.has(instrument) &&
        (JSON.parse(error) as { code: ErrorCode }).code === 'unreadable'
      )
        store.files.retry(id, 'semtag', deps.now().toISOString(), 'Tried again: perhaps it can be read now');
  }

  async function run(file: FileRow): Promise<void> {
    const entry = observed.get(file.id);
    if (!entry) return;
    const quietMs = settings.get(file.instrument)!.config.quiet * 1000;
    try {
      await look(file, entry, quietMs);
    } catch (error) {
      if (!(error instanceof SemtagError) || error.code !== 'unreadable') throw error;
      waitOrGiveUp(file, entry, quietMs, error.code, error.message);
    }
  }

  async function look(file: FileRow, entry: Observed, quietMs: number): Promise<void> {
    const { root } = settings.get(file.instrument)!;
    const directory = file.dir.length ? Buffer.concat([root, SLASH, file.dir]) : root;
    const path = Buffer.concat([directory, SLASH, file.name]);
    const stamp = await stampOf(path);
    const now = performance.now();
    if (!stamp) {
      entry.o.nextAt = now + 1000; // gone, or its root is away: the scan forgets it or not
      return;
    }
    entry.o = lookAgain(entry.o, stamp, now, quietMs);
    if (file.role === 'image') await lookBeside(entry, directory, now, quietMs);
    const still = stoodStill(entry.o, now);
    const besideSince = entry.beside?.o.since ?? -Infinity;
    if (still < quietMs || now - besideSince < quietMs) {
      entry.o.nextAt = Math.max(entry.o.since, besideSince) + quietMs;
      return;
    }
    if (file.role === 'sidecar') await sidecar(file, path, stamp, entry, quietMs);
    else await image(file, directory, path, stamp, entry, quietMs);
  }

  async function lookBeside(entry: Observed, directory: Buffer, now: number, quietMs: number): Promise<void> {
    const found = await findSidecar(directory, entry.file.name);
    if (!found) delete entry.beside;
    else if (entry.beside?.found.name !== found.name)
      entry.beside = { found, o: firstLook(found.stamp, now, quietMs) };
    else entry.beside = { found, o: lookAgain(entry.beside.o, found.stamp, now, quietMs) };
  }

  async function image(
    file: FileRow,
    directory: Buffer,
    path: Buffer,
    stamp: Stamp,
    entry: Observed,
    quietMs: number,
  ) {
    const still = stoodStill(entry.o, performance.now());
    const spooled = store.images.spooledBytes() + copying;
    copying += stamp.size;
    try {
      await needRoom(deps.spoolDir, deps.room, spooled, stamp.size);
      deps.onRoom(undefined);
      const outcome = await settleImage({
        store,
        file,
        directory,
        path,
        stamp,
        spoolDir: deps.spoolDir,
        check: deps.check,
        ready: deps.ready,
        now: deps.now,
        ...(entry.beside ? { sidecar: entry.beside.found } : {}),
        believeZeros: still >= ZEROS_FACTOR * quietMs,
        facts: settings.get(file.instrument)!.factsOf(shownPath(file)),
      });
      if (outcome.kind === 'settled') observed.delete(file.id);
      else if (outcome.kind === 'moving') entry.o.nextAt = performance.now() + Math.min(quietMs, 1000);
      else waitOrGiveUp(file, entry, quietMs, outcome.code, outcome.reason);
    } catch (error) {
      if (!(error instanceof SemtagError) || error.code !== 'spool_full') throw error;
      deps.onRoom(error);
      entry.o.nextAt = performance.now() + ROOM_MS; // it waits where it is: nothing is lost on the acquisition side
    } finally {
      copying -= stamp.size;
    }
  }

  async function sidecar(file: FileRow, path: Buffer, stamp: Stamp, entry: Observed, quietMs: number) {
    const { read, ready, acquired, limits, now } = deps;
    const outcome = await settleSidecar({ store, file, path, stamp, read, ready, acquired, limits, now });
    if (outcome === 'settled') observed.delete(file.id);
    else if (outcome === 'waiting' && stoodStill(entry.o, performance.now()) > deps.giveUpSeconds * 1000) {
      store.files.leave(file.id, now().toISOString());
      observed.delete(file.id);
    } else entry.o.nextAt = performance.now() + Math.max(200, quietMs);
  }

  function waitOrGiveUp(
    file: FileRow,
    entry: Observed,
    quietMs: number,
    code: ErrorCode,
    reason: string,
  ): void {
    const now = performance.now();
    entry.o = notWhole(entry.o, now, quietMs);
    entry.reason = reason;
    if (now - entry.o.failingSince! <= deps.giveUpSeconds * 1000) return;
    store.files.incomplete(
      file.id,
      { code, message: `${file.name.toString()}: ${reason}` },
      deps.now().toISOString(),
    );
    observed.delete(file.id);
  }

  return {
    name: 'settle',
    concurrency: 4,
    pickUp,
    notWhole: () =>
      [...observed.values()].flatMap(({ file: { instrument, dir, name }, o, reason }) =>
        reason === undefined || o.failingSince === undefined
          ? []
          : [
              {
                instrument,
                path: shownPath({ dir, name }),
                reason,
              },
            ],
      ),
    due(limit, skip) {
      const now = performance.now();
      if (now - pickedUpAt > PICK_UP_MS) pickUp();
      const waiting = new Set(store.attempts.waiting('settle', deps.now()));
      const due: FileRow[] = [];
      for (const { file, o } of observed.values()) {
        if (due.length >= limit) break;
        const key = String(file.id);
        if (o.nextAt <= now && !skip.has(key) && !waiting.has(key)) due.push(file);
      }
      return due;
    },
    key: (file) => String(file.id),
    run,
    failed(file, error) {
      store.files.incomplete(file.id, { code: error.code, message: error.message }, deps.now().toISOString());
      observed.delete(file.id);
    },
  };
}
