// What the service is doing, in one object: the page's status line, `semtag status` and the readiness check all read it.

import Type, { type Static } from 'typebox';
import type { Config } from '../config/schema.ts';
import { midnight } from '../domain/midnight.ts';
import type { Store } from '../store/store.ts';
import { ModeSchema, Time } from './schema.ts';

const Count = Type.Integer({ minimum: 0 });

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
        settledAt: Type.Optional(Type.String({ description: 'When its newest image settled, UTC.' })),
      }),
    ),
    images: Type.Record(Type.String(), Count, { description: 'Images in each state.' }),
    files: Type.Record(Type.String(), Count, { description: 'Files in each state.' }),
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
        oldest: Type.Optional(Time),
        error: Type.Optional(Type.String()),
      }),
    ),
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

/** What only the running service knows. */
export type Live = Pick<Status, 'version' | 'uptime' | 'intake' | 'model' | 'waits' | 'looking'> & {
  /** targets that do not answer, and why */
  targetsAway?: ReadonlyMap<string, string>;
};

/** Joins what the store knows with what only the running service does. Cheap enough to be asked for every second. */
export function statusOf(
  store: Pick<Store, 'files' | 'images' | 'deliveries' | 'thresholds' | 'checks' | 'teaching'>,
  config: Config,
  { targetsAway, ...live }: Live,
  now = new Date(),
): Status {
  const since = midnight(now);
  const roots = new Map(store.files.roots().map((root) => [root.instrument, root.away_since]));
  const backlog = new Map(store.deliveries.backlog().map((row) => [row.target, row]));
  const { version, auto, prompt } = store.thresholds.current() ?? { version: 0, ...config.thresholds };
  return {
    ...live,
    at: now.toISOString(),
    roots: config.instruments.map(({ name, mode }) => {
      const away = roots.get(name);
      const settledAt = store.images.lastSettled(name);
      return { instrument: name, mode, ...(away ? { away } : {}), ...(settledAt ? { settledAt } : {}) };
    }),
    images: store.images.counts(),
    files: store.files.counts(),
    doubted: store.images.doubted(),
    spool: { inFlight: store.images.spooledBytes(), aside: store.images.asideBytes() },
    today: { since, ...store.images.countsSince(since) },
    teaching: { ...store.teaching.current(), checks: store.checks.openCount() },
    owed: config.targets.map(({ name }) => {
      const row = backlog.get(name);
      const told = targetsAway?.get(name) ?? row?.error;
      // the target's name stands beside it
      const error = told?.startsWith(`${name}: `) ? told.slice(name.length + 2) : told;
      return {
        target: name,
        owed: row?.owed ?? 0,
        ...(row?.oldest ? { oldest: row.oldest } : {}),
        ...(error ? { error } : {}),
      };
    }),
    thresholds: { version, auto, prompt },
  };
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
