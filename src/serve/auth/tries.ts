// Slows guessing down: so many wrong tries an address and a name, then nothing for a while. Counts in memory; right ones do not count.

import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { SemtagError } from '../../errors.ts';
import { folded } from '../../store/users.ts';
import type { App } from '../app.ts';

/** Of one address more: a whole facility may stand behind it. */
const OF_ADDRESS = 30;
const OF_NAME = 10;
const WINDOW_MS = 5 * 60_000;

export type Tries = {
  /** Throws too_many_tries. `name`: of the account that is tried. */
  allow(request: FastifyRequest, name?: string): Promise<void>;
  failed(request: FastifyRequest, name?: string): Promise<void>;
};

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
  async function look(request: FastifyRequest, name: string | undefined, increment: boolean) {
    if (name !== undefined) names.set(request, folded(name));
    const found = [await byAddress(request, { increment })];
    if (name !== undefined) found.push(await byName(request, { increment }));
    return found;
  }
  return {
    async allow(request, name) {
      for (const one of await look(request, name, false))
        if (!one.isAllowed && one.remaining <= 0)
          throw new SemtagError('too_many_tries', `wait ${Math.max(1, one.ttlInSeconds)} s`);
    },
    failed: async (request, name) => void (await look(request, name, true)),
  };
}
