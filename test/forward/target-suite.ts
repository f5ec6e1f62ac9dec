// What every target must do, whatever it stands on: the conformance suite of the Target port.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/forward/target.ts';
import { makeLab, sha256 } from '../service/lab.ts';

export type Trial = {
  target: Target;
  /** places that hold something at the target, directories left out */
  places: () => string[];
  /** what lies there, by other means than the target's own */
  bytes: (place: string) => Buffer;
};

export function targetSuite(name: string, begin: (home: string) => Trial | Promise<Trial>): void {
  const trial = async () => {
    const { home } = makeLab();
    return { home, ...(await begin(home)) };
  };
  const text = (words: string) => ({ bytes: Buffer.from(words) });

  describe(`the target ${name}`, () => {
    it('puts bytes and files, makes the directories, and leaves nothing else', async () => {
      const { target, places, bytes, home } = await trial();
      const file = join(home, 'local');
      writeFileSync(file, Buffer.alloc(3_000_000, 'abc'));
      await target.put('SEM 1/2026-03-01/Größe µm/a.tif', { path: file });
      await target.put('b.json', text('{}'));
      expect(places()).toEqual(['SEM 1/2026-03-01/Größe µm/a.tif', 'b.json']);
      expect(bytes('b.json').toString()).toBe('{}');
      expect(bytes('SEM 1/2026-03-01/Größe µm/a.tif').equals(readFileSync(file))).toBe(true);
    });

    it('hashes what lies there, and knows when nothing does', async () => {
      const { target } = await trial();
      await target.put('d/a.tif', text('one'));
      expect(await target.hash('d/a.tif')).toBe(sha256('one'));
      expect(await target.hash('d/none.tif')).toBeUndefined();
      expect(await target.hash('none/none.tif')).toBeUndefined();
    });

    it('puts twice as once, and replaces what was there', async () => {
      const { target, places, bytes } = await trial();
      for (const words of ['one', 'one', 'another']) await target.put('d/a.tif', text(words));
      expect(bytes('d/a.tif').toString()).toBe('another');
      expect(places()).toEqual(['d/a.tif']);
    });

    it('takes an empty file', async () => {
      const { target } = await trial();
      await target.put('empty', text(''));
      expect(await target.hash('empty')).toBe(sha256(''));
    });

    it('gives back what it holds, and says target_mismatch where it holds nothing', async () => {
      const { target, home } = await trial();
      await target.put('d/a.tif', text('one'));
      const local = join(home, 'back');
      await target.get('d/a.tif', local);
      expect(readFileSync(local, 'utf8')).toBe('one');
      await expect(target.get('d/none.tif', local)).rejects.toMatchObject({ code: 'target_mismatch' });
    });

    it('removes only the bytes that are meant, and the directories that this leaves empty', async () => {
      const { target, places } = await trial();
      await target.put('x/y/z/a.tif', text('one'));
      await target.put('x/b.tif', text('two'));
      await target.remove('x/y/z/a.tif', sha256('something else'));
      expect(places()).toEqual(['x/b.tif', 'x/y/z/a.tif']);
      await target.remove('x/y/z/a.tif', sha256('one'));
      expect(places()).toEqual(['x/b.tif']);
      await target.remove('x/y/z/a.tif', sha256('one')); // nothing there is fine
      await target.remove('x/b.tif', sha256('two'));
      await target.put('x/c.tif', text('three')); // its directory is made again
      expect(places()).toEqual(['x/c.tif']);
    });

    it('refuses places outside itself', async () => {
      const { target, places, home } = await trial();
      for (const place of ['../out.tif', 'x/../../out.tif', '..', '.', '']) {
        await expect(target.put(place, text('x'))).rejects.toMatchObject({ code: 'target_refused' });
        await expect(target.get(place, join(home, 'back'))).rejects.toMatchObject({ code: 'target_refused' });
      }
      expect(places()).toEqual([]);
    });

    it('checks itself and leaves nothing behind', async () => {
      const { target, places } = await trial();
      expect(await target.check()).toEqual([]);
      expect(places()).toEqual([]);
    });

    it('takes many at the same time, also into one new directory', async () => {
      const { target, places } = await trial();
      const all = Array.from({ length: 20 }, (_, i) => `new/deep/${String(i).padStart(2, '0')}.tif`);
      await Promise.all(all.map((place) => target.put(place, text(place))));
      expect(places()).toEqual(all);
    });
  });
}
