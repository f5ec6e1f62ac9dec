// The port before the start: is it free, and is the address one of this machine alone?

import { createServer } from 'node:net';
import type { Config } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import { refuseBind, urlOf } from '../serve/bind.ts';
import { openReader } from '../store/reader.ts';
import type { Finding } from './preflight.ts';

export async function checkPort({ serve, dataDir }: Config, running?: string): Promise<Finding[]> {
  const what = 'serve';
  try {
    refuseBind(serve, hasManager(dataDir));
  } catch (error) {
    const { message, advice } = asSemtagError(error);
    return [{ what, level: 'fail', message, advice }];
  }
  if (running) return [{ what, level: 'ok', message: `the service listens at ${running}` }];
  const code = await tryPort(serve.host, serve.port);
  const where = urlOf(serve.host, serve.port).slice('http://'.length);
  if (code === undefined) return [{ what, level: 'ok', message: `${where} is free` }];
  const reason = code === 'EADDRINUSE' ? 'taken by another program' : `cannot be used (${code})`;
  return [
    { what, level: 'fail', message: `${where} is ${reason}`, advice: 'Set serve.port to another one.' },
  ];
}

/** A database that cannot be read has its own finding. */
function hasManager(dataDir: string): boolean {
  try {
    const reader = openReader(dataDir);
    try {
      return reader.users.hasManager();
    } finally {
      reader.close();
    }
  } catch {
    return false;
  }
}

/** Listens for a moment; the error's code where that fails. */
function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => done(undefined)));
  });
}
