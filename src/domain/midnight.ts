// When today began where the service runs: what people call today ends with their day, not with that of UTC.

/** UTC, ISO 8601. */
export function midnight(now: Date): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
}
