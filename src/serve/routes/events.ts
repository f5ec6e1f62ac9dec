// GET /api/events: every line of the history as a server-sent event (HTML standard, 9.2). Holds no queue: who falls behind resumes by id.

import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { sightOf, type Caller } from '../../domain/access.ts';
import type { App } from '../app.ts';
import type { AppDeps } from '../deps.ts';
import { fileSight } from '../file-sight.ts';
import { packageVersion } from '../version.ts';

const LOOK_MS = 250;
/** Also tells the page that the line is alive: it counts as lost after two missed ones. */
const BEAT_MS = 10_000;
/** Further behind than this, the page is told to load everything again. */
const FAR_BEHIND = 1000;
/** A client that does not read loses its connection instead of filling memory, and resumes later. */
const MAX_UNSENT = 1 << 20;

/** What happens to accounts is for those who manage them. */
const ABOUT_ACCESS = new Set(['user', 'token', 'station', 'link', 'session']);

type Client = { raw: ServerResponse; sent: number; caller: Caller; stillLetIn: () => boolean };

/** `callerOf`: who sent a request, as it is now. */
export function eventRoutes(
  app: App,
  { store, config }: AppDeps,
  callerOf: (request: FastifyRequest) => Caller | undefined,
): void {
  const clients = new Set<Client>();
  let looking: NodeJS.Timeout | undefined;
  let beating: NodeJS.Timeout | undefined;

  function write(client: Client, event: string, data: unknown, id?: number): void {
    client.raw.write(
      `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
    );
    if (client.raw.writableLength > MAX_UNSENT) client.raw.destroy();
  }

  function beat(): void {
    for (const client of clients) {
      if (client.stillLetIn()) write(client, 'beat', {});
      else client.raw.end();
    }
  }

  function catchUp(client: Client, last: number): void {
    if (last - client.sent > FAR_BEHIND || client.sent > last) {
      client.sent = last;
      write(client, 'reload', {}, last);
      return;
    }
    // a project can become private while somebody listens
    const sight = sightOf(client.caller, store.projects.private());
    const { lines, to } = store.seen.history.after(
      client.sent,
      FAR_BEHIND,
      sight,
      fileSight(config, sight).seen,
    );
    for (const line of lines)
      if (client.caller.role === 'manager' || !ABOUT_ACCESS.has(line.subject))
        write(client, 'history', line, line.id);
    client.sent = to;
  }

  function look(): void {
    const last = store.seen.history.lastId();
    for (const client of clients) {
      if (client.sent === last) continue;
      if (client.stillLetIn()) catchUp(client, last);
      else client.raw.end();
    }
  }

  function add(client: Client): void {
    clients.add(client);
    looking ??= setInterval(look, LOOK_MS);
    beating ??= setInterval(beat, BEAT_MS);
  }

  function remove(client: Client): void {
    clients.delete(client);
    if (clients.size > 0) return;
    clearInterval(looking);
    clearInterval(beating);
    looking = beating = undefined;
  }

  // open streams would keep the server from closing
  app.addHook('preClose', async () => {
    for (const { raw } of clients) raw.end();
  });

  app.get(
    '/api/events',
    {
      config: { access: 'read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['service'],
        summary:
          'Stream of events: `hello` first, then a `history` line for everything that happens to what the caller sees',
        description: 'Resumes after Last-Event-ID. `reload` means that too much was missed to be sent.',
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.Integer({ minimum: 0 })) }),
        response: {
          200: { description: 'Events.', content: { 'text/event-stream': { schema: Type.String() } } },
        },
      },
    },
    (request, reply) => {
      const last = store.seen.history.lastId();
      const caller = request.caller!;
      const before = JSON.stringify(caller);
      const client = {
        raw: reply.raw,
        sent: request.headers['last-event-id'] ?? last,
        caller,
        // who signed out, was revoked, or may or sees something else than before calls again, and is then what it is
        stillLetIn: () => JSON.stringify(callerOf(request)) === before,
      };
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>), // what helmet has set
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
        connection: 'close', // else the connection outlives its stream, idle, and the server waits for it
      });
      reply.raw.write('retry: 1000\n');
      write(client, 'hello', { version: packageVersion() });
      add(client);
      reply.raw.on('close', () => remove(client));
      if (client.sent !== last) catchUp(client, last);
    },
  );
}
