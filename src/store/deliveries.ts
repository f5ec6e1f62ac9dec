// The outbox: what is owed to each target, and the receipts. An image is forwarded when nothing is owed for its current revision.

import { foldedPlace } from '../domain/place.ts';
import type { DeliveryState } from '../domain/states.ts';
import { history } from './history.ts';
import { newestRecords } from './newest-record.ts';
import type { Db } from './open.ts';
import { owed as owedTo } from './owed.ts';
import { pauses } from './pauses.ts';
import { tally } from './tally.ts';
import { transitions } from './transition.ts';

/** One file that a delivery puts at a target; `place` is relative to the target. */
export type DeliveryObject = {
  place: string;
  kind: 'image' | 'record' | 'sidecar';
  sha256: string;
  bytes: number;
};

export type Delivery = {
  id: number;
  sha256: string;
  revision: number;
  target: string;
  state: DeliveryState;
  place: string;
  objects: DeliveryObject[];
  receipt?: { at: string; objects: DeliveryObject[] };
  tries: number;
  nextTryAt?: string;
  error?: string;
};

export type Tagged = {
  sha256: string;
  revision: number;
  record: string;
  method: string;
  taggedSha256: string;
  /** of the image as it was tagged: a change since then makes it stale */
  edition: number;
  deliveries: { target: string; objects: DeliveryObject[] }[];
  /** why targets are not sent it; absent where they are */
  withheld?: string;
  at: string;
};

/** `oldest`: since when the oldest waits that is owed. */
export type Backlog = {
  target: string;
  owed: number;
  withheld: number;
  oldest: string | null;
  error: string | null;
};

