// Sends one file with a strong ETag and byte ranges (RFC 9110, 13 and 14). Paths come from the service alone, never from a request.

import { open, rm } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SemtagError } from '../errors.ts';

export type Sent = {
  path: string;
  mediaType: string;
  /** names the bytes: the same tag means the same bytes for ever */
  etag: string;
  /** the address always gives these bytes: browsers need not ask again */
  immutable: boolean;
  /** false: the browser keeps nothing of it */
  keep?: boolean;
  /** made for this answer: removed once it is open */
  temporary?: boolean;
  /** saved under this name; without it the browser shows it */
  saveAs?: string;
};

export async function sendPath(
  request: FastifyRequest,
  reply: FastifyReply,
  sent: Sent,
): Promise<FastifyReply> {
  const file = await open(sent.path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new SemtagError('not_found', 'the file is not there', { cause: error })
      : error;
  });
  // what is open can be read to its end without a name
  if (sent.temporary) await rm(sent.path, { force: true });
  const etag = `"${sent.etag}"`;
  void reply
    .header('etag', etag)
    .header('cache-control', kept(sent))
    .header('accept-ranges', 'bytes')
    .type(sent.mediaType);
  if (sent.saveAs !== undefined) void reply.header('content-disposition', attachment(sent.saveAs));
  try {
    const known = request.headers['if-none-match'];
    if (known !== undefined && tags(known).includes(etag)) {
      await file.close();
      return await reply.code(304).send();
    }
    const { size } = await file.stat();
    const range = rangeOf(request, etag, size);
    if (range === 'unsatisfiable') {
      await file.close();
      return await reply.code(416).header('content-range', `bytes */${size}`).send();
    }
    if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
    void reply.header('content-length', range ? range.end - range.start + 1 : size);
    // an empty file has no last byte to name
    return await reply.send(size === 0 ? (await file.close(), '') : file.createReadStream(range ?? {}));
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
}

const kept = ({ keep, immutable }: Sent) => {
  if (keep === false) return 'private, no-store';
  return immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache';
};

const tags = (header: string) => header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));

/** One range only; several, or another unit, count as none and the whole file is sent, as the standard allows. */
function rangeOf(
  request: FastifyRequest,
  etag: string,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  const condition = request.headers['if-range'];
  if (!match || (condition !== undefined && condition !== etag)) return undefined;
  const [, first, last] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Number(last);
    return length === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** RFC 6266: a plain ASCII name for old programs and the true one in UTF-8 (RFC 8187). No folder, quote or control character survives. */
export function attachment(name: string): string {
  const base =
    name
      .split(/[/\\]/)
      .at(-1)!
      .replaceAll(/[\p{Cc}\p{Cs}]/gu, '_') || 'image';
  const ascii = base.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const utf8 = encodeURIComponent(base).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
