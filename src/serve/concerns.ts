// What does not go as it should, worst first: one list for the status line, the Health page, `semtag status` and the metrics. Pure; says what to do next, and never whose fault it is.

import Type, { type Static } from 'typebox';
import { pauseHeading, type Pause } from '../domain/pause.ts';
import type { Status } from './status.ts';

export const CONCERN_CODES = [
  'model_missing',
  'intake_paused',
  'root_away',
  'stage_waits',
  'target_away',
  'disk_near_reserve',
  'model_note',
  'teaching_aside',
  'forwarding_paused',
  'target_lags',
  'prompts_old',
  'aside',
] as const;
export type ConcernCode = (typeof CONCERN_CODES)[number];

export const ConcernSchema = Type.Object(
  {
    code: Type.Unsafe<ConcernCode>({ type: 'string', enum: [...CONCERN_CODES] }),
    level: Type.Unsafe<'red' | 'amber'>({
      type: 'string',
      enum: ['red', 'amber'],
      description: 'red: something is wrong; amber: something is slow, or as somebody wanted it.',
    }),
    words: Type.String({ description: 'In a few words, without a full stop.' }),
    why: Type.Optional(Type.String()),
    next: Type.String({ description: 'What to do.' }),
    page: Type.Optional(Type.String({ description: 'Where in the pages: the part after #.' })),
    everywhere: Type.Boolean({ description: 'Everybody should know: it stands in the line on top.' }),
  },
  { description: 'Something that does not go as it should.' },
);
export type Concern = Static<typeof ConcernSchema>;

/** A question that waits longer than this is old. */
export const OLD_PROMPT_SECONDS = 86_400;
/** So long a target may take before it lags. */
const LAG_SECONDS = 3600;
/** A disk that is full in fewer days is a matter of today. */
const FULL_SOON_DAYS = 14;

type Known = Omit<Status, 'concerns'>;

export function concernsOf(status: Known): Concern[] {
  const { model, intake, roots, waits = [], owed, teaching, disk, oldestPrompt, at } = status;
  const concerns: Concern[] = [];
  const red = (concern: Omit<Concern, 'level' | 'everywhere'>) =>
    concerns.push({ level: 'red', everywhere: true, ...concern });
  const amber = (concern: Omit<Concern, 'level' | 'everywhere'> & { everywhere?: boolean }) =>
    concerns.push({ level: 'amber', everywhere: false, ...concern });
  const olderThan = (since: string | undefined, seconds: number) =>
    since !== undefined && Date.parse(at) - Date.parse(since) > seconds * 1000;

  if (!model)
    red({ code: 'model_missing', words: 'no model is loaded', next: 'Start the service, or see its log.' });
  if (intake.paused || intake.reason)
    red({
      code: 'intake_paused',
      words: `intake waits: ${intake.reason ?? 'see the log'}`,
      next: 'Free disk space, or see why targets do not take images; intake goes on by itself and misses nothing.',
    });
  for (const { instrument, away } of roots)
    if (away)
      red({
        code: 'root_away',
        words: `the acquisition directory of ${instrument} is away`,
        why: `Since ${away}.`,
        next: 'Check the share or the mount. Nothing in it counts as deleted; it goes on by itself.',
      });
  for (const wait of waits)
    red({ code: 'stage_waits', words: wait, next: 'Check disk and memory of this machine; it is tried again by itself.' }); // prettier-ignore
  for (const { target, owed: n, error } of owed)
    if (error)
      red({
        code: 'target_away',
        words: `${target} away${n === 0 ? '' : `, ${waiting(n)} to be sent`}`,
        why: error,
        next: 'Check the network, the mount and the rights there. Nothing is lost: it is tried again by itself.',
      });
  if (disk?.fullInDays !== undefined && disk.fullInDays < FULL_SOON_DAYS)
    amber({
      code: 'disk_near_reserve',
      words: `the disk reaches its reserve in about ${days(disk.fullInDays)}`,
      why: 'At the rate of the last day.',
      next: 'Free space on the disk of the data directory; at the reserve intake waits.',
    });
  if (model?.note)
    amber({
      code: 'model_note',
      words: `model: ${model.note}`,
      next: 'See the message; images are classified meanwhile.',
      page: '/settings',
      everywhere: true,
    });
  if (!teaching.use)
    amber({
      code: 'teaching_aside',
      words: 'teaching is set aside',
      ...(teaching.reason ? { why: `${teaching.reason} (${teaching.by}, since ${teaching.since})` } : {}),
      next: 'Look at the images behind it, then put teaching to use again.',
      page: '/teaching',
      everywhere: true,
    });
  for (const pause of status.pauses) amber(pausedConcern(pause));
  for (const { target, error, sendableSince } of owed)
    if (!error && olderThan(sendableSince, LAG_SECONDS))
      amber({
        code: 'target_lags',
        words: `${target} lags`,
        why: `The oldest image for it waits since ${sendableSince}.`,
        next: 'It is sent in turn; where this stays, look at the speed of the target.',
      });
  if (olderThan(oldestPrompt, OLD_PROMPT_SECONDS))
    amber({
      code: 'prompts_old',
      words: `${count(status.images['asked'] ?? 0, 'question waits', 'questions wait')} for an answer, the oldest for more than a day`,
      next: 'Answer, or ask an operator to.',
      page: '/answer',
    });
  const aside = asideWords(status);
  if (aside)
    amber({ code: 'aside', words: `${aside} aside`, next: 'See the reasons below; try again what can be.', page: '/today?show=aside' }); // prettier-ignore
  return concerns;
}

function pausedConcern(pause: Pause): Omit<Concern, 'level'> {
  return {
    code: 'forwarding_paused',
    words: pauseHeading(pause),
    why: `${pause.reason} (${pause.by}, since ${pause.since})`,
    next: 'Intake goes on and everything stays owed. Resume it when the reason is over.',
    everywhere: true,
  };
}

function asideWords({ images, files }: Known): string {
  const n = images['quarantined'] ?? 0;
  const incomplete = files['incomplete'] ?? 0;
  return [
    ...(n > 0 ? [count(n, 'image', 'images')] : []),
    ...(incomplete > 0 ? [count(incomplete, 'incomplete file', 'incomplete files')] : []),
  ].join(' and ');
}

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
const waiting = (n: number) => count(n, 'image waits', 'images wait');
export const days = (n: number): string => (n < 1 ? 'less than a day' : count(Math.floor(n), 'day', 'days'));
