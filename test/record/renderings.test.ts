// The renderings of a record hold against the schemas they name, escape what they are given, and say nothing that the record does not.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { PUBLIC_FIELDS, RENDERINGS_VERSION } from '../../src/domain/publish.ts';
import { scanXml } from '../../src/formats/xml.ts';
import { landingUrl } from '../../src/record/context.ts';
import { csvHeader, csvRow } from '../../src/record/csv.ts';
import { renderDatacite } from '../../src/record/datacite.ts';
import { aboutOf } from '../../src/record/house.ts';
import { renderJsonLd } from '../../src/record/jsonld.ts';
import { renderKitSem } from '../../src/record/kit-sem.ts';
import { renderOaiDc } from '../../src/record/oai-dc.ts';
import { publicRecord } from '../../src/record/public.ts';
import { recordId, type ShownRecord } from '../../src/record/record.ts';
import { RENDERINGS } from '../../src/record/renderings.ts';
import { renderRoCrate } from '../../src/record/ro-crate.ts';
import { recordSchemaText } from '../../src/record/schema.ts';
import { vocabularyJsonLd, vocabularyTurtle } from '../../src/record/vocabulary.ts';
import { bareRecord, fullRecord, ROR, SECRETS, SHA256 } from './world.ts';

const committed = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const STALE = 'write it again: npx tsx config/make.ts';
const ALL: [string, ShownRecord][] = [
  ['full', fullRecord()],
  ['bare', bareRecord()],
  ['public', publicRecord(fullRecord(), [])],
  ['hostile', fullRecord({ instrument: { name: '<&"\']]>\u0000=cmd' } })],
];
const context = { baseUrl: 'https://sem.example.org/x', publishedAt: '2026-02-03T00:00:00Z' };

/** What each version of the renderings says of a record. */
const SAID: Record<number, string> = { 1: '6d4ce997c1491330', 2: '6d4ce997c1491330' };

/** The same with the keys of every object the other way round. */
const turned = <T>(value: T): T =>
  Array.isArray(value)
    ? (value.map(turned) as T)
    : value !== null && typeof value === 'object'
      ? (Object.fromEntries(Object.entries(value).reverse().map(([key, one]) => [key, turned(one as unknown)])) as T)
      : value; // prettier-ignore

describe('what is committed', () => {
  it('says the same as long as its version is the same: harvesters get every record again with a new one', () => {
    const said = createHash('sha256');
    for (const fields of [[], PUBLIC_FIELDS])
      for (const { render } of Object.values(RENDERINGS))
        said.update(render(publicRecord(fullRecord(), fields), context));
    expect(said.digest('hex').slice(0, 16), 'raise RENDERINGS_VERSION, and add its line here').toBe(
      SAID[RENDERINGS_VERSION],
    );
  });

  it('is the schema and the vocabulary as they are made', () => {
    expect(committed('docs/record.schema.json'), STALE).toBe(recordSchemaText());
    expect(committed('docs/categories.ttl'), STALE).toBe(vocabularyTurtle());
    const { '@graph': graph } = vocabularyJsonLd() as { '@graph': object[] };
    expect(graph).toHaveLength(11);
  });
});

describe.each(ALL)('a %s record', (_, record) => {
  it('is what the JSON Schema says', () => {
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(recordSchemaText()) as object);
    validate(JSON.parse(RENDERINGS.json.render(record, {})));
    expect(validate.errors).toBeNull();
  });

  it('gives well-formed XML, JSON that parses, and as many cells as columns', () => {
    for (const name of ['datacite', 'oai_dc', 'xmp'] as const)
      expect(scanXml(RENDERINGS[name].render(record, context)), name).toBeDefined();
    for (const name of ['jsonld', 'ro-crate', 'kit-sem'] as const)
      expect(() => JSON.parse(RENDERINGS[name].render(record, context)) as unknown, name).not.toThrow();
    const cells = csvRow(record, context).replaceAll(/"([^"]|"")*"/g, 'x');
    expect(cells.split(',')).toHaveLength(csvHeader.split(',').length);
  });

  it('is rendered the same whatever the order of its keys', () => {
    const other = turned(record);
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(record));
    expect(RENDERINGS.json.render(other, context)).toBe(RENDERINGS.json.render(record, context));
    // the others list header values as the record does: the same facts in the canonical order give the same bytes
    const canonical = JSON.parse(RENDERINGS.json.render(other, context)) as ShownRecord;
    const own = JSON.parse(RENDERINGS.json.render(record, context)) as ShownRecord;
    for (const { render } of Object.values(RENDERINGS)) expect(render(canonical, context)).toBe(render(own, context));
  });
}); // prettier-ignore

describe('an identifier', () => {
  it('is of the bytes and the facility, and without a facility what it always was', () => {
    // as they were published: never another for the same bytes
    expect(recordId(SHA256)).toBe('urn:uuid:f92391bb-6d87-8aa3-9b2d-32822ce942dc');
    expect(recordId(SHA256, '')).toBe(recordId(SHA256));
    expect(recordId(SHA256, ROR)).toBe('urn:uuid:6a1b9dbf-97aa-8911-a87b-95375296249c');
  });

  it('of another image is made the same way, and left out where it is not known how', () => {
    const old = recordId('e'.repeat(64), ROR);
    expect(renderOaiDc(fullRecord(), {})).toContain(old);
    expect(renderOaiDc(fullRecord({ id: recordId(SHA256) }), {})).toContain(recordId('e'.repeat(64)));
    const unknown = renderOaiDc(fullRecord({ id: recordId(SHA256, 'https://ror.org/0other') }), {});
    expect(unknown).not.toContain(old);
  });
});

