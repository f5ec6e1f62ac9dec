// Places at a target: what the layout's words become, that every name is safe, and that two images never take each other's place.

import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answers } from '../../src/decide/answers.ts';
import { layoutProblem } from '../../src/domain/layout.ts';
import type { SemRecord } from '../../src/record/record.ts';
import { placeOf, safeName } from '../../src/tag/layout.ts';
import { SIDECAR_HEADER, sha256, tinyTiff } from '../service/lab.ts';
import { recordFor } from '../tag/world.ts';
import { forwarding, type World } from './world.ts';

const bytes = Buffer.from('image');
const hash = sha256(bytes);

function record(change: (record: SemRecord) => void = () => undefined): SemRecord {
  const made = recordFor(bytes, 'GaAs 17.tif', 'Tips');
  made.instrument.name = 'SEM 1';
  made.facts = {
    operator: { value: 'Zoë', unit: null, origin: 'path' },
    project: { value: '2211', unit: null, origin: 'path' },
    sample: { value: 'GaAs', unit: null, origin: 'path' },
  };
  change(made);
  return made;
}

describe('the words of a layout', () => {
  it.each([
    ['{instrument}/{date}/{category}/{stem}-{sha8}{ext}', `SEM 1/2020-01-02/Tips/GaAs 17-${hash.slice(0, 8)}.tif`],
    ['{project}/{operator}/{sample}/{stem}{ext}', '2211/Zoë/GaAs/GaAs 17.tif'],
    ['{year}/{month}/{day}/{sha256}{ext}', `2020/01/02/${hash}.tif`],
    ['all/{category} {stem}{ext}', 'all/Tips GaAs 17.tif'],
  ])('%s', (layout, place) => {
    expect(layoutProblem(layout)).toBeUndefined();
    expect(placeOf(layout, record())).toBe(place);
  }); // prettier-ignore

  it('take the day of settling where the header tells none, and say unknown where nothing is known', () => {
    const bare = record((r) => {
      delete r.header;
      r.facts = {};
      r.acquired.name = 'noextension';
    });
    expect(placeOf('{date}/{project}/{stem}{ext}', bare)).toBe('2026-01-02/unknown/noextension');
  });

  it('name the kind of a label that is no category', () => {
    for (const kind of ['none_of_these', 'unusable', 'unlabelled'] as const) {
      const other = record((r) => (r.label = { kind, basis: 'answer', by: 'Anna', at: r.label.at }));
      expect(placeOf('{category}/{stem}{ext}', other)).toBe(`${kind}/GaAs 17.tif`);
    }
  });

  it('never leave their part of the path, whatever a fact or a name holds', () => {
    const hostile = record((r) => {
      r.facts.project = { value: '../../etc', unit: null, origin: 'path' };
      r.facts.operator = { value: '..', unit: null, origin: 'path' };
      r.acquired.name = '/etc/../passwd.tif';
    });
    const place = placeOf('{project}/{operator}/{stem}{ext}', hostile);
    expect(place.split('/')).toHaveLength(3);
    expect(place.split('/')).not.toContain('..');
  });

  it.each([
    ['{month}/{user}/{stem}', /\{user\} is not one of/],
    ['/srv/{stem}', /below the target/],
    ['{instrument}/../{stem}', /below the target/],
    ['{stem}/{category}', /needs \{stem\}, \{sha8\} or \{sha256\}/],
  ])('%s is refused at the start', (layout, reason) => {
    expect(layoutProblem(layout)).toMatch(reason);
  });
});

describe('a name', () => {
  it.each([
    ['plain.tif', 'plain.tif'],
    ['a:b*c?.tif', 'a_b_c_.tif'],
    ['a/b\\c', 'a_b_c'],
    ['ends. . ', 'ends_'],
    ['.hidden', '_.hidden'],
    ['CON.tif', '_CON.tif'],
    ['console.tif', 'console.tif'],
    ['', '_'],
    ['\u0000\u001f', '__'],
  ])('%j becomes %j', (name, safe) => expect(safeName(name)).toBe(safe));

  it('is cut in its middle to what file systems hold, never inside a character, and keeps its end', () => {
    const safe = safeName(`${'ö'.repeat(300)}-12345678.tif`);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
    expect(safe).toMatch(/^ö+-12345678\.tif$/);
    expect(safeName(`${'a'.repeat(30)}${'😀'.repeat(100)}.tif`)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/); // prettier-ignore
  });
});

