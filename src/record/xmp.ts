// The record as XMP: rdf:Description elements for embed. Pure. Values in SI with unit and origin; what the record does not have is left out.

import { categoryTitle } from '../domain/categories.ts';
import { statusOf } from '../domain/publish.ts';
import type { AcquiredAt, Field, HeaderFields } from '../domain/header.ts';
import { DC_NS, mergePacket, SEMTAG_NS } from '../formats/xmp.ts';
import { describe, licenceAddress, ownerOf } from './said.ts';
import { list, simple, struct, structs } from './xmp-parts.ts';
import type { Alignment, RecordLabel, SemRecord, ShownRecord } from './record.ts';

const XMP_NS = 'http://ns.adobe.com/xap/1.0/';
const XMPMM_NS = 'http://ns.adobe.com/xap/1.0/mm/';
const XMP_RIGHTS_NS = 'http://ns.adobe.com/xap/1.0/rights/';

/**
 * What every reader knows goes into dc, xmp and xmpMM, all the rest into ours. The acquired SHA-256 and length are added by embed, which is
 * what restores them. Paths, warnings, suggestions and answers beyond the first NAMED stand only in the sidecar: a JPEG holds 64 kB.
 */
export function renderXmp(record: ShownRecord): string {
  const namespaces = {
    dc: DC_NS,
    xmp: XMP_NS,
    xmpMM: XMPMM_NS,
    ...(record.rights ? { xmpRights: XMP_RIGHTS_NS } : {}),
    semtag: SEMTAG_NS,
  };
  const declared = Object.entries(namespaces).map(([prefix, uri]) => `\n    xmlns:${prefix}="${uri}"`);
  const properties = [
    ...dublinCore(record),
    ...basic(record),
    ...rightsOf(record),
    ...own(record),
    ...behind(record),
  ].map((line) => `  ${line}\n`);
  return `<rdf:Description rdf:about=""${declared.join('')}>\n${properties.join('')}</rdf:Description>\n`;
}

/** A file of its own: the packet as a tagged copy carries it, but for what embed adds. */
export const renderXmpPacket = (record: ShownRecord): string =>
  mergePacket(undefined, renderXmp(record)).bytes.toString();

/** What the packet of this record must say when the tagged copy is read again, by the local name of our simple properties. */
export function checkedProperties({ revision, label, classification }: SemRecord): Record<string, string> {
  const values = {
    revision,
    labelKind: label.kind,
    category: label.category,
    secondCategory: label.second,
    suggestedCategory: classification?.category,
    score: classification?.score,
    model: classification?.model.name,
    modelHead: classification?.model.head,
  };
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(present.map(([name, value]) => [name, String(value).trim()]));
}

function dublinCore(record: ShownRecord): string[] {
  const { acquired, label, rights, facility } = record;
  const owner = ownerOf(record);
  const terms = [rights?.licence, rights?.holder].filter((one) => one !== undefined);
  const keywords = [label.category, label.second].flatMap((c) => (c ? [categoryTitle(c)] : []));
  return [
    simple('dc:identifier', record.id),
    list('dc:title', 'Alt', acquired.name === undefined ? [] : [acquired.name]),
    list('dc:description', 'Alt', [describe(record)]),
    list('dc:subject', 'Bag', keywords),
    list('dc:creator', 'Seq', owner ? [owner.name] : []),
    list('dc:publisher', 'Bag', facility?.name ? [facility.name] : []),
    list('dc:rights', 'Alt', terms.length > 0 ? [terms.join(', ')] : []),
    list('dc:type', 'Bag', ['StillImage']),
    simple('dc:source', `hash://sha256/${acquired.sha256}`),
  ].flat();
}

function basic(record: ShownRecord): string[] {
  const { header, label } = record;
  const created = header?.fields.acquired_at;
  return [
    created ? simple('xmp:CreateDate', xmpDate(created)) : [],
    simple('xmp:MetadataDate', label.at),
    simple('xmp:CreatorTool', header?.fields.software_version?.value),
    simple('xmpMM:DocumentID', record.id),
    simple('xmpMM:InstanceID', `${record.id}#${record.revision}`),
  ].flat();
}

/** Nothing is said of rights unless the facility has said it. */
function rightsOf({ rights }: ShownRecord): string[] {
  const { licence, holder } = rights ?? {};
  return [
    simple('xmpRights:Marked', holder || licence ? 'True' : undefined),
    list('xmpRights:Owner', 'Bag', holder ? [holder] : []),
    list('xmpRights:UsageTerms', 'Alt', licence ? [licence] : []),
    simple('xmpRights:WebStatement', licence && licenceAddress(licence)),
  ].flat();
}

function behind(record: ShownRecord): string[] {
  const { facility, project, instrument, fields } = record;
  const owner = ownerOf(record);
  const parts = (values: object) =>
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'string' ? [simple(`semtag:${name}`, value)] : [],
    );
  return [
    struct('semtag:facility', parts(facility ?? {})),
    struct('semtag:owner', parts(owner ?? {})),
    struct('semtag:projectDetails', [
      ...parts(project ?? {}),
      list('semtag:links', 'Bag', project?.links ?? []),
    ]),
    simple('semtag:instrumentPid', instrument.pid),
    struct('semtag:fields', parts(fields ?? {})),
  ].flat();
}

