// Which image is the newest version of a file: a newer one supersedes it, and it is the newest again when its bytes come back.

import { history } from './history.ts';
import { labels } from './labels.ts';
import type { Db } from './open.ts';
import { published, revising } from './revise.ts';
import { transitions } from './transition.ts';

export function versions(db: Db) {
  const transition = transitions(db);
  const lines = history(db);
  const { held, revise } = revising(db);
  const { addLabel } = labels(db);

  return {
    /** A file has its bytes again, as when somebody brought an older version back. Joins the caller's transaction. */
    currentAgain(sha256: string, at: string): void {
      const what = 'A file has these bytes again: no newer version any more';
      const image = held(sha256);
      db.prepare('UPDATE image SET superseded_by = NULL WHERE sha256 = ?').run(sha256);
      if (published(image.state)) revise(sha256, 'the newest version of the file again', 'semtag', at);
      else lines.add({ at, subject: 'image', key: sha256, who: 'semtag', what });
      const basis = db.prepare('SELECT label_basis FROM image WHERE sha256 = ?').pluck().get(sha256);
      if (basis !== 'superseded' || image.state === 'quarantined') return;
      // nobody was asked while there was a newer one
      const set = { label_id: null, prompt_version: image.prompt_version + 1 };
      transition({ subject: 'image', key: sha256, to: 'asked', at, who: 'semtag', what, set });
    },

    /** A newer version of its file settled. Joins the caller's transaction. */
    superseded(sha256: string, by: string, at: string): void {
      const image = held(sha256);
      db.prepare('UPDATE image SET superseded_by = ? WHERE sha256 = ?').run(by, sha256);
      if (published(image.state)) revise(sha256, 'superseded by a newer version of the file', 'semtag', at);
      else if (image.state === 'asked') {
        const label_id = addLabel(sha256, { kind: 'unlabelled', basis: 'superseded', by: 'semtag', at });
        const set = { label_id, prompt_version: image.prompt_version + 1 };
        transition({
          subject: 'image',
          key: sha256,
          to: 'labelled',
          at,
          who: 'semtag',
          what: 'A newer version of the file settled',
          set,
        });
      } else
        lines.add({
          at,
          subject: 'image',
          key: sha256,
          who: 'semtag',
          what: 'A newer version of the file settled',
        });
    },
  };
}
