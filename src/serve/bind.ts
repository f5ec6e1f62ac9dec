// Which addresses the app may listen on and be called by. Nothing beyond this machine until authentication exists.

import { BlockList, isIP, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SemtagError } from '../errors.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Throws bind_refused for anything but loopback. `host`: `localhost` or an IP address. */
export function refuseBind(host: string): void {
  const family = isIP(host);
  const ok = host === 'localhost' || (family !== 0 && loopback.check(host, family === 6 ? 'ipv6' : 'ipv4'));
  if (!ok)
    throw new SemtagError('bind_refused', `serve.host: ${host} is not an address of this machine alone`);
}

/** `http://[::1]:8321`: an IPv6 address stands in brackets (RFC 3986, 3.2.2). */
export function urlOf(host: string, port: number): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Listens and gives the address of the page. Throws port_taken. */
export async function listen(
  app: Pick<FastifyInstance, 'listen' | 'server'>,
  { host, port }: { host: string; port: number },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new SemtagError('port_taken', `serve.port: ${host}:${port} is taken by another program`, {
      cause: error,
    });
  }
  return urlOf(host, (app.server.address() as AddressInfo).port);
}

/** Names that a browser may know the app by: another name in Host is a page that had its DNS answer changed. The port is free, for tunnels. */
export function isOwnHost(hostHeader: string | undefined, listensOn: string): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(hostHeader ?? '');
  const name = match?.[1]?.toLowerCase().replace(/^\[|\]$/g, '');
  return name !== undefined && ['localhost', '127.0.0.1', '::1', listensOn].includes(name);
}
