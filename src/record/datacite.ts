// The record as DataCite metadata, kernel 4.7. Pure. What the schema requires and nobody knows gets DataCite's own value for that (its appendix 3), never a guess.

import { categoryTitle } from '../domain/categories.ts';
import { statusOf } from '../domain/publish.ts';
import { escapeXml } from '../formats/xml.ts';
import { landingUrl, type RenderContext } from './context.ts';
import type { ShownRecord } from './record.ts';
import {
  acquiredDay,
  describe,
  describeHeader,
  describeMethod,
  idOfOther,
  instrumentOf,
  licenceAddress,
  ownerOf,
  personOf,
  spdxOf,
  titleOf,
} from './said.ts';
import { SCHEME } from './vocabulary.ts';

export const DATACITE_NS = 'http://datacite.org/schema/kernel-4';

/** "Value unavailable, possibly unknown." */
const UNAVAILABLE = ':unav';

/** One element with its namespaces, without XML declaration. */
export function renderDatacite(record: ShownRecord, context: RenderContext): string {
  const { id, label, acquired, facility, revision } = record;
  const ror = facility?.ror ? { publisherIdentifier: facility.ror, publisherIdentifierScheme: 'ROR', schemeURI: 'https://ror.org/' } : {}; // prettier-ignore
  const year = (context.publishedAt ?? label.at).slice(0, 4);
  const landing = landingUrl(id, context);
  const children = [
    element('identifier', id, { identifierType: 'URN' }),
    group('creators', [creator(record)]),
    group('titles', [element('title', titleOf(record))]),
    element('publisher', facility?.name ?? UNAVAILABLE, ror),
    element('publicationYear', year),
    element('resourceType', 'Scanning electron micrograph', { resourceTypeGeneral: 'Image' }),
    group('subjects', subjects(record)),
    group('contributors', contributors(record)),
    group('dates', dates(record, context)),
    group('alternateIdentifiers', [
      element('alternateIdentifier', acquired.sha256, { alternateIdentifierType: 'SHA-256' }),
      ...(landing ? [element('alternateIdentifier', landing, { alternateIdentifierType: 'URL' })] : []),
    ]),
    group('relatedIdentifiers', relatedIdentifiers(record)),
    group('sizes', sizes(record)),
    group('formats', [element('format', acquired.mediaType)]),
    element('version', String(revision)),
    group('rightsList', rights(record)),
    group('descriptions', descriptions(record)),
    group('fundingReferences', funding(record)),
    group('relatedItems', relatedItems(record)),
  ];
  return `<resource xmlns="${DATACITE_NS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${DATACITE_NS} https://schema.datacite.org/meta/kernel-4.7/metadata.xsd">\n${children.join('')}</resource>\n`;
}

function creator(record: ShownRecord): string {
  const owner = ownerOf(record);
  if (!owner) return group('creator', [element('creatorName', UNAVAILABLE)]);
  return group('creator', [
    element('creatorName', owner.name, { nameType: 'Personal' }),
    ...(owner.orcid ? [element('nameIdentifier', owner.orcid, { nameIdentifierScheme: 'ORCID', schemeURI: 'https://orcid.org/' })] : []), // prettier-ignore
    ...(owner.affiliation ? [element('affiliation', owner.affiliation)] : []),
  ]);
}

function subjects({ label }: ShownRecord): string[] {
  const { category, categoryIri, second, secondIri } = label;
  const terms = [[category, categoryIri] as const, [second, secondIri] as const];
  return [
    ...terms.flatMap(
      ([one, iri]) =>
      one ? [element('subject', categoryTitle(one), { subjectScheme: 'semtag categories', schemeURI: SCHEME, valueURI: iri, 'xml:lang': 'en' })] : [], // prettier-ignore
    ),
    element('subject', statusOf(label), { subjectScheme: 'semtag label status' }),
  ];
}

function contributors(record: ShownRecord): string[] {
  const { facility, rights } = record;
  const person = personOf(record);
  const one = (type: string, name: string, nameType: string, more: string[] = []) =>
    group('contributor', [element('contributorName', name, { nameType }), ...more], {
      contributorType: type,
    });
  const ror = facility?.ror ? [element('nameIdentifier', facility.ror, { nameIdentifierScheme: 'ROR', schemeURI: 'https://ror.org/' })] : []; // prettier-ignore
  return [
    ...(facility?.name ? [one('HostingInstitution', facility.name, 'Organizational', ror)] : []),
    ...(rights?.holder ? [one('RightsHolder', rights.holder, 'Organizational')] : []),
    ...(person ? [one('DataCurator', person, 'Personal')] : []),
  ];
}

