// The record as schema.org JSON-LD, as search engines and other programs of the web read it. Pure; what is not known is absent.

import { categoryTitle, type Category } from '../domain/categories.ts';
import type { Field, Unit } from '../domain/header.ts';
import { statusOf } from '../domain/publish.ts';
import { ranked } from '../domain/scores.ts';
import { landingUrl, type RenderContext } from './context.ts';
import type { Owner, ShownRecord } from './record.ts';
import {
  acquiredDay,
  describe,
  headerValues,
  idOfOther,
  instrumentOf,
  licenceAddress,
  ownerOf,
  titleOf,
  UCUM,
} from './said.ts';
import { SCHEME } from './vocabulary.ts';

export function renderJsonLd(record: ShownRecord, context: RenderContext): object {
  const { id, label, acquired, picture, rights, project, partOf, relations, facility, header } = record;
  const landing = landingUrl(id, context);
  const at = header?.fields.acquired_at;
  const owner = ownerOf(record);
  const terms = [label.category, label.second].flatMap((one) => (one ? [term(one, label)] : []));
  const other = (sha256: string | undefined) => {
    const of = sha256 && idOfOther(record, sha256);
    return of ? { '@id': of } : undefined;
  };
  return known({
    '@context': ['https://schema.org/', { dcterms: 'http://purl.org/dc/terms/' }],
    '@type': 'Dataset',
    '@id': id,
    identifier: [id, { '@type': 'PropertyValue', propertyID: 'SHA-256', value: acquired.sha256 }],
    name: titleOf(record),
    description: describe(record),
    url: landing,
    thumbnailUrl: landing && `${landing}/thumb.jpg`,
    version: record.revision,
    about: terms.length > 0 ? terms : undefined,
    keywords: [...terms.map(({ name }) => name), `label status: ${statusOf(label)}`],
    dateCreated: at && acquiredDay(at),
    dateModified: label.at,
    datePublished: context.publishedAt,
    creator: owner && personOf(owner),
    publisher: facility && known({ '@type': 'Organization', '@id': facility.ror, name: facility.name }),
    copyrightHolder: rights?.holder && { '@type': 'Organization', name: rights.holder },
    license: rights?.licence && licenceAddress(rights.licence),
    funding:
      project?.funder || project?.award
        ? known({
            '@type': 'Grant',
            identifier: project.award,
            name: project.title ?? project.name,
            funder: project.funder && { '@type': 'Organization', name: project.funder },
          })
        : undefined,
    producer: project && known({ '@type': 'ResearchProject', name: project.title ?? project.name, sameAs: project.links }),
    isPartOf: partOf && known({ '@type': 'Collection', '@id': partOf.id, name: partOf.name }),
    'dcterms:replaces': other(relations.supersedes),
    'dcterms:isReplacedBy': other(relations.supersededBy),
    mentions: mentioned(record),
    distribution: known({
      '@type': 'ImageObject',
      encodingFormat: acquired.mediaType,
      contentSize: `${acquired.bytes} B`,
      sha256: acquired.sha256,
      width: picture && { '@type': 'QuantitativeValue', value: picture.width, unitText: 'px' },
      height: picture && { '@type': 'QuantitativeValue', value: picture.height, unitText: 'px' },
    }),
    variableMeasured: [...headerProperties(record), ...alignmentProperties(record), ...scoreProperties(record)],
  });
} // prettier-ignore

/** Without what is undefined. */
export const known = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function term(category: Category, { category: first, categoryIri, secondIri }: ShownRecord['label']) {
  const iri = category === first ? categoryIri : secondIri;
  return {
    '@type': 'DefinedTerm',
    ...(iri ? { '@id': iri } : {}),
    name: categoryTitle(category),
    termCode: category,
    inDefinedTermSet: SCHEME,
  };
}

const personOf = ({ name, orcid, affiliation }: Owner): object =>
  known({
    '@type': 'Person',
    '@id': orcid,
    name,
    affiliation: affiliation && { '@type': 'Organization', name: affiliation },
  });

/** The instrument, and the sample where it may be known. */
function mentioned(record: ShownRecord): object[] {
  const { instrument, header, facts } = record;
  const { vendor, instrument_model } = header?.fields ?? {};
  const sample = facts?.sample?.value;
  return [
    known({
      '@type': 'Product',
      '@id': instrument.pid,
      name: instrumentOf(record),
      model: instrument_model?.value,
      manufacturer: vendor && { '@type': 'Organization', name: vendor.value },
    }),
    ...(sample ? [{ '@type': 'Thing', name: sample, description: 'sample' }] : []),
  ];
}

/** As schema.org wants codes that are not of UN/CEFACT: with a prefix. `description`: where the value came from. */
export const property = (name: string, { value, unit, origin }: Omit<Field<string | number>, 'unit'> & { unit: Unit }) => ({
  '@type': 'PropertyValue',
  name,
  value,
  ...(unit ? { unitText: unit, unitCode: `UCUM:${UCUM[unit]}` } : {}),
  description: `origin: ${origin}`,
}); // prettier-ignore

export const headerProperties = (record: ShownRecord) =>
  headerValues(record).map(({ name, value, unit, origin }) => property(name, { value, unit, origin }));

function alignmentProperties({ alignment }: ShownRecord): object[] {
  return Object.entries(alignment ?? {}).flatMap(([name, field]) =>
    'value' in field ? [property(name, field)] : [],
  );
}

function scoreProperties({ classification: c }: ShownRecord): object[] {
  if (!c) return [];
  return ranked(c.scores).map(({ category, score }) =>
    property(`score ${categoryTitle(category)}`, { value: score, unit: null, origin: `model ${c.model.name}` }),
  );
} // prettier-ignore