function own(record: ShownRecord): string[] {
  const { label, acquired, instrument, picture, header, facts, classification, alignment } = record;
  return [
    simple('semtag:schema', record.schema),
    simple('semtag:revision', record.revision),
    simple('semtag:cause', record.cause),
    simple('semtag:category', label.category),
    simple('semtag:categoryIri', label.categoryIri),
    simple('semtag:secondCategory', label.second),
    simple('semtag:labelStatus', statusOf(label)),
    simple('semtag:labelKind', label.kind),
    simple('semtag:labelBasis', label.basis),
    simple('semtag:labelledBy', label.by),
    simple('semtag:labelledAt', label.at),
    simple('semtag:labelNote', label.note),
    label.because ? restsOn(label.because) : [],
    ...(classification ? classified(classification) : []),
    ...(alignment ? alignedAs(alignment) : []),
    simple('semtag:acquiredName', acquired.name),
    simple('semtag:acquiredMediaType', acquired.mediaType),
    simple('semtag:settledAt', acquired.settledAt),
    simple('semtag:instrument', instrument.name),
    simple('semtag:instrumentZone', instrument.zone),
    simple('semtag:frame', picture?.frame),
    picture
      ? struct('semtag:scanArea', [
          simple('semtag:width', picture.scanArea.width),
          simple('semtag:height', picture.scanArea.height),
          simple('semtag:unit', 'px'),
          simple('semtag:origin', picture.scanArea.origin),
        ])
      : [],
    ...Object.entries(facts ?? {}).map(([name, value]) => field(`semtag:${name}`, value)),
    simple('semtag:headerFormat', header?.format),
    header ? struct('semtag:header', headerFields(header.fields)) : [],
    simple('semtag:supersedes', record.relations.supersedes),
    simple('semtag:supersededBy', record.relations.supersededBy),
  ].flat();
}

function classified(c: NonNullable<ShownRecord['classification']>): string[][] {
  return [
    simple('semtag:suggestedCategory', c.category),
    simple('semtag:score', c.score),
    simple('semtag:decision', c.decision),
    struct(
      'semtag:scores',
      Object.entries(c.scores).map(([category, score]) => simple(`semtag:${category}`, score)),
    ),
    simple('semtag:thresholdsVersion', c.thresholds.version),
    simple('semtag:thresholdAuto', c.thresholds.auto),
    simple('semtag:thresholdPrompt', c.thresholds.prompt),
    simple('semtag:model', c.model.name),
    simple('semtag:modelHead', c.model.head),
    simple('semtag:backbone', c.model.backbone.name),
    simple('semtag:backboneSha256', c.model.backbone.sha256),
    simple('semtag:preprocessing', c.model.preprocessing),
    simple('semtag:engine', c.model.engine),
  ];
}

/** An image that was answered takes some 200 bytes. */
const NAMED = 50;

function restsOn({ answers, all, settings }: NonNullable<RecordLabel['because']>): string[] {
  return struct('semtag:labelBecause', [
    simple('semtag:answersInSeries', answers.length),
    simple('semtag:answersInAll', all),
    simple('semtag:teachSettings', settings),
    structs(
      'semtag:answers',
      answers
        .slice(0, NAMED)
        .map(({ sha256, category, at }) => [
          simple('semtag:image', `hash://sha256/${sha256}`),
          simple('semtag:category', category),
          simple('semtag:at', at),
        ]),
    ),
  ]);
}

function alignedAs({ head, ...numbers }: Alignment): string[][] {
  const fields = Object.entries(numbers).map(([name, value]) => field(`semtag:${name}`, value));
  const by = head
    ? [simple('semtag:head', head.head.name), simple('semtag:headSha256', head.head.sha256)]
    : [];
  return [struct('semtag:alignment', [...fields, ...by])];
}

function headerFields(fields: HeaderFields): string[][] {
  return Object.entries(fields).map(([name, value]) =>
    'zone' in value
      ? struct(`semtag:${name}`, [
          simple('semtag:value', value.value),
          simple('semtag:zone', value.zone),
          simple('semtag:origin', value.origin),
        ])
      : field(`semtag:${name}`, value),
  );
}

function field(name: string, { value, unit, origin }: Field<string | number>): string[] {
  const parts = [simple('semtag:value', value), simple('semtag:unit', unit), simple('semtag:origin', origin)];
  return struct(name, parts);
}

/** XMP dates are ISO 8601 and may lack the zone (XMP Part 1, 8.2.1.2); anything else is left to our own property. */
function xmpDate({ value, zone }: AcquiredAt): string | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value)) return undefined;
  return value + (zone === 'utc' ? 'Z' : /^[+-]\d\d:\d\d$/.test(zone) ? zone : '');
}
