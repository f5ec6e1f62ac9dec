// The service that runs beside a verb: where it listens, and calls to its API. Knows nothing of what the calls mean.

import { readFileSync } from 'node:fs';
import { ERRORS, SemtagError, type ErrorCode } from '../errors.ts';
import { dataPaths } from '../paths.ts';

export type RunningService = { url: string; pid: number; status: Record<string, unknown> };

/** What `service.json` in the data directory names, if it answers; a file that a crash left behind does not. */
export async function runningService(dataDir: string): Promise<RunningService | undefined> {
  try {
    const text = readFileSync(dataPaths(dataDir).service, 'utf8');
    const { url, pid } = JSON.parse(text) as { url: string; pid: number };
    const status = (await callService(url, '/api/status')) as Record<string, unknown>;
    return { url, pid, status };
  } catch {
    return undefined;
  }
}

/** GET without `body`, else POST. Throws the service's own error, or internal where it does not answer in 10 s. */
export async function callService(url: string, path: string, body?: unknown): Promise<unknown> {
  const { origin } = new URL(url);
  const answer = await fetch(new URL(path, origin), {
    signal: AbortSignal.timeout(10_000),
    redirect: 'error',
    ...(body === undefined
      ? {}
      : {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', origin },
        }),
  }).catch((error: Error) => {
    throw new SemtagError('internal', `${origin}: the service does not answer (${error.message})`, {
      cause: error,
    });
  });
  const parsed: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return parsed;
  const { code, message } = (parsed ?? {}) as { code?: string; message?: string };
  throw new SemtagError(
    code !== undefined && code in ERRORS ? (code as ErrorCode) : 'internal',
    message ?? `${origin}${path}: answered ${answer.status}`,
  );
}
