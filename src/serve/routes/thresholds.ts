// /api/thresholds: the ones in force and all versions, what others would have done to the confirmed history, and a new version. Routes no image and moves none.

import { setTimeout as sleep } from 'node:timers/promises';
import Type, { type Static } from 'typebox';
import { CATEGORIES, type Category } from '../../domain/categories.ts';
import { STRATA } from '../../domain/confirmed.ts';
import { DECISIONS, thresholdsProblem, type Decision, type Pair, type ThresholdsValue } from '../../domain/decision.ts'; // prettier-ignore
import { rollBack, saveThresholds } from '../../decide/thresholds.ts';
import { SemtagError } from '../../errors.ts';
import { confirmedHistory } from '../../learn/confirmed-history.ts';
import { thresholdChoice } from '../../learn/threshold-choice.ts';
import type { WhatIfs } from '../../learn/what-if.ts';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { By, CategorySchema, Time } from '../schema.ts';
import { pairsOf } from '../thresholds-query.ts';

const Count = Type.Integer({ minimum: 0 });
const Score = Type.Number({ minimum: 0, maximum: 1 });
const strict = { additionalProperties: false };

const PairSchema = Type.Object({ auto: Score, prompt: Score }, strict);
const PairsSchema = Type.Unsafe<Partial<Record<Category, Pair>>>(
  Type.Object(
    Object.fromEntries(CATEGORIES.map((name) => [name, Type.Optional(PairSchema)])), // prettier-ignore
    { ...strict, description: 'Pairs of their own for single top categories.' },
  ),
);
const value = { auto: Score, prompt: Score, perCategory: Type.Optional(PairsSchema) };

const VersionSchema = Type.Object({
  ...value,
  version: Type.Integer(),
  reason: Type.String(),
  author: Type.String(),
  at: Time,
});
export type VersionView = Static<typeof VersionSchema>;

const EstimateSchema = Type.Object(
  {
    images: Count,
    series: Count,
    wrong: Count,
    error: Type.Optional(Type.Number({ description: 'Share, 0..1; absent where `why` says why not.' })),
    interval: Type.Optional(Type.Object({ low: Type.Number(), high: Type.Number() }, { description: '95 %, by series.' })), // prettier-ignore
    why: Type.Optional(
      Type.Unsafe<'few' | 'unchecked'>({
        type: 'string',
        enum: ['few', 'unchecked'],
        description:
          'few: fewer than 20 images or 5 series. unchecked: no automatic label was checked blind.',
      }),
    ),
  },
  { description: 'Share of automatic labels that is wrong, with what it rests on.' },
);

const OutcomesSchema = Type.Object(
  { first: Count, second: Count, neither: Count },
  { description: 'Images by what a person said: the top category, the second one, neither.' },
);
const byDecision = <T extends Type.TSchema>(schema: T) =>
  Type.Unsafe<Record<Decision, Static<T>>>(
    Type.Object(Object.fromEntries(DECISIONS.map((name) => [name, schema]))),
  );
const WhatIfSchema = Type.Object({
  images: Count,
  counts: byDecision(OutcomesSchema),
  wrong: Type.Integer({ minimum: 0, description: 'second + neither of those that would label themselves.' }),
  shares: Type.Optional(byDecision(Type.Number())),
  error: EstimateSchema,
});
const perCategory = <T extends Type.TSchema>(schema: T) =>
  Type.Unsafe<Record<Category, Static<T>>>(
    Type.Object(Object.fromEntries(CATEGORIES.map((name) => [name, schema]))),
  );
const WhatIfsSchema = Type.Object({ all: WhatIfSchema, perCategory: perCategory(WhatIfSchema) });

const AnswerSchema = Type.Object({
  candidate: Type.Object({ ...WhatIfsSchema.properties, thresholds: Type.Object(value) }),
  against: Type.Object({
    ...WhatIfsSchema.properties,
    thresholds: VersionSchema,
    past: Type.Object(
      { all: EstimateSchema, perCategory: perCategory(EstimateSchema) },
      { description: 'Of labels that this version gave, from blind checks that chance drew.' },
    ),
  }),
  waiting: Type.Object(
    { asked: Count, above: Count },
    { description: 'Images that wait for people, and how many of them would label themselves.' },
  ),
});
export type WhatIfAnswer = Static<typeof AnswerSchema>;

const SummarySchema = Type.Object({
  ...(Object.fromEntries(STRATA.map((name) => [name, Count])) as Record<
    (typeof STRATA)[number],
    typeof Count
  >),
  images: Count,
  series: Count,
  heads: Count,
  hidden: Type.Boolean({ description: 'Images of private projects are not counted.' }),
  automatic: Type.Boolean({ description: 'Some image labelled itself.' }),
});
const OverviewSchema = Type.Object({
  inForce: VersionSchema,
  versions: Type.Array(VersionSchema),
  history: Type.Optional(SummarySchema),
  read: Type.Optional(
    Type.Number({
      description:
        'While the history is still being read after a start: how much of it, 0..1. `history` comes then.',
    }),
  ),
});
export type ThresholdsOverview = Static<typeof OverviewSchema>;

