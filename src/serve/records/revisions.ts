// The revisions of public records: the list of them, and each as it was written, cut down to what is public. Only of what is public now.

import Type from 'typebox';
import type { Given, Givens } from '../../harvest/given.ts';
import { RENDERINGS } from '../../record/renderings.ts';
import { statusOf } from '../../domain/publish.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { addressOf, landingPath } from './addresses.ts';
import { answer } from './answer.ts';
import { HTML_TYPE } from './links.ts';
import { needGiven, RECORD, RecordParams } from './need.ts';

const RevisionParams = Type.Object({
  ...RecordParams.properties,
  revision: Type.Integer({ minimum: 1, description: 'Number of the revision.' }),
});

const RevisionList = Type.Object({
  items: Type.Array(
    Type.Object({
      revision: Type.Integer(),
      at: Type.String({ description: 'When its label was given, UTC.' }),
      status: Type.String({ description: 'auto, confirmed or unlabelled.' }),
      category: Type.Optional(Type.String()),
      href: Type.String({ description: 'Address of the record.' }),
    }),
    { description: 'Newest first.' },
  ),
});

export function revisionRoutes(app: App, { config }: Pick<AppDeps, 'config'>, givens: Givens): void {
  const open = config.publish.open === 'everybody';
  const hrefOf = ({ record, context }: Given): string =>
    addressOf(`${landingPath(record.id)}/revisions/${record.revision}.json`, context);

  app.get(
    `${RECORD}/revisions`,
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'Revisions of a public record, newest first',
        params: RecordParams,
        response: { 200: RevisionList, 304: { description: 'It is as it was.' }, ...ErrorResponses },
      },
    },
    (request, reply) => {
      const newest = needGiven(givens, reply, request.params.uuid);
      const items: object[] = [];
      for (let revision = newest.item.revision; revision > 0; revision--) {
        // one that was never tagged was never written
        const given = givens.get(newest.record.id, revision);
        if (typeof given !== 'object') continue;
        const { at, category } = given.record.label;
        const status = statusOf(given.record.label);
        items.push({ revision, at, status, ...(category ? { category } : {}), href: hrefOf(given) });
      }
      const body = JSON.stringify({ items }, null, 2) + '\n';
      return answer(request, reply, open, { body, mediaType: 'application/json' });
    },
  );

  app.get(
    `${RECORD}/revisions/:revision.json`,
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'A revision of a public record; as long as the same is public, always the same bytes',
        params: RevisionParams,
        response: {
          200: {
            description: 'The record.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
          304: { description: 'It is as it was.' },
          ...ErrorResponses,
        },
      },
    },
    (request, reply) => {
      const { uuid, revision } = request.params;
      const given = needGiven(givens, reply, uuid, revision);
      const { record, context } = given;
      const links = [
        { rel: 'latest-version', href: addressOf(landingPath(record.id), context), type: HTML_TYPE },
        { rel: 'version-history', href: addressOf(`${landingPath(record.id)}/revisions`, context), type: 'application/json' }, // prettier-ignore
      ];
      const { mediaType } = RENDERINGS.json;
      const body = RENDERINGS.json.render(record, context);
      // it never changes, and may be withdrawn: who has it asks by its tag whether it is still given
      return answer(request, reply, open, { body, mediaType, links });
    },
  );
}
