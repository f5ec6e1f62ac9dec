// What the tag stage makes: the same record gives the same bytes, each revision is built anew from the acquired ones, and changes meanwhile win.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { SemtagError } from '../../src/errors.ts';
import type { SemRecord } from '../../src/record/record.ts';
import { tagStage, type TagDeps } from '../../src/tag/stage.ts';
import { untag } from '../../src/tag/untag.ts';
import { makeLab, sha256, tinyTiff } from '../service/lab.ts';

type Tagging = ReturnType<typeof tagging>;

function tagging(more: Partial<TagDeps> = {}) {
  const lab = makeLab();
  const stage = tagStage({
    withhold: [],
    store: lab.store,
    taggedDir: lab.tagged,
    house: { instruments: [lab.instrument({ zone: 'Europe/Berlin' })] },
    targets: [lab.target({ layout: '{category}/{stem}{ext}' })],
    acquired: async (hash) => join(lab.spool, hash),
    holdSeconds: { answer: 0, because: 0 },
    ready: async () => {},
    measure: async () => undefined,
    now: lab.now,
    ...more,
  });
  const file = (hash: string, revision: number, kind: 'image' | 'json') =>
    readFileSync(join(lab.tagged, `${hash}.${revision}.${kind}`));
  return {
    ...lab,
    stage,
    file,
    record: (hash: string, revision: number) => JSON.parse(file(hash, revision, 'json').toString()) as SemRecord,
    people: answers(lab.store, () => undefined, lab.now),
    due: () => stage.due(10, new Set()).map((image) => image.sha256),
    tag: (hash: string) => stage.run(lab.store.images.need(hash)),
  };
} // prettier-ignore

async function restored(t: Tagging, hash: string, revision: number): Promise<Buffer> {
  const dest = join(t.home, `restored-${revision}`);
  await untag(join(t.tagged, `${hash}.${revision}.image`), dest);
  return readFileSync(dest);
}

describe('tagging', () => {
  it('leaves tagged copy and record, owes both to the target, and keeps the record as it was written', async () => {
    const t = tagging();
    const hash = t.labelled('a.tif');
    await t.tag(hash);
    expect(readdirSync(t.tagged).sort()).toEqual([`${hash}.1.image`, `${hash}.1.json`]);
    expect(t.store.images.need(hash).state).toBe('tagged');
    expect(t.record(hash, 1)).toMatchObject({
      revision: 1,
      acquired: { name: 'a.tif', sha256: hash, files: [{ instrument: 'sem', path: 'a.tif' }] },
      instrument: { name: 'sem', zone: 'Europe/Berlin' },
      label: { kind: 'category', category: 'Powder', basis: 'auto', by: 'semtag' },
      classification: { score: 0.9, category: 'Powder' },
    });
    const kept = t.store.deliveries.record(hash, 1)!;
    expect(kept.record).toBe(t.file(hash, 1, 'json').toString());
    expect(kept.taggedSha256).toBe(sha256(t.file(hash, 1, 'image')));
    const [delivery] = t.store.deliveries.ofImage(hash);
    expect(delivery).toMatchObject({ state: 'owed', place: 'Powder/a.tif', revision: 1 });
    expect(delivery!.objects.map((o) => o.sha256)).toEqual([kept.taggedSha256, sha256(kept.record)]);
    expect((await restored(t, hash, 1)).equals(tinyTiff('a.tif'.length))).toBe(true);
  });

  it('twice gives the same bytes, also on another day and another machine', async () => {
    const make = async (days: number) => {
      const t = tagging();
      const hash = t.labelled('a.tif');
      t.later(days * 86_400);
      await t.tag(hash);
      return [t.file(hash, 1, 'image'), t.file(hash, 1, 'json')] as const;
    };
    const [first, second] = [await make(0), await make(400)];
    expect(second[0].equals(first[0])).toBe(true);
    expect(second[1].equals(first[1])).toBe(true);
  });

  it('again after a crash before the commit gives the same bytes in the same place', async () => {
    const t = tagging();
    const hash = t.labelled('a.tif');
    const image = t.store.images.need(hash);
    // everything but the commit: as with the service killed right before it
    const tagged = t.store.deliveries.tagged.bind(t.store.deliveries);
    t.store.deliveries.tagged = () => {
      throw new Error('killed');
    };
    await expect(t.stage.run(image)).rejects.toThrow('killed');
    const before = t.file(hash, 1, 'image');
    t.store.deliveries.tagged = tagged;
    expect(t.store.images.need(hash).state).toBe('labelled');
    await t.tag(hash);
    expect(t.file(hash, 1, 'image').equals(before)).toBe(true);
    expect(t.store.deliveries.ofImage(hash)).toHaveLength(1);
  });

  it('of an image that is only observed gives the acquired bytes and a record beside them', async () => {
    const t = tagging();
    const label = { kind: 'unlabelled', basis: 'observe', by: 'semtag', at: t.at() } as const;
    const hash = t.classified(t.read(t.settled('a.tif')), 'Tips', 0.95, label);
    await t.tag(hash);
    expect(sha256(t.file(hash, 1, 'image'))).toBe(hash);
    expect(t.record(hash, 1)).toMatchObject({ label: { basis: 'observe' }, classification: { category: 'Tips' } });
    expect(t.store.deliveries.record(hash, 1)?.method).toBe('sidecar');
    expect(t.store.deliveries.ofImage(hash)[0]?.place).toBe('unlabelled/a.tif');
  }); // prettier-ignore

  it('names all files that hold the image', async () => {
    const t = tagging();
    const bytes = tinyTiff(9);
    t.settled('a.tif', bytes, { dir: 'run 1' });
    t.settled('b.tif', bytes);
    const label = { kind: 'category', category: 'Tips', basis: 'auto', by: 'semtag', at: t.at() } as const;
    const hash = t.classified(t.read(sha256(bytes)), 'Tips', 0.9, label);
    await t.tag(hash);
    expect(t.record(hash, 1).acquired.files.map((f) => f.path)).toEqual(['run 1/a.tif', 'b.tif']);
  });
});