describe('two images that want one place', () => {
  const layout = { layout: '{category}/{stem}{ext}' };

  it('both have one: the second with the first digits of its SHA-256', async () => {
    const w = forwarding({ repository: layout });
    const [one, two] = [w.labelled('a.tif', tinyTiff(1)), w.labelled('a.tif', tinyTiff(2))];
    await w.deliver();
    const other = `Powder/a-${two.slice(0, 8)}.tif`;
    expect(w.at().toSorted()).toEqual(['Powder/a.tif', 'Powder/a.tif.json', other, `${other}.json`].toSorted());
    expect(w.deliveries(one)).toEqual(['repository 1 received']);
    const recordAt = (place: string) =>
      (JSON.parse(w.bytes(`${place}.json`).toString()) as SemRecord).acquired.sha256;
    expect([recordAt('Powder/a.tif'), recordAt(other)]).toEqual([one, two]);
  }); // prettier-ignore

  it('that differ in their ending only do not share a sidecar or take it away with them', async () => {
    const w = forwarding({ repository: layout });
    const named = (name: string, seed: number, text: string) => {
      const sha = w.settled(name, tinyTiff(seed), { sidecar: { name: 'a.txt', bytes: Buffer.from(text) } });
      const label = { kind: 'category', category: 'Powder', basis: 'auto', by: 'semtag', at: w.time() } as const;
      return w.classified(w.read(sha, SIDECAR_HEADER), 'Powder', 0.9, label);
    };
    const images = [named('a.tif', 3, 'one'), named('a.tiff', 4, 'two'), named('a.TIF', 5, 'one')];
    await w.deliver();
    const whole = (sha: string) => {
      const { receipt } = w.store.deliveries.ofImage(sha).at(-1)!;
      for (const { place, sha256: bytesHash } of receipt!.objects) expect(sha256(w.bytes(place))).toBe(bytesHash);
    };
    images.forEach(whole);
    // the same text at the first and the third: one leaves, the other keeps it
    answers(w.store, () => undefined, w.now).label(images[0]!, { answer: { kind: 'category', category: 'Tips' }, by: 'Anna' });
    await w.deliver();
    images.forEach(whole);
  }); // prettier-ignore
});

