// The store: every table's functions on one open database. The only place where they are put together.

import { randomUUID } from 'node:crypto';
import { acquisitions } from './acquisitions.ts';
import { along } from './along.ts';
import { attempts } from './attempts.ts';
import { corrections } from './corrections.ts';
import { openBottlenecks } from './bottlenecks.ts';
import { inDataDir } from './data-dir.ts';
import { checks } from './checks.ts';
import { confirmed } from './confirmed.ts';
import { deliveries } from './deliveries.ts';
import { facilityKey } from './facility.ts';
import { files } from './files.ts';
import { history } from './history.ts';
import { images } from './images.ts';
import { markInstance } from './instance.ts';
import { labels } from './labels.ts';
import { lessons } from './lessons.ts';
import { links } from './links.ts';
import { oddAnswers } from './odd-answers.ts';
import { pauses } from './pauses.ts';
import { names } from './names.ts';
import { own } from './own.ts';
import { projects } from './projects.ts';
import { publication } from './publication.ts';
import { publicationSearch } from './publication-search.ts';
import { queues } from './queues.ts';
import { rescoring } from './rescoring.ts';
import { retries } from './retries.ts';
import { seen } from './seen.ts';
import { searching } from './search.ts';
import { series } from './series.ts';
import { sessions } from './sessions.ts';
import { stations } from './stations.ts';
import { seriesMoves } from './series-moves.ts';
import { versions } from './versions.ts';
import { openDatabase, type Db } from './open.ts';
import { revising } from './revise.ts';
import { teaching } from './teaching.ts';
import { thresholds } from './thresholds.ts';
import { tokens } from './tokens.ts';
import { users } from './users.ts';
import { wider } from './wider.ts';
import { withholding } from './withholding.ts';

/** Throws what openDatabase does, and data_dir_unusable. */
export function openStore(dataDir: string) {
  return inDataDir(dataDir, () => openIn(dataDir));
}

function openIn(dataDir: string) {
  const db = openDatabase(dataDir);
  try {
    markInstance(dataDir, instanceOf(db));
  } catch (error) {
    db.close();
    throw error;
  }
  const { rebuild } = revising(db);
  const bottlenecks = openBottlenecks(dataDir);
  return {
    facility: facilityKey(db),
    files: files(db),
    images: images(db),
    seen: seen(db),
    search: searching(db),
    revisions: { rebuild, ...labels(db), ...corrections(db), ...versions(db) },
    deliveries: deliveries(db),
    withholding: withholding(db),
    pauses: pauses(db),
    queues: queues(db),
    retries: retries(db),
    thresholds: thresholds(db),
    series: { ...series(db), ...seriesMoves(db) },
    acquisitions: acquisitions(db),
    lessons: lessons(db),
    projects: projects(db),
    publication: publication(db),
    publicationSearch: publicationSearch(db),
    rescoring: rescoring(db),
    along: along(db),
    wider: wider(db),
    own: own(db),
    names: names(db),
    checks: checks(db),
    confirmed: confirmed(db),
    oddAnswers: oddAnswers(db),
    teaching: teaching(db),
    attempts: attempts(db),
    history: history(db),
    users: users(db),
    sessions: sessions(db),
    tokens: tokens(db),
    stations: stations(db),
    links: links(db),
    bottlenecks,
    /** `ok`, or what SQLite found wrong. */
    integrity: (): string => db.pragma('integrity_check', { simple: true }) as string,
    close(): void {
      db.close();
      bottlenecks.close();
    },
  };
}

export type Store = ReturnType<typeof openStore>;

/** Same for the life of this database: tells a restored or foreign one apart. */
function instanceOf(db: Db): string {
  db.prepare("INSERT OR IGNORE INTO meta (key, value) VALUES ('instance', ?)").run(randomUUID());
  return db.prepare("SELECT value FROM meta WHERE key = 'instance'").pluck().get() as string;
}
