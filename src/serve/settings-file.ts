// One file that moves to another SEM PC: config, thresholds and the head in use. Holds no secret; whoever reads it back checks every hash first.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { readHeadFile } from '../classify/head-file.ts';
import { parseHead } from '../classify/head.ts';
import { isSecretKey } from '../config/secret-key.ts';
import { thresholdsProblem } from '../domain/decision.ts';
import { SemtagError } from '../errors.ts';
import { settingsHash } from '../learn/teach/settings.ts';
import { dataPaths } from '../paths.ts';
import type { ThresholdsVersion } from '../store/thresholds.ts';
import { packageVersion } from './version.ts';

export const SETTINGS_FORMAT = 'semtag-settings/1';

export type SettingsFile = {
  format: typeof SETTINGS_FORMAT;
  /** version of semtag that wrote it */
  semtag: string;
  at: string;
  /** as it was written, and what is set in it; keys that hold a secret are left out of both */
  config: { yaml: string; values: Record<string, unknown> };
  /** newest first: the first one is in force */
  thresholds: ThresholdsVersion[];
  /** `text`: its file, whose SHA-256 names it */
  head: { name: string; sha256: string; backbone: { name: string; sha256: string }; text: string };
  /** hash of the numbers of teaching: another one scores otherwise after the same answers */
  teaching: string;
  /** of all the above */
  sha256: string;
};

type Parts = {
  configPath: string;
  dataDir: string;
  model: { head: string; headPath: string };
  thresholds: ThresholdsVersion[];
};

export async function settingsFile({ configPath, dataDir, model, thresholds }: Parts): Promise<SettingsFile> {
  const text = await headText(model, dataDir);
  const { name, backbone } = parseHead(text, model.headPath);
  const content = {
    format: SETTINGS_FORMAT,
    semtag: packageVersion(),
    at: new Date().toISOString(),
    config: withoutSecrets(readFileSync(configPath, 'utf8')),
    thresholds,
    head: { name, sha256: model.head, backbone: { name: backbone.name, sha256: backbone.sha256 }, text },
    teaching: settingsHash(),
  } as const;
  return { ...content, sha256: hashOf(content) };
}

export const settingsFileText = (file: SettingsFile): string => `${JSON.stringify(file, null, 1)}\n`;

/** Throws bad_request naming `where`; model_missing for a head that is none. */
export function parseSettingsFile(text: string, where: string): SettingsFile {
  const wrong = (reason: string) =>
    new SemtagError('bad_request', `${where}: ${reason}; nothing was changed`);
  let file: Partial<SettingsFile> | null;
  try {
    file = JSON.parse(text) as Partial<SettingsFile>;
  } catch {
    throw wrong('it is not whole, or no file that `semtag config export` wrote');
  }
  const format: unknown = file?.format;
  if (!file || typeof format !== 'string' || !format.startsWith('semtag-settings/'))
    throw wrong('no file that `semtag config export` wrote');
  if (format !== SETTINGS_FORMAT)
    throw wrong(`format ${format} of semtag ${String(file.semtag)}, this semtag reads ${SETTINGS_FORMAT}`);
  const { sha256, ...content } = file;
  if (sha256 !== hashOf(content))
    throw wrong('its checksum is another one: it was changed or damaged on the way');
  const { config, thresholds, head } = content;
  if (typeof config?.values !== 'object' || !Array.isArray(thresholds) || typeof head?.text !== 'string')
    throw wrong('a part of it is missing');
  if (parseHead(head.text, where).sha256 !== head.sha256)
    throw wrong('the head in it is not the one that it names');
  const problem = thresholds[0] && thresholdsProblem(thresholds[0]);
  if (problem) throw wrong(`its thresholds: ${problem}`);
  return file as SettingsFile;
}

/** The copy that was kept when it came into use: the file may be another one by now. */
async function headText({ head, headPath }: Parts['model'], dataDir: string): Promise<string> {
  const kept = join(dataPaths(dataDir).heads, `${head}.json`);
  for (const path of [kept, headPath]) {
    const text = await readHeadFile(path).catch(() => undefined);
    if (text !== undefined && sha256Of(text) === head) return text;
  }
  throw new SemtagError('model_missing', `${headPath}: the head in use lies there no more`);
}

function withoutSecrets(text: string): SettingsFile['config'] {
  const document = parseDocument(text);
  let found = false;
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || !isSecretKey(String(key.value))) return undefined;
      found = true;
      return visit.REMOVE;
    },
  });
  const values = isMap(document.contents) ? (document.toJS() as Record<string, unknown>) : {};
  return { yaml: found ? document.toString({ lineWidth: 0 }) : text, values };
}

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');
const hashOf = (content: object) => sha256Of(JSON.stringify(content));
