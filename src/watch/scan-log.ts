// What the scans of one acquisition directory meet, in the log: away, back, another one than before, and what could not be looked at.

import type { Logger } from 'pino';
import type { WatchEvents } from './watch.ts';

export function scanLog(
  logger: Logger,
  instrument: string,
  root: string,
): Pick<WatchEvents, 'onScan' | 'onError'> {
  let away = false;
  return {
    onScan({ outcome, replaced, errors, passed }) {
      const isAway = outcome === 'away';
      if (isAway && !away) logger.warn({ instrument, root }, 'the acquisition directory is away');
      if (!isAway && away) logger.info({ instrument }, 'the acquisition directory is back');
      away = isAway;
      if (replaced)
        logger.warn(
          { instrument },
          'the acquisition directory is another one than before; nothing counts as deleted',
        );
      for (const error of errors) logger.warn({ instrument }, error);
      for (const error of passed) logger.info({ instrument }, `no more: ${error}`);
    },
    onError: (error) => logger.warn({ instrument }, `watching: ${error.message}; scans go on`),
  };
}
