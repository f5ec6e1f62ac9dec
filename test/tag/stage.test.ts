// The tag stage on a disk in trouble and with a private copy that decayed: no image is blamed for the machine, and no wrong bytes go on.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Label } from '../../src/domain/label.ts';
import { checkedProperties } from '../../src/record/xmp.ts';
import { semtagProperties } from '../../src/formats/xmp.ts';
import { readRestoring } from '../../src/tag/untag.ts';
import { verifyTagged } from '../../src/tag/verify.ts';
import type { SemRecord } from '../../src/record/record.ts';
import { forwarding, type World } from '../forward/world.ts';
import { sha256, tinyTiff } from '../service/lab.ts';

const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
const bytes = tinyTiff(3, 100);

function observed(w: World): string {
  const label: Label = { kind: 'unlabelled', basis: 'observe', by: 'semtag', at: w.time() };
  return w.classified(w.read(w.settled('a.tif', bytes)), 'Powder', 0.9, label);
}

it.runIf(asRoot)(
  'a full disk ends the attempt: the image is tagged as soon as there is room',
  async ({ skip }) => {
    const w = forwarding();
    const hash = w.labelled('a.tif', tinyTiff(3, 600));
    const mount = (size: string) => execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', w.tagged], { stdio: 'ignore' }); // prettier-ignore
    try {
      mount('64k');
    } catch {
      skip('this machine lets nobody mount');
    }
    onTestFinished(() => void execFileSync('umount', [w.tagged]));
    for (let i = 0; i < 5; i++) expect(await w.tag()).toEqual(['disk_failed']);
    expect(readdirSync(w.tagged)).toEqual([]);
    expect(w.store.images.need(hash).state).toBe('labelled');
    execFileSync('mount', ['-o', 'remount,size=8m', w.tagged]);
    expect(await w.tag()).toEqual([]);
    expect(w.store.images.need(hash).state).toBe('tagged');
  },
);

describe('a private copy that has decayed', () => {
  it.each([
    ['observed', observed],
    ['labelled', (w: World) => w.labelled('a.tif', bytes)],
  ])('puts an %s image aside with the reason where no target has it', async (_, make) => {
    const w = forwarding();
    const hash = make(w);
    const decayed = Buffer.from(bytes);
    decayed[bytes.length - 20]! ^= 1;
    writeFileSync(join(w.spool, hash), decayed);
    expect(await w.tag()).toEqual(['spool_lost']);
    const { state, error } = w.store.images.need(hash);
    expect(state).toBe('quarantined');
    expect(error!.message).toMatch(/its copy in the spool has decayed/);
    expect(readdirSync(w.tagged)).toEqual([]);
  });

  it('is replaced by what a target has', async () => {
    const w = forwarding();
    const hash = observed(w);
    await w.deliver();
    w.store.revisions.correctFacts([hash], { sample: { value: 'x', unit: null, origin: 'operator A' } }, 'A', w.time()); // prettier-ignore
    writeFileSync(join(w.spool, hash), 'decayed');
    await w.deliver();
    expect(sha256(readFileSync(join(w.spool, hash)))).toBe(hash);
    expect(w.deliveries(hash).at(-1)).toBe('repository 2 received');
  });
});

describe('what the packet must say', () => {
  it('is read back from the tagged file: category, score, model', async () => {
    const w = forwarding();
    const hash = w.labelled('a.tif', bytes, 'Tips');
    await w.tag();
    const record = JSON.parse(w.store.deliveries.record(hash, 1)!.record) as SemRecord;
    const wanted = checkedProperties(record);
    expect(wanted).toMatchObject({ category: 'Tips', score: '0.9', model: 'test', revision: '1' });
    const tagged = join(w.tagged, `${hash}.1.image`);
    expect(semtagProperties(readRestoring(tagged).packet)).toMatchObject(wanted);
    const other = { ...wanted, category: 'Powder' };
    await expect(verifyTagged(join(w.spool, hash), tagged, other)).rejects.toThrow(
      'category reads Tips, not Powder',
    );
  });
});
