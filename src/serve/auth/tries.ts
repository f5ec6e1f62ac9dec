// Slows guessing down: so many wrong tries of an account from an address, of an address, of an account from everywhere, then nothing for a while. Counts in memory.

import type { FastifyRequest } from 'fastify';
import { SemtagError } from '../../errors.ts';

const WINDOW_MS = 5 * 60_000;
const OF_ACCOUNT_FROM_ADDRESS = 8;
/** Of one address more: a whole facility may stand behind it. */
const OF_ADDRESS = 50;
/** From everywhere: many addresses may guess together; one alone must not keep the person out. */
const OF_ACCOUNT = 100;
/** Counts that are kept; the oldest go first. */
const MOST = 10_000;

/**
 * Gives what `attempt` gives; one that throws was wrong and counts. Throws too_many_tries, and tries nothing. `account`: what is tried, where
 * that is an account and not a code that nobody can name.
 */
export type Tries = <T>(
  request: Pick<FastifyRequest, 'ip'>,
  account: string | undefined,
  attempt: () => T | Promise<T>,
) => Promise<T>;

export function triesOf(now: () => number = Date.now): Tries {
  const counts = new Map<string, { wrong: number; until: number }>();

  function countOf(...key: string[]) {
    const name = JSON.stringify(key);
    const kept = counts.get(name);
    if (kept && kept.until > now()) return kept;
    const count = { wrong: 0, until: now() + WINDOW_MS };
    counts.delete(name);
    counts.set(name, count);
    if (counts.size > MOST) counts.delete(counts.keys().next().value!);
    return count;
  }

  return async ({ ip }, account, attempt) => {
    const limits = [
      { count: countOf('address', ip), most: OF_ADDRESS },
      ...(account === undefined
        ? []
        : [
            { count: countOf('both', account, ip), most: OF_ACCOUNT_FROM_ADDRESS },
            { count: countOf('account', account), most: OF_ACCOUNT },
          ]),
    ];
    const full = limits.find(({ count, most }) => count.wrong >= most);
    if (full)
      throw new SemtagError('too_many_tries', `wait ${Math.ceil((full.count.until - now()) / 1000)} s`);
    // before it is known: tries at the same time are so many tries
    for (const { count } of limits) count.wrong++;
    const found = await attempt();
    for (const { count } of limits) count.wrong--;
    return found;
  };
}
