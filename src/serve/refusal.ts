// Why a request does not fit its schema, so that whoever wrote it can mend it. Decides nothing: what fits is validate.ts's to say.

import type { TSchema } from 'typebox';
import Value from 'typebox/value';

type Refusal = ReturnType<typeof Value.Errors>[number];
type Shape = {
  type?: string;
  const?: unknown;
  anyOf?: Shape[];
  required?: string[];
  properties?: Record<string, Shape>;
};

/** Of a union what is told is one thing: what is wrong with the form that was meant or, where none was, which forms there are. */
export function readable(schema: TSchema, errors: Refusal[], sent: unknown): Refusal[] {
  const told: Refusal[] = [];
  const unions = new Set<string>();
  for (const error of errors) {
    const path = /^(.*?)\/anyOf\/\d/.exec(error.schemaPath)?.[1];
    if (path === undefined) {
      if (error.keyword !== 'anyOf') told.push(error);
    } else if (!unions.has(path)) {
      unions.add(path);
      told.push(
        ...ofUnion(at(schema, path) as Shape, path.slice(1).replaceAll('/properties/', '/'), error, sent),
      );
    }
  }
  // that a part is not allowed is said of what holds it, with its name
  return told.filter(({ keyword }) => keyword !== 'boolean').map(inFull);
}

function ofUnion({ anyOf = [] }: Shape, instancePath: string, error: Refusal, sent: unknown): Refusal[] {
  const value = at(sent, instancePath);
  const meant = anyOf.find((form) => isMeant(form, value));
  if (meant)
    return Value.Errors(meant as TSchema, value).map((one) => ({
      ...one,
      instancePath: `${instancePath}${one.instancePath}`,
    }));
  return [{ ...error, instancePath, message: `must be ${anyOf.map(words).join(' or ')}` }];
}

function isMeant({ type, properties }: Shape, value: unknown): boolean {
  if (!properties) return type === (value === null ? 'null' : typeof value);
  const given = (value ?? {}) as Record<string, unknown>;
  return Object.entries(properties).some(
    ([name, part]) => part.const !== undefined && given[name] === part.const,
  );
}

/** `{ "kind": "category", "category": …, "second"?: … }` */
function words({ type, const: only, properties, required = [] }: Shape): string {
  if (only !== undefined) return JSON.stringify(only);
  if (!properties) return type ?? 'anything';
  const parts = Object.entries(properties).map(
    ([name, part]) =>
      `"${name}"${required.includes(name) ? '' : '?'}: ${part.const === undefined ? '…' : words(part)}`,
  );
  return `{ ${parts.join(', ')} }`;
}

function inFull(error: Refusal): Refusal {
  const params = error.params as Record<string, unknown>;
  const { allowedValues, additionalProperties } = params as Record<string, unknown[] | undefined>;
  if (error.keyword === 'enum' && allowedValues)
    return { ...error, message: `must be one of ${allowedValues.join(', ')}` };
  if (error.keyword === 'additionalProperties' && Array.isArray(additionalProperties))
    return { ...error, message: `must not have ${additionalProperties.join(', ').slice(0, 100)}` };
  return error;
}

/** What a JSON pointer leads to. */
const at = (root: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((here, name) => (here as Record<string, unknown> | undefined)?.[name], root);
