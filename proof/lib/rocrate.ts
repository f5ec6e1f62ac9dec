// The RO-Crate validator of the Python index, kept in the cache directory and run without a network. Never part of semtag.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '0.13.0';

/** Its cache of HTTP answers, filled with our own copies of the contexts: `--offline` alone knows none. */
const FILL = `
import io, sys
from urllib3 import HTTPResponse
import requests_cache
from requests.adapters import HTTPAdapter

cache, *contexts = sys.argv[1:]

class FromFile(HTTPAdapter):
    def send(self, request, **kwargs):
        version = request.url.split('/')[-2]
        body = open([c for c in contexts if version in c][0], 'rb').read()
        raw = HTTPResponse(body=io.BytesIO(body), headers={'Content-Type': 'application/ld+json'}, status=200, preload_content=False)
        return self.build_response(request, raw)

session = requests_cache.CachedSession(cache_name=cache, backend='sqlite', expire_after=-1, allowable_methods=('GET',), allowable_codes=(200, 302, 404))
session.mount('https://w3id.org/', FromFile())
for version in ('1.1', '1.2'):
    session.get(f'https://w3id.org/ro/crate/{version}/context')
`;

/** `python` runs a script with the packages of the validator, rdflib among them. */
export type CrateValidator = {
  validate: (crate: string) => Promise<string[]>;
  python: (script: string, args: string[]) => { stdout: string; stderr: string };
};

/** `$ROCRATE_VALIDATOR` names the program, else it is put into the cache the first time. Undefined where it cannot be had. `work`: for its cache of answers. */
export function crateValidator(schemas: string, work: string): CrateValidator | undefined {
  const program = findProgram();
  if (!program) return undefined;
  const cache = join(work, 'rocrate-answers');
  const contexts = ['1.1', '1.2'].map((v) => join(schemas, 'rocrate', `ro-crate-${v}-context.jsonld`));
  const python = join(program, '..', 'python');
  const filled = spawnSync(python, ['-', cache, ...contexts], { input: FILL, encoding: 'utf8' });
  if (filled.status !== 0) throw new Error(`its cache of contexts could not be filled: ${filled.stderr}`);
  const validate = async (crate: string): Promise<string[]> => {
    const out = `${crate}.result.json`;
    const args = ['-y', 'validate', '--offline', '--cache-path', cache, '-f', 'json', '-o', out, crate];
    const child = spawn(program, args, { stdio: 'ignore' });
    const code = await new Promise((done) => child.on('exit', done));
    if (!existsSync(out)) return [`no result, exit ${String(code)}`];
    const { passed, issues } = JSON.parse(readFileSync(out, 'utf8')) as { passed: boolean; issues: { message?: string }[] }; // prettier-ignore
    return passed ? [] : issues.map((one) => one.message ?? JSON.stringify(one).slice(0, 300));
  };
  return {
    validate,
    python: (script, args) => spawnSync(python, ['-', ...args], { input: script, encoding: 'utf8' }),
  };
}

function findProgram(): string | undefined {
  const given = process.env['ROCRATE_VALIDATOR'];
  if (given) return given;
  const { SEMTAG_CACHE, XDG_CACHE_HOME } = process.env;
  const cache = SEMTAG_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'semtag');
  const home = join(cache, `roc-validator-${VERSION}`);
  const program = join(home, 'bin', 'rocrate-validator');
  const works = () => existsSync(program) && spawnSync(program, ['--version']).status === 0;
  if (works()) return program;
  const made = spawnSync('python3', ['-m', 'venv', home]).status === 0;
  const put = made && spawnSync(join(home, 'bin', 'pip'), ['install', '-q', `roc-validator==${VERSION}`]).status === 0; // prettier-ignore
  if (put && works()) return program;
  rmSync(home, { recursive: true, force: true });
  return undefined;
}
