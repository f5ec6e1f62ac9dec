// The service's side of the child process that teaches: tells it the lessons, asks it for scores, starts it again should it end. Computes nothing itself.

import type { SpeaksAgainst } from '../../domain/odd-answers.ts';
import type { Rank, SpreadOf, Teach } from '../../domain/teaching.ts';
import type { Store } from '../../store/store.ts';
import { askedChild, type Failed } from '../asked-child.ts';
import type { AnyAsk, Reply, Setup } from './child.ts';

export type TeacherHost = {
  /** An empty list where nobody has taught anything yet. Rejects with out_of_resources where the child ended or does not answer. */
  teach: Teach;
  /** Rejects with out_of_resources where the child ended. */
  rank: Rank;
  /** Answers that the others of their series speak against. Rejects with out_of_resources where the child ended. */
  odd(): Promise<SpeaksAgainst[]>;
  /** How alike images are. Rejects with out_of_resources where the child ended. */
  spread: SpreadOf;
  /** Index of the series, each given by some of its images, that an image looks most like; undefined where nothing is known. Rejects as the others. */
  nearest(sha256: string, among: string[][]): Promise<number | undefined>;
  /** Bottlenecks were made that it may have missed: it is told everything again with the next question. */
  again(): void;
  /** Ends the child; what was asked is rejected with `stopping`. */
  close(): void;
};

type Without<T> = T extends AnyAsk ? Omit<T, 'id' | 'lessons'> : never;
type What = Without<AnyAsk>;
type Answer = Exclude<Reply, Failed>;

/** A fit after 20,000 answers on an old, busy PC takes some seconds: one that has not answered by then hangs, and images do not wait for it (R7). */
const PATIENCE_MS = 120_000;

/** The child starts with the first image after the first lesson, or with the first queue that is put in order. */
export function startTeacher(setup: Setup, lessons: Store['lessons'], patienceMs = PATIENCE_MS): TeacherHost {
  let told = 0;
  const child = askedChild<What & Pick<AnyAsk, 'lessons'>, Answer>({
    from: import.meta.url,
    setup,
    name: 'the process that teaches',
    patienceMs,
    onStart: () => void (told = 0),
  });

  /** With the lines of the log that it has not been told yet. */
  const ask = (what: What): Promise<Answer> =>
    child.ask(() => {
      const news = lessons.after(told);
      told = news.at(-1)?.position ?? told;
      return { lessons: news, ...what };
    });

  return {
    async teach(images) {
      if (images.length === 0 || lessons.position() === 0) return [];
      const reply = await ask({
        images: images.map(({ sha256, series, realm }) => ({ sha256, series, realm })),
      });
      return 'scores' in reply ? reply.scores : [];
    },
    async rank(images) {
      const reply = await ask({ waiting: images.map(({ sha256, series }) => ({ sha256, series })) });
      return 'ranked' in reply ? reply.ranked : { order: [], lookAlikes: new Map() };
    },
    async spread(spread) {
      const reply = await ask({ spread });
      return 'spread' in reply ? reply.spread : undefined;
    },
    async nearest(sha256, among) {
      const reply = await ask({ nearest: sha256, among });
      return 'nearest' in reply ? reply.nearest : undefined;
    },
    async odd() {
      if (lessons.position() === 0) return [];
      const reply = await ask({ odd: true });
      return 'odd' in reply ? reply.odd : [];
    },
    again: () => child.again(),
    close: () => child.close(),
  };
}
