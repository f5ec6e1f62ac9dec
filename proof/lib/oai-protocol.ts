// Every case of the protocol against a running service: what it answers, whether that is valid by the schemas, and whether a time has a fraction.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oaiCases, type OaiCase } from './oai-cases.ts';
import { ROOT } from './service.ts';
import { printTable } from './table.ts';

const SCHEMAS = join(ROOT, '..', 'shared', 'schemas');
const FORM = 'application/x-www-form-urlencoded';
/** Attributes may not stand in the request of these (section 3.6). */
const BARE = ['badVerb', 'badArgument'];

export type Protocol = { cases: number; wrong: string[]; validated: boolean };

/** `dir`: for the answers, which xmllint reads in one go. */
export async function protocol(url: string, dir: string): Promise<Protocol> {
  const first = await (await fetch(`${url}?verb=ListRecords&metadataPrefix=oai_dc`)).text();
  const of = (name: string) => new RegExp(`<${name}[^>]*>([^<]+)</${name}>`).exec(first)?.[1] ?? '';
  const cases = oaiCases({ id: of('identifier'), stamp: of('datestamp'), token: of('resumptionToken') });
  mkdirSync(dir, { recursive: true });
  const wrong: string[] = [];
  const answers: { one: OaiCase; got: string; file: string }[] = [];
  for (const [i, one] of cases.entries()) {
    const post = { method: 'POST', body: one.asked, headers: { 'content-type': FORM } };
    const answer = await (one.method ? fetch(url, post) : fetch(`${url}?${one.asked}`));
    const xml = await answer.text();
    const file = join(dir, `${i}.xml`);
    writeFileSync(file, xml);
    const got = /<error code="(\w+)"/.exec(xml)?.[1] ?? /<\/request>\s*<(\w+)/.exec(xml)?.[1] ?? '';
    const told = `${one.method ?? 'GET'} ${one.asked}`;
    if (got !== one.answer) wrong.push(`${told}: ${got}, not ${one.answer}`);
    if (answer.status !== 200) wrong.push(`${told}: HTTP ${answer.status}`);
    if (answer.headers.get('content-type') !== 'text/xml; charset=utf-8') wrong.push(`${told}: content type`);
    if (/<request>/.test(xml) !== (BARE.includes(got) || one.asked === '')) wrong.push(`${told}: attributes of <request>`); // prettier-ignore
    wrong.push(...fractions(xml).map((time) => `${told}: ${time}`));
    answers.push({ one, got, file });
  }
  const invalid = existsSync(SCHEMAS) ? validate(answers.map(({ file }) => file)) : undefined;
  printTable(
    ['asked', 'to be answered', 'answered', 'valid'],
    answers.map(({ one, got, file }) => [
      `${one.method ?? 'GET'} ${shortened(one.asked)}`,
      one.answer,
      got,
      invalid ? (invalid.has(file) ? 'NO' : 'yes') : '',
    ]),
  );
  for (const said of invalid?.values() ?? []) wrong.push(said);
  rmSync(dir, { recursive: true });
  return { cases: cases.length, wrong, validated: invalid !== undefined };
}

/** Times of the protocol itself that have a fraction of a second or no zone. */
export const fractions = (xml: string): string[] =>
  [...xml.matchAll(/<(responseDate|datestamp|earliestDatestamp)>([^<]*)</g)]
    .map((match) => match[2]!)
    .filter((time) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time));

/** The files that are not valid, each with what xmllint says first. */
function validate(files: string[]): Map<string, string> {
  const { stderr, status } = spawnSync(
    'xmllint',
    ['--nonet', '--noout', '--schema', 'oai/oai-combined.xsd', ...files],
    { cwd: SCHEMAS, env: { ...process.env, XML_CATALOG_FILES: 'catalog.xml' }, encoding: 'utf8', maxBuffer: 2 ** 28 }, // prettier-ignore
  );
  const lines = (stderr ?? '').split('\n');
  const valid = new Set(lines.flatMap((line) => / validates$/.test(line) ? [line.replace(/ validates$/, '')] : [])); // prettier-ignore
  if (status === null) return new Map(files.map((file) => [file, 'xmllint is not here']));
  return new Map(
    files
      .filter((file) => !valid.has(file))
      .map((file) => [file, lines.find((line) => line.startsWith(`${file}:`))?.slice(0, 300) ?? file]),
  );
}

const shortened = (asked: string): string =>
  decodeURIComponent(asked).replace(/(resumptionToken=.{6})[^&]+/g, '$1…').replace(/urn:uuid:[0-9a-f-]{36}/, 'ID').replaceAll('\0', '').slice(0, 76); // prettier-ignore
