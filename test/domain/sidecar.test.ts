// Names of sidecars and of the images they belong to.

import { describe, expect, it } from 'vitest';
import { imagesOfSidecar, isSidecarName, sidecarNames } from '../../src/domain/sidecar.ts';

describe('sidecars by name', () => {
  it('knows the names of each vendor', () => {
    expect(sidecarNames('a.b.tif')).toEqual(
      expect.arrayContaining(['a.b.txt', 'a.b.TXT', 'a.b-tif.hdr', 'a.b.hdr']),
    );
    expect(sidecarNames('A.PNG')).toEqual(expect.arrayContaining(['A-PNG.hdr', 'A-PNG.HDR', 'A-png.hdr']));
    expect(sidecarNames('notes.txt')).toEqual([]);
    expect(sidecarNames('.tif')).toEqual([]);
  });

  it('takes the more telling one first', () => {
    const names = sidecarNames('a.tif');
    expect(names.indexOf('a-tif.hdr')).toBeLessThan(names.indexOf('a.txt'));
    expect(names.indexOf('a.hdr')).toBeLessThan(names.indexOf('a.txt'));
  });

  it('finds the images again', () => {
    const there = ['a.bmp', 'a.tif', 'ab.tif', 'b.tif', 'a-tif.tif'];
    expect(imagesOfSidecar('A.TXT', there)).toEqual(['a.bmp', 'a.tif']);
    expect(imagesOfSidecar('a-tif.hdr', there)).toEqual(['a.tif', 'a-tif.tif']);
    expect(imagesOfSidecar('a.tif', there)).toEqual([]);
    for (const image of there)
      for (const name of sidecarNames(image))
        expect([name, imagesOfSidecar(name, there)]).toEqual([name, expect.arrayContaining([image])]);
  });

  it('takes no other name', () => {
    expect(['a.txt', 'a-tif.HDR', '.txt', 'a.tif', 'atxt'].map(isSidecarName)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
