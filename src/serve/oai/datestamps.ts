// Which datestamps a harvester asks for: seconds in UTC, as YYYY-MM-DDThh:mm:ssZ, or days. Never a fraction of a second.

import { datestamp } from '../../domain/datestamp.ts';
import { OaiError } from './errors.ts';

export const GRANULARITY = 'YYYY-MM-DDThh:mm:ssZ';

const DAY_S = 86_400;
const FORM = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/;

/** Seconds since 1970, both inclusive: a day ends with its last second. Throws badArgument. */
export function span(from: string | undefined, until: string | undefined): { from?: number; until?: number } {
  const [first, last] = [start('from', from), start('until', until)];
  if (from !== undefined && until !== undefined && from.length !== until.length)
    throw new OaiError('badArgument', 'from and until are not of the same granularity');
  const end = last === undefined || until!.length > 10 ? last : last + DAY_S - 1;
  if (first !== undefined && end !== undefined && first > end)
    throw new OaiError('badArgument', 'from is later than until');
  return { ...(first === undefined ? {} : { from: first }), ...(end === undefined ? {} : { until: end }) };
}

function start(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const time = FORM.test(value) ? Date.parse(value) : NaN;
  // 30 February is read as 2 March
  if (Number.isNaN(time) || !datestamp(time / 1000).startsWith(value.replace('Z', '')))
    throw new OaiError('badArgument', `${name} is no time of the form ${GRANULARITY} or YYYY-MM-DD`);
  return time / 1000;
}
