// What the service is doing, in one object: the page's status line, `semtag status` and the readiness check all read it.

import Type, { type Static } from 'typebox';
import type { Config } from '../config/schema.ts';
import type { Sight } from '../domain/access.ts';
import { fileSight } from './file-sight.ts';
import { PAUSE_SCOPES, type PauseScope } from '../domain/pause.ts';
import { midnight } from '../domain/midnight.ts';
import type { Store } from '../store/store.ts';
import { concernsOf, ConcernSchema } from './concerns.ts';
import { DiskSchema } from './disk.ts';
import { ModeSchema, Time } from './schema.ts';

const Count = Type.Integer({ minimum: 0 });

export const PauseSchema = Type.Object(
  {
    scope: Type.Unsafe<PauseScope>({ type: 'string', enum: [...PAUSE_SCOPES] }),
    name: Type.Optional(Type.String({ description: 'Of the instrument or project; absent with all.' })),
    since: Time,
    by: Type.String(),
    reason: Type.String(),
  },
  { description: 'Forwarding and publishing of this wait; intake goes on.' },
);

export const StatusSchema = Type.Object(
  {
    version: Type.String(),
    uptime: Type.Number({ description: 'Seconds since the start.' }),
    at: Time,
    intake: Type.Object({
      paused: Type.Boolean(),
      reason: Type.Optional(Type.String({ description: 'Why, for the operator.' })),
    }),
    roots: Type.Array(
      Type.Object({
        instrument: Type.String(),
        mode: ModeSchema,
        away: Type.Optional(
          Type.String({ description: 'Since when its acquisition directory is gone, UTC.' }),
        ),
        scanned: Type.Optional({ ...Time, description: 'When it was last scanned and there.' }),
        settledAt: Type.Optional(Type.String({ description: 'When its newest image settled, UTC.' })),
      }),
    ),
    images: Type.Record(Type.String(), Count, {
      description: 'Images in each state, of those that the caller sees; so are all counts here.',
    }),
    files: Type.Record(Type.String(), Count, {
      description:
        'Files in each state; only those that are looked at or aside, where the caller does not see everything.',
    }),
    doubted: Type.Integer({
      minimum: 0,
      description: 'Images that labelled themselves and that answers given since speak against.',
    }),
    spool: Type.Object(
      { inFlight: Count, aside: Count },
      {
        description:
          'Bytes of the private copies: of images on their way, which the quota counts, and of images in quarantine.',
      },
    ),
    today: Type.Object(
      { since: Time, settled: Count, automatic: Count, answered: Count },
      { description: 'Since local midnight: images that settled, labels by the machine and by people.' },
    ),
    teaching: Type.Object({
      use: Type.Boolean({ description: 'False: the head alone decides, as if nobody had taught.' }),
      since: Type.Optional(Time),
      by: Type.Optional(Type.String()),
      reason: Type.Optional(Type.String()),
      otherHead: Type.Optional(
        Type.Literal(true, { description: 'Set aside with another head than the one in use.' }),
      ),
      checks: Type.Integer({ minimum: 0, description: 'Automatic labels that wait for a blind check.' }),
    }),
    owed: Type.Array(
      Type.Object({
        target: Type.String(),
        owed: Count,
        withheld: Type.Integer({
          minimum: 0,
          description: 'Not forwarded because of `publish.withhold`, beside what is owed.',
        }),
        oldest: Type.Optional(Time),
        error: Type.Optional(Type.String()),
        awaySince: Type.Optional({ ...Time, description: 'Since when it does not answer.' }),
        sendableSince: Type.Optional({
          ...Time,
          description: 'Since when the oldest one waits that is not paused.',
        }),
        lastReceipt: Type.Optional(Time),
      }),
    ),
    pauses: Type.Array(PauseSchema, { description: 'What is paused, oldest first.' }),
    oldestPrompt: Type.Optional({ ...Time, description: 'Since when the oldest question waits.' }),
    disk: Type.Optional(DiskSchema),
    concerns: Type.Array(ConcernSchema, { description: 'What does not go as it should, worst first.' }),
    model: Type.Union([
      Type.Object({
        name: Type.String(),
        engine: Type.String(),
        note: Type.Optional(Type.String({ description: 'For instance which engine was asked for instead.' })),
      }),
      Type.Null(),
    ]),
    looking: Type.Optional(
      Type.Array(Type.Object({ instrument: Type.String(), path: Type.String(), reason: Type.String() }), {
        description:
          'Files that stood still and are not whole, and why: the first ones, of a running service.',
      }),
    ),
    waits: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Stages that wait because this machine is in trouble, and why.',
      }),
    ),
    thresholds: Type.Object({ version: Type.Integer(), auto: Type.Number(), prompt: Type.Number() }),
  },
  { description: 'State of the service.' },
);
export type Status = Static<typeof StatusSchema>;

