// What everybody should know of what does not go as it should: the service's own list, without what the line on top says of each instrument. Pure.

import type { Concern } from '../concerns.ts';
import type { Status } from './api.ts';

export const concernsOf = ({ concerns }: Status): Concern[] =>
  concerns.filter(({ everywhere, code }) => everywhere && code !== 'root_away');