const PlotsSchema = Type.Object({
  bins: Type.Array(Type.Object({ ...OutcomesSchema.properties, from: Type.Number() })),
  curve: Type.Array(
    Type.Object({ from: Type.Number(), coverage: Type.Number(), risk: Type.Number() }),
    { description: 'Labels given from a score on: which share of images has one, which share of those is wrong.' }, // prettier-ignore
  ),
});
export type HistoryPlots = Static<typeof PlotsSchema>;

/** A page is told how far it is rather than kept waiting. */
const PATIENCE_MS = 200;

const why = {
  reason: Type.String({ description: 'Why, 1 to 500 characters; stays in the history.' }),
  by: By,
  version: Type.Integer({ description: 'The version in force that was seen; another one since then: 409.' }),
};

export function thresholdRoutes(app: App, { store, config }: AppDeps): void {
  const confirmed = confirmedHistory(store.confirmed);
  const choice = thresholdChoice({
    store: store.confirmed,
    history: confirmed,
    instruments: config.instruments,
    teaching: store.teaching,
  });
  // in slices beside everything else, so that the first who looks need not wait; what goes wrong is said to who asks
  app.addHook('onListen', async () => void confirmed.columns().catch(() => undefined));
  const named = ({ all, perCategory: each }: WhatIfs) => ({ all, perCategory: byName(each) });
  const inForce = () => store.thresholds.current()!;

  app.get(
    '/api/thresholds',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['service'],
        summary: 'Thresholds in force, all versions, and what the confirmed history consists of',
        response: { 200: OverviewSchema, ...ErrorResponses },
      },
    },
    async ({ sight }) => {
      const waited = sleep(PATIENCE_MS, undefined, { ref: false });
      const history = await Promise.race([choice.summary(sight), waited]);
      const versions = store.thresholds.versions();
      return { inForce: inForce(), versions, ...(history ? { history } : { read: confirmed.read() }) };
    },
  );

  app.get(
    '/api/thresholds/what-if',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['service'],
        summary: 'What these thresholds would have done to the confirmed history, beside a version',
        querystring: Type.Object(
          {
            auto: Score,
            prompt: Score,
            perCategory: Type.Optional(
              Type.String({ description: 'Such as Nanowires:0.9:0.4,Tips:0.7:0.3 (auto, prompt).' }),
            ),
            against: Type.Optional(Type.Integer({ description: 'A version; else the one in force.' })),
          },
          strict,
        ),
        response: { 200: AnswerSchema, ...ErrorResponses },
      },
    },
    async ({ query, sight }) => {
      const pairs = pairsOf(query.perCategory ?? '');
      if (!pairs)
        throw new SemtagError('bad_request', 'perCategory: category:auto:prompt, separated by commas');
      const thresholds: ThresholdsValue = { auto: query.auto, prompt: query.prompt };
      if (Object.keys(pairs).length > 0) thresholds.perCategory = pairs;
      const problem = thresholdsProblem(thresholds);
      if (problem) throw new SemtagError('bad_request', `thresholds: ${problem}`);
      const other = query.against === undefined ? inForce() : store.thresholds.need(query.against);
      const [candidate, against] = await choice.whatIf([thresholds, other], sight);
      const past = await choice.past(other.version, sight);
      return {
        candidate: { ...named(candidate!), thresholds },
        against: {
          ...named(against!),
          thresholds: other,
          past: { all: past.all, perCategory: byName(past.perCategory) },
        },
        waiting: choice.waiting(thresholds, sight),
      };
    },
  );

  app.get(
    '/api/thresholds/plots',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['service'],
        summary: 'Top scores of the confirmed history in bins, and risk against coverage',
        querystring: Type.Object({ category: Type.Optional(CategorySchema) }, strict),
        response: { 200: PlotsSchema, ...ErrorResponses },
      },
    },
    ({ query, sight }) => choice.plots(query.category, sight),
  );

  app.post(
    '/api/thresholds',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'Save thresholds as the next version; 409 where another one came in between',
        body: Type.Object({ ...value, ...why }, strict),
        response: { 200: VersionSchema, ...ErrorResponses },
      },
    },
    (request) => {
      const { auto, prompt, perCategory, reason, version } = request.body;
      const thresholds = { auto, prompt, ...(perCategory ? { perCategory } : {}) };
      return saveThresholds(store, thresholds, { reason, by: authorOf(request), version });
    },
  );

  app.post(
    '/api/thresholds/roll-back',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary: 'Save the values of an old version as the next one, which names it',
        body: Type.Object({ ...why, to: Type.Integer({ description: 'The old version.' }) }, strict),
        response: { 200: VersionSchema, ...ErrorResponses },
      },
    },
    (request) => {
      const { to, reason, version } = request.body;
      return rollBack(store, to, { reason, by: authorOf(request), version });
    },
  );
}

const byName = <T>(each: T[]) =>
  Object.fromEntries(CATEGORIES.map((name, c) => [name, each[c]])) as Record<Category, T>;