function dates({ header, label }: ShownRecord, { publishedAt }: RenderContext): string[] {
  const at = header?.fields.acquired_at;
  const day = at && acquiredDay(at);
  const local = day !== at?.value ? `${at?.value} (${at?.zone}), ${at?.origin}` : at?.origin;
  return [
    ...(day ? [element('date', day, { dateType: 'Created', dateInformation: local })] : []),
    element('date', label.at, { dateType: 'Updated', dateInformation: 'label' }),
    ...(publishedAt ? [element('date', publishedAt, { dateType: 'Available' })] : []),
  ];
}

function relatedIdentifiers(record: ShownRecord): string[] {
  const { instrument, project, partOf, relations } = record;
  const one = (value: string, relationType: string, resourceTypeGeneral?: string) =>
    element('relatedIdentifier', bare(value), { relatedIdentifierType: typeOf(value), relationType, resourceTypeGeneral }); // prettier-ignore
  const other = (sha256: string | undefined, relation: string) => {
    const id = sha256 && idOfOther(record, sha256);
    return id ? [one(id, relation, 'Image')] : [];
  };
  return [
    ...(instrument.pid ? [one(instrument.pid, 'IsCollectedBy', 'Instrument')] : []),
    ...(project?.links ?? []).map((link) => one(link, 'IsDocumentedBy')),
    ...(partOf ? [one(partOf.id, 'IsPartOf', 'Collection')] : []),
    ...other(relations.supersedes, 'IsNewVersionOf'),
    ...other(relations.supersededBy, 'IsPreviousVersionOf'),
  ];
}

const DOI = /^https?:\/\/(?:dx\.)?doi\.org\/(10\..+)$/;
const HANDLE = /^https?:\/\/hdl\.handle\.net\/(.+)$/;

const typeOf = (value: string): string =>
  value.startsWith('urn:') ? 'URN' : DOI.test(value) ? 'DOI' : HANDLE.test(value) ? 'Handle' : 'URL';

const bare = (value: string): string => DOI.exec(value)?.[1] ?? HANDLE.exec(value)?.[1] ?? value;

function sizes({ acquired, picture }: ShownRecord): string[] {
  const pixels = picture ? [element('size', `${picture.width} x ${picture.height} pixels`)] : [];
  return [element('size', `${acquired.bytes} bytes`), ...pixels];
}

function rights({ rights }: ShownRecord): string[] {
  const licence = rights?.licence;
  if (!licence) return [];
  const spdx = spdxOf(licence);
  const identified = spdx ? { rightsIdentifier: spdx, rightsIdentifierScheme: 'SPDX', schemeURI: 'https://spdx.org/licenses/' } : {}; // prettier-ignore
  return [element('rights', licence, { rightsURI: licenceAddress(licence), ...identified })];
}

function descriptions(record: ShownRecord): string[] {
  const header = describeHeader(record);
  const one = (text: string, descriptionType: string) =>
    element('description', text, { descriptionType, 'xml:lang': 'en' });
  return [
    one(describe(record), 'Abstract'),
    one(describeMethod(record), 'Methods'),
    ...(header ? [one(header, 'TechnicalInfo')] : []),
    ...Object.entries(record.fields ?? {}).map(([name, value]) => one(`${name}: ${value}`, 'Other')),
  ];
}

function funding({ project }: ShownRecord): string[] {
  if (!project?.funder && !project?.award) return [];
  return [
    group('fundingReference', [
      element('funderName', project.funder ?? UNAVAILABLE),
      ...(project.award ? [element('awardNumber', project.award)] : []),
      ...(project.title ? [element('awardTitle', project.title)] : []),
    ]),
  ];
}

/** What has a name and no identifier. */
function relatedItems(record: ShownRecord): string[] {
  const { project, facts, instrument } = record;
  const microscope = instrument.pid ? undefined : instrumentOf(record);
  const one = (title: string, relatedItemType: string, relationType: string) =>
    group('relatedItem', [group('titles', [element('title', title)])], { relatedItemType, relationType });
  const sample = facts?.sample?.value;
  return [
    ...(project ? [one(project.title ?? project.name, 'Project', 'IsPartOf')] : []),
    ...(microscope ? [one(microscope, 'Instrument', 'IsCollectedBy')] : []),
    ...(sample ? [one(sample, 'PhysicalObject', 'IsDerivedFrom')] : []),
  ];
}

type Attributes = Record<string, string | undefined>;

const open = (name: string, attributes: Attributes = {}): string =>
  `<${name}${Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escapeXml(value)}"`]))
    .join('')}>`;

const element = (name: string, text: string, attributes?: Attributes): string =>
  `${open(name, attributes)}${escapeXml(text)}</${name}>\n`;

/** Nothing where there is nothing in it. */
const group = (name: string, children: string[], attributes?: Attributes): string =>
  children.length > 0 ? `${open(name, attributes)}\n${children.join('')}</${name}>\n` : '';
