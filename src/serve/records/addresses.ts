// The addresses of what is public. With a base URL they are absolute; without one they have no host, and whoever reads them resolves them against the address that was called.

import type { FastifyRequest } from 'fastify';
import { uuidOf, type RenderContext } from '../../record/context.ts';

/** `path` begins with a slash. */
export const addressOf = (path: string, { baseUrl = '' }: Pick<RenderContext, 'baseUrl'>): string =>
  baseUrl + path;

/** `id`: of a record. */
export const landingPath = (id: string): string => `/records/${uuidOf(id)}`;

/** The address by which the service was called, for documents that must name themselves in full. It is told to nobody else. */
export const calledBy = ({ protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>): string =>
  `${protocol}://${host}`;
