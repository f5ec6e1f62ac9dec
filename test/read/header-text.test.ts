// Numbers, dates and texts of headers.

import { describe, expect, it } from 'vitest';
import { flattenXml } from '../../src/read/header-xml.ts';
import { decodeTag, decodeText, lines } from '../../src/read/header-text.ts';
import { readClock, readDate } from '../../src/read/header-time.ts';
import { iniValue, parseIni } from '../../src/read/ini.ts';
import { inUnit, parseNumber, parseQuantity } from '../../src/read/number.ts';

describe('numbers', () => {
  it.each([
    ['1.6e-009', 1.6e-9],
    ['10.0000e3', 10000],
    ['0.000000004537772', 4.537772e-9],
    ['-0.0', 0],
    ['+.5', 0.5],
    ['5.', 5],
    ['1,5', 1.5],
    [' 7 ', 7],
  ])('%s is %d', (text, value) => expect(parseNumber(text)).toBe(value));

  it.each(['', ' ', 'abc', '1.5.2', '1,234.5', '1e', '5 mm', '0x10', '1e9999', 'Infinity', '--1'])(
    '"%s" is none',
    (text) => expect(parseNumber(text)).toBeUndefined(),
  );

  it.each([
    ['4.6 mm', 'm', 0.0046],
    ['71.4538 mm', 'm', 0.0714538],
    ['100um', 'm', 1e-4],
    ['9.766 nm', 'm', 9.766e-9],
    ['558.2 pm', 'm', 5.582e-10],
    ['5.72 K X', 'x', 5720],
    ['13.0 µA', 'A', 1.3e-5],
    ['13.0 ÂµA', 'A', 1.3e-5],
    ['249 pA', 'A', 2.49e-10],
    ['133 Pa', 'Pa', 133],
    ['1 Torr', 'Pa', 133.32236842105263],
    ['350.0 °', 'deg', 350],
    ['25.00 kV', 'V', 25000],
  ] as const)('%s in %s is %d', (text, unit, value) => {
    expect(inUnit(parseQuantity(text)!, unit)).toBeCloseTo(value, 15);
  });

  it('does not take one kind of unit for another', () => {
    expect(inUnit(parseQuantity('5 pA')!, 'Pa')).toBeUndefined();
    expect(inUnit(parseQuantity('5 Pa')!, 'm')).toBeUndefined();
    expect(inUnit(parseQuantity('5 constructor')!, 'm')).toBeUndefined();
  });
});

describe('dates and clocks', () => {
  it('settles what can be settled', () => {
    expect(readDate('08/18/2020').certain).toEqual({ year: 2020, month: 8, day: 18 });
    expect(readDate('18/08/2020').certain).toEqual({ year: 2020, month: 8, day: 18 });
    expect(readDate('05/05/2020').certain).toEqual({ year: 2020, month: 5, day: 5 });
    expect(readDate('03/04/2020')).toEqual({
      us: { year: 2020, month: 3, day: 4 },
      european: { year: 2020, month: 4, day: 3 },
    });
    expect(readDate('31/31/2020')).toEqual({});
    expect(readDate('2021-02-30')).toEqual({});
    expect(readDate('12 Undecimber 2020')).toEqual({});
  });

  it.each([
    ['12:00:00 AM', 0],
    ['12:00:00 PM', 12],
    ['1:00:00 p.m.', 13],
    ['13:04:14 PM', 13],
    ['午後 1:00', undefined],
    ['25:00:00', undefined],
  ])('%s is hour %s', (text, hour) => expect(readClock(text)?.hour).toBe(hour));
});

describe('texts', () => {
  it('finds the encoding', () => {
    expect(decodeText(Buffer.from('µ °', 'latin1'))).toBe('µ °');
    expect(decodeText(Buffer.from('µ °'))).toBe('µ °');
    expect(decodeText(Buffer.from('\ufeffAP_WD µ', 'utf16le'))).toBe('AP_WD µ');
    expect(decodeText(Buffer.from('Key=1\r\nLong enough', 'utf16le'))).toBe('Key=1\r\nLong enough');
    expect(decodeTag(Buffer.from('abc\0def'))).toBe('abc');
    expect(decodeText(Buffer.alloc(0))).toBe('');
  });

  it('splits at every line end', () => expect(lines('a\r\nb\rc\nd')).toEqual(['a', 'b', 'c', 'd']));

  it('keeps the first value that is not empty, whatever the case', () => {
    const ini = parseIni('[Scan]\nDwell=\nDWELL=2\ndwell=3\n=4\nno equals\n[other]\nDwell=9');
    expect(iniValue(ini, 'SCAN', 'Dwell')).toBe('2');
    expect(iniValue(ini, 'Scan', 'absent')).toBeUndefined();
  });

  it('flattens XML that is cut off or wrongly nested', () => {
    const flat = flattenXml('<?xml?><a:R x="1&amp;2"><b/><b>t</b><c>&lt;</c></R><unclosed');
    expect([...flat]).toEqual([
      ['R@x', '1&2'],
      ['R', ''],
      ['R/b', 't'],
      ['R/c', '<'],
    ]);
  });
});
