// `npm run prove -- NAME [DIR] [--keep OUT] [--n N] [--short]`: runs one proof, prints its table and one line of figures, exits 1 where it falls short.

import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type ProofOptions = {
  /** the folder to prove it on: what the caller named, else the proof's default */
  dir: string;
  /** leave `acquired` and `repository` here for others to inspect */
  keep?: string;
  n?: number;
  /** the form that CI runs: fewer rounds, speed and memory printed and not judged */
  short: boolean;
};

export type ProofResult = { ok: boolean; figures: string };

export type Proof = {
  /** the claim in one sentence */
  claim: string;
  /** relative to the project; absent where the proof makes its own data */
  defaultDir?: string;
  prove(options: ProofOptions): Promise<ProofResult>;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'string' }, n: { type: 'string' }, short: { type: 'boolean', default: false } },
});
const home = new URL('.', import.meta.url);
const known = readdirSync(home).flatMap((f) => (f.endsWith('.ts') && f !== 'run.ts' ? [f.slice(0, -3)] : []));
const [name, dir] = positionals;
if (!name || !known.includes(name)) {
  console.error(
    `usage: npm run prove -- NAME [DIR] [--keep OUT] [--n N] [--short]\nproofs: ${known.join(' ')}`,
  );
  process.exit(2);
}

const { proof } = (await import(new URL(`${name}.ts`, home).href)) as { proof: Proof };
const root = new URL('..', home).pathname;
const folder = dir ? resolve(dir) : proof.defaultDir ? resolve(root, proof.defaultDir) : '';
if (folder && !existsSync(folder)) {
  console.error(`${name}: ${folder} is not there; name a folder of the same form`);
  process.exit(2);
}
console.log(`${name}: ${proof.claim}`);
const result = await proof.prove({
  dir: folder,
  short: values.short,
  ...(values.keep ? { keep: resolve(values.keep) } : {}),
  ...(values.n ? { n: Number(values.n) } : {}),
});
console.log(`${name}: ${result.ok ? 'holds' : 'FALLS SHORT'}: ${result.figures}`);
process.exit(result.ok ? 0 : 1);
