// Reads and checks a config: defaults filled in, unknown keys refused with the nearest name. Never guesses a value.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Value from 'typebox/value';
import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { SemtagError } from '../errors.ts';
import { configKeys } from './explain.ts';
import { nearest } from './nearest.ts';
import { ConfigSchema, type Config } from './schema.ts';

type Schema = { properties?: Record<string, Schema>; items?: Schema; type?: string };

/** Reads a YAML file. Relative paths in it are relative to the file. Throws config_invalid naming line and key. */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new SemtagError('config_invalid', `${path}: cannot be read (${(error as Error).message})`, {
      cause: error,
      advice: '`semtag init` writes one; --config names another.',
    });
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const broken = document.errors[0];
  if (broken) {
    // the rest of the message repeats the line itself
    const [words = ''] = broken.message.replace(/ at line \d+, column \d+:?/, '').split('\n');
    const { line, col } = broken.linePos?.[0] ?? { line: 1, col: 1 };
    throw new SemtagError('config_invalid', `${path}:${line}:${col}: ${words}`);
  }
  const where = (keys: Keys) => `${path}${placeOf(document, lineCounter, keys)}`;
  const config = checkConfig(document.toJS() as unknown, where);
  const base = dirname(resolve(path));
  return {
    ...config,
    dataDir: resolve(base, config.dataDir),
    instruments: config.instruments.map((i) => ({ ...i, root: resolve(base, i.root) })),
    targets: config.targets.map((t) => ({ ...t, path: resolve(base, t.path) })),
    model: config.model.head ? { ...config.model, head: resolve(base, config.model.head) } : config.model,
  };
}

type Keys = (string | number)[];

/** `:line:column` of a key, or of the section that it is missing in; empty where nothing of it is written. */
function placeOf(document: Document, lines: LineCounter, keys: Keys): string {
  const last = keys.at(-1);
  const above = keys.slice(0, -1);
  const section: unknown = above.length > 0 ? document.getIn(above, true) : document.contents;
  const pair = isMap(section)
    ? section.items.find(({ key }) => (isScalar(key) ? key.value : key) === last)
    : undefined;
  const item = isCollection(section) && typeof last === 'number' ? section.get(last, true) : undefined;
  const node: unknown = pair?.key ?? item;
  const offset = isNode(node) ? node.range?.[0] : undefined;
  if (offset === undefined) return above.length > 0 ? placeOf(document, lines, above) : '';
  const { line, col } = lines.linePos(offset);
  return `:${line}:${col}`;
}

/** Checks a plain object and fills in the defaults. `where` names it in errors, down to the key that is wrong. */
export function checkConfig(value: unknown, where: string | ((keys: Keys) => string) = 'config'): Config {
  function refuse(keys: Keys, message: string): never {
    const place = typeof where === 'string' ? where : where(keys);
    const advice = '`semtag config explain KEY` tells what a key means.';
    throw new SemtagError(
      'config_invalid',
      `${place}: ${message}`,
      /:\d+:\d+$/.test(place) ? {} : { advice },
    );
  }
  const [unknown] = unknownKeys(value, ConfigSchema as Schema);
  if (unknown) refuse(unknown.keys, unknown.message);
  const filled = Value.Default(ConfigSchema, withoutEmptySections(Value.Clone(value ?? {})));
  const [problem] = Value.Errors(ConfigSchema, filled);
  if (problem) {
    const parts = problem.instancePath.split('/').slice(1);
    const keys = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const key = parts.join('.') || 'config';
    refuse(keys, `${key} ${reasonOf(key, problem.message)}`);
  }
  const config = filled as Config;
  for (const list of ['instruments', 'targets'] as const) {
    const names = config[list].map((item) => item.name);
    const again = names.findIndex((name, i) => names.indexOf(name) !== i);
    if (again >= 0) refuse([list, again, 'name'], `the name ${names[again]} is used twice`);
  }
  if (config.thresholds.prompt > config.thresholds.auto)
    refuse(['thresholds', 'prompt'], 'thresholds.prompt is above thresholds.auto');
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

type Unknown = { keys: Keys; message: string };

function unknownKeys(value: unknown, schema: Schema, above: Keys = []): Unknown[] {
  if (Array.isArray(value))
    return value.flatMap((item, i) => (schema.items ? unknownKeys(item, schema.items, [...above, i]) : []));
  if (value === null || typeof value !== 'object' || !schema.properties) return [];
  const known = Object.keys(schema.properties);
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = schema.properties![key];
    const keys = [...above, key];
    if (below) return unknownKeys(inner, below, keys);
    const near = nearest(key, known);
    return [{ keys, message: `unknown key ${dotted(keys)}${near ? `; did you mean ${near}?` : ''}` }];
  });
}

/** `instruments[0].quiet` */
function dotted(keys: Keys): string {
  const parts = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`));
  return parts.join('').slice(1);
}
