// What is known about an image becomes better: facts corrected by a person, a vendor's sidecar that came late. An image whose operator, sample or project was corrected may fall into another series, and teaches there.

import {
  correctedFacts,
  FACT_NAMES,
  headerFacts,
  joinFacts,
  type Corrections,
  type Facts,
} from '../domain/facts.ts';
import type { Field, InstrumentHeader } from '../domain/header.ts';
import { acquisitions } from './acquisitions.ts';
import { history } from './history.ts';
import { lessons } from './lessons.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { series } from './series.ts';

export function corrections(db: Db) {
  const lines = history(db);
  const { held, revise } = revising(db);
  const inSeries = series(db);
  const acquired = acquisitions(db);
  const log = lessons(db);
  const seriesOf = db.prepare('SELECT series FROM image WHERE sha256 = ?').pluck();
  // its scores, and what speaks against its label, were made with the answers of another series
  const unknowing = db.prepare(
    "UPDATE image SET lesson = 0 WHERE sha256 = ? AND (state = 'asked' OR lesson = -1)",
  );
  const undoubted = db.prepare(
    `UPDATE image SET doubt = NULL WHERE sha256 = ? AND doubt ->> '$.part' IS NULL`,
  );

  /**
   * Joins the caller's transaction. With another operator, sample or private project it may belong to another series, and what it taught
   * teaches there. `together`: others of its series are corrected with it.
   */
  function follow(sha256: string, at: string, together: boolean): void {
    if (!inSeries.moved(sha256, together)) return;
    log.move(sha256, seriesOf.get(sha256) as number, at);
    unknowing.run(sha256);
    undoubted.run(sha256);
  }

  return {
    follow,

    /** Operator, project or sample corrected by a person; the origin becomes `operator NAME`. Null clears one. */
    correctFacts(sha256s: string[], values: Corrections, who: string, at: string): void {
      db.transaction(() => {
        const own = new Map([...new Set(sha256s)].map((sha256) => [sha256, seriesOf.get(sha256)]));
        const several = repeated([...own.values()]);
        for (const sha256 of sha256s) {
          const image = held(sha256);
          const before = JSON.parse(image.facts) as Facts;
          const joined = JSON.stringify(correctedFacts(before, values));
          if (joined === image.facts) continue;
          if (published(image.state)) revise(sha256, 'facts corrected', who, at);
          db.prepare('UPDATE image SET facts = ? WHERE sha256 = ?').run(joined, sha256);
          follow(sha256, at, several.has(own.get(sha256)));
          const what = `Facts corrected: ${changeWords(before, values)}`;
          const projects = [before.project, values.project].flatMap((one) => (one ? [one.value] : []));
          lines.add({ at, subject: 'image', key: sha256, who, what, detail: values, names: { projects } });
        }
      }).immediate();
    },

    /** A vendor sidecar that came after its image: header and record follow, the scores stay. */
    lateSidecar(
      sha256: string,
      sidecar: { name: string; bytes: Buffer },
      header: InstrumentHeader,
      at: string,
    ): void {
      db.transaction(() => {
        const image = held(sha256);
        db.prepare('INSERT OR REPLACE INTO sidecar (sha256, name, bytes) VALUES (?, ?, ?)').run(
          sha256,
          sidecar.name,
          sidecar.bytes,
        );
        if (published(image.state)) revise(sha256, 'sidecar arrived', 'semtag', at);
        if (image.state !== 'settled')
          db.prepare('UPDATE image SET header = ?, facts = ? WHERE sha256 = ?').run(
            JSON.stringify(header),
            JSON.stringify(joinFacts(JSON.parse(image.facts) as Facts, headerFacts(header))),
            sha256,
          );
        follow(sha256, at, false);
        // the moment, and with it other parts of the acquisition, may be known only now
        if (image.state !== 'settled' && image.state !== 'read') acquired.find(sha256, at);
        lines.add({
          at,
          subject: 'image',
          key: sha256,
          who: 'semtag',
          what: `The sidecar ${sidecar.name} arrived`,
        });
      }).immediate();
    },
  };
}

/** Those that come more than once. */
function repeated(values: unknown[]): Set<unknown> {
  const seen = new Set<unknown>();
  return new Set(values.filter((value) => seen.has(value) || !seen.add(value)));
}

/** Each that a person gave, with what it was before. */
function changeWords(before: Facts, values: Corrections): string {
  const words = (field: Field<string> | null | undefined) => field?.value ?? 'not known';
  return FACT_NAMES.filter((name) => values[name] !== undefined)
    .map((name) => `${name} ${words(before[name])} -> ${words(values[name])}`)
    .join(', ');
}
