// What a person does to one image: label, undo, retry. Each is one call of answers, so that page, API and command line agree.

import Type from 'typebox';
import type { Sight } from '../../domain/access.ts';
import type { Answer } from '../../domain/label.ts';
import { SemtagError } from '../../errors.ts';
import type { Image } from '../../store/images.ts';
import type { App } from '../app.ts';
import { authorOf } from '../auth/author.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { imageSummary, ImageSummarySchema } from '../image-view.ts';
import { By, CategorySchema, ImageParams, Sha256 } from '../schema.ts';

const strict = { additionalProperties: false };

const AnswerSchema = Type.Union([
  Type.Object(
    { kind: Type.Literal('category'), category: CategorySchema, second: Type.Optional(CategorySchema) },
    strict,
  ),
  Type.Object({ kind: Type.Literal('none_of_these') }, strict),
  Type.Object({ kind: Type.Literal('unusable') }, strict),
]);

const PromptVersion = Type.Optional(
  Type.Integer({
    minimum: 0,
    description: 'As it was shown. When it has changed meanwhile: 409 stale_prompt.',
  }),
);

const Corrects = Type.Optional(
  Type.Integer({
    minimum: 0,
    description:
      'Of a correction: the promptVersion of the image with the label that you saw. When it has changed meanwhile: 409 stale_prompt.',
  }),
);

/** As many as one answer goes to at most. */
const MOST_ALSO = 200;

const Done = Type.Object({ image: ImageSummarySchema });
const Labelled = Type.Object({
  image: ImageSummarySchema,
  together: Type.Array(Sha256, { description: 'Other images that have this label now: of `also`, and parts of the same acquisition.' }), // prettier-ignore
  parts: Type.Array(Sha256, { description: 'Of `together`: parts of the same acquisition; the others are look-alikes.' }), // prettier-ignore
  left: Type.Array(Sha256, { description: 'Those of `also` that had changed meanwhile or are not in its series: they stay as they are.' }), // prettier-ignore
  resting: Type.Array(Sha256, { description: 'Images whose automatic label rested on the answer that this one corrects: they are judged anew.' }), // prettier-ignore
});
const Undone = Type.Object({
  image: ImageSummarySchema,
  together: Type.Array(Sha256, { description: 'Images that had got the answer with it and are asked again.' }), // prettier-ignore
  resting: Type.Array(Sha256, { description: 'Images whose automatic label rested on this answer.' }),
});

/** Whoever corrects or takes back has seen this version of it. The store is synchronous: nothing comes between this look and what follows. */
function notSince({ name, promptVersion }: Image, seen: number | undefined): void {
  if (seen !== undefined && seen !== promptVersion)
    throw new SemtagError('stale_prompt', `${name} was answered again meanwhile`);
}

export function labelRoutes(app: App, { store, answers }: AppDeps): void {
  /** A look-alike comes before its own parts. */
  function partsAmong({ partOf }: Pick<Image, 'partOf'>, together: string[], sight: Sight): string[] {
    const known = new Set([partOf?.id]);
    return together.filter((sha256) => {
      const id = store.seen.need(sha256, sight).partOf?.id;
      if (id === undefined) return false;
      const part = known.has(id);
      known.add(id);
      return part;
    });
  }

  /** Of an answer that this one changes: said once more it teaches as before. */
  function restingOn(sha256: string, answer: Answer, sight: Sight): string[] {
    const { label } = store.seen.need(sha256, sight);
    const category = answer.kind === 'category' ? answer.category : undefined;
    return label?.basis === 'answer' && label.category !== category
      ? store.seen.only(store.rescoring.restingOn(sha256), sight)
      : [];
  }

  app.post(
    '/api/images/:sha256/label',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary:
          'Answer the prompt of an image or, with its promptVersion, a blind check; or correct its label',
        params: ImageParams,
        body: Type.Object(
          {
            answer: AnswerSchema,
            by: By,
            promptVersion: PromptVersion,
            corrects: Corrects,
            note: Type.Optional(Type.String({ maxLength: 2000 })),
            notForTraining: Type.Optional(
              Type.Boolean({ description: 'No other image is scored by this answer.' }),
            ),
            also: Type.Optional(
              Type.Array(
                Type.Object({ sha256: Sha256, promptVersion: Type.Integer({ minimum: 0 }) }, strict),
                {
                  maxItems: MOST_ALSO,
                  description:
                    'Other images of its series that wait, as they were shown, to which the answer is given too.',
                },
              ),
            ),
          },
          strict,
        ),
        response: { 200: Labelled, ...ErrorResponses },
      },
    },
    (request) => {
      const {
        params: { sha256 },
        body,
        sight,
      } = request;
      const { corrects, ...given } = body;
      const { answer } = given;
      if (answer.kind === 'category' && answer.second === answer.category)
        throw new SemtagError('bad_request', 'answer.second: the same as answer.category');
      store.seen.needAll([sha256, ...(body.also ?? []).map((one) => one.sha256)], sight);
      notSince(store.seen.need(sha256, sight), corrects);
      const resting = restingOn(sha256, answer, sight);
      const done = answers.label(sha256, { ...given, by: authorOf(request) });
      const image = store.seen.need(sha256, sight);
      const together = store.seen.only(done.together, sight);
      const parts = partsAmong(image, together, sight);
      return { image: imageSummary(image), together, parts, left: done.left, resting };
    },
  );

  app.post(
    '/api/images/:sha256/undo',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary:
          'Take the last answer back; the image is asked again (after a blind check it has its automatic label again, and the check waits), and what was labelled because of it is judged anew',
        params: ImageParams,
        body: Type.Object({ by: By, promptVersion: PromptVersion }, strict),
        response: { 200: Undone, ...ErrorResponses },
      },
    },
    (request) => {
      const {
        params: { sha256 },
        body,
        sight,
      } = request;
      notSince(store.seen.need(sha256, sight), body.promptVersion);
      const resting = store.seen.only(store.rescoring.restingOn(sha256), sight);
      const together = store.seen.only(answers.undo(sha256, authorOf(request)).together, sight);
      return { image: imageSummary(store.seen.need(sha256, sight)), together, resting };
    },
  );

  app.post(
    '/api/images/:sha256/retry',
    {
      config: { access: 'answer' },
      schema: {
        tags: ['answers'],
        summary: 'Try an image again that is aside, or that a target did not take',
        params: ImageParams,
        body: Type.Object({ by: By }, strict),
        response: { 200: Done, ...ErrorResponses },
      },
    },
    (request) => {
      const {
        params: { sha256 },
        sight,
      } = request;
      store.seen.need(sha256, sight);
      answers.retry(sha256, authorOf(request));
      return { image: imageSummary(store.seen.need(sha256, sight)) };
    },
  );
}
