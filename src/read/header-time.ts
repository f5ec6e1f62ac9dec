// Dates and times as instruments write them. Never guesses the order of day and month: what is ambiguous is for the caller to settle.

export type CalendarDate = { year: number; month: number; day: number };
export type Clock = { hour: number; minute: number; second: number; fraction: string; halfDay: boolean };

/** How many of the possible readings of a date are meant: `us` month first, `european` day first, `either` when both are possible. */
export type DateReading = { us?: CalendarDate; european?: CalendarDate; certain?: CalendarDate };

/** First letters that tell the month in English, German, French, Spanish, Italian, Portuguese and Dutch (Windows locale names). */
const MONTHS: readonly RegExp[] = [
  /^(jan|ene|gen)/,
  /^(feb|fev)/,
  /^(mar|mae|mrz|mrt|maa)/,
  /^(apr|avr|abr)/,
  /^(may|mai|mag|mei)/,
  /^(jun|juin|giu)/,
  /^(jul|juil|lug)/,
  /^(aug|aou|ago)/,
  /^(sep|set)/,
  /^(oct|okt|ott|out)/,
  /^(nov)/,
  /^(dec|dez|dic)/,
];

/** "2020/08/31", "18.08.2020", "08/18/2020", "27 May 2021", "May 27, 2021", "2024年5月7日". Dots mean day first. */
export function readDate(text: string): DateReading {
  const trimmed = text.trim();
  const cjk = /^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})/.exec(trimmed);
  const iso = cjk ?? /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(trimmed);
  if (iso) return certain(iso[1], iso[2], iso[3]);
  const german = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)/.exec(trimmed);
  if (german) return certain(german[3], german[2], german[1]);
  const slashes = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?!\d)/.exec(trimmed);
  if (slashes) return slashed(slashes[1], slashes[2], slashes[3]);
  const named = /^(\d{1,2})[\s.-]+(?:de\s+)?(\p{L}{3,12})\.?[\s,.-]+(?:de\s+)?(\d{4})(?!\d)/iu.exec(trimmed);
  if (named) return certain(named[3], monthOf(named[2]), named[1]);
  const american = /^(\p{L}{3,12})\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)/u.exec(trimmed);
  if (american) return certain(american[3], monthOf(american[1]), american[2]);
  return {};
}

/** "13:40:03", "9:40:32", "01:40:03 PM", "16:03", "11:52:36.078". Twelve o'clock is 12 PM, midnight 12 AM. */
export function readClock(text: string): Clock | undefined {
  const match =
    /^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(?:([ap])\.?\s?m\.?|(午前|午後))?$/iu.exec(
      text.trim(),
    );
  if (!match) return undefined;
  const half = match[5]?.toLowerCase() ?? (match[6] === '午前' ? 'a' : match[6] && 'p');
  let hour = Number(match[1]);
  if (half === 'p' && hour < 12) hour += 12;
  if (half === 'a' && hour === 12) hour = 0;
  const clock = {
    hour,
    minute: Number(match[2]),
    second: Number(match[3] ?? 0),
    fraction: match[4] ?? '',
    halfDay: half !== undefined,
  };
  return clock.hour < 24 && clock.minute < 60 && clock.second < 61 ? clock : undefined;
}

export function sameDay(a: CalendarDate | undefined, b: CalendarDate | undefined): boolean {
  return !!a && !!b && a.year === b.year && a.month === b.month && a.day === b.day;
}

/** ISO 8601 without zone; without a clock only the date. */
export function isoLocal(date: CalendarDate, clock?: Clock): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`;
  if (!clock) return day;
  const time = `${two(clock.hour)}:${two(clock.minute)}:${two(clock.second)}`;
  return `${day}T${time}${clock.fraction ? `.${clock.fraction}` : ''}`;
}

/** Milliseconds of the wall clock as if it were UTC: good for differences only. */
export function wallMilliseconds(date: CalendarDate, clock: Clock): number {
  return Date.UTC(date.year, date.month - 1, date.day, clock.hour, clock.minute, clock.second);
}

function certain(year?: string, month?: string | number, day?: string): DateReading {
  const date = checked(Number(year), Number(month), Number(day));
  return date ? { certain: date } : {};
}

function slashed(first?: string, second?: string, year?: string): DateReading {
  const us = checked(Number(year), Number(first), Number(second));
  const european = checked(Number(year), Number(second), Number(first));
  if (us && european && !sameDay(us, european)) return { us, european };
  const only = us ?? european;
  return only ? { certain: only } : {};
}

function checked(year: number, month: number, day: number): CalendarDate | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  // 31 February would roll over
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists && year >= 1960 && year <= 2200 ? { year, month, day } : undefined;
}

function monthOf(name: string | undefined): number | undefined {
  const plain = (name ?? '').toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  const index = MONTHS.findIndex((start) => start.test(plain));
  return index < 0 ? undefined : index + 1;
}
