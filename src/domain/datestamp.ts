// A moment as harvesters and search engines read it: whole seconds in UTC. Knows no clock.

/** YYYY-MM-DDThh:mm:ssZ. `seconds`: since 1970. */
export const datestamp = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
