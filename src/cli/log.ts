// The log of the service: JSON lines for machines, readable lines on a terminal.

import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** `level` as in the config; `json`: JSON lines on a terminal too. Goes to stderr: stdout is for results. */
export function createLogger(level: string, json = false): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (json || !process.stderr.isTTY) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino(
    options,
    pretty({ colorize: true, translateTime: 'HH:MM:ss', singleLine: true, destination: 2, sync: true }),
  );
}