describe('revisions', () => {
  it('are each made anew from the acquired bytes, and the older ones stay', async () => {
    const t = tagging();
    const hash = t.labelled('a.tif');
    await t.tag(hash);
    const first = t.file(hash, 1, 'image');
    t.people.label(hash, { answer: { kind: 'category', category: 'Tips', second: 'Nanowires' }, by: 'Anna' });
    await t.tag(hash);
    t.people.correctFacts([hash], { sample: 'GaAs-17' }, 'Anna');
    await t.tag(hash);
    expect(t.file(hash, 1, 'image').equals(first)).toBe(true);
    expect(t.record(hash, 2)).toMatchObject({ cause: 'relabelled', label: { category: 'Tips', second: 'Nanowires', by: 'Anna' } });
    expect(t.record(hash, 3)).toMatchObject({ cause: 'facts corrected', facts: { sample: { value: 'GaAs-17', origin: 'operator Anna' } } });
    for (const revision of [1, 2, 3]) expect(sha256(await restored(t, hash, revision))).toBe(hash);
    // one packet in each, not one more a revision
    expect(t.file(hash, 3, 'image').length - first.length).toBeLessThan(2000);
    expect([1, 2, 3].map((r) => t.record(hash, r).classification?.score)).toEqual([0.9, 0.9, 0.9]);
  }); // prettier-ignore

  it('that a newer one overtakes while they are written are not committed, and no attempt is held against the image', async () => {
    const t: Tagging = tagging({
      acquired: async (hash) => {
        // the answer comes while the file is being written
        if (t.store.images.need(hash).label?.basis === 'auto')
          t.people.label(hash, { answer: { kind: 'category', category: 'Tips' }, by: 'Anna' });
        return join(t.spool, hash);
      },
    });
    const hash = t.labelled('a.tif');
    await t.tag(hash);
    expect(t.store.images.need(hash)).toMatchObject({ state: 'labelled', revision: 1 });
    expect(t.store.deliveries.ofImage(hash)).toEqual([]);
    expect(t.due()).toEqual([hash]);
    await t.tag(hash);
    expect(t.record(hash, 1).label).toMatchObject({ category: 'Tips', by: 'Anna' });
    expect(t.store.deliveries.ofImage(hash).map((d) => d.place)).toEqual(['Tips/a.tif']);
  });
});

describe('the hold', () => {
  it('keeps an answer back for its seconds, and nothing that the machine labelled', () => {
    const t = tagging({ holdSeconds: { answer: 5, because: 0 } });
    const [automatic, answered] = [t.labelled('a.tif'), t.asked('bb.tif')];
    t.people.label(answered, { answer: { kind: 'category', category: 'Tips' }, by: 'Anna' });
    expect(t.due()).toEqual([automatic]);
    t.later(4.9);
    expect(t.due()).toEqual([automatic]);
    t.later(0.2);
    expect(t.due()).toEqual([automatic, answered]);
  });

  it('is time enough to take a slip back: nothing of it leaves', async () => {
    const t = tagging({ holdSeconds: { answer: 5, because: 0 } });
    const hash = t.asked('a.tif');
    t.people.label(hash, { answer: { kind: 'category', category: 'Tips' }, by: 'Anna' });
    t.people.undo(hash, 'Anna');
    t.later(10);
    expect(t.due()).toEqual([]);
    t.people.label(hash, { answer: { kind: 'category', category: 'Powder' }, by: 'Anna' });
    t.later(10);
    for (const due of t.due()) await t.tag(due);
    expect(readdirSync(t.tagged).filter((name) => name.endsWith('.image'))).toEqual([`${hash}.1.image`]);
    expect(t.record(hash, 1).label).toMatchObject({ category: 'Powder' });
  });

  it('begins again with every correction', () => {
    const t = tagging({ holdSeconds: { answer: 5, because: 0 } });
    const hash = t.asked('a.tif');
    t.people.label(hash, { answer: { kind: 'category', category: 'Tips' }, by: 'Anna' });
    t.later(4);
    t.people.label(hash, { answer: { kind: 'category', category: 'Powder' }, by: 'Anna' });
    t.later(4);
    expect(t.due()).toEqual([]);
  });
});

