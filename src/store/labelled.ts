// Images whose label in force a person gave who looked at them: what a head may learn from. Reads only; labels of the machine, and those that only went along with an answer, are never among them.

import type { Category } from '../domain/categories.ts';
import type { Db } from './open.ts';
import { REALM } from './realm.ts';

export type LabelledImage = {
  sha256: string;
  name: string;
  category: Category;
  instrument: string;
  operator?: string;
  sample?: string;
  /** below the acquisition directory, '' for itself; bytes that are not UTF-8 shown as U+FFFD */
  folder: string;
  /** why nothing may be learned from it by a head for everybody: the answer is not for training, or the image's project is private */
  apart?: 'answer' | 'project';
};

type Row = Omit<LabelledImage, 'operator' | 'sample' | 'folder' | 'apart'> & {
  apart: NonNullable<LabelledImage['apart']> | null;
  operator: string | null;
  sample: string | null;
  dir: Buffer | null;
};

/** In the order in which they were acquired. "None of these" and "unusable" are answers too, but show no category: they are not given. `alsoPrivate`: projects that the config names since the last start. */
export function labelledByPeople(db: Db): (alsoPrivate?: string[]) => LabelledImage[] {
  const select = db.prepare(
    `SELECT image.sha256, image.name, label.category, image.instrument, image.operator, image.sample,
       CASE WHEN label.teaches = 0 THEN 'answer' WHEN ${REALM} IS NOT NULL OR image.project IN (SELECT value FROM json_each(?)) THEN 'project' END AS apart,
       (SELECT dir FROM file WHERE file.sha256 = image.sha256 AND role = 'image' ORDER BY id LIMIT 1) AS dir
     FROM image JOIN label ON label.id = image.label_id
     WHERE label.basis = 'answer' AND label.lead IS NULL AND label.kind = 'category' AND image.state IN ('labelled', 'tagged', 'forwarded')
     ORDER BY image.settled_at, image.sha256`,
  );
  return (alsoPrivate = []) =>
    (select.all(JSON.stringify(alsoPrivate)) as Row[]).map(({ operator, sample, dir, apart, ...image }) => ({
      ...image,
      ...(operator === null ? {} : { operator }),
      ...(sample === null ? {} : { sample }),
      folder: dir?.toString() ?? '',
      ...(apart === null ? {} : { apart }),
    }));
}
