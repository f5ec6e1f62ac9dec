// The public part of a record: for every set of allowed fields, what is not allowed stands nowhere in any rendering, whoever put it where.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PUBLIC_FIELDS, type PublicField } from '../../src/domain/publish.ts';
import { publicRecord } from '../../src/record/public.ts';
import type { SemRecord } from '../../src/record/record.ts';
import { RENDERINGS } from '../../src/record/renderings.ts';
import { fullRecord, SECRETS as S } from './world.ts';

/** What each field lets out; all the rest of SECRETS never goes. */
const LET_OUT: Record<PublicField, string[]> = {
  creator: [S.operator, S.orcid, S.affiliation],
  person: [S.by],
  project: [S.project, S.title, S.funder, S.award, S.link],
  sample: [S.sample],
  file_name: [S.file],
  serial_number: [S.serial],
  software: [S.software],
};
const context = { baseUrl: 'https://sem.example.org', publishedAt: '2026-02-03T00:00:00Z' };

/** All renderings of what goes out, escapes undone. */
function everything(record: SemRecord, allowed: readonly PublicField[]): string {
  const shown = publicRecord(record, allowed);
  const texts = Object.values(RENDERINGS).map(({ render }) => render(shown, context));
  return texts.join('\n').replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('\\\\', '\\');
}

const forbidden = (allowed: readonly PublicField[]): string[] => {
  const out = allowed.flatMap((field) => LET_OUT[field]);
  return Object.values(S).filter((text) => !out.includes(text));
};

describe('what goes out', () => {
  it('is what the facility allows and nothing else, for every set of fields', () => {
    for (let bits = 0; bits < 1 << PUBLIC_FIELDS.length; bits++) {
      const allowed = PUBLIC_FIELDS.filter((_, i) => bits & (1 << i));
      const text = everything(fullRecord(), allowed);
      for (const secret of forbidden(allowed)) expect(text, `${secret} with ${allowed.join()}`).not.toContain(secret);
      // encoded, as a part of an identifier, it would be out as well
      for (const secret of forbidden(allowed)) expect(text).not.toContain(encodeURIComponent(secret));
      for (const field of allowed) expect(text, field).toContain(LET_OUT[field][0]);
    }
  }); // prettier-ignore

  it('has none of it where a vendor wrote it into another field, or an origin names a file', () => {
    const places = ['vendor', 'instrument_model', 'detector', 'signal'] as const;
    const arbitrary = fc.record({
      place: fc.constantFrom(...places),
      secret: fc.constantFrom(S.operator, S.by, S.project, S.sample, S.file, S.serial, S.software, S.folder, S.note),
      case: fc.constantFrom('as it is', 'upper'),
      around: fc.constantFrom<[string, string][]>(['', ''], ['ETD of ', ''], ['', ' (SE)']),
      origin: fc.constantFrom(`sidecar ${S.file}`, `path ${S.folder}`, `operator ${S.by}`, `tiff:1 ${S.operator}`),
      allowed: fc.subarray([...PUBLIC_FIELDS]),
    });
    fc.assert(
      fc.property(arbitrary, ({ place, secret, case: as, around: [before, behind], origin, allowed }) => {
        const record = fullRecord();
        const written = as === 'upper' ? secret.toUpperCase() : secret;
        record.header!.fields[place] = { value: `${before}${written}${behind}`, unit: null, origin };
        record.header!.fields.magnification = { value: 3, unit: null, origin };
        record.picture!.scanArea.origin = origin;
        const text = everything(record, allowed);
        for (const one of forbidden(allowed)) expect(text.toLowerCase()).not.toContain(one.toLowerCase());
        for (const one of [S.note, S.folder, S.warning, S.cause]) expect(text).not.toContain(one);
      }),
      { numRuns: 200 },
    );
  }); // prettier-ignore

  it('keeps the names of vendors that have a stroke, and no address', () => {
    const record = fullRecord();
    record.header!.fields.signal = { value: 'send to anna@example.org', unit: null, origin: 'tiff:1 x' };
    record.header!.fields.detector = { value: '/data/anna/ETD', unit: null, origin: 'tiff:1 x' };
    const { header } = publicRecord(record, []);
    expect(header!.fields.vendor?.value).toBe('FEI/Thermo Fisher');
    expect(header!.fields).not.toHaveProperty('signal');
    expect(header!.fields).not.toHaveProperty('detector');
    expect(header!.fields.accelerating_voltage_V).toEqual({ value: 15000, unit: 'V', origin: 'tiff:34682 [EBeam] HV' });
  }); // prettier-ignore

  it.each([
    ['e', 'ETD', 'SE of E'],
    ['mk', 'mks 12', 'of MK2'],
    ['e', 'ETD', 'SE\tE'],
    ['王伟', 'ETD', '操作员王伟'],
    ['7', 'BSE17', 'BSE 7'],
  ])('of a name %s keeps %s, and not %s', (name, kept, left) => {
    const record = fullRecord();
    record.facts = { ...record.facts, operator: { value: name, unit: null, origin: 'path' } };
    record.header!.fields.detector = { value: kept, unit: null, origin: 'tiff:1 x' };
    record.header!.fields.signal = { value: left, unit: null, origin: 'tiff:1 x' };
    const { header } = publicRecord(record, []);
    expect(header!.fields.detector?.value).toBe(kept);
    expect(header!.fields).not.toHaveProperty('signal');
  });

  it('names another image only where that one is public too', () => {
    const record = fullRecord();
    const [older, newer] = ['e'.repeat(64), 'f'.repeat(64)];
    record.relations = { supersedes: older, supersededBy: newer };
    expect(publicRecord(record, [...PUBLIC_FIELDS]).relations).toEqual({});
    expect(everything(record, PUBLIC_FIELDS)).not.toMatch(/e{64}|f{64}/);
    expect(publicRecord(record, [], (sha256) => sha256 === older).relations).toEqual({ supersedes: older });
  });

  it('has no link without a base URL', () => {
    const shown = publicRecord(fullRecord(), []);
    for (const { render } of Object.values(RENDERINGS)) expect(render(shown, {})).not.toContain('/records/');
  });
});