describe('what fails', () => {
  it('leaves no half file and no state behind', async () => {
    const t = tagging();
    const hash = t.labelled('a.tif');
    rmSync(join(t.spool, hash));
    await expect(t.tag(hash)).rejects.toThrow();
    expect(readdirSync(t.tagged)).toEqual([]);
    expect(t.store.images.need(hash).state).toBe('labelled');
  });

  it('is found before anything is published: a private copy that lost a bit is not passed on', async () => {
    const t: Tagging = tagging({
      async acquired(hash) {
        const bytes = readFileSync(join(t.spool, hash));
        bytes[20]! ^= 1;
        const damaged = join(t.home, 'damaged');
        writeFileSync(damaged, bytes);
        return damaged;
      },
    });
    const hash = t.labelled('a.tif');
    await expect(t.tag(hash)).rejects.toMatchObject({ code: 'tag_unverified' });
    expect(existsSync(join(t.tagged, `${hash}.1.image`))).toBe(false);
    expect(t.store.deliveries.ofImage(hash)).toEqual([]);
  });

  it('three times without an end puts the image aside, and a retry begins anew', async () => {
    const t = tagging();
    const hash = t.labelled('a.tif');
    for (let i = 0; i < 3; i++) {
      t.store.attempts.begin(hash, 'tag', 'a.tif', t.at()); // and the service was killed
      // it waits, the others go first; the third time its end is due
      expect(t.due()).toEqual(i < 2 ? [] : [hash]);
      t.later(20);
    }
    const image = t.store.images.need(hash);
    const error = await t.stage.run(image).then(() => undefined, (thrown: unknown) => thrown); // prettier-ignore
    expect(error).toMatchObject({ code: 'too_many_attempts', message: expect.stringContaining('a.tif') as string });
    await t.stage.failed(image, error as never);
    expect(t.store.images.need(hash).state).toBe('quarantined');
    t.people.retry(hash, 'Anna');
    await t.tag(hash);
    expect(t.store.images.need(hash).state).toBe('tagged');
  }); // prettier-ignore
});

describe('the alignment of wires and fibres', () => {
  const measures = { measure: 'm', globalCoherency: 0.5, localCoherency: 0.6, alignedFraction: 0.7, orientation: 30, histogram: [1] };
  const named = async (t: Tagging, category: 'Fibres' | 'Powder', name = 'a.tif') => {
    const hash = t.labelled(name, Buffer.concat([tinyTiff(), Buffer.from(name)]));
    t.people.label(hash, { answer: { kind: 'category', category }, by: 'Anna' });
    return hash;
  };

  it('is measured once for images called so, and for no other', async () => {
    const asked: string[] = [];
    const t = tagging({ measure: async ({ name }) => (asked.push(name), measures) });
    await t.tag(await named(t, 'Powder', 'b.tif'));
    expect(asked).toEqual([]);
    const hash = await named(t, 'Fibres');
    await t.tag(hash);
    expect(asked).toEqual(['a.tif']);
    const { revision } = t.store.images.need(hash);
    expect(t.record(hash, revision)).toMatchObject({ alignment: { alignedFraction: { value: 0.7 }, orientation: { unit: 'deg' } } });
    expect(t.store.images.need(hash)).toMatchObject({ state: 'tagged', alignment: measures });
  });

  it('never keeps an image back: what fails is left out, what kills the child is not tried again', async () => {
    let tries = 0;
    const said: string[] = [];
    const t = tagging({
      unmeasured: ({ name }, reason) => said.push(`${name}: ${reason}`),
      measure: async () => {
        tries++;
        throw new SemtagError(tries === 1 ? 'child_crashed' : 'malformed', 'a.tif: it broke');
      },
    });
    const hash = await named(t, 'Fibres');
    await expect(t.tag(hash)).rejects.toMatchObject({ code: 'child_crashed' });
    await t.tag(hash);
    expect(tries).toBe(1);
    expect(t.store.images.need(hash).state).toBe('tagged');
    const { revision } = t.store.images.need(hash);
    expect(t.record(hash, revision)).not.toHaveProperty('alignment');
    t.people.label(hash, { answer: { kind: 'category', category: 'Fibres', second: 'Nanowires' }, by: 'Anna' });
    await t.tag(hash);
    expect(tries).toBe(2);
    expect(said).toEqual(['a.tif: an attempt to measure it did not end', 'a.tif: a.tif: it broke']);
    expect(t.store.images.need(hash).state).toBe('tagged');
  });
}); // prettier-ignore
