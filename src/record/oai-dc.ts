// The record as unqualified Dublin Core, in the container of OAI-PMH. Pure; what is not known is absent.

import { categoryTitle } from '../domain/categories.ts';
import { statusOf } from '../domain/publish.ts';
import { escapeXml } from '../formats/xml.ts';
import { DC_NS } from '../formats/xmp.ts';
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
  titleOf,
} from './said.ts';

export const OAI_DC_NS = 'http://www.openarchives.org/OAI/2.0/oai_dc/';

/** One element with its namespaces, without XML declaration. */
export function renderOaiDc(record: ShownRecord, context: RenderContext): string {
  const { id, label, acquired, facility, instrument, project, facts, rights, partOf, relations } = record;
  const at = record.header?.fields.acquired_at;
  const other = (sha256: string | undefined) => sha256 && idOfOther(record, sha256);
  const values: [string, (string | undefined)[]][] = [
    ['title', [titleOf(record)]],
    ['creator', [ownerOf(record)?.name, ownerOf(record)?.orcid]],
    ['subject', [label.category, label.second].map((one) => one && categoryTitle(one))],
    ['subject', [label.categoryIri, label.secondIri, `label status: ${statusOf(label)}`]],
    ['description', [describe(record), describeMethod(record), describeHeader(record)]],
    ['publisher', [facility?.name]],
    ['contributor', [personOf(record)]],
    ['date', [at && acquiredDay(at)]],
    ['type', ['Image', 'StillImage']],
    ['format', [acquired.mediaType]],
    ['identifier', [id, landingUrl(id, context)]],
    ['source', [`hash://sha256/${acquired.sha256}`, instrument.pid ?? instrumentOf(record)]],
    ['source', [facts?.sample && `sample ${facts.sample.value}`]],
    ['relation', [project && `project ${project.title ?? project.name}`, ...(project?.links ?? [])]],
    ['relation', [partOf?.id, other(relations.supersedes), other(relations.supersededBy)]],
    ['rights', [rights?.licence && licenceAddress(rights.licence), rights?.holder]],
  ];
  const lines = values.flatMap(([name, texts]) =>
    texts.flatMap((text) => (text ? [`<dc:${name}>${escapeXml(text)}</dc:${name}>\n`] : [])),
  );
  return `<oai_dc:dc xmlns:oai_dc="${OAI_DC_NS}" xmlns:dc="${DC_NS}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${OAI_DC_NS} http://www.openarchives.org/OAI/2.0/oai_dc.xsd">\n${lines.join('')}</oai_dc:dc>\n`;
}
