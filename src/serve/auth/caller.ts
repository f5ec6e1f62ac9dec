// Who sent a request: by token, session, station, the run's own secret, or as somebody of this machine. Lets nobody in by a path, and asks for no password.

import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/access.ts';
import type { Store } from '../../store/store.ts';
import { hashOf } from '../../store/secret.ts';
import { isLoopback } from '../bind.ts';
import type { AppDeps } from '../deps.ts';
import { stationCookie } from './cookies.ts';

/** A proxy adds one of these: the socket is then the proxy's, whoever called. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

export function callerBy({ store, config: { serve }, secret }: Pick<AppDeps, 'store' | 'config' | 'secret'>) {
  const ownHash = Buffer.from(hashOf(secret));
  const cookie = stationCookie(serve);

  function byToken(sent: string): Caller | undefined {
    if (timingSafeEqual(Buffer.from(hashOf(sent)), ownHash)) return files(store);
    const token = store.tokens.holder(sent, new Date());
    return token && { how: 'token', role: token.role, name: token.name, projects: token.projects };
  }

  function byCookie(request: FastifyRequest): Caller | undefined {
    const { session } = request;
    // asked of the store again: a stream that was opened before somebody signed out goes by it too
    const id = session?.user === undefined ? undefined : store.sessions.userOf(session.sessionId, serve.idle, new Date()); // prettier-ignore
    const user = id === undefined ? undefined : store.users.get(id);
    if (user && !user.disabled)
      return { how: 'session', role: user.role, name: user.name, projects: user.projects };
    const sent = request.cookies[cookie];
    const station = sent === undefined ? undefined : store.stations.holder(sent, new Date());
    return station && { how: 'station', role: 'operator', instruments: station.instruments, projects: [] };
  }

  const isOpen = ({ socket, headers }: FastifyRequest) =>
    serve.open &&
    serve.proxy.length === 0 && // one that adds no header would let everybody in
    isLoopback(socket.remoteAddress) &&
    !PROXY_HEADERS.some((name) => name in headers);

  /** As it is now, also of a request that came long ago. */
  return (request: FastifyRequest): Caller | undefined => {
    const { authorization } = request.headers;
    // what was revoked must not come in by another door
    if (authorization !== undefined)
      return byToken(/^Bearer ([\w-]{20,200})$/i.exec(authorization)?.[1] ?? '');
    return (
      byCookie(request) ?? (isOpen(request) ? { how: 'loopback', role: 'operator', projects: [] } : undefined)
    );
  };
}

/** Who can read the data directory can read the database: sees and manages all. */
const files = (store: Store): Caller => ({
  how: 'files',
  role: 'manager',
  projects: store.projects.private(),
});
