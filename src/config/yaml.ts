// Writes a config as YAML with comments out of the schema: what is set stands there, every default beside it as a comment. Reads nothing.

import { stringify } from 'yaml';
import { ROOT, type SchemaNode } from './explain.ts';

type Values = { [key: string]: unknown };

const WIDTH = 96;

const HEAD = `# The config of semtag. Every key is explained here. A line that begins with "#" and no space is a default:
# take the "#" away to change it. \`semtag config explain KEY\` says the same, \`semtag check\` tries the
# config out. Relative paths start at this file. An unknown key is refused.
`;

/** `values`: only what differs from the defaults or has none. Loading the text gives these values and the defaults. */
export function configYaml(values: Values): string {
  return `${HEAD}\n${section(ROOT, values, 0, true)}`;
}

/** The example that ships in `config/`: one instrument, one target, everything else by default. */
export function exampleValues(): Values {
  const required = (node: SchemaNode): Values =>
    Object.fromEntries(
      (node.required ?? []).flatMap((name) => {
        const child = node.properties![name]!;
        const value = child.examples?.[0] ?? child.const;
        return value === undefined ? [] : [[name, value]];
      }),
    );
  const item = (name: string) => required(ROOT.properties![name]!.items!);
  return { ...required(ROOT), instruments: [item('instruments')], targets: [item('targets')] };
}

function section(node: SchemaNode, values: Values, depth: number, spaced: boolean): string {
  return Object.entries(node.properties ?? {})
    .map(([name, child]) => entry(name, child, values[name], depth))
    .join(spaced ? '\n' : '');
}

function entry(name: string, node: SchemaNode, value: unknown, depth: number): string {
  const indent = '  '.repeat(depth);
  const about = comment(node, indent);
  // one that may be left out altogether is not there as long as none of it is set
  const mark = value === undefined && node.default === undefined ? '#' : '';
  if (node.properties)
    return `${about}${indent}${mark}${name}:\n${section(node, (value ?? {}) as Values, depth + 1, false)}`;
  if (node.items?.properties) return about + list(name, node.items, (value ?? []) as Values[], indent);
  if (value !== undefined) return `${about}${indent}${name}: ${scalar(value)}\n`;
  const shown = node.default ?? node.const ?? node.examples?.[0] ?? '';
  return `${about}${indent}#${name}: ${scalar(shown)}\n`;
}

/** What an item needs, from the examples. */
const exampleOf = (item: SchemaNode): Values =>
  Object.fromEntries((item.required ?? []).map((name) => [name, item.properties![name]!.examples?.[0]]));

/** A list that may be empty, and is: one item as a comment. */
function noItem(name: string, item: SchemaNode, indent: string): string {
  let first = true;
  const lines = section(item, exampleOf(item), indent.length / 2 + 1, false).replace(
    /^( *)#?(\w.*)$/gm,
    (_, space: string, key: string) => {
      const dash = first ? '- ' : '  ';
      first = false;
      return `${space}#${dash}${key}`;
    },
  );
  return `${indent}#${name}:\n${lines}`;
}

/** The first item with everything that can be said in it; later ones with what is set. */
function list(name: string, item: SchemaNode, values: Values[], indent: string): string {
  if (values.length === 0) return noItem(name, item, indent);
  const texts = values.map((value, i) =>
    i === 0
      ? section(item, value, indent.length / 2 + 2, false)
      : Object.entries(value)
          .map(([key, one]) => `${indent}    ${key}: ${scalar(one)}\n`)
          .join(''),
  );
  // the dash stands before the first key that is set, which comes after its comment
  const firstKey = new RegExp(`^${indent} {4}(?! |#)`, 'm');
  return `${indent}${name}:\n${texts.map((text) => text.replace(firstKey, `${indent}  - `)).join('\n')}`;
}

function comment(node: SchemaNode, indent: string): string {
  const facts = [
    node.unit && `Unit: ${node.unit}.`,
    node.anyOf && `One of: ${node.anyOf.map((one) => String(one.const)).join(', ')}.`,
  ].filter(Boolean);
  const words = [node.description ?? '', ...facts].join(' ').split(' ').filter(Boolean);
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH - indent.length)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}# ${line}\n`).join('');
}

function scalar(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
    : stringify(value, { lineWidth: 0 }).trim();
}
