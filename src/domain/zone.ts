// Which time zones there are: the IANA names that this program's Intl knows. Pure.

/** An offset such as +01:00 is no name: it has no summer time. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
