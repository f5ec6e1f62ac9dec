// How a verb ends: exit codes, and errors as a sentence with advice or as JSON. Results never come here; they go to stdout.

import { asSemtagError, type ErrorCode } from '../errors.ts';

/** Something failed or was found wrong. */
export const WRONG = 1;
/** Wrong usage, or it cannot start. */
export const CANNOT_START = 2;

const BEFORE_THE_START: readonly ErrorCode[] = [
  'bad_request',
  'config_invalid',
  'already_running',
  'database_newer',
  'database_foreign',
  'database_lost',
  'facility_changed',
  'data_dir_unusable',
  'bind_refused',
  'port_taken',
  'model_missing',
  'engine_missing',
];

export type Printed = { code: string; message: string; hint: string };

/** Prints what was thrown on stderr and sets the exit code. */
export function fail(thrown: unknown, json: boolean): void {
  const error = asSemtagError(thrown);
  // their advice is written for callers of the API; here the message says it all
  const hint = error.code === 'bad_request' || error.code === 'not_found' ? '' : error.advice;
  printError({ code: error.code, message: error.message, hint }, json);
  if (error.code === 'internal' && process.env['SEMTAG_DEBUG'] && thrown instanceof Error)
    process.stderr.write(`${thrown.stack}\n`);
  process.exitCode = BEFORE_THE_START.includes(error.code) ? CANNOT_START : WRONG;
}

export function printError({ code, message, hint }: Printed, json: boolean): void {
  const text = json ? JSON.stringify({ code, message, hint }) : `semtag: ${message}${hint && `\n  ${hint}`}`;
  process.stderr.write(`${text}\n`);
}

/** A result: one line of JSON, or the text made for people. */
export function print(value: unknown, json: boolean, forPeople: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : forPeople()}\n`);
}
