// Blind checks: which automatic labels people are asked to check, and what they answered. Only an answer that was given to the check counts, as long as it is in force: its label names the one that it checked.

import { drawn, type BlindCheck, type Checked, type Checking } from '../domain/blind-check.ts';
import type { Category } from '../domain/categories.ts';
import type { Label } from '../domain/label.ts';
import type { Db } from './open.ts';

type Row = {
  sha256: string;
  series: number | null;
  blind_check: string;
  kind: Label['kind'];
  category: Category | null;
  labelledAt: string;
};

/** In a statement FROM image INDEXED BY image_check_open: nobody has checked it yet. A bound that every label has: the few are read off that index. */
export const OPEN_CHECK = `blind_check IS NOT NULL AND label_basis = 'auto' AND state IN ('labelled', 'tagged', 'forwarded') AND label_id > 0`;

/** The error of now: what was checked years ago says little of it. */
const NEWEST = 1000;

export function checks(db: Db) {
  const firstOf = db
    .prepare(`SELECT 1 FROM image WHERE series = ? AND blind_check ->> '$.first' = 1 AND sha256 <> ? LIMIT 1`)
    .pluck();
  const count = db
    .prepare(`SELECT count(*) FROM image INDEXED BY image_check_open WHERE ${OPEN_CHECK}`)
    .pluck();
  const open = db
    .prepare(
      `SELECT sha256 FROM image INDEXED BY image_check_open WHERE ${OPEN_CHECK} ORDER BY label_id DESC LIMIT ?`,
    )
    .pluck();
  const checked = (index: string, which: string, rest: string) =>
    db.prepare(
      `SELECT image.sha256, image.series, image.blind_check, label.kind, label.category, auto.at AS labelledAt
       FROM image INDEXED BY ${index} CROSS JOIN label ON label.id = image.label_id CROSS JOIN label AS auto ON auto.id = image.label_checked
       WHERE ${which} AND image.label_checked > ? ${rest}`,
    );
  const newest = `ORDER BY image.label_checked DESC LIMIT ${NEWEST}`;
  const drawnOnes = checked('image_checked_drawn', `image.blind_check ->> '$.share' = 1`, newest);
  const firstOnes = checked('image_checked_first', `image.blind_check ->> '$.first' = 1`, newest);
  const contested = checked(
    'image_contested',
    `image.blind_check ->> '$.category' <> image.blind_check ->> '$.head'`,
    'ORDER BY image.label_checked',
  );

  /** Joins the caller's transaction. What to write beside an automatic label; null where nobody is asked to check it. */
  function chosen(
    sha256: string,
    series: number | undefined,
    label: Label | undefined,
    checking: Checking | undefined,
  ): string | null {
    const { basis, category } = label ?? {};
    if (basis !== 'auto' || category === undefined || !checking || checking.share <= 0) return null;
    const share = drawn(sha256, checking.share);
    const first = series !== undefined && firstOf.get(series, sha256) === undefined;
    const rate = share ? { rate: checking.share } : {};
    const check: BlindCheck = { share, ...rate, first, category, head: checking.head };
    return share || first ? JSON.stringify(check) : null;
  }

  return {
    chosen,

    /** How many nobody has answered. */
    openCount: (): number => count.get() as number,

    /** Of those the newest labels first: they tell how labels are now, and whoever answers may still know the sample. */
    open: (limit: number): string[] => open.all(limit) as string[],

    /** Those that people answered, of the drawn ones or of the first ones of a series: the newest labels, whenever they were checked. */
    answered: (which: 'share' | 'first'): Checked[] =>
      ((which === 'share' ? drawnOnes : firstOnes).all(0) as Row[]).map(toChecked),

    /** Of automatic labels after this one: those that people answered, and where answers had made something else of the image than the head alone. */
    contested: (afterLabel: number): Checked[] => (contested.all(afterLabel) as Row[]).map(toChecked),
  };
}

function toChecked({ sha256, series, blind_check, kind, category, labelledAt }: Row): Checked {
  return {
    sha256,
    series: series ?? undefined,
    labelledAt,
    check: JSON.parse(blind_check) as BlindCheck,
    label: category === null ? { kind } : { kind, category },
  };
}
