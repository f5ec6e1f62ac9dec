// Which addresses the app may listen on and be called by, and whose word about a caller counts. Beyond this machine only with a manager and encryption.

import { BlockList, isIP, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/schema.ts';
import { SemtagError } from '../errors.ts';

type Serve = Config['serve'];

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export const isLoopback = (address: string | undefined): boolean => isIn(loopback, address);

function isIn(list: BlockList, address = ''): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an address is one of the proxies of the config. Throws config_invalid where one of them is none. */
export function proxiesOf({ proxy }: Pick<Serve, 'proxy'>): (address: string | undefined) => boolean {
  const list = new BlockList();
  for (const one of proxy) {
    const [address = '', bits] = one.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
    if (!isIP(address) || !(prefix >= 0 && prefix <= most))
      throw new SemtagError(
        'config_invalid',
        `serve.proxy: ${one} is no address and no network such as 10.1.0.0/24`,
      );
    list.addSubnet(address, prefix, family);
  }
  return (address) => isIn(list, address);
}

/** What travels outside this machine is encrypted, by the service itself or by the proxy before it. */
export const isSecure = ({ tls, proxy }: Pick<Serve, 'tls' | 'proxy'>): boolean =>
  tls !== undefined || proxy.length > 0;

/** Throws bind_refused with what is missing. `hasManager`: somebody can sign in and manage. */
export function refuseBind(serve: Pick<Serve, 'host' | 'tls' | 'proxy'>, hasManager: boolean): void {
  const { host } = serve;
  proxiesOf(serve);
  if (host === 'localhost' || isLoopback(host)) return;
  const refused = (why: string, advice: string) =>
    new SemtagError('bind_refused', `serve.host: ${host} ${why}`, { advice });
  if (isIP(host) === 0)
    throw refused(
      'is not an IP address',
      'Give an address of this machine; the names that browsers use go into serve.names.',
    );
  if (!isSecure(serve))
    throw refused(
      'reaches beyond this machine, and nothing encrypts',
      'Set serve.tls to certificate files, or serve.proxy to the address of a proxy that encrypts; docs/access.md has both.',
    );
  if (!hasManager)
    throw refused(
      'reaches beyond this machine, and no manager has a password yet',
      'Start with serve.host 127.0.0.1, open the link of `semtag people link --first-manager` and set a password; then set serve.host.',
    );
}

/** `http://[::1]:8321`: an IPv6 address stands in brackets (RFC 3986, 3.2.2). */
export function urlOf(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** The address that people open. `own`: the one that it listens at. */
export function pageUrl({ names, tls, proxy }: Pick<Serve, 'names' | 'tls' | 'proxy'>, own: string): string {
  const [name] = names;
  if (name === undefined) return own;
  if (tls) return urlOf(name, Number(new URL(own).port || 443), 'https');
  return proxy.length > 0 ? `https://${name}` : own;
}

/** The address for people on other machines; undefined where the config names none. */
export function addressElsewhere(
  serve: Pick<Serve, 'host' | 'port' | 'names' | 'tls' | 'proxy'>,
): string | undefined {
  const { host, port, names } = serve;
  return names.length > 0 && isSecure(serve) ? pageUrl(serve, urlOf(host, port)) : undefined;
}

/** Listens and gives the address for callers of this machine. Throws port_taken. */
export async function listen(
  app: Pick<FastifyInstance, 'listen' | 'server'>,
  { host, port, tls }: Pick<Serve, 'host' | 'port' | 'tls'>,
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new SemtagError('port_taken', `serve.port: ${host}:${port} is taken by another program`, {
      cause: error,
    });
  }
  const everywhere: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const taken = (app.server.address() as AddressInfo).port;
  return urlOf(everywhere[host] ?? host, taken, tls ? 'https' : 'http');
}

/** Names that a browser may know the app by: another name in Host is a page that had its DNS answer changed. The port is free, for tunnels. */
export function isOwnHost(
  hostHeader: string | undefined,
  { host, names }: Pick<Serve, 'host' | 'names'>,
): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(hostHeader ?? '');
  const name = match?.[1]?.toLowerCase().replace(/^\[|\]$/g, '');
  const own = ['localhost', '127.0.0.1', '::1', host, ...names.map((one) => one.toLowerCase())];
  return name !== undefined && own.includes(name);
}
