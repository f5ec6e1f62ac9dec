// What the runner meets, in the log: what is tried again, what failed, and which stages wait because the machine is in trouble.

import type { Logger } from 'pino';
import { ended } from '../errors.ts';
import type { RunnerLog } from './runner.ts';

/** `troubles` is kept up to date: stages that wait, and why. */
export function runnerLog(logger: Logger, troubles: Map<string, string>): RunnerLog {
  return {
    retrying: (stage, key, error, inMs) =>
      logger.warn({ stage, key, code: error.code, inMs: Math.round(inMs) }, `tried again: ${error.message}`),
    failed: (stage, key, error) => logger.error({ stage, key, code: error.code }, error.message),
    trouble(stage, reason) {
      if (reason) {
        troubles.set(stage, `${stage} waits: ${reason.message}`);
        logger.error(
          { stage, code: reason.code },
          `the stage waits: ${ended(reason.message)} ${reason.advice}`,
        );
      } else {
        troubles.delete(stage);
        logger.info({ stage }, 'the stage goes on');
      }
    },
  };
}
