// Reads and checks a config: defaults filled in, unknown keys refused with the nearest name. Never guesses a value.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import Value from 'typebox/value';
import { LineCounter, parseDocument } from 'yaml';
import { SemtagError } from '../errors.ts';
import { configKeys } from './explain.ts';
import { ConfigSchema, type Config } from './schema.ts';

type Schema = { properties?: Record<string, Schema>; items?: Schema; type?: string };

/** Reads a YAML file. Relative paths in it are relative to the file. Throws config_invalid naming line and key. */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SemtagError(
      'config_invalid',
      `${path}: cannot be read (${(error as Error).message}); \`semtag init\` writes one`,
      { cause: error },
    );
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const broken = document.errors[0];
  if (broken) throw new SemtagError('config_invalid', `${path}: ${broken.message}`);
  const config = checkConfig(document.toJS() as unknown, path);
  const base = dirname(resolve(path));
  return {
    ...config,
    dataDir: resolve(base, config.dataDir),
    instruments: config.instruments.map((i) => ({ ...i, root: resolve(base, i.root) })),
    targets: config.targets.map((t) => ({ ...t, path: resolve(base, t.path) })),
    model: config.model.head ? { ...config.model, head: resolve(base, config.model.head) } : config.model,
  };
}

/** Checks a plain object and fills in the defaults. `where` names it in errors. */
export function checkConfig(value: unknown, where = 'config'): Config {
  const unknown = unknownKeys(value, ConfigSchema as Schema);
  if (unknown[0]) throw new SemtagError('config_invalid', `${where}: ${unknown[0]}`);
  const filled = Value.Default(ConfigSchema, withoutEmptySections(Value.Clone(value ?? {})));
  const problem = Value.Errors(ConfigSchema, filled)[0];
  if (problem) {
    const key = problem.instancePath.slice(1).replaceAll('/', '.') || 'config';
    throw new SemtagError('config_invalid', `${where}: ${key} ${reasonOf(key, problem.message)}`);
  }
  const config = filled as Config;
  for (const list of [config.instruments, config.targets] as const) {
    const names = list.map((item) => item.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice) throw new SemtagError('config_invalid', `${where}: the name ${twice} is used twice`);
  }
  if (config.thresholds.prompt > config.thresholds.auto)
    throw new SemtagError('config_invalid', `${where}: thresholds.prompt is above thresholds.auto`);
  return config;
}

/** The schema's own words, but for a choice all that can be chosen. */
function reasonOf(key: string, message: string): string {
  const general = key.replace(/\.\d+(?=\.|$)/g, '[]');
  const choices = configKeys().find((info) => info.key === general)?.choices;
  return choices ? `must be ${choices.length > 1 ? 'one of ' : ''}${choices.join(', ')}` : message;
}

/** `settle:` with every key below it commented out reads as null in YAML and means the defaults. */
function withoutEmptySections(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const sections = ConfigSchema.properties as Record<string, Schema>;
  const empty = (key: string, inner: unknown) =>
    inner === null && ['object', 'array'].includes(sections[key]?.type ?? '');
  return Object.fromEntries(Object.entries(value).filter(([key, inner]) => !empty(key, inner)));
}

function unknownKeys(value: unknown, schema: Schema, path = ''): string[] {
  if (Array.isArray(value))
    return value.flatMap((item, i) => (schema.items ? unknownKeys(item, schema.items, `${path}[${i}]`) : []));
  if (value === null || typeof value !== 'object' || !schema.properties) return [];
  const known = Object.keys(schema.properties);
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = schema.properties![key];
    if (below) return unknownKeys(inner, below, path ? `${path}.${key}` : key);
    const nearest = known.toSorted((a, b) => distance(a, key) - distance(b, key))[0];
    return [`unknown key ${path ? `${path}.` : ''}${key}${nearest ? `; did you mean ${nearest}?` : ''}`];
  });
}
