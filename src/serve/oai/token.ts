// The resumption token: all that is needed to go on with a list stands in it, so that it holds for days and over a restart, and nothing is kept for it. A checksum tells one that was mangled or made up.

import { createHash } from 'node:crypto';
import { OaiError } from './errors.ts';

/** Where a list goes on. `given`: so many items came before. Dates and set as they were asked for. */
export type Going = {
  verb: 'ListRecords' | 'ListIdentifiers';
  metadataPrefix: string;
  set?: string;
  from?: string;
  until?: string;
  /** seq of the last item that was given */
  after: number;
  given: number;
};

/** Of this form; one of another form is not ours. */
const FORM = 1;

/**
 * A plain checksum, no secret: the token says nothing that its holder may not ask for anyway, and what is given goes by what is public now.
 * It is read by this program alone.
 */
const checksum = (text: string): string => createHash('sha256').update(`semtag oai ${text}`).digest('hex').slice(0, 16); // prettier-ignore

export function tokenOf({ verb, metadataPrefix, set, from, until, after, given }: Going): string {
  const parts = [FORM, verb, metadataPrefix, after, given, set ?? '', from ?? '', until ?? ''];
  const text = Buffer.from(JSON.stringify(parts)).toString('base64url');
  return `${text}.${checksum(text)}`;
}

/** `newest`: seq of the newest change; a token from behind it is of a database that is not there any more. Throws badResumptionToken. */
export function readToken(token: string, verb: string, newest: number): Going {
  const [text = '', sum, ...more] = token.split('.');
  if (more.length > 0 || sum !== checksum(text)) refuse('it is none that was given out here');
  const parts = partsOf(text);
  if (parts?.[0] !== FORM) refuse('it is of another version');
  if (!isOurs(parts)) refuse('it is none that was given out here');
  const [, of, metadataPrefix, after, given, set, from, until] = parts;
  if (of !== verb) refuse(`it is for ${of}`);
  if (after > newest) refuse('what it goes on with is not there any more');
  return {
    verb: of,
    metadataPrefix,
    after,
    given,
    ...(set ? { set } : {}),
    ...(from ? { from } : {}),
    ...(until ? { until } : {}),
  };
}

type Parts = [form: number, verb: Going['verb'], prefix: string, after: number, given: number, set: string, from: string, until: string]; // prettier-ignore

/** Undefined where it is no list in JSON. */
function partsOf(text: string): unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

/** Anybody can make the checksum. */
const isOurs = (parts: unknown[]): parts is Parts =>
  parts.length === 8 &&
  parts.every((part, i) =>
    i === 0 || i === 3 || i === 4
      ? Number.isSafeInteger(part) && (part as number) >= 0
      : typeof part === 'string',
  );

function refuse(why: string): never {
  throw new OaiError('badResumptionToken', `resumptionToken: ${why}; begin the list anew`);
}
