// The log of lessons: which answers teach, in the order in which they were given or taken back. Only ever added to, so that an old score can be computed again; an answer given once more takes the place of that before.

import type { Category } from '../domain/categories.ts';
import type { AnsweredImage } from '../record/record.ts';
import type { Db } from './open.ts';
import { realms } from './realm.ts';

/** `of` absent: learned here. Else the lesson that is unlearned here. */
export type LessonRow = {
  position: number;
  of?: number;
  sha256: string;
  series: number;
  category: Category;
  weight: number;
  /** the private project that it teaches; absent: everybody */
  realm?: string;
};

type Row = Omit<LessonRow, 'of' | 'realm'> & { of: number | null; realm: string | null };
type ActiveRow = Omit<Row, 'of'> & { label: number };

export function lessons(db: Db) {
  const last = db.prepare('SELECT max(position) FROM lesson').pluck();
  const after = db.prepare(
    'SELECT position, of, sha256, series, category, weight, realm FROM lesson WHERE position > ? ORDER BY position',
  );
  const insert = db.prepare(
    'INSERT INTO lesson (of, label_id, sha256, series, category, weight, realm, at) VALUES (@of, @label, @sha256, @series, @category, @weight, @realm, @at)',
  );
  const realmOf = realms(db);
  const named = db.prepare(
    `SELECT lesson.sha256, lesson.category, label.at FROM json_each(?) JOIN lesson ON lesson.position = json_each.value
     JOIN label ON label.id = lesson.label_id ORDER BY lesson.position`,
  );
  const active = db.prepare(
    `SELECT position, label_id AS label, sha256, series, category, weight, realm FROM lesson AS learned
     WHERE sha256 = ? AND of IS NULL AND NOT EXISTS (SELECT 1 FROM lesson WHERE of = learned.position)`,
  );
  const again = db.prepare('UPDATE lesson SET label_id = ? WHERE position = ?');
  function unlearn(sha256: string, at: string): Omit<ActiveRow, 'position'>[] {
    return (active.all(sha256) as ActiveRow[]).map(({ position, ...lesson }) => {
      insert.run({ ...lesson, of: position, at });
      return lesson;
    });
  }

  return {
    /** Place of the newest line; 0 where nobody has taught anything yet. */
    position: (): number => (last.get() as number | null) ?? 0,

    after: (position: number): LessonRow[] =>
      (after.all(position) as Row[]).map(({ of, realm, ...row }) => ({
        ...row,
        ...(of === null ? {} : { of }),
        ...(realm === null ? {} : { realm }),
      })),

    /** The answers at these places: of which image, what, and when it was given. Once written they stay as they are. */
    answers: (positions: number[]): AnsweredImage[] =>
      named.all(JSON.stringify(positions)) as AnsweredImage[],

    /** Joins the caller's transaction. It teaches whom the image belongs to now. */
    learn(lesson: {
      label: number;
      sha256: string;
      series: number;
      category: Category;
      weight: number;
      at: string;
    }): void {
      insert.run({ ...lesson, realm: realmOf(lesson.sha256) ?? null, of: null });
    },

    /** Joins the caller's transaction. This label says what the image teaches already: the lesson stays where it is, and is its lesson now. False where it teaches something else, or nothing. */
    sayAgain(sha256: string, label: number, category: Category): boolean {
      const [lesson, ...more] = active.all(sha256) as ActiveRow[];
      if (!lesson || more.length > 0 || lesson.category !== category) return false;
      again.run(label, lesson.position);
      return true;
    },

    /** Joins the caller's transaction. What this image taught is taken back; nothing where it taught nothing. */
    unlearn(sha256: string, at: string): void {
      unlearn(sha256, at);
    },

    /** Joins the caller's transaction. The image is in another series now: what it taught, it teaches there. */
    move(sha256: string, series: number, at: string): void {
      const realm = realmOf(sha256) ?? null;
      for (const lesson of unlearn(sha256, at)) insert.run({ ...lesson, series, realm, of: null, at });
    },
  };
}
