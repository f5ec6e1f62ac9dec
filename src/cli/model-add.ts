// `semtag model add SOURCE`: makes a network from elsewhere a backbone of this machine, once its SHA-256 is confirmed. Never fetches or runs anything of it before.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  BACKBONE_FILE,
  BACKBONE_FORMAT,
  MODEL_NAME,
  placeToAdd,
  type StoredBackbone,
} from '../classify/added.ts';
import { BACKBONES } from '../classify/backbones.ts';
import { adopt } from '../classify/convert/adopt.ts';
import { RANGES, type Range } from '../classify/convert/ranges.ts';
import { findSource, openSource } from '../classify/convert/source.ts';
import type { Precision } from '../classify/precision.ts';
import { SemtagError } from '../errors.ts';
import { print, WRONG } from './report.ts';
import { table } from './table.ts';
import { refuseExisting, writeFolder } from './write-folder.ts';

export type AddOptions = {
  sha256?: string;
  name?: string;
  range?: Range;
  side?: number;
  taps?: string;
  licence: string;
  precision: Precision;
  to?: string;
  force?: boolean;
  json?: boolean;
  dryRun?: boolean;
};

const ONNX_FILE = 'backbone.onnx';
const LICENCE_FILE = 'backbone.LICENSE';

export async function add(text: string, options: AddOptions): Promise<void> {
  const source = findSource(text);
  const { sha256, read } = openSource(source);
  if (options.sha256 !== undefined && options.sha256.toLowerCase() !== sha256)
    throw new SemtagError('model_missing', `${source.from}: its SHA-256 is ${sha256}, not ${options.sha256}`, {
      advice: 'It is another file than the one you mean: look where it came from. Nothing was added.',
    });
  const name = options.name ?? source.name;
  if (!MODEL_NAME.test(name) || BACKBONES.some((b) => b.name === name))
    throw new SemtagError('bad_request', `${name}: a name that is one word and not in the catalogue; --name NAME`);
  if (!options.range)
    throw new SemtagError('bad_request', `${source.from}: a file does not say what it takes as black and white; --range ${RANGES.join('|')}`);
  // nothing of it is looked at before: what it would become is said once it is the file that is meant
  if (options.sha256 === undefined) return unconfirmed(source.from, sha256, options);
  const network = read();
  const place = options.to ? { dir: resolve(options.to), shared: true } : placeToAdd();
  const out = join(place.dir, name);
  refuseExisting(out, options.force === true || options.dryRun === true);
  const { range, side, precision } = options;
  const taps = options.taps?.split(',').map((t) => t.trim());
  const { bytes, backbone, layout } = await adopt(network, { name, range, side, taps, precision });
  const licence = options.licence !== 'not stated' ? options.licence : (source.licence ?? options.licence);
  const stored: StoredBackbone = {
    format: BACKBONE_FORMAT,
    name,
    file: ONNX_FILE,
    ...backbone,
    licence,
    ...(source.licenceText ? { licenceText: LICENCE_FILE } : {}),
    about: `${name}, added from ${source.from}; taps ${backbone.taps.join(', ')}`,
    from: { source: source.from, sha256, form: network.form, layout, range, precision },
  };
  const written = !options.dryRun;
  if (written)
    await writeFolder(out, [
      { name: BACKBONE_FILE, bytes: Buffer.from(`${JSON.stringify(stored, null, 2)}\n`) },
      { name: ONNX_FILE, bytes },
      ...(source.licenceText ? [{ name: LICENCE_FILE, bytes: readFileSync(source.licenceText) }] : []),
    ]);
  print({ ...(written ? { out } : {}), added: written, source: sha256, backbone: stored }, options.json === true, () =>
    [
      table([
        ['name', name],
        ['from', `${source.from} (${network.form === 'onnx' ? `ONNX, ${layout}` : `TensorFlow.js ${network.form} model`})`],
        ['SHA-256', sha256],
        ['picture', `${backbone.side} x ${backbone.side}, range ${range}`],
        ['taps', backbone.taps.map((t, i) => `${t} (${backbone.tapLengths[i]})`).join(' + ') + ` = ${backbone.length} numbers`],
        ['kept as', `${precision}, ${(bytes.length / 1e6).toFixed(1)} MB, SHA-256 ${backbone.sha256}`],
        ['licence', licence],
      ]),
      ...(written ? [`added: ${out}; \`semtag train DIR --backbone ${name}\` makes a head for it`] : []),
      ...(options.dryRun ? ['not added (dry run)'] : []),
      ...(written && !place.shared ? [notShared(place.dir)] : []),
      ...(written && !existsSync(join(out, LICENCE_FILE)) ? ['no licence text lies beside it: keep it yourself'] : []),
    ].join('\n'),
  );
} // prettier-ignore

function unconfirmed(from: string, sha256: string, { json, dryRun }: AddOptions): void {
  if (!dryRun) process.exitCode = WRONG;
  print({ added: false, source: sha256 }, json === true, () =>
    [
      table([['from', from], ['SHA-256', sha256]]),
      `not added: where you have it from, look its SHA-256 up, and confirm with --sha256 ${sha256}; with --dry-run too it says what it would be`,
    ].join('\n'),
  ); // prettier-ignore
}

/** The trap of a folder of one's own: the service runs under another account. */
export function notShared(dir: string): string {
  return `Only your account can read ${dir}. A service that runs under another one needs --to DIR with a folder that it can read.`;
}
