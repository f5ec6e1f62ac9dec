// Finds the network that a person wants to add: a file, a folder, or a part of an installed package. Never fetches anything.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { SemtagError } from '../../errors.ts';
import { openTfjs, tfjsModelFile, type TfjsModel } from './tfjs-files.ts';

export type Network = { form: 'onnx'; bytes: Uint8Array } | TfjsModel;

export type Source = {
  /** without the folders of this machine: it is kept with the backbone and moves with it */
  from: string;
  /** what it is called unless told */
  name: string;
  path: string;
  licence?: string;
  licenceText?: string;
};

/** `npm:PACKAGE[@VERSION][/path]`; scopes have a slash of their own. */
const PACKAGE = /^npm:((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(?:\/(.+))?$/;

/** Errors: `not_found` where there is no such file or package, `bad_request` where the package has another version. */
export function findSource(text: string): Source {
  const [, name, version, inside = '.'] = PACKAGE.exec(text) ?? [];
  if (!name) {
    const path = resolve(text);
    return { ...at(path), from: basename(path), ...licenceIn(statSync(path).isDirectory() ? path : dirname(path)) };
  }
  const folder = packageFolder(name);
  if (!folder)
    throw new SemtagError('not_found', `${text}: the package ${name} is not installed here; \`npm install ${name}\` first`);
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string; license?: string };
  if (version !== undefined && version !== about.version)
    throw new SemtagError('bad_request', `${text}: ${name} is installed in version ${about.version}`);
  const found = at(join(folder, inside));
  const from = `npm:${name}@${about.version}${inside === '.' ? '' : `/${inside}`}`;
  return { ...found, from, licence: `${about.license ?? 'not stated'} (package ${name})`, ...licenceIn(folder) };
} // prettier-ignore

/** `sha256`: over its files, one after the other: what `--sha256` has to be. `read` makes the network of the same bytes, once that is confirmed. */
export type OpenSource = { sha256: string; read: () => Network };

/** Errors, of both: `model_missing`. */
export function openSource({ path }: Source): OpenSource {
  const onnx = onnxFile(path);
  if (onnx) {
    const bytes = readFileSync(onnx);
    return { sha256: hashOf([bytes]), read: () => ({ form: 'onnx', bytes }) };
  }
  const file = tfjsModelFile(path);
  if (!file)
    throw new SemtagError('model_missing', `${path}: neither an ONNX file nor a folder with model.json`);
  const { files, read } = openTfjs(file);
  return { sha256: hashOf(files), read };
}

function hashOf(files: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const bytes of files) hash.update(bytes);
  return hash.digest('hex');
}

function onnxFile(path: string): string | undefined {
  if (!statSync(path).isDirectory()) return path.endsWith('.onnx') ? path : undefined;
  const files = readdirSync(path).filter((name) => name.endsWith('.onnx'));
  return files.length === 1 ? join(path, files[0]!) : undefined;
}

function at(path: string): { path: string; name: string } {
  if (!existsSync(path)) throw new SemtagError('not_found', `${path}: there is no such file or folder`);
  const name = basename(path).replace(/\.(onnx|json|min\.js|js)$/, '');
  return { path, name: name === 'model' ? basename(dirname(path)) : name };
}

/** As Node finds it from the working directory, then from semtag. The folder, since `exports` may hide what lies in it. */
function packageFolder(name: string): string | undefined {
  const places = [join(process.cwd(), 'package.json'), import.meta.url];
  return places
    .flatMap((place) => createRequire(place).resolve.paths(name) ?? [])
    .map((dir) => join(dir, name))
    .find((dir) => existsSync(join(dir, 'package.json')));
}

function licenceIn(dir: string): { licenceText?: string } {
  const file = readdirSync(dir).find((name) => /^licen[cs]e(\.(txt|md))?$/i.test(name));
  return file ? { licenceText: join(dir, file) } : {};
}
