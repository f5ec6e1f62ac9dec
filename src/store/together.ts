// Answers that hold for several images at once: parts of one acquisition, look-alikes that a person ticked. One image leads, and it alone teaches; nothing here changes what was answered apart.

import type { PartOf } from '../domain/acquisition.ts';
import type { Category } from '../domain/categories.ts';
import type { Label } from '../domain/label.ts';
import type { ImageState } from '../domain/states.ts';
import { history } from './history.ts';
import type { PartDoubt } from './images.ts';
import { labelRows } from './label-row.ts';
import type { Db } from './open.ts';
import { REALM } from './realm.ts';
import { published, revising } from './revise.ts';

/** An image as it was shown. */
export type Shown = { sha256: string; promptVersion: number };

/** What went along with an answer, and what did not since it had changed meanwhile or is of another series. */
export type Together = { together: string[]; left: string[] };

/** Seconds for which an answer holds for parts that come late: the longest runs of tiles and slices take some days. */
const HOLDS = 7 * 24 * 3600;

/** In a statement FROM image: an answer holds for everybody's images, or for one private project's. */
const SAME_REALM = `${REALM} IS (SELECT ${REALM} FROM image WHERE sha256 = @sha256)`;
/** The other parts that it holds for. */
const PARTS_OF = `acquisition IS NOT NULL AND acquisition = (SELECT acquisition FROM image WHERE sha256 = @sha256)
  AND sha256 <> @sha256 AND ${SAME_REALM}`;

type Led = { sha256: string; name: string; state: ImageState; resume: ImageState | null };
/** A part that labelled itself, and what speaks against it: `said` of `part`. */
type Own = { sha256: string; category: Category; said: Category | null; part: string | null };
type Lead = { id: number; sha256: string; name: string; label: Label };

