// Refuses requests that another web page or a rebound DNS name sends through the operator's browser. Never relies on cookies or CORS.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';
import { isLoopback, isOwnHost, proxiesOf } from './bind.ts';

const READING = new Set(['GET', 'HEAD']);

/**
 * Host is checked on every request, since a rebound name could read unpublished images too; health checks stay open to monitors.
 * What writes must also come from our own page, or from a program: browsers send Origin with every POST
 * (Fetch standard, "serialize a request origin") and Sec-Fetch-Site where the address is trustworthy, as loopback is.
 */
export function guard(app: FastifyInstance, serve: Config['serve']): void {
  const isProxy = proxiesOf(serve);
  app.addHook('onRequest', async (request) => {
    // where a proxy encrypts nobody comes around it in the clear
    const { remoteAddress } = request.socket;
    if (!serve.tls && serve.proxy.length > 0 && !isProxy(remoteAddress) && !isLoopback(remoteAddress))
      refuse(request, 'address', remoteAddress);
    const writes = !READING.has(request.method);
    if (!writes && request.url.startsWith('/health/')) return;
    if (!isOwnHost(request.headers.host, serve)) refuse(request, 'Host', request.headers.host);
    if (!writes) return;
    const { origin, host } = request.headers;
    if (origin !== undefined && hostOf(origin) !== host?.toLowerCase()) refuse(request, 'Origin', origin);
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      refuse(request, 'Sec-Fetch-Site', String(site));
  });
}

function refuse(request: FastifyRequest, header: string, value: string | undefined): never {
  throw new SemtagError(
    'forbidden_origin',
    `${request.method} with ${header} ${(value ?? 'missing').slice(0, 100)}`,
  );
}

/** Host and port as a Host header names them; `null` and nonsense match nothing. */
function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
