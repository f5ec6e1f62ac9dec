// The service that runs beside a verb: where it listens, and calls to its API. Knows nothing of what the calls mean.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { text as readAll } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { ERRORS, SemtagError, type ErrorCode } from '../errors.ts';
import { dataPaths } from '../paths.ts';

/** Where it listens, and what lets this process in: who can read the data directory may do all. `cert`: SHA-256 of its certificate, where it encrypts. */
export type Address = { url: string; secret: string; cert?: string };
/** `page`: the address that people open. */
export type RunningService = Address & { page: string; pid: number; status: Record<string, unknown> };

/** What `service.json` in the data directory names, if it answers; a file that a crash left behind does not. */
export async function runningService(dataDir: string): Promise<RunningService | undefined> {
  try {
    const text = readFileSync(dataPaths(dataDir).service, 'utf8');
    const address = JSON.parse(text) as Omit<RunningService, 'status'>;
    const status = (await callService(address, '/api/status')) as Record<string, unknown>;
    return { ...address, status };
  } catch {
    return undefined;
  }
}

/** GET without `body`, else POST. Throws the service's own error, or internal where it does not answer in 10 s. */
export async function callService(service: Address, path: string, body?: unknown): Promise<unknown> {
  const { origin } = new URL(service.url);
  const answer = await send(service, path, body).catch((error: Error) => {
    throw new SemtagError('internal', `${origin}: the service does not answer (${error.message})`, {
      cause: error,
    });
  });
  const parsed = parse(answer.text);
  if (answer.status < 300) return parsed;
  const { code, message } = (parsed ?? {}) as { code?: string; message?: string };
  throw new SemtagError(
    code !== undefined && code in ERRORS ? (code as ErrorCode) : 'internal',
    message ?? `${origin}${path}: answered ${answer.status}`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const WAIT_MS = 10_000;

/** The secret is sent once it is known that the certificate is that of this run: its name need not be this machine's. */
async function send(
  { url, secret, cert }: Address,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  const { origin, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const signal = AbortSignal.timeout(WAIT_MS);
  const socket =
    cert === undefined ? undefined : connectTls({ host, port: Number(port), rejectUnauthorized: false });
  if (socket) {
    await once(socket, 'secureConnect', { signal });
    if (socket.getPeerCertificate().fingerprint256 !== cert) {
      socket.destroy();
      throw new Error('its certificate is another one');
    }
  }
  const asked = request(new URL(path, origin.replace(/^https/, 'http')), {
    signal,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      host: new URL(url).host,
      authorization: `Bearer ${secret}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json', origin }),
    },
    // an agent, also none of its own, would open another connection
    ...(socket ? { createConnection: () => socket } : { agent: false }),
  });
  asked.on('error', () => undefined); // after the answer; before it once() tells
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(asked, 'response', { signal })) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, text: await readAll(answer) };
}
