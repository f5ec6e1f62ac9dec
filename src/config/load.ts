// Reads and checks a config: defaults filled in, unknown keys refused with the nearest name. Never guesses a value.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Value from 'typebox/value';
import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { isDay } from '../domain/day.ts';
import { layoutProblem, pathProblem } from '../domain/layout.ts';
import { isZone } from '../domain/zone.ts';
import { SemtagError } from '../errors.ts';
import { isOrcid, isRor } from './check-digits.ts';
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
  const config = checkConfig(
    document.toJS() as unknown,
    (keys) => `${path}${placeOf(document, lineCounter, keys)}`,
  );
  const base = dirname(resolve(path));
  return {
    ...config,
    dataDir: resolve(base, config.dataDir),
    instruments: config.instruments.map((i) => ({ ...i, root: resolve(base, i.root) })),
    targets: config.targets.map((t) => ({ ...t, path: resolve(base, t.path) })),
    model: {
      ...config.model,
      ...(config.model.head ? { head: resolve(base, config.model.head) } : {}),
      ...(config.model.alignmentHead ? { alignmentHead: resolve(base, config.model.alignmentHead) } : {}),
      backbone: backbonePath(base, config.model.backbone),
    },
  };
}

/** A name stays one; a folder is a path like any other. */
function backbonePath(base: string, backbone: string): string {
  return /[/\\]/.test(backbone) ? resolve(base, backbone) : backbone;
}

/** `path:line:column` of a key in a file that loads. */
export function placeInFile(path: string, keys: Keys): string {
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter });
  return `${path}${placeOf(document, lineCounter, keys)}`;
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

/** One thing that is wrong, and the keys down to it. */
type Problem = { keys: Keys; message: string };

/** Checks a plain object and fills in the defaults. `where` names it in errors, down to the key that is wrong. Throws config_invalid, a line a problem. */
export function checkConfig(value: unknown, where: string | ((keys: Keys) => string) = 'config'): Config {
  const filled = Value.Default(ConfigSchema, withoutEmptySections(Value.Clone(value ?? {})));
  const unknown = unknownKeys(value, ConfigSchema as Schema);
  const problems = unknown.length ? unknown : schemaProblems(filled);
  const config = filled as Config;
  if (!problems.length) problems.push(...meaningProblems(config));
  if (!problems.length) return config;
  const place = (keys: Keys) => (typeof where === 'string' ? where : where(keys));
  const lines = problems.map(({ keys, message }) => `${place(keys)}: ${message}`);
  const placed = problems.every(({ keys }) => /:\d+:\d+$/.test(place(keys)));
  const advice = '`semtag config explain KEY` tells what a key means.';
  throw new SemtagError('config_invalid', lines.join('\n'), placed ? {} : { advice });
}

/** One a key: the first error of a key says it all. */
function schemaProblems(filled: unknown): Problem[] {
  const found = new Map<string, Problem>();
  for (const { instancePath, message } of Value.Errors(ConfigSchema, filled)) {
    if (found.has(instancePath)) continue;
    const parts = instancePath.split('/').slice(1);
    const keys = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const given = keys.reduce<unknown>((at, key) => (at as Values | undefined)?.[key], filled);
    const key = parts.join('.') || 'config';
    found.set(instancePath, { keys, message: `${key} ${reasonOf(key, message, given)}` });
  }
  return [...found.values()];
}

type Values = Record<string | number, unknown>;

/** What the schema cannot say. */
function meaningProblems({ instruments, targets, thresholds, publish, facility }: Config): Problem[] {
  const problems: Problem[] = [];
  const add = (keys: Keys, message: string | undefined) => message && problems.push({ keys, message });
  for (const [list, items] of Object.entries({ instruments, targets })) {
    const names = items.map((item) => item.name);
    const again = names.findIndex((name, i) => names.indexOf(name) !== i);
    if (again >= 0) add([list, again, 'name'], `the name ${names[again]} is used twice`);
  }
  for (const [i, { zone, path }] of instruments.entries()) {
    if (zone !== undefined && !isZone(zone)) add(['instruments', i, 'zone'], noZone(zone));
    if (path !== undefined) add(['instruments', i, 'path'], pathProblem(path));
  }
  for (const [i, { layout }] of targets.entries()) add(['targets', i, 'layout'], layoutProblem(layout));
  for (const [i, { project, operator, until }] of publish.withhold.entries()) {
    if (!project?.trim() && !operator?.trim())
      add(['publish', 'withhold', i], 'name project, operator or both: what is withheld from everybody is what publish.projects leaves out'); // prettier-ignore
    if (until !== undefined && !isDay(until)) add(['publish', 'withhold', i, 'until'], `there is no day ${until}`); // prettier-ignore
  }
  const typed = 'its check digits do not fit the others: look for a typing error';
  if (facility.ror !== undefined && !isRor(facility.ror))
    add(['facility', 'ror'], `${facility.ror}: ${typed}`);
  for (const [i, { orcid }] of facility.people.entries())
    if (orcid !== undefined && !isOrcid(orcid)) add(['facility', 'people', i, 'orcid'], `${orcid}: ${typed}`);
  if (thresholds.prompt > thresholds.auto)
    add(['thresholds', 'prompt'], 'thresholds.prompt is above thresholds.auto');
  return problems;
}

function noZone(zone: string): string {
  const near = nearest(zone, Intl.supportedValuesOf('timeZone'));
  return `zone ${zone} is no IANA time zone${near ? `; did you mean ${near}?` : ', which is written like Europe/Berlin'}`;
}

/** The schema's own words, but for a choice all that can be chosen. */
function reasonOf(key: string, message: string, given: unknown): string {
  const general = key.replace(/\.\d+(?=\.|$)/g, '[]');
  // YAML reads 640 as a number, and 0640 too
  if (general === 'targets[].mode')
    return `must be octal and in quotes${typeof given === 'number' ? `: "${String(given).padStart(4, '0')}"` : ', such as "0640"'}`;
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

function unknownKeys(value: unknown, schema: Schema, above: Keys = []): Problem[] {
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
