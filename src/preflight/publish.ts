// Publishing before the start: what harvesters would miss. Only looks.

import type { Config } from '../config/schema.ts';
import type { Finding } from './preflight.ts';

export function checkPublish({ publish }: Pick<Config, 'publish'>): Finding[] {
  if (publish.open !== 'everybody' || publish.email !== undefined) return [];
  return [
    {
      what: 'publish',
      level: 'warn',
      message: 'everybody is given public records, and publish.email is not set',
      advice: 'Harvesters that find something wrong have nobody to write to; name an address.',
    },
  ];
}
