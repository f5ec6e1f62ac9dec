// Expands JSON-LD by the npm package jsonld with real contexts and no network. A term that its context does not know is an error, and not left out.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

type Loaded = { documentUrl: string; document: unknown };
type JsonLd = {
  expand(value: object, options: { documentLoader: (url: string) => Promise<Loaded>; safe: boolean; base?: string }): Promise<object[]>; // prettier-ignore
  toRDF(value: object, options: { documentLoader: (url: string) => Promise<Loaded>; safe: boolean; base?: string }): Promise<object[]>; // prettier-ignore
};
const jsonld = createRequire(import.meta.url)('jsonld') as JsonLd;

const CONTEXTS: Record<string, string> = {
  'https://w3id.org/ro/crate/1.1/context': 'ro-crate-1.1-context.jsonld',
  'https://w3id.org/ro/crate/1.2/context': 'ro-crate-1.2-context.jsonld',
  // its terms of schema.org are those of schema.org, one by one; schema.org's own file would take any word for a term
  'https://schema.org/': 'ro-crate-1.2-context.jsonld',
};

/**
 * RFC 9264, appendix A: what makes JSON-LD of a link set. It gives relations the addresses of the IANA registry.
 */
const LINKSET = {
  '@version': 1.1,
  '@vocab': 'https://www.iana.org/assignments/relation/',
  anchor: '@id',
  href: '@id',
  linkset: '@graph',
  type: { '@id': 'http://purl.org/dc/terms/format' },
};

export type Expand = {
  /** How many statements (triples) it makes; throws what jsonld does. */
  statements(value: object, base: string): Promise<number>;
  linkset(value: object): Promise<number>;
};

/** `contexts`: folder of the files of RO-Crate. */
export function expander(contexts: string): Expand {
  const read = new Map<string, unknown>();
  const documentLoader = (url: string): Promise<Loaded> => {
    const file = CONTEXTS[url];
    if (!file) return Promise.reject(new Error(`${url}: nothing is fetched from elsewhere`));
    const document = read.get(file) ?? (JSON.parse(readFileSync(join(contexts, file), 'utf8')) as unknown);
    read.set(file, document);
    return Promise.resolve({ documentUrl: url, document });
  };
  const statements = async (value: object, base: string) => {
    const options = { documentLoader, safe: true, base };
    if ((await jsonld.expand(value, options)).length === 0) throw new Error('it says nothing');
    return (await jsonld.toRDF(value, options)).length;
  };
  return {
    statements,
    linkset: (value) => statements({ '@context': LINKSET, ...value }, 'about:blank'),
  };
}