describe('what is not known', () => {
  it('is unavailable in DataCite, absent in Dublin Core and JSON-LD, and no licence is assumed anywhere', () => {
    const bare = bareRecord();
    const xml = renderDatacite(bare, {});
    expect(xml).toContain('<creatorName>:unav</creatorName>');
    expect(xml).toContain('<publisher>:unav</publisher>');
    expect(xml).not.toMatch(/<rights|fundingReference|affiliation/);
    expect(renderOaiDc(bare, {})).not.toMatch(/dc:(creator|publisher|rights|date)>/);
    expect(Object.keys(renderJsonLd(bare, {}))).not.toContain('license');
    expect(RENDERINGS.xmp.render(bare, {})).not.toMatch(/rights|Rights:/);
    expect(JSON.stringify(renderRoCrate([{ record: bare }], {}))).toContain('No licence is stated');
    const mixed = [
      { record: bare },
      { record: { ...fullRecord(), id: 'urn:uuid:00000000-0000-5000-8000-000000000001' } },
    ];
    expect(JSON.stringify(renderRoCrate(mixed, {}))).toContain('see the licence of each part'); // prettier-ignore
  });

  it('is missing in the KIT schema, by JSON pointer', () => {
    const { document, missing } = renderKitSem(bareRecord(), {});
    expect(missing).toContain('/entry/instrument/eBeamSource');
    expect(missing).not.toContain('/entry/title');
    expect(JSON.stringify(document)).not.toContain('null');
    const known = { technique: 'SEM', measurementPurpose: 'test specific hypothesis (focus only on given aspects)' };
    expect(renderKitSem(fullRecord({ fields: known }), {}).missing).toEqual([]);
    expect(renderKitSem(fullRecord(), {}).missing).toEqual(['/entry/technique', '/entry/measurementPurpose']);
  }); // prettier-ignore
});

describe('what is known', () => {
  it('names the owner as creator, never who answered', () => {
    const xml = renderDatacite(fullRecord(), {});
    expect(xml).toContain(`<creatorName nameType="Personal">${SECRETS.operator}</creatorName>`);
    expect(xml).toMatch(new RegExp(`contributorType="DataCurator">\\s*<contributorName nameType="Personal">${SECRETS.by}`)); // prettier-ignore
    expect(renderOaiDc(fullRecord(), {})).not.toContain(`<dc:creator>${SECRETS.by}`);
  });

  it('links to the landing page only with a base URL', () => {
    const id = fullRecord().id;
    const url = `https://sem.example.org/x/records/${id.slice(9)}`;
    expect(landingUrl(id, context)).toBe(url);
    expect(renderDatacite(fullRecord(), context)).toContain(url);
    expect(renderDatacite(fullRecord(), {})).not.toContain('/records/');
  });

  it('carries unit, UCUM code and origin with every measured value', () => {
    const { variableMeasured } = renderJsonLd(fullRecord(), {}) as { variableMeasured: object[] };
    expect(variableMeasured).toContainEqual({
      '@type': 'PropertyValue',
      name: 'accelerating voltage',
      value: 15000,
      unitText: 'V',
      unitCode: 'UCUM:V',
      description: 'origin: tiff:34682 [EBeam] HV',
    });
  });

  it('writes no formula into a table', () => {
    const row = csvRow(fullRecord({ instrument: { name: '=HYPERLINK("x")' } }), {});
    expect(row).toContain(`"'=HYPERLINK(""x"")"`);
    expect(row).toContain(',-0.002,');
  });

  it('names a person who confirmed as one who updated, and one image twice not at all', () => {
    const crate = renderRoCrate(
      [{ record: fullRecord(), file: 'data/a b.tif', json: 'data/a b.tif.json' }],
      context,
    ) as { '@graph': { '@id': string; '@type': string | string[] }[] };
    const graph = crate['@graph'];
    expect(new Set(graph.map((one) => one['@id'])).size).toBe(graph.length);
    expect(graph.filter((one) => one['@type'] === 'UpdateAction')).toHaveLength(1);
    expect(graph.map((one) => one['@id'])).toContain('data/a%20b.tif');
  });
});

describe('the config', () => {
  const facility = { name: 'Centre', licence: 'CC0-1.0', people: [{ name: 'Anna', orcid: SECRETS.orcid }], projects: [{ name: 'P', funder: 'F', links: [] }], fields: {} }; // prettier-ignore
  const fact = (value: string) => ({ value, unit: null, origin: 'path' });

  it('says who stands behind an image, by the names that the image has', () => {
    const house = { facility, instruments: [{ name: 'SEM 1', zone: 'Europe/Rome', pid: 'https://doi.org/10.1/i' }] };
    expect(aboutOf(house, 'SEM 1', { operator: fact('Anna'), project: fact('P') })).toEqual({
      instrument: { name: 'SEM 1', zone: 'Europe/Rome', pid: 'https://doi.org/10.1/i' },
      facility: { name: 'Centre' },
      owner: { name: 'Anna', orcid: SECRETS.orcid },
      project: { name: 'P', funder: 'F' },
      rights: { licence: 'CC0-1.0' },
    });
    expect(aboutOf({}, 'SEM 1', {})).toEqual({ instrument: { name: 'SEM 1' } });
  }); // prettier-ignore
});
