// /api/teaching: whether what answers taught is used, how often automatic labels are wrong, which answers need a look; and the manager's word on it. Never says how often a person is.

import type { FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { compared, isWrong, type Checked } from '../../domain/blind-check.ts';
import { may, type Sight } from '../../domain/access.ts';
import { oddOf } from '../../decide/odd-answers.ts';
import { liveError } from '../../learn/live-error.ts';
import type { Category } from '../../domain/categories.ts';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageSummary, ImageSummarySchema } from '../image-view.ts';
import { By, CategorySchema, LabelKindSchema, Time } from '../schema.ts';

/** So many answers, and images of each person or side: what came before is shown once these are settled. */
const LIMIT = 100;

const Count = Type.Integer({ minimum: 0 });
const Images = Type.Array(ImageSummarySchema);

const CheckedImages = Type.Array(
  Type.Object({
    ...ImageSummarySchema.properties,
    checked: Type.Object({
      machine: CategorySchema,
      head: Type.Unsafe<Category>({ ...CategorySchema, description: 'What the head alone named.' }),
      person: Type.Object({ kind: LabelKindSchema, category: Type.Optional(CategorySchema) }),
    }),
  }),
);

const LiveErrorSchema = Type.Object({
  checked: Count,
  wrong: Count,
  since: Type.Optional({
    ...Time,
    description: 'When the oldest of these labels was given; absent where there is none.',
  }),
  error: Type.Optional(
    Type.Number({ description: 'wrong / checked; absent: not enough data, fewer than 20 were checked.' }),
  ),
  interval: Type.Optional(
    Type.Object({ low: Type.Number(), high: Type.Number() }, { description: '95 %, series counted.' }),
  ),
});

const UseSchema = Type.Object({
  use: Type.Boolean({ description: 'False: the head alone decides, as if nobody had taught.' }),
  since: Type.Optional(Time),
  by: Type.Optional(Type.String({ description: '`semtag`: the blind checks spoke against it.' })),
  reason: Type.Optional(Type.String()),
  otherHead: Type.Optional(
    Type.Literal(true, { description: 'Set aside with another head than the one in use.' }),
  ),
});

const TeachingSchema = Type.Object(
  {
    ...UseSchema.properties,
    checks: Type.Object({
      share: Type.Number({ description: 'Of automatic labels, as in the config.' }),
      open: Count,
      drawn: LiveErrorSchema,
      first: LiveErrorSchema,
      wrong: Type.Object(
        { images: CheckedImages, all: Count },
        { description: 'Checked labels that were wrong, the newest answers first; the newest are shown.' },
      ),
    }),
    guard: Type.Object(
      {
        headRight: Type.Object({ series: Count, images: CheckedImages }),
        taughtRight: Type.Object({ series: Count, images: CheckedImages }),
      },
      {
        description:
          'Checks where the taught head and the head alone named different categories, and which one was right; of labels given since teaching, or another head, was last put to use.',
      },
    ),
    odd: Type.Object(
      {
        answers: Type.Array(
          Type.Object({
            image: ImageSummarySchema,
            by: Type.String(),
            category: CategorySchema,
            implausible: Type.Boolean({ description: 'It had next to no score just before.' }),
            against: Type.Optional(Type.Object({ category: CategorySchema, score: Type.Number() })),
          }),
        ),
        all: Type.Integer({ minimum: 0, description: 'How many there are; the newest are shown.' }),
        people: Type.Optional(
          Type.Array(Type.Object({ by: Type.String(), images: Images }), {
            description: 'Whose answers are among them more often than others’, beyond chance; by name. Told to managers only.', // prettier-ignore
          }),
        ),
        note: Type.Optional(Type.String({ description: 'Why not all could be looked at.' })),
      },
      { description: 'Answers that stand against what looks like them. They may be right.' },
    ),
  },
  { description: 'How teaching does.' },
);
export type Teaching = Static<typeof TeachingSchema>;

export function teachingRoutes(app: App, { store, answers, config, odd, logger }: AppDeps): void {
  const images = (sha256s: string[], sight: Sight) =>
    sha256s.slice(0, LIMIT).map((sha256) => imageSummary(store.seen.need(sha256, sight)));

  const checkedImages = (all: Checked[], sight: Sight) =>
    all.map(({ sha256, check: { category, head }, label }) => {
      const person = { kind: label.kind, ...(label.category ? { category: label.category } : {}) };
      return {
        ...imageSummary(store.seen.need(sha256, sight)),
        checked: { machine: category, head, person },
      };
    });

  /** Of those that the two errors count, each once. */
  function wrongOnes(all: Checked[], sight: Sight): Teaching['checks']['wrong'] {
    const wrong = new Map(all.filter((one) => isWrong(one)).map((one) => [one.sha256, one]));
    const images = checkedImages([...wrong.values()], sight);
    images.sort((a, b) => (b.label?.at ?? '').localeCompare(a.label?.at ?? ''));
    return { images: images.slice(0, LIMIT), all: images.length };
  }

  async function oddNow({
    sight,
    caller,
  }: Pick<FastifyRequest, 'sight' | 'caller'>): Promise<Teaching['odd']> {
    let note: string | undefined;
    const found = await odd?.().catch((error: Error) => {
      logger.warn({ reason: error.message }, 'answers are not held against their series');
      note = `Answers were not held against their series: ${error.message}.`;
      return [];
    });
    const { answers, people } = oddOf(store, found ?? [], sight);
    return {
      answers: answers
        .slice(0, LIMIT)
        .map(({ sha256, ...rest }) => ({ image: imageSummary(store.seen.need(sha256, sight)), ...rest })),
      all: answers.length,
      ...(may(caller, 'manage') ? { people: people.map(({ by, sha256s }) => ({ by, images: images(sha256s, sight) })) } : {}), // prettier-ignore
      ...(note === undefined ? {} : { note }),
    };
  }

  app.get(
    '/api/teaching',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['service'],
        summary: 'Whether answers teach at the moment, the error of automatic labels, answers to look at',
        response: { 200: TeachingSchema, ...ErrorResponses },
      },
    },
    async (request) => {
      const { sight } = request;
      const oddAnswers = await oddNow(request);
      const contested = store.seen.contested(store.teaching.afterLabel(), sight);
      const { headRight, taughtRight, ...series } = compared(contested);
      const side = (sha256s: string[]) => checkedImages(contested.filter((one) => sha256s.includes(one.sha256)).slice(0, LIMIT), sight); // prettier-ignore
      const [drawn, first] = [store.seen.checked('share', sight), store.seen.checked('first', sight)];
      return {
        ...store.teaching.current(),
        checks: {
          share: config.teach.check,
          open: store.seen.openChecks(sight),
          drawn: liveError(drawn),
          first: liveError(first),
          wrong: wrongOnes([...drawn, ...first], sight),
        },
        guard: {
          headRight: { series: series.seriesForHead, images: side(headRight) },
          taughtRight: { series: series.seriesForTaught, images: side(taughtRight) },
        },
        odd: oddAnswers,
      };
    },
  );

  app.post(
    '/api/teaching',
    {
      config: { access: 'manage' },
      schema: {
        tags: ['service'],
        summary:
          'Set what answers taught aside, or put it to use again; then only checks of later labels count',
        body: Type.Object(
          {
            use: Type.Boolean(),
            by: By,
            reason: Type.String({ description: 'Why, 1 to 500 characters; stays in the history.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: UseSchema, ...ErrorResponses },
      },
    },
    (request) => {
      const { use, reason } = request.body;
      answers.useTeaching(use, authorOf(request), reason);
      return store.teaching.current();
    },
  );
}
