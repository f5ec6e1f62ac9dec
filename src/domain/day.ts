// Days of the calendar as text. Knows no time zone.

/** Whether `2026-02-28` is a day that there is. */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}
