// Numbers and quantities as instruments write them. Never guesses a unit and never turns an empty text into 0.

/** A decimal number before it is made binary, so that 4.6 mm becomes 0.0046 and not 0.0045999999999999999. */
export type Decimal = { mantissa: string; exponent: number };

/** A number with the text behind it, "4.09e-004 Pa", "5.72 K X", "100um". */
export type Quantity = Decimal & { unit: string };

const QUANTITY = /^([-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+))(?:e([-+]?\d{1,4}))?(?![\d.,])\s*(.{0,40})$/iu;

/** A comma counts as decimal comma only where there is no dot: "1,5"; "1,234.5" is no number. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = QUANTITY.exec(text.trim());
  if (!match?.[1]) return undefined;
  const mantissa = match[1]
    .replace(',', '.')
    .replace(/^([-+]?)\./, '$10.')
    .replace(/\.$/, '')
    .replace(/^\+/, '');
  return { mantissa, exponent: Number(match[2] ?? 0), unit: (match[3] ?? '').trim() };
}

/** A bare number; exponents may have three digits (1.6e-009). Undefined when anything else stands there. */
export function parseNumber(text: string | undefined): number | undefined {
  const quantity = text === undefined ? undefined : parseQuantity(text);
  return quantity?.unit === '' ? valueOf(quantity) : undefined;
}

/** `power` is that of ten: -3 for a number in mm that is wanted in m. Undefined when it overflows. */
export function valueOf(decimal: Decimal, power = 0): number | undefined {
  const value = Number(`${decimal.mantissa}e${decimal.exponent + power}`);
  // -0.0 is written by JEOL and Zeiss for "not tilted"
  return Number.isFinite(value) ? (value === 0 ? 0 : value) : undefined;
}

type Scale = { unit: 'V' | 'A' | 'm' | 's' | 'Pa' | 'deg' | 'x'; power: number; factor?: number };

/** Units that occur in headers; µ is always written `u` here. K X is Zeiss for thousandfold magnification. */
const SCALES: Readonly<Record<string, Scale>> = {
  v: { unit: 'V', power: 0 },
  volt: { unit: 'V', power: 0 },
  kv: { unit: 'V', power: 3 },
  a: { unit: 'A', power: 0 },
  ma: { unit: 'A', power: -3 },
  ua: { unit: 'A', power: -6 },
  na: { unit: 'A', power: -9 },
  pa: { unit: 'A', power: -12 },
  fa: { unit: 'A', power: -15 },
  m: { unit: 'm', power: 0 },
  cm: { unit: 'm', power: -2 },
  mm: { unit: 'm', power: -3 },
  um: { unit: 'm', power: -6 },
  nm: { unit: 'm', power: -9 },
  pm: { unit: 'm', power: -12 },
  s: { unit: 's', power: 0 },
  ms: { unit: 's', power: -3 },
  us: { unit: 's', power: -6 },
  ns: { unit: 's', power: -9 },
  Pa: { unit: 'Pa', power: 0 },
  hPa: { unit: 'Pa', power: 2 },
  kPa: { unit: 'Pa', power: 3 },
  mPa: { unit: 'Pa', power: -3 },
  bar: { unit: 'Pa', power: 5 },
  mbar: { unit: 'Pa', power: 2 },
  // 1 Torr = 101325/760 Pa by definition
  torr: { unit: 'Pa', power: 0, factor: 101325 / 760 },
  mtorr: { unit: 'Pa', power: -3, factor: 101325 / 760 },
  '°': { unit: 'deg', power: 0 },
  deg: { unit: 'deg', power: 0 },
  degree: { unit: 'deg', power: 0 },
  degrees: { unit: 'deg', power: 0 },
  x: { unit: 'x', power: 0 },
  kx: { unit: 'x', power: 3 },
  mx: { unit: 'x', power: 6 },
};

/** The quantity in SI (Pa, deg and plain times included); undefined when its unit is not of that kind. */
export function inUnit(quantity: Quantity, wanted: Scale['unit']): number | undefined {
  const spelling = quantity.unit
    .replace(/Â(?=[µ°])/, '') // UTF-8 that was read as Latin-1 on the way
    .replace(/[µμ]/, 'u')
    .replace(/\s+/g, '');
  const scale = [spelling, spelling.toLowerCase()]
    .map((key) => (Object.hasOwn(SCALES, key) ? SCALES[key] : undefined))
    .find((candidate) => candidate?.unit === wanted);
  if (!scale) return undefined;
  const value = valueOf(quantity, scale.power);
  return value === undefined ? undefined : value * (scale.factor ?? 1);
}
