// The sitemap of what is public (sitemaps.org): an index, and parts by the order of changes, so that no part ever needs a count. Addresses in it must be absolute: without a base URL there is none.

import Type from 'typebox';
import { datestamp } from '../../domain/datestamp.ts';
import { SemtagError } from '../../errors.ts';
import { escapeXml } from '../../formats/xml.ts';
import type { Givens } from '../../harvest/given.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { landingPath } from './addresses.ts';
import { answer } from './answer.ts';
import { needGoing } from './need.ts';

/** Changes in one part; 50,000 addresses are allowed, and one answer must not keep others waiting. */
export const PART = 2000;

const NS = 'http://www.sitemaps.org/schemas/sitemap/0.9';
const XML_TYPE = 'application/xml';
const xml = (root: string, rows: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NS}">\n${rows.join('')}</${root}>\n`;

const response = {
  200: { description: 'Sitemap.', content: { [XML_TYPE]: { schema: Type.String() } } },
  304: { description: 'It is as it was.' },
  ...ErrorResponses,
};

export function sitemapRoutes(app: App, { config }: Pick<AppDeps, 'config'>, givens: Givens): void {
  const { baseUrl } = config.publish;
  const open = config.publish.open === 'everybody';

  function needBase(): string {
    if (baseUrl === undefined)
      throw new SemtagError('not_found', 'sitemap', { advice: 'A sitemap names whole addresses: it needs publish.baseUrl in the config. /oai and /search.json list the same records.' }); // prettier-ignore
    return escapeXml(baseUrl);
  }

  app.get(
    '/sitemap.xml',
    {
      config: { access: 'harvest' },
      schema: { tags: ['public'], summary: 'Sitemap of all landing pages: an index of its parts', response }, // prettier-ignore
    },
    (request, reply) => {
      const base = needBase();
      needGoing(givens, reply);
      // parts whose items have all changed since are empty: their items stand in later ones
      const rows = givens.parts(PART).map((part) => `<sitemap><loc>${base}/sitemap-${part + 1}.xml</loc></sitemap>\n`); // prettier-ignore
      return answer(request, reply, open, { body: xml('sitemapindex', rows), mediaType: XML_TYPE });
    },
  );

  app.get(
    '/sitemap-:part(^\\d{1,9}$).xml',
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'A part of the sitemap',
        params: Type.Object({ part: Type.Integer({ minimum: 1, description: 'Number of the part.' }) }),
        response,
      },
    },
    (request, reply) => {
      const base = needBase();
      needGoing(givens, reply);
      const { part } = request.params;
      if ((part - 1) * PART >= givens.newest()) throw new SemtagError('not_found', `part ${part} of the sitemap`); // prettier-ignore
      const rows = givens
        .part(part - 1, PART)
        .map(({ id, stamp }) => `<url><loc>${base}${landingPath(id)}</loc><lastmod>${datestamp(stamp)}</lastmod></url>\n`); // prettier-ignore
      return answer(request, reply, open, { body: xml('urlset', rows), mediaType: XML_TYPE });
    },
  );
}
