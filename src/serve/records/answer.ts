// Sends one representation of something public, with the tag and the date by which it is asked for again (RFC 9110, 13). Renders nothing.

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { linkHeader, type Link } from './links.ts';

export type Representation = {
  body: string;
  mediaType: string;
  links?: Link[];
  /** s since 1970: when it last changed; absent where that is not known for certain */
  modified?: number | undefined;
  /** `max-age` and the like; without it it is asked for again each time */
  kept?: string;
  /** whether it depends on the header Accept */
  negotiated?: boolean;
};

/** `open`: everybody is given it, so that caches between may keep it for all. */
export function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  open: boolean,
  { body, mediaType, links = [], modified, kept = 'no-cache', negotiated = false }: Representation,
): FastifyReply {
  // of the bytes: whatever changes them, record, rules, config or program, changes it
  const etag = `"${createHash('sha256').update(`${mediaType}\n${body}`).digest('hex').slice(0, 32)}"`;
  void reply.header('etag', etag).header('cache-control', `${open ? 'public' : 'private'}, ${kept}`);
  if (modified !== undefined) void reply.header('last-modified', new Date(modified * 1000).toUTCString());
  if (negotiated) void reply.header('vary', 'Accept');
  if (links.length > 0) void reply.header('link', linkHeader(links));
  if (isKnown(request, etag, modified)) return reply.code(304).send();
  return reply.type(withCharset(mediaType)).send(body);
}

function isKnown({ headers }: FastifyRequest, etag: string, modified: number | undefined): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined)
    return tags.trim() === '*' || tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return modified !== undefined && since >= modified * 1000;
}

const withCharset = (mediaType: string): string =>
  mediaType.startsWith('text/') && !mediaType.includes('charset') ? `${mediaType}; charset=utf-8` : mediaType;
