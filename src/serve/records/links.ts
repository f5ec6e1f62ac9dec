// The typed links of a public record, as FAIR Signposting wants them (signposting.org/FAIR): in the header Link of each address, and all of them in one link set. Pure.

import type { Given } from '../../harvest/given.ts';
import { RENDERINGS, RENDERING_NAMES, type RenderingName } from '../../record/renderings.ts';
import { licenceAddress, ownerOf } from '../../record/said.ts';
import type { RenderContext } from '../../record/context.ts';
import { addressOf, landingPath } from './addresses.ts';

export type Link = { rel: string; href: string; type?: string; profile?: string };

export const LINKSET_TYPE = 'application/linkset+json';
export const HTML_TYPE = 'text/html';

/** What a rendering conforms to, where its media type does not say so. */
const PROFILES: Partial<Record<RenderingName, string>> = {
  datacite: 'http://datacite.org/schema/kernel-4',
  oai_dc: 'http://www.openarchives.org/OAI/2.0/oai_dc/',
  jsonld: 'https://schema.org/',
  'ro-crate': 'https://w3id.org/ro/crate',
};

/** Without parameters. */
export const bare = (mediaType: string): string => mediaType.split(';')[0]!;

/** `files`: whether harvesters get them. `isCopy`: a static copy, which has them with their record inside alone. */
type Of = {
  given: Pick<Given, 'record'>;
  files: boolean;
  isCopy?: boolean | undefined;
  context: Pick<RenderContext, 'baseUrl'>;
};

const landingOf = ({ given, context }: Of): Link => ({
  rel: 'describes',
  href: addressOf(landingPath(given.record.id), context),
  type: HTML_TYPE,
});

const linksetOf = ({ given, context }: Of): Link => ({
  rel: 'linkset',
  href: addressOf(`${landingPath(given.record.id)}/linkset.json`, context),
  type: LINKSET_TYPE,
});

function renderingsOf({ given, context }: Of): Link[] {
  return RENDERING_NAMES.map((name) => {
    const { mediaType, ending } = RENDERINGS[name];
    const profile = PROFILES[name];
    const href = addressOf(landingPath(given.record.id) + ending, context);
    return { rel: 'describedby', href, type: bare(mediaType), ...(profile ? { profile } : {}) };
  });
}

/** The file with the record inside and as it was acquired: the record names the hash of the second. */
function itemsOf({ given: { record }, files, isCopy, context }: Of): Link[] {
  if (!files) return [];
  const file = addressOf(`${landingPath(record.id)}/file`, context);
  const type = record.acquired.mediaType;
  return [file, ...(isCopy ? [] : [`${file}?form=acquired`])].map((href) => ({ rel: 'item', href, type }));
}

const thumbOf = ({ given, context }: Of): Link => ({
  rel: 'preview',
  href: addressOf(`${landingPath(given.record.id)}/thumb.jpg`, context),
  type: 'image/jpeg',
});

/** Of the landing page. */
export function landingLinks(of: Of): Link[] {
  const { record } = of.given;
  const { rights } = record;
  const orcid = ownerOf(record)?.orcid;
  const path = landingPath(record.id);
  return [
    { rel: 'cite-as', href: addressOf(path, of.context) },
    { rel: 'type', href: 'https://schema.org/AboutPage' },
    { rel: 'type', href: 'https://schema.org/Dataset' },
    ...(orcid ? [{ rel: 'author', href: orcid }] : []),
    ...(rights?.licence ? [{ rel: 'license', href: licenceAddress(rights.licence) }] : []),
    ...itemsOf(of),
    thumbOf(of),
    ...renderingsOf(of),
    { rel: 'version-history', href: addressOf(`${path}/revisions`, of.context), type: 'application/json' },
    { rel: 'collection', href: addressOf('/catalog.jsonld', of.context), type: 'application/ld+json' },
    linksetOf(of),
  ];
}

/** Of a rendering, back to its landing page. */
export const renderingLinks = (of: Of): Link[] => [landingOf(of), linksetOf(of)];

/** Of a file or thumbnail, back to its landing page. */
export const itemLinks = (of: Of): Link[] => [{ ...landingOf(of), rel: 'collection' }, linksetOf(of)];

/** RFC 8288. */
export const linkHeader = (links: readonly Link[]): string => links.map(oneLink).join(', ');

function oneLink({ rel, href, type, profile }: Link): string {
  const target = encodeURI(href).replaceAll('%25', '%');
  return `<${target}>; rel="${rel}"${type ? `; type="${type}"` : ''}${profile ? `; profile="${profile}"` : ''}`;
}

type Target = { href: string; type?: string; profile?: string[] };
type Context = { anchor: string } & Record<string, string | Target[]>;

/**
 * RFC 9264, 4.2: everything that the landing page, the renderings and the items say in their headers. It must stand for itself, so that its
 * addresses are never relative: `of.context` has a base URL. Attributes that RFC 8288 does not define are lists there.
 */
export function linksetText(of: Of): string {
  const landing = addressOf(landingPath(of.given.record.id), of.context);
  const contexts = [
    contextOf(landing, landingLinks(of)),
    ...renderingsOf(of).map(({ href }) => contextOf(href, renderingLinks(of))),
    ...[...itemsOf(of), thumbOf(of)].map(({ href }) => contextOf(href, itemLinks(of))),
  ];
  return JSON.stringify({ linkset: contexts }, null, 2) + '\n';
}

function contextOf(anchor: string, links: Link[]): Context {
  const context: Context = { anchor };
  for (const { rel, href, type, profile } of links) {
    const target = { href, ...(type ? { type } : {}), ...(profile ? { profile: [profile] } : {}) };
    context[rel] = [...((context[rel] ?? []) as Target[]), target];
  }
  return context;
}
