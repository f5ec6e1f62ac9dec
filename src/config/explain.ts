// What every key of the config means, read out of the schema: type, unit, default, choices and why. Holds no text of its own.

import { SemtagError } from '../errors.ts';
import { nearest } from './nearest.ts';
import { ConfigSchema } from './schema.ts';

export type KeyInfo = {
  /** dotted; `instruments[].quiet` stands for that key of every instrument */
  key: string;
  type: string;
  unit?: string;
  choices?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  /** a value to start from where there is no default */
  example?: unknown;
  required: boolean;
  why: string;
  /** names of the keys below it */
  below: string[];
};

export type SchemaNode = {
  type?: string;
  description?: string;
  default?: unknown;
  unit?: string;
  minimum?: number;
  maximum?: number;
  const?: unknown;
  examples?: unknown[];
  anyOf?: SchemaNode[];
  items?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  required?: string[];
};

export const ROOT = ConfigSchema as unknown as SchemaNode;

/** Every key in the order of the schema, sections before what is in them. */
export function configKeys(node: SchemaNode = ROOT, prefix = ''): KeyInfo[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix + name;
    const inner = child.items?.properties ? child.items : child;
    const below = inner.properties ? configKeys(inner, `${key}${inner === child ? '.' : '[].'}`) : [];
    return [describe(key, child, inner, node.required?.includes(name) ?? false), ...below];
  });
}

function describe(key: string, node: SchemaNode, inner: SchemaNode, listed: boolean): KeyInfo {
  const choices = (node.anyOf ?? (node.const === undefined ? [] : [node])).map((one) => String(one.const));
  const section = inner.properties !== undefined;
  return {
    key,
    type: typeName(node, section, choices),
    ...(node.unit ? { unit: node.unit } : {}),
    ...(choices.length ? { choices } : {}),
    ...(node.minimum === undefined ? {} : { minimum: node.minimum }),
    ...(node.maximum === undefined ? {} : { maximum: node.maximum }),
    ...(node.default === undefined || section ? {} : { default: node.default }),
    ...(node.examples?.[0] === undefined ? {} : { example: node.examples[0] }),
    required: listed && node.default === undefined,
    why: node.description ?? '',
    below: Object.keys(inner.properties ?? {}),
  };
}

function typeName(node: SchemaNode, section: boolean, choices: string[]): string {
  if (node.type === 'array') return section ? 'list of sections' : `list of ${node.items?.type ?? 'value'}s`;
  if (section) return 'section';
  return choices.length ? 'choice' : (node.type ?? 'value');
}

/** `instruments.quiet`, `instruments[0].quiet` and `instruments[].quiet` name the same key. Throws bad_request with the nearest one. */
export function explainKey(asked: string): KeyInfo {
  const bare = (key: string) => key.replace(/\[\d*\]|\.\d+(?=\.|$)/g, '').toLowerCase();
  const keys = configKeys();
  const found = keys.find((info) => bare(info.key) === bare(asked));
  if (found) return found;
  // someone who writes `giveup` means settle.giveUp: the last parts are names too
  const named = new Map<string, string>();
  for (const { key } of keys) if (!named.has(lastOf(bare(key)))) named.set(lastOf(bare(key)), key);
  for (const { key } of keys) named.set(bare(key), key);
  const near = named.get(nearest(bare(asked), [...named.keys()]) ?? '');
  throw new SemtagError(
    'bad_request',
    `there is no key ${asked}${near ? `; did you mean ${near}?` : '; `semtag config explain` lists them'}`,
  );
}

const lastOf = (key: string): string => key.split('.').at(-1)!;
