// The catalogue of what is public as DCAT 3, JSON-LD with its context inside: the catalogue, a data set for each category and instrument, and the services that give them. Tells of no set that has no public record.

import { CATEGORIES, categoryTitle } from '../../domain/categories.ts';
import { datestamp } from '../../domain/datestamp.ts';
import { DEFINITIONS } from '../../domain/definitions.ts';
import type { Givens } from '../../harvest/given.ts';
import { licenceAddress } from '../../record/said.ts';
import { categoryIri, SCHEME } from '../../record/vocabulary.ts';
import type { App } from '../app.ts';
import type { AppDeps, PublicDeps } from '../deps.ts';
import { ErrorResponses } from '../error-body.ts';
import { slugOf } from '../oai/sets.ts';
import { addressOf } from './addresses.ts';
import { answer } from './answer.ts';
import { needGoing } from './need.ts';

const CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dcterms: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};
const MEDIA = 'https://www.iana.org/assignments/media-types/';
const LD = 'application/ld+json';

const iri = (address: string) => ({ '@id': address });
const english = (text: string) => ({ '@value': text, '@language': 'en' });

type Facility = AppDeps['config']['facility'];

/** Without a base URL its names are relative to where it was found. `sitemap`, `search`: whether they are there. */
export function catalogue(givens: Givens, facility: Facility, base: { baseUrl?: string }, { sitemap, search }: { sitemap: boolean; search: boolean }): object {
  const self = addressOf('/catalog.jsonld', base);
  const { name, ror, licence, rightsHolder } = facility;
  const publisher = name || ror ? { 'dcterms:publisher': { ...(ror ? iri(ror) : {}), '@type': 'foaf:Agent', ...(name ? { 'foaf:name': name } : {}) } } : {};
  const rights = {
    ...(licence ? { 'dcterms:license': iri(licenceAddress(licence)) } : {}),
    ...(rightsHolder ? { 'dcterms:rightsHolder': { '@type': 'foaf:Agent', 'foaf:name': rightsHolder } } : {}),
  };
  const dataset = (key: 'category' | 'instrument', value: string, title: string, more: object) => {
    const distribution = search
      ? { title: 'Search, page by page', path: `/search.json?${key}=${encodeURIComponent(value)}`, mediaType: 'application/json', service: 'search' }
      : { title: 'OAI-PMH, page by page', path: `/oai?verb=ListRecords&metadataPrefix=oai_dc&set=${key}:${key === 'category' ? value : slugOf(value)}`, mediaType: 'text/xml', service: 'oai' };
    return {
      '@id': `${self}#${key}-${encodeURIComponent(value)}`,
      '@type': 'dcat:Dataset',
      'dcterms:title': english(title),
      ...publisher,
      ...rights,
      ...more,
      'dcat:distribution': {
        '@type': 'dcat:Distribution',
        'dcterms:title': english(distribution.title),
        'dcat:accessURL': iri(addressOf(distribution.path, base)),
        'dcat:mediaType': iri(MEDIA + distribution.mediaType),
        'dcat:accessService': iri(`${self}#${distribution.service}`),
        ...rights,
      },
    };
  };
  const datasets = [
    ...CATEGORIES.filter((category) => givens.exists({ category })).map((category) =>
      dataset('category', category, `SEM images: ${categoryTitle(category)}`, {
        'dcterms:description': english(DEFINITIONS[category]),
        'dcat:theme': iri(categoryIri(category)),
      }),
    ),
    ...givens.values('instrument').filter((instrument) => givens.exists({ instrument })).map((instrument) =>
      dataset('instrument', instrument, `SEM images of ${instrument}`, {
        'dcterms:description': english(`Images of the scanning electron microscope ${instrument}.`),
      }),
    ),
  ];
  const service = (id: string, title: string, path: string, more: object) => ({
    '@id': `${self}#${id}`,
    '@type': 'dcat:DataService',
    'dcterms:title': english(title),
    'dcat:endpointURL': iri(addressOf(path, base)),
    'dcat:servesDataset': datasets.map((one) => iri(one['@id'])),
    ...publisher,
    ...more,
  });
  return {
    '@context': CONTEXT,
    '@id': self,
    '@type': 'dcat:Catalog',
    'dcterms:title': english(`SEM images${name ? ` of ${name}` : ''}`),
    'dcterms:description': english('Images of scanning electron microscopes with what they show, who or what says so, and how they were made.'),
    'dcterms:language': iri('http://id.loc.gov/vocabulary/iso639-1/en'),
    ...(givens.changed() > 0 ? { 'dcterms:modified': { '@type': 'xsd:dateTime', '@value': datestamp(givens.changed()) } } : {}),
    ...publisher,
    ...rights,
    'dcat:themeTaxonomy': iri(SCHEME),
    'dcterms:hasPart': [iri(addressOf('/vocabulary.ttl', base)), ...(sitemap ? [iri(addressOf('/sitemap.xml', base))] : [])],
    'dcat:dataset': datasets,
    'dcat:service': [
      service('oai', 'OAI-PMH 2.0', '/oai', {
        'dcterms:conformsTo': iri('http://www.openarchives.org/OAI/2.0/'),
        'dcat:endpointDescription': iri(addressOf('/oai?verb=Identify', base)),
      }),
      ...(search
        ? [service('search', 'Search', '/search.json', { 'dcat:endpointDescription': iri(addressOf('/api/openapi.json', base)) })]
        : []),
    ],
  };
} // prettier-ignore

export function catalogRoutes(
  app: App,
  { config, isCopy }: Pick<PublicDeps, 'config' | 'isCopy'>,
  givens: Givens,
): void {
  const { baseUrl, open } = config.publish;
  app.get(
    '/catalog.jsonld',
    {
      config: { access: 'harvest' },
      schema: {
        tags: ['public'],
        summary: 'The catalogue of what is public (DCAT 3)',
        response: {
          200: { description: 'The catalogue.', content: { [LD]: { schema: { type: 'object' } } } },
          304: { description: 'It is as it was.' },
          ...ErrorResponses,
        },
      },
    },
    (request, reply) => {
      needGoing(givens, reply);
      const value = catalogue(givens, config.facility, config.publish, { sitemap: baseUrl !== undefined, search: !isCopy }); // prettier-ignore
      const body = JSON.stringify(value, null, 2) + '\n';
      return answer(request, reply, open === 'everybody', { body, mediaType: LD });
    },
  );
}
