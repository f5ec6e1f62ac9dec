// The cookies: of a signed-in person, of a paired station, and the one that tells our page from others. All HttpOnly and SameSite=Strict; Secure, and bound to this host by their name, where what travels is encrypted.

import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import session from '@fastify/session';
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/schema.ts';
import type { App } from '../app.ts';
import { isSecure } from '../bind.ts';
import type { AppDeps } from '../deps.ts';

declare module 'fastify' {
  interface Session {
    /** id of who is signed in */
    user?: number;
  }
}

type Serve = Config['serve'];
const YEAR_S = 365 * 86_400;
/** Sent by the page with the first request after a key, a click or the wheel. */
const IN_USE = 'x-in-use';

/** `__Host-`: from this host alone, over TLS alone (RFC 6265bis, 4.1.3.2). */
const named = (serve: Serve, name: string) => (isSecure(serve) ? `__Host-${name}` : name);
export const sessionCookie = (serve: Serve): string => named(serve, 'semtag-session');
export const stationCookie = (serve: Serve): string => named(serve, 'semtag-station');

const flags = (serve: Serve) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(serve) }) as const;

export async function cookiesOf(
  app: App,
  { store, config: { serve } }: Pick<AppDeps, 'store' | 'config'>,
): Promise<void> {
  await app.register(cookie);
  await app.register(session, {
    // an id is 192 random bits and is looked up by its hash: a signature would add nothing
    secret: { sign: (id) => id, unsign: (id) => ({ valid: true, renew: false, value: id }) },
    cookieName: sessionCookie(serve),
    cookie: flags(serve), // no expiry: it goes with the browser, and in the store after serve.idle or a month
    saveUninitialized: false,
    rolling: false,
    store: {
      // who signs in starts it: only there it is known what was checked
      set(_id, _session, done) {
        done();
      },
      get(id, done) {
        const user = store.sessions.userOf(id, serve.idle, new Date());
        // what lacks here comes from the options above
        done(null, user === undefined ? null : ({ user } as never));
      },
      destroy(id, done) {
        store.sessions.end(id);
        done();
      },
    },
  });
  // a page asks again and again by itself: it says when somebody was there
  app.addHook('onRequest', async ({ session, headers }) => {
    if (session?.user !== undefined && headers[IN_USE] !== undefined)
      store.sessions.used(session.sessionId, serve.idle, new Date());
  });
  await app.register(csrf, {
    cookieKey: named(serve, 'semtag-page'),
    cookieOpts: flags(serve),
    csrfOpts: { hmacKey: randomBytes(32).toString('hex'), userInfo: true },
    getUserInfo: holderOf,
    getToken: (request) => request.headers['x-csrf-token'] as string | undefined,
  });
  /** a token holds for one session or station: one that was had before signing in is worth nothing after it */
  function holderOf(request: FastifyRequest): string {
    const { session } = request;
    // without anybody signed in the id is another one with each request
    return `${session?.user === undefined ? '' : session.sessionId} ${request.cookies[stationCookie(serve)] ?? ''}`;
  }
  app.decorateReply('pageToken', function (this: FastifyReply) {
    return this.generateCsrf({ userInfo: holderOf(this.request) });
  });
}

declare module 'fastify' {
  interface FastifyReply {
    /** What our page sends in x-csrf-token with all that it writes. */
    pageToken(): string;
  }
}

/** Of a station that was paired just now. */
export function setStationCookie(reply: FastifyReply, serve: Serve, secret: string): void {
  void reply.setCookie(stationCookie(serve), secret, { ...flags(serve), maxAge: YEAR_S });
}

const READING = new Set(['GET', 'HEAD']);

/** What writes with a cookie must also carry the token of our page. Call after accessOf: it needs the caller. */
export function refuseForeignPages(app: App): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { how } = request.caller ?? {};
    const byCookie = how === 'session' || how === 'station';
    if (byCookie && !READING.has(request.method) && request.routeOptions.config.access !== undefined)
      app.csrfProtection(request, reply, done);
    else done();
  });
}
