// The child process that teaches: holds the lessons and scores images with them, so that the service never waits for a fit. Reads bottlenecks, writes nothing.

import { constants, setPriority } from 'node:os';
import { meanLogits, type Head } from '../../classify/head.ts';
import { placeOf } from '../../classify/space.ts';
import { softmax, type Scores } from '../../domain/scores.ts';
import type { SpeaksAgainst } from '../../domain/odd-answers.ts';
import type { Ranked, Spread, TaughtScores, ToScore } from '../../domain/teaching.ts';
import { asSemtagError } from '../../errors.ts';
import { readBottlenecks } from '../../store/bottlenecks.ts';
import type { LessonRow } from '../../store/lessons.ts';
import type { Failed } from '../asked-child.ts';
import type { Known } from './lesson.ts';
import { missingLessons } from './missing.ts';
import { nearestOf } from './nearest.ts';
import { ranked, type Queued } from './rank.ts';
import { oddAnswers } from './odd-answers.ts';
import { settingsHash } from './settings.ts';
import { spreadOf } from './spread.ts';
import { createTeacher } from './teacher.ts';

export type Setup = { dataDir: string; head: Head };
export type Ask = {
  id: number;
  /** lines of the log that it has not been told yet */
  lessons: LessonRow[];
  images: ToScore[];
};
/** Which of these images to ask about first. */
export type RankAsk = Omit<Ask, 'images'> & { waiting: Omit<ToScore, 'realm'>[] };
/** How alike these images are. */
export type SpreadAsk = Omit<Ask, 'images'> & { spread: string[] };
/** Which of these series an image looks most like. */
export type NearestAsk = Omit<Ask, 'images'> & { nearest: string; among: string[][] };
/** Which answers do the others of their series speak against? */
export type OddAsk = Omit<Ask, 'images'> & { odd: true };
export type AnyAsk = Ask | RankAsk | SpreadAsk | NearestAsk | OddAsk;
export type Reply = { id: number } & (
  | { scores: (TaughtScores | undefined)[] }
  | { ranked: Ranked }
  | { spread: Spread | undefined }
  | { nearest: number | undefined }
  | { odd: SpeaksAgainst[] }
  | Failed
);

/** Images whose place is remembered, of 600 bytes each: all that teach and as many as wait in a bad week. */
const REMEMBERED = 20_000;

type Seen = Pick<Known, 'logits' | 'place'> & { engine: string };

const SETTINGS = settingsHash();

// below normal, as the children that read images: the microscope software goes first
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // it stays as important as the service
}

let head: Head;
let bottlenecks: ReturnType<typeof readBottlenecks>;
const teacher = createTeacher();
const places = new Map<string, Seen>();
/** places of the answered images, by series and lesson */
const answered = new Map<number, Map<number, Float32Array>>();
const odd = oddAnswers();
const missing = missingLessons();
let position = 0;

process.on('disconnect', () => process.exit(0));
process.on('message', (message: Setup | AnyAsk) => {
  if ('head' in message) {
    head = message.head;
    bottlenecks = readBottlenecks(message.dataDir);
  } else process.send!(answer(message));
});

function answer({ id, lessons, ...ask }: AnyAsk): Reply {
  try {
    lessons.forEach(follow);
  } catch (error) {
    // what it was told is lost: the next one is told all of it
    console.error(error);
    process.exit(1);
  }
  try {
    if ('waiting' in ask) return { id, ranked: rank(ask.waiting) };
    if ('spread' in ask) return { id, spread: spread(ask.spread) };
    if ('nearest' in ask) return { id, nearest: nearest(ask) };
    if ('odd' in ask) return { id, odd: odd.find() };
    return { id, scores: ask.images.map(score) };
  } catch (thrown) {
    const { code, message } = asSemtagError(thrown);
    return { id, error: { code, message } };
  }
}

function follow(row: LessonRow): void {
  position = row.position;
  if (row.of !== undefined) {
    answered.get(row.series)?.delete(row.of);
    odd.unlearn(row.series, row.of);
    missing.unlearn(row.of);
    return teacher.unlearn(row.of);
  }
  const known = seen(row.sha256);
  missing.learn(row, known === undefined);
  // after a change of the backbone: it teaches again once its bottlenecks are made (`again` of host.ts)
  if (!known) return;
  const { sha256, category, weight, realm } = row;
  answered.set(
    row.series,
    (answered.get(row.series) ?? new Map<number, Float32Array>()).set(row.position, known.place.u),
  );
  odd.learn(row.series, row.position, { category, weight, u: known.place.u });
  teacher.learn({ id: row.position, sha256, series: String(row.series), realm, category, weight, ...known });
}

function score({ sha256, series, realm }: ToScore): TaughtScores | undefined {
  const known = seen(sha256);
  if (!known) return undefined;
  const { engine } = known;
  const own: Scores = softmax(known.logits);
  const taught = teacher.score({ sha256, series: String(series ?? ''), realm, ...known });
  if (!taught.taught) return { head: own, scores: own, lesson: position, engine };
  const { lessons, all } = taught;
  const without = missing.in(realm);
  return {
    head: own,
    scores: taught.scores,
    lesson: position,
    taught: {
      position,
      ...(series === undefined ? {} : { series }),
      ...(realm === undefined ? {} : { realm }),
      lessons,
      all,
      ...(without.length > 0 ? { without } : {}),
      settings: SETTINGS,
    },
    engine,
  };
}

function rank(waiting: RankAsk['waiting']): Ranked {
  const queues = new Map<number, Queued[]>();
  for (const { sha256, series } of waiting) {
    const known = series === undefined ? undefined : seen(sha256);
    if (!known) continue; // by age
    const queue = queues.get(series!) ?? [];
    queue.push({ sha256, u: known.place.u });
    queues.set(series!, queue);
  }
  return ranked(
    [...queues].map(([series, queue]) => ({ queue, answered: [...(answered.get(series)?.values() ?? [])] })),
  );
}

function spread(sha256s: string[]): Spread | undefined {
  const known = sha256s.map((sha256) => ({ sha256, u: seen(sha256)?.place.u }));
  const placed = known.filter((one): one is Queued => one.u !== undefined);
  if (placed.length < 2) return undefined;
  const { likeness, subjects } = spreadOf(placed.map(({ u }) => u));
  const named = subjects?.map((group) => group.map((i) => placed[i]!.sha256)) as Spread['subjects'];
  return { images: placed.length, likeness, ...(named ? { subjects: named } : {}) };
}

function nearest({ nearest, among }: Pick<NearestAsk, 'nearest' | 'among'>): number | undefined {
  const known = seen(nearest);
  return known && nearestOf(known.place.u, among.map((images) => images.flatMap((sha256) => seen(sha256)?.place.u ?? []))); // prettier-ignore
}

/** Logits over the temperature, and place. */
function seen(sha256: string): Seen | undefined {
  const before = places.get(sha256);
  if (before) return before;
  const stored = bottlenecks.get(sha256, head.backbone.sha256, head.preprocessing);
  if (!stored) return undefined;
  const logits = meanLogits(head, stored.views).map((v) => v / head.temperature);
  const known = { logits, place: placeOf(head, head.space!, stored.views), engine: stored.engine };
  if (places.size >= REMEMBERED) places.clear();
  places.set(sha256, known);
  return known;
}