export function deliveries(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const parts = owedTo(db);
  const paused = pauses(db);
  const select = db.prepare('SELECT * FROM delivery WHERE id = ?');
  const counted = tally(db);
  const due = db.prepare(
    `SELECT * FROM delivery WHERE target = ? AND state = 'owed' AND next_try_at <= ? ORDER BY next_try_at, id LIMIT ?`,
  );
  const oldest = db
    .prepare(`SELECT at FROM delivery WHERE target = ? AND state = 'owed' ORDER BY id LIMIT 1`)
    .pluck();
  const receipts = db.prepare('SELECT target, max(at) FROM last_receipt GROUP BY target').raw();
  const oldestError = db
    .prepare(
      `SELECT error FROM delivery WHERE target = ? AND state = 'owed' AND error IS NOT NULL ORDER BY id LIMIT 1`,
    )
    .pluck();
  const held = db.prepare('UPDATE image SET at_target = 1 WHERE sha256 = ?');
  const insert = db.prepare(
    `INSERT INTO delivery (sha256, revision, target, state, objects, place, at, project, instrument)
       SELECT sha256, @revision, @target, @state, @objects, @place, @at, coalesce(project, ''), instrument FROM image WHERE sha256 = @sha256`,
  );
  const insertPlace = db.prepare('INSERT OR IGNORE INTO place (target, folded, delivery) VALUES (?, ?, ?)');
  const taken = db.prepare(
    `SELECT 1 FROM place JOIN delivery ON delivery.id = place.delivery
       WHERE place.target = ? AND place.folded = ? AND delivery.sha256 <> ? AND delivery.state IN ('owed', 'withheld', 'received') LIMIT 1`,
  );

  const allOpen = db.prepare(
    `SELECT id, sha256, revision FROM delivery INDEXED BY delivery_open WHERE target = ? AND state IN ('owed', 'withheld') ORDER BY id`,
  );
  const stateOf = db.prepare('SELECT state, revision, at_target FROM image WHERE sha256 = ?');
  const open = db
    .prepare(
      "SELECT count(*) FROM delivery WHERE sha256 = ? AND revision = ? AND state IN ('owed', 'withheld')",
    )
    .pluck();

  /** Joins the caller's transaction: forwarded once every delivery of the current revision has its receipt. */
  function forwardedIfComplete(sha256: string, revision: number, at: string): void {
    const image = stateOf.get(sha256) as { state: string; revision: number; at_target: number };
    if (image.state !== 'tagged' || image.revision !== revision || open.get(sha256, revision) !== 0) return;
    const kept = 'Tagged and kept in the data directory; no target is configured';
    const what = image.at_target ? 'Every target holds it' : kept;
    transition({ subject: 'image', key: sha256, to: 'forwarded', at, who: 'semtag', what });
  }

  /** To which anything is owed, or from which anything is withheld. */
  function targets(): string[] {
    const [owed, withheld] = [counted('owed'), counted('withheld')];
    const named = new Set([...Object.keys(owed), ...Object.keys(withheld)]);
    return [...named].filter((target) => (owed[target] ?? 0) + (withheld[target] ?? 0) > 0);
  }

  return {
    /**
     * The tagged file is durable: the record is kept as it was written, and every target is owed it. Returns false, and does nothing, when the
     * label or a fact changed while it was written.
     */
    tagged(tagged: Tagged): boolean {
      return db
        .transaction(() => {
          const { sha256, revision, withheld, at } = tagged;
          const now = db.prepare('SELECT state, edition FROM image WHERE sha256 = ?').get(sha256) as {
            state: string;
            edition: number;
          };
          if (now.state !== 'labelled' || now.edition !== tagged.edition) return false;
          db.prepare('DELETE FROM attempt WHERE sha256 = ? AND stage = ?').run(sha256, 'tag');
          db.prepare(
            'INSERT OR REPLACE INTO revision (sha256, revision, record, method, tagged_sha256, at) VALUES (?, ?, ?, ?, ?, ?)',
          ).run(sha256, revision, tagged.record, tagged.method, tagged.taggedSha256, at);
          transition({
            subject: 'image',
            key: sha256,
            to: 'tagged',
            at,
            who: 'semtag',
            what: `Revision ${revision} carried in ${tagged.method}`,
          });
          for (const { target, objects } of tagged.deliveries) {
            const own = objects[0]!.place;
            const state = withheld === undefined ? 'owed' : 'withheld';
            const row = { revision, target, state, objects: JSON.stringify(objects), place: own, at, sha256 };
            const { lastInsertRowid: id } = insert.run(row);
            for (const { place } of objects) insertPlace.run(target, foldedPlace(place), id);
          }
          if (withheld !== undefined && tagged.deliveries.length > 0)
            lines.add({ at, subject: 'image', key: sha256, who: 'semtag', what: withheld });
          forwardedIfComplete(sha256, revision, at); // without targets there is nothing to wait for
          return true;
        })
        .immediate();
    },
    /** Whether something of another image lies (or is owed) at this place. */
    placeTaken(target: string, place: string, sha256: string): boolean {
      return taken.get(target, foldedPlace(place), sha256) !== undefined;
    },
    /** Its places hold what somebody else put there: it goes to others. */
    moved(id: number, objects: DeliveryObject[], at: string): void {
      db.transaction(() => {
        const { sha256, target, place } = select.get(id) as Row;
        db.prepare('UPDATE delivery SET objects = ?, place = ? WHERE id = ?').run(
          JSON.stringify(objects),
          objects[0]!.place,
          id,
        );
        db.prepare('DELETE FROM place WHERE delivery = ?').run(id);
        for (const object of objects) insertPlace.run(target, foldedPlace(object.place), id);
        const what = `${target} holds another file at ${place}: it goes to ${objects[0]!.place}`;
        lines.add({ at, subject: 'image', key: sha256, who: 'semtag', what });
      }).immediate();
    },
    /** What is owed to this target, is not paused and does not wait for its next try: new ones first, then those that failed, longest waiting first. */
    due(target: string, now: string, limit: number, skip: ReadonlySet<string> = new Set()): Delivery[] {
      const most = limit + skip.size;
      const rows =
        paused.list().length > 0
          ? parts.due(target, parts.sendable(target), now, most).map((id) => select.get(id) as Row)
          : (due.all(target, now, most) as Row[]);
      return rows
        .filter((row) => !skip.has(row.sha256))
        .slice(0, limit)
        .map(toDelivery);
    },
    ofImage(sha256: string): Delivery[] {
      return (db.prepare('SELECT * FROM delivery WHERE sha256 = ? ORDER BY id').all(sha256) as Row[]).map(
        toDelivery,
      );
    },
    /** Read back and hashed at the target. `emptied`: older deliveries whose places were cleaned meanwhile. */
    received(id: number, objects: DeliveryObject[], emptied: number[], at: string): void {
      db.transaction(() => {
        const { sha256, revision, target, place } = select.get(id) as Row;
        const receipt = JSON.stringify({ at, objects });
        transition({
          subject: 'delivery',
          key: id,
          to: 'received',
          at,
          who: 'semtag',
          what: `Receipt of ${target}: ${place}`,
          detail: objects,
          set: { receipt, error: null, next_try_at: '' },
        });
        held.run(sha256);
        for (const old of emptied)
          transition({
            subject: 'delivery',
            key: old,
            to: 'emptied',
            at,
            who: 'semtag',
            what: `Now at ${place}`,
          });
        forwardedIfComplete(sha256, revision, at);
      }).immediate();
    },
    /** What is owed to this target, or withheld from it, is not waited for any more. Returns how many deliveries that were. */
    forget(target: string, who: string, at: string): number {
      return db
        .transaction(() => {
          const rows = allOpen.all(target) as Row[];
          for (const { id, sha256, revision } of rows) {
            const what = `What target ${target} was owed is not sent any more`;
            transition({ subject: 'delivery', key: id, to: 'superseded', at, who, what });
            forwardedIfComplete(sha256, revision, at);
          }
          return rows.length;
        })
        .immediate();
    },
    failed(id: number, error: string, nextTryAt: string): void {
      db.prepare('UPDATE delivery SET tries = tries + 1, error = ?, next_try_at = ? WHERE id = ?').run(
        error,
        nextTryAt,
        id,
      );
    },
    /** A retry on request does not wait for the backoff. */
    tryNow(sha256: string): number {
      return db
        .prepare("UPDATE delivery SET next_try_at = '' WHERE sha256 = ? AND state = 'owed'")
        .run(sha256).changes;
    },
    /** What is owed to each target, since when, why the oldest that failed did, and how much is withheld from it. */
    backlog(): Backlog[] {
      const [owed, withheld] = [counted('owed'), counted('withheld')];
      return targets().map((target) => ({
        target,
        owed: owed[target] ?? 0,
        withheld: withheld[target] ?? 0,
        oldest: (oldest.get(target) as string | undefined) ?? null,
        error: (oldestError.get(target) as string | undefined) ?? null,
      }));
    },
    targets,
    /** Since when the oldest waits that each target is owed and that is not paused. */
    sendableSince(target: string): string | undefined {
      return paused.list().length > 0
        ? parts.since(target, parts.sendable(target))
        : (oldest.get(target) as string | undefined);
    },
    /** When each target gave its newest receipt; one that never gave any is absent. */
    lastReceipts: (): Map<string, string> => new Map(receipts.all() as [string, string][]),
    record(
      sha256: string,
      revision: number,
    ): { record: string; method: string; taggedSha256: string } | undefined {
      const sql =
        'SELECT record, method, tagged_sha256 AS taggedSha256 FROM revision WHERE sha256 = ? AND revision = ?';
      return db.prepare(sql).get(sha256, revision) as
        { record: string; method: string; taggedSha256: string } | undefined;
    },
    newestRecord: newestRecords(db),
  };
}

type Row = {
  id: number;
  sha256: string;
  revision: number;
  target: string;
  state: Delivery['state'];
  objects: string;
  place: string;
  receipt: string | null;
  tries: number;
  next_try_at: string;
  error: string | null;
};

function toDelivery(row: Row): Delivery {
  return {
    id: row.id,
    sha256: row.sha256,
    revision: row.revision,
    target: row.target,
    state: row.state,
    place: row.place,
    objects: JSON.parse(row.objects) as DeliveryObject[],
    ...(row.receipt === null
      ? {}
      : { receipt: JSON.parse(row.receipt) as { at: string; objects: DeliveryObject[] } }),
    tries: row.tries,
    ...(row.next_try_at === '' ? {} : { nextTryAt: row.next_try_at }),
    ...(row.error === null ? {} : { error: row.error }),
  };
}