export function together(db: Db) {
  const { give, takeBack } = labelRows(db);
  const { held } = revising(db);
  const lines = history(db);
  const led = db.prepare(
    `SELECT image.sha256, image.name, image.state, image.resume FROM label CROSS JOIN image ON image.sha256 = label.sha256 AND image.label_id = label.id
     WHERE label.lead = ? ORDER BY label.id`,
  );
  const seriesOf = db.prepare('SELECT series FROM image WHERE sha256 = ?').pluck();
  const ofLabel = db.prepare('SELECT sha256 FROM label WHERE id = ?').pluck();
  const parts = db
    .prepare(
      `SELECT sha256 FROM image INDEXED BY image_part
       WHERE ${PARTS_OF} AND (state = 'asked' OR (label_basis = 'released' AND state IN ('labelled', 'tagged', 'forwarded')))`,
    )
    .pluck();
  const automatic = db.prepare(
    `SELECT sha256, label_category AS category, doubt ->> '$.category' AS said, doubt ->> '$.part' AS part FROM image INDEXED BY image_part
     WHERE ${PARTS_OF} AND label_basis = 'auto' AND state IN ('labelled', 'tagged', 'forwarded')`,
  );
  const doubt = db.prepare('UPDATE image SET doubt = ? WHERE sha256 = ?');
  const partOf = db.prepare('SELECT part_of FROM image WHERE sha256 = ?').pluck();
  const answered = db.prepare(
    `SELECT label.id, label.sha256, label.kind, label.category, label.second, label.by, label.at, label.note, label.teaches, image.name
     FROM image INDEXED BY image_part JOIN label ON label.id = image.label_id
     WHERE image.acquisition = (SELECT acquisition FROM image WHERE sha256 = @sha256) AND image.acquisition IS NOT NULL
       AND ${SAME_REALM} AND image.state IN ('labelled', 'tagged', 'forwarded') AND label.basis = 'answer' AND label.lead IS NULL
       ORDER BY label.id DESC`,
  );

  /** "Unusable" is said of one picture; only the same picture in another format is it too. */
  function holdsForParts(sha256: string, label: Pick<Label, 'kind'>): boolean {
    const part = partOf.get(sha256) as string | null;
    return label.kind !== 'unusable' || (part !== null && (JSON.parse(part) as PartOf).kind === 'formats');
  }

  const along = ({ label, name }: Lead) =>
    `Labelled ${label.category ?? label.kind} together with ${name}, which was answered`;

  /** What labelled itself keeps its label; where the answer to another part says something else of it, that is shown as a doubt for as long as the answer stands. */
  function doubtParts({ sha256, name, label }: Omit<Lead, 'id'>): void {
    const { kind, category, second, by, at } = label;
    for (const own of automatic.all({ sha256 }) as Own[]) {
      if (own.part === sha256) doubt.run(null, own.sha256);
      const agrees = category === own.category || second === own.category;
      if (kind !== 'category' || agrees || (own.part !== null && own.part !== sha256 && own.said === category)) continue; // prettier-ignore
      doubt.run(JSON.stringify({ category: category!, part: sha256, at } satisfies PartDoubt), own.sha256);
      if (own.part === sha256 && own.said === category) continue;
      const what = `${by} said ${category} of ${name}, part of the same acquisition`;
      const names = { images: [sha256] };
      lines.add({ at, subject: 'image', key: own.sha256, who: 'semtag', what, names });
    }
  }

  /** What was said of this part is said no more. */
  function undoubt(sha256: string): void {
    for (const own of automatic.all({ sha256 }) as Own[])
      if (own.part === sha256) doubt.run(null, own.sha256);
  }

  return {
    /** Joins the caller's transaction. The waiting parts of the image that was answered, and of those in `also` that wait in its series, get the same label. */
    follow(lead: Lead, also: Shown[]): Together {
      const done: Together = { together: [], left: [] };
      const take = (sha256: string) => {
        give(sha256, lead.label, along(lead), lead.id);
        done.together.push(sha256);
      };
      const takeParts = (sha256: string, name: string) => {
        if (holdsForParts(sha256, lead.label))
          for (const part of parts.all({ sha256 }) as string[]) take(part);
        doubtParts({ sha256, name, label: lead.label });
      };
      takeParts(lead.sha256, lead.name);
      const series = seriesOf.get(lead.sha256);
      for (const { sha256, promptVersion } of also) {
        if (sha256 === lead.sha256 || done.together.includes(sha256)) continue;
        const { state, prompt_version, name } = held(sha256);
        const fits = series !== null && seriesOf.get(sha256) === series;
        if (!fits || state !== 'asked' || prompt_version !== promptVersion) done.left.push(sha256);
        else {
          take(sha256);
          takeParts(sha256, name);
        }
      }
      return done;
    },

    /** The waiting parts that an answer of this kind to this image would label too. */
    wouldFollow: (sha256: string, kind: Label['kind']): string[] =>
      holdsForParts(sha256, { kind }) ? (parts.all({ sha256 }) as string[]) : [],

    /** Images that have this answer, given to another one, as their own label. */
    led: (label: number): string[] => inForce(label).map(({ sha256 }) => sha256),

    /** Joins the caller's transaction. The answer `before` was corrected: what was given together with it follows, unless it is of one picture only. */
    correct(before: number | null, lead: Lead): string[] {
      const followers = before === null ? [] : inForce(before);
      for (const { sha256, state } of followers)
        if (state === 'quarantined' || (lead.label.kind === 'unusable' && !holdsForParts(sha256, lead.label)))
          takeBack(sha256, lead.label.by, lead.label.at, `The answer to ${lead.name}, which this one went with, was corrected`, lead.sha256); // prettier-ignore
        else give(sha256, lead.label, along(lead), lead.id);
      for (const { sha256, name } of followers) doubtParts({ sha256, name, label: lead.label });
      return followers.map(({ sha256 }) => sha256);
    },

    /** Joins the caller's transaction. The answer is taken back, and with it what was given together with it and nobody touched since. */
    undo(label: number, name: string, who: string, at: string): string[] {
      const followers = inForce(label);
      const lead = ofLabel.get(label) as string;
      undoubt(lead);
      for (const { sha256 } of followers) undoubt(sha256);
      for (const { sha256 } of followers)
        takeBack(sha256, who, at, `The answer to ${name}, which this one went with, was taken back`, lead);
      return followers.map(({ sha256 }) => sha256);
    },

    /**
     * The answer that holds for a part that comes late: a person's, in force, to the acquisition that it is part of, the newest. None where
     * people said different things of its parts, one that is of one picture only, or one of long ago: then it is asked.
     */
    answerFor(sha256: string, at: string): Lead | undefined {
      const found = answered.all({ sha256 }) as (Pick<Label, 'kind' | 'by' | 'at'> & Record<string, string | number | null>)[]; // prettier-ignore
      const [first] = found;
      if (!first || Date.parse(at) - Date.parse(first.at) > HOLDS * 1000) return undefined;
      const same = found.every((one) => ['kind', 'category', 'second'].every((name) => one[name] === first[name])); // prettier-ignore
      const given = { category: first['category'], second: first['second'], note: first['note'] };
      const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
      const unlearned = first['teaches'] === 0 ? { teaches: false } : {};
      const label = { kind: first.kind, ...known, basis: 'answer', by: first.by, at, ...unlearned } as Label;
      if (!same || !holdsForParts(sha256, label)) return undefined;
      return { id: first['id'] as number, sha256: first['sha256'] as string, name: first['name'] as string, label }; // prettier-ignore
    },
  };

  /** Not one that is aside since no target took it: its label is at the others already. */
  function inForce(label: number): Led[] {
    return (led.all(label) as Led[]).filter(({ state, resume }) => state === 'labelled' || published(state) || (state === 'quarantined' && resume === 'labelled')); // prettier-ignore
  }
}
