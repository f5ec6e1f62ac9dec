// `semtag config import FILE`: takes over config, thresholds and head of another SEM PC; what is of a machine stays. Refuses beside a running service.

import { copyFileSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { parse } from 'yaml';
import { allBackbones, backboneKey, BACKBONES, DEFAULT_BACKBONE, findBackbone, loadBackbone, type Backbone } from '../classify/backbones.ts'; // prettier-ignore
import { keepText } from '../classify/kept-heads.ts';
import { parseHead } from '../classify/head.ts';
import { SHIPPED_HEAD } from '../classify/model.ts';
import { leaves } from '../config/effective.ts';
import { checkConfig, loadConfig } from '../config/load.ts';
import { configYaml } from '../config/yaml.ts';
import { personName } from '../decide/answers.ts';
import { saveThresholds } from '../decide/thresholds.ts';
import type { ThresholdsValue } from '../domain/decision.ts';
import { SemtagError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { settingsHash } from '../learn/teach/settings.ts';
import { dataPaths } from '../paths.ts';
import { parseSettingsFile, type SettingsFile } from '../serve/settings-file.ts';
import { valueWords } from '../serve/threshold-words.ts';
import { takeRunLock } from '../store/lock.ts';
import { openReader } from '../store/reader.ts';
import { openStore } from '../store/store.ts';
import type { ThresholdsVersion } from '../store/thresholds.ts';
import { importedConfig } from './imported-config.ts';
import { configPath, type CommonOptions } from './options.ts';
import { replaceConfig } from './replace-config.ts';
import { print } from './report.ts';

export type ImportOptions = CommonOptions & { dryRun?: boolean; by: string };
type Values = Record<string, unknown>;
type Change = { key: string; from?: unknown; to?: unknown };

const REASON = 480;

export async function importSettings(file: string, options: ImportOptions): Promise<void> {
  const by = personName(options.by);
  const path = realpathSync(configPath(options.config));
  const { dataDir, model: current } = loadConfig(path);
  const from = parseSettingsFile(read(file), file);
  const { head } = from;
  const mine = (parse(readFileSync(path, 'utf8')) ?? {}) as Values;
  const { values, kept, left } = importedConfig(mine, from.config.values);
  const shipped = (await hashFile(SHIPPED_HEAD)) === head.sha256;
  const headPath = join(dataPaths(dataDir).heads, `${head.sha256}.json`);
  const backbone = await backboneOf(from, current.backbone);
  const model = values['model'] as Values;
  delete model['head'];
  delete model['backbone'];
  if (!shipped) model['head'] = fromFolder(path, headPath);
  if (!(BACKBONES.includes(backbone) && backbone.name === DEFAULT_BACKBONE))
    model['backbone'] = backboneKey(backbone);
  const changes = changesOf(checkConfig(mine, path), checkConfig(values, `${file}, its config`));

  const inForce = thresholdsHere(dataDir);
  const wanted = from.thresholds[0];
  const next = wanted && valueText(wanted) !== (inForce && valueText(inForce)) ? wanted : undefined;
  const teaching = from.teaching === settingsHash();
  const backup = `${path}.before-import-${new Date().toISOString().replace(/[-:]|\..*/g, '')}`;
  const done = { version: undefined as number | undefined };
  if (!options.dryRun) {
    const lock = takeRunLock(dataDir);
    if (!lock) throw new SemtagError('already_running', `${dataDir}: a semtag uses it; stop the service, import, and start it again. Nothing was changed`); // prettier-ignore
    try {
      const take = async () => {
        mkdirSync(dirname(headPath), { recursive: true, mode: 0o750 });
        await keepText(headPath, head.text);
        if (next) done.version = save(dataDir, next, inForce, basename(file), by);
      };
      if (changes.length === 0) await take();
      else
        await replaceConfig(path, configYaml(values), async () => {
          copyFileSync(path, backup);
          await take();
        });
    } finally {
      lock.release();
    }
  }
  const value = {
    config: path,
    dryRun: options.dryRun === true,
    changes,
    kept,
    left,
    ...(changes.length > 0 && !options.dryRun ? { backup } : {}),
    head: { name: head.name, sha256: head.sha256, shipped },
    thresholds: { ...(inForce ? { from: inForce.version } : {}), ...(done.version ? { to: done.version } : {}), ...(next ? { value: next } : {}) }, // prettier-ignore
    teaching: { same: teaching },
  };
  print(value, options.json === true, () =>
    [
      `${file}: written by semtag ${from.semtag} at ${from.at}`,
      ...(changes.length ? changes.map(changeWords) : ['The config says the same already.']),
      `Of this machine, and kept: ${kept.join('; ')}.`,
      ...(left.length ? [`Not taken, since there is none of that name here: ${left.join('; ')}.`] : []),
      `Head: ${head.name} ${head.sha256.slice(0, 12)} on ${head.backbone.name}${shipped ? ', the shipped one' : `, in ${headPath}`}`,
      next ? `Thresholds: ${done.version ? `version ${done.version}` : 'a new version'}: ${valueWords(next)}` : 'Thresholds: the same already.', // prettier-ignore
      ...(teaching ? [] : ['Teaching has other numbers in that semtag: the same answers lead to other scores here.']), // prettier-ignore
      options.dryRun
        ? 'Nothing was written (dry run).'
        : changes.length
          ? `Written. The old config is ${backup}. The next start of the service takes it.`
          : 'Done.',
    ].join('\n'),
  );
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new SemtagError('not_found', `${file}: cannot be read (${(error as Error).message})`, {
      cause: error,
    });
  }
}

/** The one with the hash that the head was trained on, whatever it is called here. */
async function backboneOf({ head }: SettingsFile, current: string): Promise<Backbone> {
  const here = [...allBackbones(), ...own(current)];
  const found = here.find(({ sha256 }) => sha256 === head.backbone.sha256);
  if (!found)
    throw new SemtagError('model_missing', `the head ${head.name} is for the backbone ${head.backbone.name} (${head.backbone.sha256.slice(0, 12)}), which is not here; \`semtag model add\` or \`semtag model import\` brings it. Nothing was changed`); // prettier-ignore
  await loadBackbone(found);
  parseHead(head.text, head.name);
  return found;
}

function own(name: string): Backbone[] {
  try {
    return [findBackbone(name)];
  } catch {
    return []; // what is gone here is no reason to refuse another
  }
}

function fromFolder(path: string, target: string): string {
  const short = relative(dirname(path), target);
  return short.startsWith('..') ? target : short.replaceAll('\\', '/');
}

function changesOf(before: object, after: object): Change[] {
  const [old, now] = [before, after].map(
    (one) => new Map(leaves(one, '').map(({ key, value }) => [key, value])),
  );
  const text = (value: unknown) => JSON.stringify(value);
  return [...new Set([...old!.keys(), ...now!.keys()])]
    .filter((key) => text(old!.get(key)) !== text(now!.get(key)))
    .map((key) => ({ key, from: old!.get(key), to: now!.get(key) }));
}

function changeWords({ key, from, to }: Change): string {
  const shown = (value: unknown) => (value === undefined ? '(not set)' : JSON.stringify(value));
  return `${key}: ${shown(from)} -> ${shown(to)}`;
}

function thresholdsHere(dataDir: string): ThresholdsVersion | undefined {
  try {
    const reader = openReader(dataDir);
    try {
      return reader.thresholds.current();
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof SemtagError && error.code === 'not_found') return undefined; // never started here
    throw error;
  }
}

const valueText = ({ auto, prompt, perCategory }: ThresholdsValue) =>
  JSON.stringify([auto, prompt, Object.entries(perCategory ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))]);

function save(dataDir: string, next: ThresholdsVersion, inForce: ThresholdsVersion | undefined, file: string, by: string): number {
  const store = openStore(dataDir);
  try {
    const reason = `imported from ${file} (its version ${next.version}: ${next.reason}`.slice(0, REASON);
    if (inForce) return saveThresholds(store, next, { reason: `${reason})`, by, version: inForce.version }).version;
    const { auto, prompt, perCategory } = next;
    const value = { auto, prompt, ...(perCategory ? { perCategory } : {}) };
    return store.thresholds.save(value, `${reason})`, by, new Date().toISOString());
  } finally {
    store.close();
  }
} // prettier-ignore
