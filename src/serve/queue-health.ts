// Queue health in one object, for the Health page: the status, ages of prompts, throughput, what is aside by reason. Counts only what the caller sees; no figure of a person.

import Type, { type Static } from 'typebox';
import type { Config } from '../config/schema.ts';
import type { Sight } from '../domain/access.ts';
import { ERRORS } from '../errors.ts';
import { THROUGHPUT, type Hour } from '../store/queues.ts';
import type { Store } from '../store/store.ts';
import { fileSight } from './file-sight.ts';
import { Time } from './schema.ts';
import { StatusSchema, type Status } from './status.ts';

const Count = Type.Integer({ minimum: 0 });
const Done = { settled: Count, automatic: Count, answered: Count, forwarded: Count };

export const QueueHealthSchema = Type.Object(
  {
    status: StatusSchema,
    prompts: Type.Object(
      {
        waiting: Count,
        oldest: Type.Optional({ ...Time, description: 'Since when the oldest waits.' }),
        median: Type.Optional({ ...Time, description: 'Half of them wait since before this.' }),
        ages: Type.Array(
          Type.Object({
            underSeconds: Type.Optional(
              Type.Integer({ description: 'Absent: all that wait longer than the one before.' }),
            ),
            waiting: Count,
          }),
          { description: 'How many wait how long, youngest first.' },
        ),
      },
      { description: 'Questions that wait for a person.' },
    ),
    throughput: Type.Object(
      {
        hours: Type.Array(Type.Object({ from: Time, ...Done }), { description: 'The last 24, oldest first.' }), // prettier-ignore
        days: Type.Array(Type.Object({ from: Time, ...Done }), { description: 'The last 14 by the clock of the service, oldest first.' }), // prettier-ignore
      },
      {
        description:
          'Images that settled, labels by the machine, answers of people, images that every target has. Of settled images that were not read yet nothing is known.',
      },
    ),
    held: Type.Record(Type.String(), Count, { description: 'Of what each target is owed: so much is paused.' }), // prettier-ignore
    aside: Type.Array(
      Type.Object({
        code: Type.String(),
        sentence: Type.String(),
        advice: Type.String(),
        images: Count,
        files: Type.Integer({ minimum: 0, description: 'Files that never became whole.' }),
        since: Type.Optional({ ...Time, description: 'When the first of these images went aside.' }),
      }),
      { description: 'What is aside by reason, most first.' },
    ),
  },
  { description: 'How the queues do.' },
);
export type QueueHealth = Static<typeof QueueHealthSchema>;

const HOUR_MS = 3_600_000;
const HOURS = 24;
const DAYS = 14;
/** Limits of the ages of prompts, seconds: 5 min, an hour, 8 hours, a day, 3 days, a week. */
const AGES = [300, 3600, 28_800, 86_400, 259_200, 604_800];

export function queueHealthOf(
  { queues }: Pick<Store, 'queues'>,
  config: Pick<Config, 'instruments'>,
  status: Status,
  sight: Sight,
  now: Date,
): QueueHealth {
  const limits = AGES.map((seconds) => new Date(now.getTime() - seconds * 1000).toISOString());
  const { longer, ...prompts } = queues.promptAges(limits, sight);
  const atLeast = [prompts.waiting, ...longer, 0];
  const firstDay = new Date(now.getFullYear(), now.getMonth(), now.getDate() - DAYS + 1);
  const done = queues.throughput(firstDay.toISOString().slice(0, 13), sight);
  return {
    status,
    prompts: {
      ...prompts,
      ages: [...AGES, undefined].map((underSeconds, i) => ({
        ...(underSeconds === undefined ? {} : { underSeconds }),
        waiting: atLeast[i]! - atLeast[i + 1]!,
      })),
    },
    throughput: {
      hours: slots(done, HOURS, (i) => new Date(Math.floor(now.getTime() / HOUR_MS - HOURS + 1 + i) * HOUR_MS)), // prettier-ignore
      days: slots(
        done,
        DAYS,
        (i) => new Date(firstDay.getFullYear(), firstDay.getMonth(), firstDay.getDate() + i),
      ),
    },
    held: Object.fromEntries(status.owed.map(({ target }) => [target, queues.held(target, sight)])),
    aside: queues.aside(sight, fileSight(config, sight).seen).map((reason) => {
      const { sentence, advice } = ERRORS[reason.code] ?? ERRORS.internal;
      return { ...reason, sentence, advice };
    }),
  };
}

/** `n` spans without a gap; what was done falls to the span that its hour begins in. */
function slots(done: Hour[], n: number, from: (i: number) => Date): QueueHealth['throughput']['hours'] {
  return Array.from({ length: n }, (_, i) => {
    const [begin, end] = [from(i).getTime(), from(i + 1).getTime()];
    const span = { from: new Date(begin).toISOString(), settled: 0, automatic: 0, answered: 0, forwarded: 0 };
    for (const hour of done) {
      const at = Date.parse(`${hour.hour}:00:00Z`);
      if (at >= begin && at < end) for (const what of THROUGHPUT) span[what] += hour[what];
    }
    return span;
  });
}
