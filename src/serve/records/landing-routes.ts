// The landing page of each public record, its renderings and its links: GET /records/UUID and what hangs on it. Renders what givens hands out, and nothing else.

import Type from 'typebox';
import { SemtagError } from '../../errors.ts';
import type { Given, Givens } from '../../harvest/given.ts';
import { RENDERINGS, RENDERING_NAMES, type RenderingName } from '../../record/renderings.ts';
import type { App } from '../app.ts';
import type { PublicDeps } from '../deps.ts';
import { ErrorBodySchema, ErrorResponses } from '../error-body.ts';
import { negotiated } from './accept.ts';
import { calledBy } from './addresses.ts';
import { answer } from './answer.ts';
import { landingPage, withdrawnPage } from './landing.ts';
import { bare, HTML_TYPE, landingLinks, linksetText, LINKSET_TYPE, renderingLinks } from './links.ts';
import { needGiven, RECORD, RecordParams } from './need.ts';

/** In the order of preference where a request does not care. KIT SEM has no media type of its own: it has an address. */
const NEGOTIATED = ['json', 'jsonld', 'datacite', 'oai_dc', 'ro-crate', 'xmp', 'csv'] as const;
const OFFERED = [HTML_TYPE, ...NEGOTIATED.map((name) => RENDERINGS[name].mediaType), LINKSET_TYPE];

const JSON_SCHEMA = { type: 'object' };

const text = (mediaTypes: string[], description: string): object => ({
  200: {
    description,
    content: Object.fromEntries(
      mediaTypes.map((type) => [bare(type), { schema: type.includes('json') ? JSON_SCHEMA : Type.String() }]),
    ),
  },
  304: { description: 'It is as it was.' },
  ...ErrorResponses,
});

const PAGE: object = {
  ...text(OFFERED, 'A page, or the record.'),
  410: {
    description: 'It was public once; to a browser as a page.',
    content: { [HTML_TYPE]: { schema: Type.String() }, 'application/json': { schema: ErrorBodySchema } },
  },
};

export function landingRoutes(app: App, { config, isCopy }: PublicDeps, givens: Givens): void {
  const open = config.publish.open === 'everybody';
  const { files } = givens;

  const rendering = (given: Given, name: RenderingName) => ({
    body: RENDERINGS[name].render(given.record, given.context),
    mediaType: RENDERINGS[name].mediaType,
    links: renderingLinks({ given, files, isCopy, context: given.context }),
  });

  const linkset = (given: Given, called: string) => {
    const context = { baseUrl: given.context.baseUrl ?? called };
    return { body: linksetText({ given, files, isCopy, context }), mediaType: LINKSET_TYPE, links: renderingLinks({ given, files, isCopy, context: given.context }) }; // prettier-ignore
  };

  /** Its stamp, where no rules are on their way that would change it. */
  const modified = ({ item }: Given): number | undefined => (givens.isWalking() ? undefined : item.stamp);

  app.get(
    RECORD,
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'Landing page of a public record, or one of its renderings as Accept asks; with typed links (FAIR Signposting)', // prettier-ignore
        params: RecordParams,
        response: PAGE,
      },
    },
    (request, reply) => {
      const n = negotiated(request.headers.accept, OFFERED);
      void reply.header('vary', 'Accept');
      const id = `urn:uuid:${request.params.uuid}`;
      if (n === 0 && givens.get(id) === 'gone')
        return reply.code(410).type('text/html; charset=utf-8').send(withdrawnPage(id));
      const given = needGiven(givens, reply, request.params.uuid);
      if (n === undefined) throw new SemtagError('not_acceptable', OFFERED.join(', '));
      const links = landingLinks({ given, files, isCopy, context: given.context });
      const name = NEGOTIATED[n - 1];
      const chosen =
        n === 0
          ? { body: landingPage(given, links, { files, isCopy }), mediaType: HTML_TYPE }
          : name
            ? rendering(given, name)
            : linkset(given, calledBy(request));
      return answer(request, reply, open, { ...chosen, links, modified: modified(given), negotiated: true });
    },
  );

  for (const name of RENDERING_NAMES)
    app.get(
      `${RECORD}${RENDERINGS[name].ending}`,
      {
        config: { access: 'harvest' },
        schema: {
          tags: ['public'],
          summary: `A public record as ${name}`,
          params: RecordParams,
          response: text([RENDERINGS[name].mediaType], 'The record.'),
        },
      },
      (request, reply) => {
        const given = needGiven(givens, reply, request.params.uuid);
        return answer(request, reply, open, { ...rendering(given, name), modified: modified(given) });
      },
    );

  app.get(
    `${RECORD}/linkset.json`,
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'All typed links of a public record (RFC 9264)',
        params: RecordParams,
        response: text([LINKSET_TYPE], 'The links.'),
      },
    },
    (request, reply) => {
      const given = needGiven(givens, reply, request.params.uuid);
      return answer(request, reply, open, {
        ...linkset(given, calledBy(request)),
        modified: modified(given),
      });
    },
  );
}
