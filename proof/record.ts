// Claim: every rendering of every record, whole or public, is valid by the schemas and validators of those who take it, and nothing is said that is not known.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { makeFixtures } from '../fixtures/generate.ts';
import { csvHeader, csvRow } from '../src/record/csv.ts';
import { renderDatacite } from '../src/record/datacite.ts';
import { renderKitSem } from '../src/record/kit-sem.ts';
import { renderOaiDc } from '../src/record/oai-dc.ts';
import { RENDERINGS } from '../src/record/renderings.ts';
import { renderRoCrate } from '../src/record/ro-crate.ts';
import type { ShownRecord } from '../src/record/record.ts';
import { RecordSchema } from '../src/record/schema.ts';
import { headerValues } from '../src/record/said.ts';
import { vocabularyJsonLd, vocabularyTurtle } from '../src/record/vocabulary.ts';
import { renderXmp } from '../src/record/xmp.ts';
import { embed } from '../src/tag/embed.ts';
import type { Proof } from './run.ts';
import { imagesIn, recordsOf, secretsOf, type Kind, type Made } from './lib/record-set.ts';
import { expander } from './lib/expand.ts';
import { unescaped } from './lib/unescaped.ts';
import { crateValidator, type CrateValidator } from './lib/rocrate.ts';
import { printTable } from './lib/table.ts';

/** What takes turns in one crate: of each image one of them. */
const CRATES: [Kind, Kind][] = [['bare', 'told'], ['public', 'public, all allowed']]; // prettier-ignore
const SCHEMAS = resolve(import.meta.dirname, '../../shared/schemas');
const CONTEXT = { baseUrl: 'https://sem.example.org/images', publishedAt: '2026-02-03T04:05:06Z' };
const NO_VALIDATOR =
  'rocrate-validator cannot be had; ROCRATE_VALIDATOR=/path/to/rocrate-validator names one';

/** Why a file of an instrument may have no record. */
const REFUSALS = ['not_an_image', 'malformed', 'incomplete', 'undecodable', 'too_large'];

/** `wrong`: one line for each finding */
type Checked = { what: string; by: string; n: number; wrong: string[] };