describe('what somebody else put at the target', () => {
  const layout = { layout: '{category}/{stem}{ext}' };
  const theirs = (w: World, place: string, words = 'theirs') => {
    mkdirSync(dirname(join(w.home, 'repository', place)), { recursive: true });
    writeFileSync(join(w.home, 'repository', place), words);
  };

  it.each(['Powder/a.tif', 'Powder/a.tif.json'])(
    '%s stays as it is, and the image goes beside it',
    async (place) => {
      const w = forwarding({ repository: layout });
      const hash = w.labelled('a.tif');
      theirs(w, place);
      await w.deliver();
      const own = `Powder/a-${hash.slice(0, 8)}.tif`;
      expect(w.at()).toEqual([own, `${own}.json`, place].toSorted());
      expect(w.bytes(place).toString()).toBe('theirs');
      expect(w.store.deliveries.ofImage(hash)[0]).toMatchObject({ state: 'received', place: own });
      expect(w.store.history.of('image', hash).map((line) => line.what)).toContain(`repository holds another file at Powder/a.tif: it goes to ${own}`); // prettier-ignore
    },
  );

  it('also where that place has something, and where no place is free it waits', async () => {
    const w = forwarding({ repository: layout });
    const hash = w.labelled('a.tif');
    for (const stem of ['a', `a-${hash.slice(0, 8)}`]) theirs(w, `Powder/${stem}.tif`);
    await w.deliver();
    expect(w.store.deliveries.ofImage(hash)[0]).toMatchObject({
      state: 'received',
      place: `Powder/a-${hash}.tif`,
    });
    const other = w.labelled('b.tif', tinyTiff(9));
    for (const stem of ['b', `b-${other.slice(0, 8)}`, `b-${other}`]) theirs(w, `Powder/${stem}.tif`);
    await w.tag();
    expect(await w.forward()).toEqual(['target_refused']);
    expect(w.store.images.need(other).state).toBe('tagged');
  });

  it('a sidecar is treated alike', async () => {
    const w = forwarding({ repository: layout });
    const sha = w.settled('a.tif', tinyTiff(3), { sidecar: { name: 'a.txt', bytes: Buffer.from('$CM') } });
    const label = {
      kind: 'category',
      category: 'Powder',
      basis: 'auto',
      by: 'semtag',
      at: w.time(),
    } as const;
    w.classified(w.read(sha, SIDECAR_HEADER), 'Powder', 0.9, label);
    theirs(w, 'Powder/a.txt', 'my notes');
    await w.deliver();
    const stem = `Powder/a-${sha.slice(0, 8)}`;
    expect(w.at()).toEqual([`${stem}.tif`, `${stem}.tif.json`, `${stem}.txt`, 'Powder/a.txt'].toSorted());
    expect(w.bytes('Powder/a.txt').toString()).toBe('my notes');
  });

  it('names that a share holds for one are one', async () => {
    const w = forwarding({ repository: layout });
    const [one, two] = [w.labelled('Größe.TIF', tinyTiff(1)), w.labelled('gro\u0308ße.tif', tinyTiff(2))];
    await w.deliver();
    expect(w.store.deliveries.ofImage(one)[0]!.place).toBe('Powder/Größe.TIF');
    expect(w.store.deliveries.ofImage(two)[0]!.place).toBe(`Powder/gro\u0308ße-${two.slice(0, 8)}.tif`);
  });

  it('an image that comes back over its own earlier bytes stays where it is', async () => {
    const w = forwarding({ repository: layout });
    const hash = w.labelled('a.tif');
    await w.tag();
    const [delivery] = w.store.deliveries.due('repository', w.time(), 1);
    theirs(w, delivery!.place, '');
    cpSync(join(w.tagged, `${hash}.1.image`), join(w.home, 'repository', delivery!.place)); // and then the service was killed
    await w.deliver();
    expect(w.at()).toEqual(['Powder/a.tif', 'Powder/a.tif.json']);
  });
});

it('the notes of a person beside an image are not delivered: no parser found the header in them', async () => {
  const w = forwarding({ repository: { layout: '{stem}{ext}' } });
  const sha = w.settled('a.tif', tinyTiff(3), { sidecar: { name: 'a.txt', bytes: Buffer.from('patient 7, see mail') } });
  const label = { kind: 'category', category: 'Powder', basis: 'auto', by: 'semtag', at: w.time() } as const;
  w.classified(w.read(sha), 'Powder', 0.9, label);
  await w.deliver();
  expect(w.at()).toEqual(['a.tif', 'a.tif.json']);
}); // prettier-ignore

it('a place that cannot be used holds up nothing that goes to others: the target is not away for it', async () => {
  const w = forwarding({ repository: { layout: '{category}/{stem}{ext}' } });
  writeFileSync(join(w.repository, 'Powder'), 'a file where a directory must go');
  mkdirSync(join(w.repository, 'Tips', 'b.tif'), { recursive: true }); // a directory where the file must go
  w.labelled('a.tif', tinyTiff(1), 'Powder');
  const beside = w.labelled('b.tif', tinyTiff(2), 'Tips');
  w.labelled('c.tif', tinyTiff(3), 'Tips');
  await w.tag();
  expect(await w.forward()).toEqual(['target_refused']);
  expect(w.heard).toEqual([]);
  const places = w.store.deliveries.ofImage(beside).map(({ place }) => place);
  expect(places).toEqual([`Tips/b-${beside.slice(0, 8)}.tif`]);
  expect(w.store.images.counts().forwarded).toBe(2);
});
