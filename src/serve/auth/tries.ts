// Slows guessing down: so many wrong tries an address and a name, then nothing for a while. Counts in memory.

import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { SemtagError } from '../../errors.ts';
import { folded } from '../../store/users.ts';
import type { App } from '../app.ts';

/** Of one address more: a whole facility may stand behind it. */
const OF_ADDRESS = 50;
const OF_NAME = 8;
const WINDOW_MS = 5 * 60_000;

/** Counts a try. Throws too_many_tries. `name`: of the account that is tried. */
export type Tries = (request: FastifyRequest, name?: string) => Promise<void>;

export async function triesOf(app: App): Promise<Tries> {
  await app.register(rateLimit, { global: false });
  const names = new WeakMap<FastifyRequest, string>();
  const byAddress = app.createRateLimit({
    max: OF_ADDRESS,
    timeWindow: WINDOW_MS,
    keyGenerator: ({ ip }) => ip,
  });
  const byName = app.createRateLimit({
    max: OF_NAME,
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => names.get(request)!,
  });
  return async (request, name) => {
    const found = [await byAddress(request)];
    if (name !== undefined) {
      names.set(request, folded(name));
      found.push(await byName(request));
    }
    for (const one of found)
      if (!one.isAllowed && one.isExceeded)
        throw new SemtagError('too_many_tries', `wait ${Math.max(1, one.ttlInSeconds)} s`);
  };
}
