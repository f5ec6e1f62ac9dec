// The log of the service: JSON lines for machines, readable lines on a terminal.

import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** `level` as in the config. Goes to stderr: stdout is for results. */
export function createLogger(level: string): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(
    options,
    pretty({ colorize: true, translateTime: 'HH:MM:ss', singleLine: true, destination: 2, sync: true }),
  );
}