/** Why it does not answer, and since when, UTC. */
export type Away = { reason: string; since: string };

/** What only the running service knows. */
export type Live = Pick<Status, 'version' | 'uptime' | 'intake' | 'model' | 'waits' | 'looking' | 'disk'> & {
  /** targets that do not answer */
  targetsAway?: ReadonlyMap<string, Away>;
  /** when each instrument's directory was last scanned and there, UTC */
  scanned?: ReadonlyMap<string, string>;
};

/** Joins what the store knows with what only the running service does, for somebody with this sight. Cheap enough to be asked for every second. */
export function statusOf(
  store: Pick<Store, 'files' | 'seen' | 'thresholds' | 'teaching' | 'pauses' | 'queues'>,
  config: Config,
  { targetsAway, scanned, looking, ...live }: Live,
  sight: Sight,
  now = new Date(),
): Status {
  const lies = fileSight(config, sight);
  const since = midnight(now);
  const roots = new Map(store.files.roots().map((root) => [root.instrument, root.away_since]));
  const backlog = new Map(store.seen.backlog(sight).map((row) => [row.target, row]));
  const { version, auto, prompt } = store.thresholds.current() ?? { version: 0, ...config.thresholds };
  const receipts = store.seen.lastReceipts(sight);
  const oldestPrompt = store.queues.oldestPrompt(sight);
  const status: Omit<Status, 'concerns'> = {
    ...live,
    ...(looking ? { looking: looking.filter((file) => lies.seenAt(file.instrument, file.path)) } : {}),
    at: now.toISOString(),
    roots: config.instruments
      .filter(({ name }) => lies.instrument(name))
      .map(({ name, mode }) => {
        const away = roots.get(name);
        const at = scanned?.get(name);
        const settledAt = store.seen.lastSettled(name, sight);
        return {
          instrument: name,
          mode,
          ...(away ? { away } : {}),
          ...(at ? { scanned: at } : {}),
          ...(settledAt ? { settledAt } : {}),
        };
      }),
    images: store.seen.counts(sight),
    files: lies.counts(store),
    doubted: store.seen.doubted(sight),
    spool: store.seen.spool(sight),
    today: { since, ...store.seen.countsSince(since, sight) },
    teaching: { ...store.teaching.current(), checks: store.seen.openChecks(sight) },
    owed: config.targets.map(({ name }) => {
      const row = backlog.get(name);
      const away = targetsAway?.get(name);
      const told = away?.reason ?? row?.error;
      // the target's name stands beside it
      const error = told?.startsWith(`${name}: `) ? told.slice(name.length + 2) : told;
      const sendableSince = store.seen.sendableSince(name, sight);
      const lastReceipt = receipts.get(name);
      return {
        target: name,
        owed: row?.owed ?? 0,
        withheld: row?.withheld ?? 0,
        ...(row?.oldest ? { oldest: row.oldest } : {}),
        ...(error ? { error } : {}),
        ...(away ? { awaySince: away.since } : {}),
        ...(sendableSince ? { sendableSince } : {}),
        ...(lastReceipt ? { lastReceipt } : {}),
      };
    }),
    pauses: store.pauses.seen(sight),
    ...(oldestPrompt ? { oldestPrompt } : {}),
    thresholds: { version, auto, prompt },
  };
  return { ...status, concerns: concernsOf(status) };
}

/** Reasons why the service cannot do all of its work now; none = ready. */
export function notReady(status: Status): { code: string; sentence: string }[] {
  const reasons = [];
  if (!status.model) reasons.push({ code: 'model_missing', sentence: 'No model is loaded.' });
  if (status.intake.paused)
    reasons.push({
      code: 'intake_paused',
      sentence: `Intake waits: ${status.intake.reason ?? 'see the log'}.`,
    });
  for (const { instrument, away } of status.roots)
    if (away)
      reasons.push({
        code: 'root_away',
        sentence: `The acquisition directory of ${instrument} is away since ${away}.`,
      });
  for (const wait of status.waits ?? []) reasons.push({ code: 'stage_waits', sentence: `${wait}.` });
  for (const { target, owed, error } of status.owed)
    if (owed > 0 && error)
      reasons.push({ code: 'target_waits', sentence: `${owed} owed to target ${target}: ${error}.` });
  return reasons;
}
