// Reads the OpenAPI document for the API page: operations, their parts and an example call. Pure; knows no route by name.

export type Schema = {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
};
type Content = Record<string, { schema?: Schema }>;
export type Parameter = {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
};

type Described = {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses?: Record<string, { description?: string; content?: Content }>;
  'x-access'?: string;
};

export type Document = {
  info: { version: string; description: string };
  tags?: { name: string; description: string }[];
  paths: Record<string, Record<string, Described>>;
};

export type Operation = Described & { method: string; path: string; tag: string };

export function operationsOf(doc: Document): Operation[] {
  return Object.entries(doc.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'head')
      .map(([method, one]) => ({
        ...one,
        method: method.toUpperCase(),
        path,
        tag: one.tags?.[0] ?? 'other',
      })),
  );
}

const MAY: Record<string, string> = {
  open: 'anybody',
  harvest: 'harvesters, operators and managers; for everybody where publish.open says so',
  known: 'all who are let in',
  read: 'operators and managers',
  answer: 'operators and managers',
  manage: 'managers',
};

/** Who may call it, in words. */
export const whoMay = ({ 'x-access': access }: Described): string =>
  MAY[access ?? ''] ?? 'see its description';

/** Every word of the search stands somewhere in it. */
export function matches({ method, path, summary, description, tag }: Operation, search: string): boolean {
  const text = [method, path, summary, description, tag].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export const bodyOf = ({ requestBody }: Described): Schema | undefined =>
  requestBody?.content['application/json']?.schema;

/** `string`, `integer 1..200`, `one of a, b`. */
export function typeWords(schema: Schema): string {
  const { type, enum: values, const: only, anyOf, items, minimum, maximum } = schema;
  if (values) return `one of ${values.join(', ')}`;
  if (only !== undefined) return JSON.stringify(only);
  if (anyOf) return [...new Set(anyOf.map(typeWords))].join(' or ');
  if (type === 'array') return `list of ${items ? typeWords(items) : 'anything'}`;
  const range = minimum === undefined && maximum === undefined ? '' : ` ${minimum ?? ''}..${maximum ?? ''}`;
  return `${[type ?? 'anything'].flat().join(' or ')}${range}`;
}

/** A value that the schema would take, for the example. */
function sample({
  type,
  enum: values,
  const: only,
  anyOf,
  items,
  properties,
  required = [],
  default: given,
  minimum,
}: Schema): unknown {
  if (given !== undefined) return given;
  if (only !== undefined) return only;
  if (values) return values[0];
  if (anyOf) return sample(anyOf[0]!);
  if (type === 'object')
    return Object.fromEntries(required.map((name) => [name, sample(properties?.[name] ?? {})]));
  if (type === 'array') return items ? [sample(items)] : [];
  if (type === 'boolean') return true;
  return type === 'integer' || type === 'number' ? (minimum ?? 1) : '...';
}

/** As it is typed on a command line; `origin`: where the page came from. */
export function curlOf(operation: Operation, origin: string): string {
  const { method, path } = operation;
  const url = `'${origin}${path}'`;
  const token = operation['x-access'] === 'open' ? '' : ` -H "Authorization: Bearer $TOKEN"`;
  const body = bodyOf(operation);
  if (method === 'GET') return `curl${token} ${url}`;
  const data = body ? ` -H 'Content-Type: application/json' -d '${JSON.stringify(sample(body))}'` : '';
  return `curl -X ${method}${token}${data} ${url}`;
}
