// Proof: the instrument header of every FEI, Zeiss, TESCAN and JEOL file says what expected/*.json says, and nothing that it does not say.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { headerOfFile } from '../src/cli/header.ts';
import type { InstrumentHeader } from '../src/domain/header.ts';
import { compareFields, type Expectation, type Outcome } from './lib/compare-fields.ts';
import type { Proof } from './run.ts';

/** The vendors that the claim is about; every other file is read too, printed and not judged. */
const JUDGED = ['FEI/Thermo Fisher', 'Zeiss', 'TESCAN', 'JEOL'];

type Row = { files: number; right: number; expected: number; wrong: number; invented: number };
type Reading = { name: string; group: string; judged: boolean; outcomes: Outcome[]; failure?: string };

export const proof: Proof = {
  claim:
    'every header value of FEI, Zeiss, TESCAN and JEOL files is met within its tolerance, and none is invented',
  defaultDir: '../shared/vendor-files',
  async prove({ dir }) {
    const readings = expectations(dir).map((expectation) => readOne(dir, expectation));
    printTable(
      'judged',
      readings.filter((r) => r.judged),
    );
    printTable(
      'extra, not judged',
      readings.filter((r) => !r.judged),
    );
    const judged = readings.filter((r) => r.judged);
    for (const reading of judged) printMisses(reading);
    const sum = total(judged);
    const failed = judged.filter((r) => r.failure).length;
    const ok = judged.length > 0 && sum.right === sum.expected && sum.invented === 0 && failed === 0;
    const figures = `${sum.right} of ${sum.expected} values right, ${sum.wrong} wrong, ${sum.invented} invented, ${failed} unread, ${judged.length} files`;
    return { ok, figures };
  },
};

function expectations(dir: string): Expectation[] {
  const folder = join(dir, 'expected');
  return readdirSync(existsSync(folder) ? folder : dir)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const parsed = JSON.parse(
        readFileSync(join(existsSync(folder) ? folder : dir, name), 'utf8'),
      ) as Expectation;
      return { ...parsed, file: parsed.file ?? name.slice(0, -'.json'.length) };
    })
    .filter((expectation) => typeof expectation.expected === 'object');
}

function readOne(dir: string, expectation: Expectation): Reading {
  const named = expectation.expected['vendor'];
  const vendor = typeof named === 'string' ? named : 'no SEM header';
  const tem = expectation.extra?.['tem'] === true;
  const group = tem ? `${vendor} (transmission)` : vendor;
  const judged = JUDGED.includes(vendor) && !tem;
  const reading = { name: expectation.file, group, judged, outcomes: [] };
  if (tem && JUDGED.includes(vendor))
    console.log(`${expectation.file}: a transmission microscope's file, left out of the judged ones`);
  try {
    const header: InstrumentHeader = headerOfFile(join(dir, expectation.file));
    return { ...reading, outcomes: compareFields(expectation, header) };
  } catch (error) {
    return { ...reading, failure: error instanceof Error ? error.message : String(error) };
  }
}

/** `expected` counts values that must be there; those that must be absent show only when they are not. */
function total(readings: Reading[]): Row {
  const row: Row = { files: readings.length, right: 0, expected: 0, wrong: 0, invented: 0 };
  for (const { verdict, expected } of readings.flatMap((r) => r.outcomes)) {
    if (expected !== null) row.expected++;
    if (expected !== null && verdict === 'right') row.right++;
    if (verdict === 'wrong') row.wrong++;
    if (verdict === 'invented') row.invented++;
  }
  return row;
}

function printTable(title: string, readings: Reading[]): void {
  const table = new Table({
    head: [title, 'files', 'right', 'expected', 'wrong', 'invented'],
    style: { head: [], border: [] },
  });
  for (const group of [...new Set(readings.map((r) => r.group))].sort()) {
    const row = total(readings.filter((r) => r.group === group));
    table.push([group, row.files, row.right, row.expected, row.wrong, row.invented]);
  }
  if (readings.length > 0) console.log(table.toString());
}

function printMisses({ name, outcomes, failure }: Reading): void {
  if (failure) console.log(`MISS ${name}: ${failure}`);
  for (const { field, verdict, expected, got } of outcomes)
    if (verdict === 'invented') console.log(`MISS ${name}: ${field} invented: ${JSON.stringify(got)}`);
    else if (verdict === 'wrong')
      console.log(`MISS ${name}: ${field}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}
