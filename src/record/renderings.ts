// The renderings of a record by name, each a pure function of the record and where it can be looked up.

import type { RenderContext } from './context.ts';
import { csvHeader, csvRow } from './csv.ts';
import { renderDatacite } from './datacite.ts';
import { renderJsonLd } from './jsonld.ts';
import { renderKitSem } from './kit-sem.ts';
import { renderOaiDc } from './oai-dc.ts';
import { recordText, type ShownRecord } from './record.ts';
import { renderRoCrate } from './ro-crate.ts';
import { renderXmpPacket } from './xmp.ts';

export const RENDERING_NAMES = [
  'json',
  'xmp',
  'datacite',
  'oai_dc',
  'jsonld',
  'ro-crate',
  'kit-sem',
  'csv',
] as const;
export type RenderingName = (typeof RENDERING_NAMES)[number];

export type Rendering = {
  mediaType: string;
  /** of a file that holds it, behind its name: `.datacite.xml` */
  ending: string;
  render: (record: ShownRecord, context: RenderContext) => string;
};

export const RENDERINGS: Record<RenderingName, Rendering> = {
  json: { mediaType: 'application/json', ending: '.json', render: recordText },
  xmp: { mediaType: 'application/rdf+xml', ending: '.xmp', render: renderXmpPacket },
  datacite: {
    mediaType: 'application/vnd.datacite.datacite+xml',
    ending: '.datacite.xml',
    render: (record, context) => XML + renderDatacite(record, context),
  },
  oai_dc: {
    mediaType: 'application/xml',
    ending: '.dc.xml',
    render: (record, context) => XML + renderOaiDc(record, context),
  },
  jsonld: {
    mediaType: 'application/ld+json',
    ending: '.jsonld',
    render: (record, context) => text(renderJsonLd(record, context)),
  },
  'ro-crate': {
    mediaType: 'application/ld+json;profile="https://w3id.org/ro/crate"',
    ending: '.ro-crate.json',
    render: (record, context) => text(renderRoCrate([{ record }], context)),
  },
  'kit-sem': {
    mediaType: 'application/json',
    ending: '.kit-sem.json',
    render: (record, context) => text(renderKitSem(record, context).document),
  },
  csv: {
    mediaType: 'text/csv;charset=utf-8;header=present',
    ending: '.csv',
    render: (record, context) => `${csvHeader}\r\n${csvRow(record, context)}\r\n`,
  },
};

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

const text = (value: object): string => JSON.stringify(value, null, 2) + '\n';
