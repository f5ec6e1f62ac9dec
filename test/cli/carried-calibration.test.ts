// A calibration moves only with the head that it is of.

import { expect, it } from 'vitest';
import { refuseForeignCalibration } from '../../src/cli/carried-calibration.ts';
import type { Head } from '../../src/classify/head.ts';

const head = { sha256: 'a'.repeat(64) } as Head;
const carried = (value: object) => [{ name: 'head.calibration.json', bytes: Buffer.from(JSON.stringify({ format: 'semtag-calibration/1', ...value })) }]; // prettier-ignore

it('is refused with another head, and taken with its own or where it is of none', () => {
  expect(() => refuseForeignCalibration(carried({ head: head.sha256 }), head, 'dir')).not.toThrow();
  expect(() => refuseForeignCalibration(carried({}), head, 'dir')).not.toThrow();
  expect(() => refuseForeignCalibration([], head, 'dir')).not.toThrow();
  expect(() => refuseForeignCalibration(carried({ head: 'b'.repeat(64) }), head, 'dir')).toThrow(/head\.calibration\.json is of the head bbbb/); // prettier-ignore
  expect(() => refuseForeignCalibration(carried({ format: 'other' }), head, 'dir')).toThrow('format other');
});
