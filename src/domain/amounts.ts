// Amounts as people read them: SI prefixes and thin spaces. Pure.

const PREFIXES = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
] as const;

/** Between number and unit, and between groups of digits; does not break. */
export const THIN = '\u202f';

/** `si(0.00465, 'm')` -> `4.65 mm`: at most three significant digits, at least two. Degrees carry no prefix. */
export function si(value: number, unit: string): string {
  if (unit === 'deg') return `${digits(value)}°`;
  if (value === 0) return `0${THIN}${unit}`;
  // rounded first: 999.7 µm is 1.0 mm, not 1000 µm
  const size = Number(Math.abs(value).toPrecision(3));
  const [factor, prefix] = PREFIXES.find(([f]) => size >= f * (1 - 1e-9)) ?? PREFIXES.at(-1)!;
  return `${digits(value / factor)}${THIN}${prefix}${unit}`;
}

function digits(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const text =
    Math.abs(rounded) < 10 && Number.isInteger(rounded * 10) ? rounded.toFixed(1) : String(rounded);
  return text.replace('-', '−');
}

/** `grouped(25000)` -> `25 000`. */
export function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, THIN);
}
