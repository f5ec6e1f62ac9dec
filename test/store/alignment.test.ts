// Alignment in the store, the record and the search: it belongs to images labelled Nanowires or Fibres, and follows the label.

import { describe, expect, it } from 'vitest';
import type { AlignmentHeadResult, AlignmentMeasures } from '../../src/domain/alignment.ts';
import type { Category } from '../../src/domain/categories.ts';
import { recordOf } from '../../src/tag/record-of.ts';
import { renderXmp } from '../../src/record/xmp.ts';
import { classification, HEADER, makeLab } from '../service/lab.ts';

const measures: AlignmentMeasures = {
  measure: 'gradient-1',
  globalCoherency: 0.61,
  localCoherency: 0.72,
  alignedFraction: 0.83,
  orientation: 141.5,
  histogram: Array.from({ length: 36 }, () => 1 / 36),
};
const said = (probability: number): AlignmentHeadResult => ({
  probability,
  head: { name: 'aligned-1', sha256: 'a'.repeat(64) },
  backbone: { name: 'b', sha256: 'b'.repeat(64) },
  preprocessing: 'p',
});

function lab() {
  const l = makeLab();
  return {
    ...l,
    labelled(name: string, category: Category, probability?: number): string {
      const hash = l.settled(name, Buffer.from(name));
      const picture = { width: 8, height: 8, bitsPerSample: 8, scanArea: { width: 8, height: 8, origin: 'pixels' } };
      l.store.images.read(hash, HEADER, picture, {}, l.at());
      l.store.images.measured(hash, measures);
      const label = { kind: 'category', category, basis: 'auto', by: 'semtag', at: l.at() } as const;
      const more = probability === undefined ? {} : { alignmentHead: said(probability) };
      l.store.images.classified(hash, classification(category, 0.9), label, l.at(), more);
      return hash;
    },
    found: (aligned: number) => l.store.images.list({ aligned }, 10).map(({ name }) => name),
    record: (hash: string) => recordOf(l.store.images.need(hash), [], {}, undefined, []),
  };
} // prettier-ignore

describe('alignment', () => {
  it('stands in the record of wires and fibres with unit and origin, and nowhere else', () => {
    const l = lab();
    const record = l.record(l.labelled('wires.tif', 'Nanowires', 0.97));
    const origin = 'derived, measure gradient-1';
    expect(record.alignment).toEqual({
      probability: { value: 0.97, unit: null, origin: 'model aligned-1' },
      globalCoherency: { value: 0.61, unit: null, origin },
      localCoherency: { value: 0.72, unit: null, origin },
      alignedFraction: { value: 0.83, unit: null, origin },
      orientation: { value: 141.5, unit: 'deg', origin },
      head: { head: said(0).head, backbone: said(0).backbone, preprocessing: 'p' },
    });
    const xmp = renderXmp(record);
    expect(xmp).toMatch(/<semtag:alignment rdf:parseType="Resource">[\s\S]*<semtag:alignedFraction[\s\S]*0\.83/);
    expect(xmp).toContain(`<semtag:headSha256>${'a'.repeat(64)}</semtag:headSha256>`);
    expect(l.record(l.labelled('tip.tif', 'Tips', 0.99))).not.toHaveProperty('alignment');
    expect(renderXmp(l.record(l.labelled('dust.tif', 'Powder', 0.99)))).not.toContain('alignment');
  });

  it('without the head holds what was measured', () => {
    const l = lab();
    const { alignment } = l.record(l.labelled('fibres.tif', 'Fibres'));
    expect(alignment).toMatchObject({ alignedFraction: { value: 0.83 } });
    expect(alignment).not.toHaveProperty('probability');
    expect(l.found(0)).toEqual([]);
  });

  it('is searched by probability, among wires and fibres only, newest first', () => {
    const l = lab();
    l.labelled('low.tif', 'Nanowires', 0.2);
    l.labelled('high.tif', 'Nanowires', 0.9);
    l.labelled('sure.tif', 'Fibres', 1);
    l.labelled('tip.tif', 'Tips', 1);
    expect(l.found(0.5)).toEqual(['sure.tif', 'high.tif']);
    expect(l.found(0)).toEqual(['sure.tif', 'high.tif', 'low.tif']);
    expect(l.found(0.9)).toEqual(['sure.tif', 'high.tif']);
    expect(l.store.images.list({ aligned: 0.5, category: 'Fibres' }, 10).map(({ name }) => name)).toEqual(['sure.tif']);
  });

  it('comes and goes with the label', () => {
    const l = lab();
    const hash = l.labelled('a.tif', 'Tips', 0.9);
    const relabel = (category: Category) =>
      l.store.revisions.label(hash, { kind: 'category', category, basis: 'answer', by: 'Anna', at: l.at() });
    expect(l.found(0.5)).toEqual([]);
    relabel('Fibres');
    expect(l.found(0.5)).toEqual(['a.tif']);
    expect(l.record(hash).alignment?.probability?.value).toBe(0.9);
    relabel('Powder');
    expect(l.found(0.5)).toEqual([]);
    expect(l.record(hash)).not.toHaveProperty('alignment');
  });
}); // prettier-ignore
