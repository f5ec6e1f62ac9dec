// Which addresses the app may listen on and be called by. Nothing beyond this machine until authentication exists.

import { BlockList, isIP } from 'node:net';
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

/** Names that a browser may know the app by: another name in Host is a page that had its DNS answer changed. The port is free, for tunnels. */
export function isOwnHost(hostHeader: string | undefined, listensOn: string): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(hostHeader ?? '');
  const name = match?.[1]?.toLowerCase().replace(/^\[|\]$/g, '');
  return name !== undefined && ['localhost', '127.0.0.1', '::1', listensOn].includes(name);
}