export const proof: Proof = {
  claim: 'every rendering of every record is valid by the schemas of those who take it; nothing that is not known is said, nothing that is not allowed goes out',
  defaultDir: '../shared/vendor-files',
  async prove({ dir, n, short }) {
    const work = mkdtempSync(join(tmpdir(), 'semtag-record-'));
    try {
      const fixtures = join(work, 'fixtures');
      await makeFixtures(fixtures, { n: short ? 6 : 24, seed: 11, size: 384 });
      const vendors = imagesIn(dir).filter((_, i) => !short || i % 6 === 0);
      const paths = [...vendors.slice(0, n), ...imagesIn(fixtures)];
      const { made, refused } = await recordsOf(paths);
      for (const [path, why, code] of refused) console.log(`no record: ${basename(path)}: ${code}: ${why.slice(0, 100)}`);
      const crates = crateValidator(SCHEMAS, work);
      // the slowest by far, beside the others
      const crated = crates ? Promise.all(CRATES.map((kinds) => byCrateValidator(made, kinds, work, crates))) : [];
      const checks = [
        byJsonSchema(made),
        byXmllint(made, work, 'oai_dc', renderOaiDc),
        byXmllint(made, work, 'datacite', renderDatacite),
        byKernel(made, work),
        byKitSchema(made),
        await byExpansion(made),
        ...(await crated),
        ...(await byXmpReaders(made, work)),
        byCsvReader(made, work),
        byLeaks(made),
        ...(crates ? [byRdf(work, crates)] : []),
      ];
      printTable(['rendering', 'checked by', 'checked', 'wrong'], checks.map((c) => [c.what, c.by, c.n, c.wrong.length]));
      for (const { what, wrong } of checks) for (const line of [...new Set(wrong)].slice(0, 8)) console.log(`${what}: ${line}`);
      if (!crates) console.log(NO_VALIDATOR);
      const bare = made.filter(({ kind }) => kind === 'bare');
      const headers = bare.filter(({ whole }) => Object.keys(whole.header?.fields ?? {}).length > 0).length;
      const values = bare.reduce((sum, { whole }) => sum + headerValues(whole).length, 0);
      const missing = bare.reduce((sum, { record }) => sum + renderKitSem(record, CONTEXT).missing.length, 0);
      const strange = refused.filter(([, , code]) => !REFUSALS.includes(code));
      for (const [path, , code] of strange) console.log(`refused for no reason that is known: ${basename(path)}: ${code}`);
      const wrong = checks.reduce((sum, one) => sum + one.wrong.length, 0) + strange.length;
      return {
        ok: wrong === 0 && bare.length > paths.length / 2 && (short || crates !== undefined),
        figures: `${paths.length} files: ${bare.length} with a record, ${headers} of them with a header, ${values} header values; ${made.length} records in ${checks.reduce((sum, one) => sum + one.n, 0)} checks, ${wrong} wrong; ${(missing / bare.length).toFixed(1)} required fields of the KIT schema missing in a record where the facility says nothing`,
      };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
}; // prettier-ignore

function byJsonSchema(made: Made[]): Checked {
  const validate = new Ajv2020({ allErrors: true }).compile(RecordSchema);
  const wrong = made.flatMap(({ path, record }) =>
    validate(JSON.parse(RENDERINGS.json.render(record, CONTEXT)))
      ? []
      : (validate.errors ?? []).map((e) => `${basename(path)} ${e.instancePath} ${e.message}`),
  );
  return { what: 'json', by: 'ajv 2020, docs/record.schema.json', n: made.length, wrong };
}

/** All as one answer of OAI-PMH. */
function byXmllint(made: Made[], work: string, prefix: string, render: typeof renderOaiDc): Checked {
  const records = made.map(({ record }) => `<record><header><identifier>${record.id}</identifier><datestamp>2026-02-03T04:05:06Z</datestamp></header><metadata>${render(record, CONTEXT)}</metadata></record>`);
  const file = join(work, `${prefix}.xml`);
  writeFileSync(file, `<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-02-03T04:05:06Z</responseDate><request verb="ListRecords" metadataPrefix="${prefix}">https://sem.example.org/images/oai</request><ListRecords>${records.join('\n')}</ListRecords></OAI-PMH>\n`);
  return { what: prefix, by: 'xmllint, in a ListRecords answer', n: made.length, wrong: xmllint('oai/oai-combined.xsd', [file]) };
} // prettier-ignore

function byKernel(made: Made[], work: string): Checked {
  const files = made.map(({ record }, i) => {
    const file = join(work, `datacite-${i}.xml`);
    writeFileSync(file, RENDERINGS.datacite.render(record, i % 2 ? CONTEXT : {}));
    return file;
  });
  const wrong = xmllint('datacite/kernel-4.7/metadata.xsd', files);
  return { what: 'datacite', by: 'xmllint, kernel 4.7 alone', n: files.length, wrong };
}

function xmllint(schema: string, files: string[]): string[] {
  const env = { ...process.env, XML_CATALOG_FILES: join(SCHEMAS, 'catalog.xml') };
  const args = ['--nonet', '--noout', '--schema', schema, ...files];
  const { status, stderr } = spawnSync('xmllint', args, { cwd: SCHEMAS, env, encoding: 'utf8', maxBuffer: 1 << 28 }); // prettier-ignore
  const lines = (stderr ?? '').split('\n').filter((line) => line !== '' && !line.endsWith(' validates'));
  return status === 0 ? [] : lines.length > 0 ? lines : [`exit ${status}`];
}

/** All that may be wrong is what the rendering itself names as missing. */
function byKitSchema(made: Made[]): Checked {
  const ajv = new Ajv2019({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const schema = JSON.parse(readFileSync(join(SCHEMAS, 'kit-sem/SEM_schema.json'), 'utf8')) as object;
  const validate = ajv.compile(schema);
  const wrong = made.flatMap(({ path, kind, record }) => {
    const { document, missing } = renderKitSem(record, CONTEXT);
    validate(JSON.parse(JSON.stringify(document)));
    const found = (validate.errors ?? []).map(({ keyword, instancePath, params, message }) =>
      keyword === 'required' ? `${instancePath}/${params['missingProperty']}` : `${instancePath} ${message}`,
    );
    const same = found.toSorted().join() === missing.toSorted().join();
    return same ? [] : [`${basename(path)} (${kind}): ${found.join(' ')} and not ${missing.join(' ')}`];
  });
  return { what: 'kit-sem', by: 'ajv 2019, its schema: only what is named missing', n: made.length, wrong };
}

/** Every term is known to its context, and something is said. */
async function byExpansion(made: Made[]): Promise<Checked> {
  const expand = expander(join(SCHEMAS, 'rocrate'));
  const wrong: string[] = [];
  for (const { path, kind, record } of made) {
    const value = JSON.parse(RENDERINGS.jsonld.render(record, CONTEXT)) as object;
    const said = await expand.statements(value, CONTEXT.baseUrl).catch((error: unknown) => String(error).slice(0, 150));
    if (typeof said === 'string' || said < 10) wrong.push(`${basename(path)} (${kind}): ${said}`);
  }
  return { what: 'jsonld', by: 'jsonld: expanded, no term unknown', n: made.length, wrong };
} // prettier-ignore

/** One crate of all images, as a bag or a day would be; whole records with their images in it. */
async function byCrateValidator(made: Made[], kinds: [Kind, Kind], work: string, { validate }: CrateValidator): Promise<Checked> {
  const crate = join(work, `crate-${CRATES.indexOf(kinds)}`);
  mkdirSync(join(crate, 'data'), { recursive: true });
  const images = [...new Set(made.map(({ path }) => path))];
  const parts = made.flatMap(({ path, kind, record }) => {
    const i = images.indexOf(path);
    if (kind !== kinds[i % 2]) return [];
    if (kind.startsWith('public')) return [{ record }];
    const file = `data/${i} ${basename(path)}`;
    copyFileSync(path, join(crate, file));
    writeFileSync(join(crate, `${file}.json`), RENDERINGS.json.render(record, CONTEXT));
    return [{ record, file, json: `${file}.json` }];
  });
  writeFileSync(join(crate, 'ro-crate-metadata.json'), JSON.stringify(renderRoCrate(parts, CONTEXT)));
  const by = `rocrate-validator, one crate, ${kinds.join(' and ')}`;
  return { what: 'ro-crate', by, n: parts.length, wrong: await validate(crate) };
} // prettier-ignore

/** Into copies of the images, and as files of their own. */
async function byXmpReaders(made: Made[], work: string): Promise<Checked[]> {
  const dir = join(work, 'xmp');
  mkdirSync(dir);
  const tagged: { file: string; made: Made }[] = [];
  for (const [i, one] of made.entries()) {
    const file = join(dir, `${i}-${basename(one.path).replaceAll(/[^\w.-]/g, '_')}`);
    const { method } = await embed(one.path, file, renderXmp(one.record), one.record.acquired.sha256);
    if (method === 'sidecar') rmSync(file);
    else tagged.push({ file, made: one });
    if (i % 5 !== 1) continue; // of every kind: four are made of each image
    writeFileSync(`${file}.xmp`, RENDERINGS.xmp.render(one.record, CONTEXT));
    tagged.push({ file: `${file}.xmp`, made: one });
  }
  const files = tagged.map(({ file }) => file);
  const run = (program: string, args: string[], of = files) =>
    spawnSync(program, [...args, ...of], { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
  // what an instrument wrote in its own way is complained about before we touch it too
  const originals = [...new Set(made.map(({ path }) => path))];
  const untouched = JSON.parse(run('exiftool', ['-j', '-G1', '-Warning', '-Error'], originals)) as Record<
    string,
    unknown
  >[];
  const before = new Map(untouched.map((one) => [one['SourceFile'], complaintsOf(one)]));
  const read = JSON.parse(run('exiftool', ['-j', '-G1', '-XMP:all', '-Warning', '-Error'])) as Record<string, unknown>[]; // prettier-ignore
  const byFile = new Map(read.map((one) => [one['SourceFile'], one]));
  const wrong = tagged.flatMap(({ file, made: { path, record } }) => {
    const seen = byFile.get(file);
    const complaints = complaintsOf(seen).filter((one) => file.endsWith('.xmp') || !before.get(path)?.includes(one));
    const license = record.rights?.licence;
    return [
      ...(seen?.['XMP-dc:Identifier'] === record.id ? [] : [`${basename(file)}: exiftool reads another identifier`]),
      ...(seen?.['XMP-xmpRights:UsageTerms'] === license ? [] : [`${basename(file)}: exiftool reads another licence`]),
      ...complaints.map((one) => `${basename(file)}: exiftool: ${one}`),
    ];
  }); // prettier-ignore
  // exiv2 knows no BigTIFF
  const known = tagged.filter(({ file }) => !isBigTiff(file));
  const text = run('exiv2', ['-q', '-K', 'Xmp.dc.identifier', '-Pt', 'pr']).split('\n');
  const missed = known.filter(
    ({ file, made: { record } }) =>
      !text.some((line) => line.startsWith(`${file} `) && line.slice(file.length).trim() === record.id),
  );
  return [
    { what: 'xmp', by: 'exiftool, in tagged copies and alone', n: tagged.length, wrong },
    { what: 'xmp', by: 'exiv2, the same but for BigTIFF', n: known.length, wrong: missed.map(({ file }) => `${basename(file)}: exiv2 reads no identifier`) },
  ]; // prettier-ignore
}

const complaintsOf = (read: Record<string, unknown> = {}): string[] =>
  Object.entries(read).flatMap(([name, text]) => (/(^|:)(Warning|Error)$/.test(name) ? [String(text)] : []));

/** The first four bytes: order, then 43 (BigTIFF design, as libtiff reads it). */
const isBigTiff = (file: string): boolean =>
  ['49492b00', '4d4d002b'].includes(readFileSync(file).subarray(0, 4).toString('hex'));

/** Python's reader finds the same identifiers and as many cells as columns in every row. */
function byCsvReader(made: Made[], work: string): Checked {
  const file = join(work, 'all.csv');
  writeFileSync(file, [csvHeader, ...made.map(({ record }) => csvRow(record, CONTEXT))].join('\r\n') + '\r\n');
  const script = 'import csv,json,sys; rows=list(csv.reader(open(sys.argv[1],newline="",encoding="utf-8"),strict=True)); print(json.dumps([[r[0],len(r)] for r in rows]))';
  const [head, ...rows] = JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8', maxBuffer: 1 << 28 })) as [string, number][];
  const wrong = made.flatMap(({ path, record }, i) => (rows[i]?.[0] === record.id && rows[i]?.[1] === head![1] ? [] : [basename(path)]));
  return { what: 'csv', by: 'csv of Python', n: rows.length, wrong };
} // prettier-ignore

/** What the instruments wrote of persons, things and places stands in no public rendering. */
function byLeaks(made: Made[]): Checked {
  const open = made.filter(({ kind }) => kind === 'public');
  const textOf = (record: ShownRecord) => Object.values(RENDERINGS).map(({ render, mediaType }) => unescaped(render(record, CONTEXT), mediaType)).join('\n').toLowerCase();
  const wrong = open.flatMap(({ path, whole, record }) => {
    const [inside, out] = [textOf(whole), textOf(record)];
    return secretsOf(whole).map((one) => one.normalize('NFC')).flatMap((one) => [
      // or it could not be found where it must not be
      ...(inside.includes(one.toLowerCase()) ? [] : [`${basename(path)}: ${one} is not found in the whole record`]),
      ...(out.includes(one.toLowerCase()) ? [`${basename(path)}: ${one} is out`] : []),
    ]);
  });
  return { what: 'all, public', by: 'texts of the headers that must not be there', n: open.length, wrong };
} // prettier-ignore

/** The Turtle and the JSON-LD of the vocabulary say the same. */
function byRdf(work: string, { python }: CrateValidator): Checked {
  const [turtle, json] = [join(work, 'v.ttl'), join(work, 'v.jsonld')];
  writeFileSync(turtle, vocabularyTurtle());
  writeFileSync(json, JSON.stringify(vocabularyJsonLd()));
  const { stdout, stderr } = python(`
import sys
from rdflib import Graph
from rdflib.compare import isomorphic
a = Graph().parse(sys.argv[1], format='turtle')
b = Graph().parse(sys.argv[2], format='json-ld')
print(len(a) if isomorphic(a, b) else 'other triples')`, [turtle, json]);
  const triples = Number(stdout);
  return { what: 'vocabulary', by: 'rdflib, Turtle and JSON-LD, triples', n: triples || 0, wrong: triples > 0 ? [] : [`${stdout}${stderr}`] };
} // prettier-ignore
