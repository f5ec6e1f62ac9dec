// The verbs that look and answer without a service: what they find, whom they refuse, and that they change nothing but what they say.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordId, recordText } from '../../src/record/record.ts';
import { recordOf } from '../../src/tag/record-of.ts';
import { takeRunLock } from '../../src/store/lock.ts';
import { answer, classification, world } from '../store/world.ts';
import { semtag, temporary } from './semtag.ts';

/** A directory with a config over a world's store. */
function place(targets?: string[]) {
  const made = world(targets);
  const dir = temporary();
  writeFileSync(join(dir, 'semtag.yaml'), `dataDir: ${made.dataDir}\n`);
  return { ...made, dir };
}

describe('list', () => {
  it('prints one line an image, newest first, filtered', async () => {
    const { dir, image } = place();
    const first = image('wires_1.tif', 'asked', 0);
    const second = image('wires_2.tif', 'forwarded', 60);
    const all = (await semtag(dir, 'list', '--json')).out.trim().split('\n').map((line) => JSON.parse(line) as { sha256: string }); // prettier-ignore
    expect(all.map((one) => one.sha256)).toEqual([second, first]);
    const { out } = await semtag(dir, 'list', '--state', 'ASKED');
    expect(out).toContain('wires_1.tif');
    expect(out).not.toContain('wires_2.tif');
    expect((await semtag(dir, 'list', '--limit', '1', '--json')).out.trim().split('\n')).toHaveLength(1);
    expect((await semtag(dir, 'list', '--name', 'none')).out).toBe('');
  });
});

describe('what is aside, and what auto would have done', () => {
  it('list --state aside gives images and files with their reasons; retry --dry-run too', async () => {
    const { dir, image, store, see } = place();
    image('a.tif', 'quarantined');
    const { id } = see('half.tif');
    store.files.incomplete(
      id,
      { code: 'incomplete', message: 'half.tif: ends early' },
      new Date().toISOString(),
    );
    const { out, err } = await semtag(dir, 'list', '--state', 'aside');
    for (const words of ['a.tif: broken', 'SEM 1: half.tif', 'half.tif: ends early', 'Save it again'])
      expect(out).toContain(words);
    expect(err).toContain('1 image, 1 incomplete files');
    const json = (await semtag(dir, 'list', '--state', 'aside', '--json')).out.trim().split('\n');
    expect(JSON.parse(json[1]!)).toMatchObject({ file: id, path: 'half.tif', error: { code: 'incomplete' } });
    expect((await semtag(dir, 'status')).out).toContain('`semtag list --state aside` says why');
    const plan = await semtag(dir, 'retry', '--all', '--dry-run');
    expect(plan.out).toContain('half.tif (incomplete: half.tif: ends early) would be tried again');
    expect(plan.out).toContain('a.tif (quarantined: a.tif: broken) would be tried again');
  });

  it('list and show name the top category and the decision, also of what was only observed', async () => {
    const { dir, image, store } = place();
    const sha256 = image('a.tif', 'read');
    const at = new Date().toISOString();
    const label = { kind: 'unlabelled', basis: 'observe', by: 'semtag', at } as const;
    store.images.classified(sha256, classification('Fibres', 0.91), label, at);
    image('b.tif', 'asked');
    const { out } = await semtag(dir, 'list');
    expect(out).toMatch(/unlabelled +Fibres 0\.910 +labelled by itself/);
    expect(out).toMatch(/asked +Tips 0\.600 +asked, two suggestions/);
    expect((await semtag(dir, 'show', sha256)).out).toMatch(/as auto +would have been labelled by itself/);
    const json = JSON.parse((await semtag(dir, 'list', '--name', 'a.tif', '--json')).out) as object;
    expect(json).toMatchObject({ category: 'Fibres', score: 0.91, decision: 'auto' });
  });
});

describe('a private project', () => {
  it('that the config names and no service has taken over stops an answer by hand; one that it has holds for it', async () => {
    const { dir, dataDir, image, store } = place();
    const config = `dataDir: ${dataDir}\ninstruments: [{ name: SEM 1, root: ${dir} }]\nprojects: { private: ['2211'] }\n`;
    writeFileSync(join(dir, 'semtag.yaml'), config);
    const sha256 = image('a.tif', 'asked');
    const answer = () => semtag(dir, 'label', sha256, 'Tips', '--by', 'Anna');
    expect(await answer()).toMatchObject({ code: 2, err: expect.stringContaining('projects.private: 2211 in the config, none as the service last had it') as string }); // prettier-ignore
    store.projects.setPrivate(['2211'], new Date().toISOString());
    expect(await answer()).toMatchObject({ code: 0 });
    expect(store.lessons.after(0)).toMatchObject([{ sha256, realm: '2211' }]);
    expect((await semtag(dir, 'show', sha256)).out).toMatch(/^project +2211 .*, private project: its answers teach only itself$/m); // prettier-ignore
  });
});

describe('what answers did', () => {
  it('list and show say because of what an image is labelled, what speaks against it, its series, and when it leaves', async () => {
    const { dir, image, store } = place();
    const now = new Date().toISOString();
    const auto = { kind: 'category', category: 'Fibres', basis: 'auto', by: 'semtag', at: now } as const;
    const [first, alike, sure] = [image('first.tif', 'asked'), image('alike.tif', 'asked', 10), image('sure.tif', 'read', 20)]; // prettier-ignore
    store.images.classified(sure, classification('Fibres', 0.91), auto, now);
    store.revisions.label(first, answer('Tips', 'Anna', 30), undefined, true);
    const found = store.images.need(alike);
    const because = { position: 1, series: found.series!, lessons: [1], all: 1, settings: 'test' };
    const rest = { scores: found.scores!, category: 'Tips', score: 0.9, decision: 'auto', thresholdsVersion: 1, model: found.model!, lesson: 1 } as const; // prettier-ignore
    store.rescoring.rescored([{ ...rest, image: { ...found, series: found.series! }, taught: because, label: { ...auto, category: 'Tips', because } }], now); // prettier-ignore
    store.rescoring.doubt([
      { sha256: sure, series: found.series!, doubt: { category: 'Tips', score: 0.87, at: now } },
    ]);
    const ten = new Date(Date.parse(now) + 600_000).toISOString();

    const { out } = await semtag(dir, 'list');
    expect(out).toMatch(new RegExp(`alike\\.tif +because of 1 answer in this series; leaves ${ten}`));
    expect(out).toMatch(/sure\.tif +doubted: answers speak for Tips 0\.870/);
    const json = async (...args: string[]) =>
      (await semtag(dir, 'list', '--json', ...args)).out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line) as { name: string; leavesAt?: string }); // prettier-ignore
    expect((await json('--doubted')).map(({ name }) => name)).toEqual(['sure.tif']);
    expect((await json('--series', String(found.series))).map(({ name, leavesAt }) => [name, leavesAt])).toEqual([['sure.tif', undefined], ['alike.tif', ten], ['first.tif', undefined]]); // prettier-ignore
    expect(await json('--series', '77')).toEqual([]);

    const shown = (await semtag(dir, 'show', alike)).out;
    expect(shown).toMatch(new RegExp(`leaves +${ten}`));
    expect(shown).toMatch(/rests on +1 answer in this series/);
    expect(shown).toMatch(new RegExp(`${first.slice(0, 12)} +first\\.tif +Tips`));
    expect(shown).toMatch(
      /series +\d+: SEM 1.*images 3, waiting 0, answers 1, labelled because of answers 1/,
    );
    expect((await semtag(dir, 'show', sure)).out).toContain('answers speak for Tips 0.870 since');
    expect((await semtag(dir, 'status')).out).toContain('doubted  1 labelled by themselves');
  });
});

describe('show', () => {
  it('says of an answer that nothing is learned from it, which `label --not-for-training` marks; its record does not', async () => {
    const { dir, image, store } = place();
    const sha256 = image('odd.tif', 'asked');
    await semtag(dir, 'label', sha256, 'Tips', '--by', 'Anna', '--not-for-training');
    const { out } = await semtag(dir, 'show', sha256);
    expect(out).toContain('no: nothing is learned from this answer');
    expect(out).toContain('Labelled Tips; nothing is learned from it');
    const shown = store.images.need(sha256);
    expect(shown.label).toMatchObject({ by: 'Anna', teaches: false });
    expect(recordOf(shown, [], {}, undefined, []).label).not.toHaveProperty('teaches');
  });

  it('prints categories by their titles, and takes a title as well as an id', async () => {
    const { dir, image } = place();
    const sha256 = image('odd.tif', 'asked');
    const done = await semtag(dir, 'label', sha256, 'patterned surface', '--by', 'Anna');
    expect(done.out).toContain('-> Patterned surface');
    const listed = await semtag(dir, 'list', '--category', 'Patterned Surface');
    expect(listed.out).toMatch(/labelled +Patterned surface /);
    expect((await semtag(dir, 'list', '--category', 'Patterned_surface', '--json')).out).toContain('"category":"Patterned_surface"'); // prettier-ignore
    expect((await semtag(dir, 'show', sha256)).out).toContain('Patterned surface by Anna');
  });

  it('finds an image by the first digits and tells its story', async () => {
    const { dir, image } = place();
    const sha256 = image('wires.tif', 'forwarded');
    const { code, out } = await semtag(dir, 'show', sha256.slice(0, 8));
    expect(code).toBe(0);
    for (const words of [
      sha256,
      'wires.tif',
      'the running service has not come to it yet',
      'Tips by Anna',
      'user_name',
      'Receipt of repository',
      'received',
    ])
      expect(out).toContain(words);
    const shown = JSON.parse((await semtag(dir, 'show', sha256, '--json')).out) as Record<string, unknown[]>;
    expect(Object.keys(shown)).toEqual([
      'image',
      'series',
      'otherParts',
      'files',
      'record',
      'deliveries',
      'publication',
      'history',
    ]);
    expect(shown['history']!.length).toBeGreaterThan(5);
    expect(JSON.parse((await semtag(dir, 'show', sha256, '--record')).out)).toMatchObject({
      revision: 1,
      label: { category: 'Tips' },
    });
  });

  it('finds an image by the file that holds it', async () => {
    const { dir, image } = place();
    image('wires.tif', 'asked');
    writeFileSync(join(dir, 'copy.tif'), 'wires.tif'); // its content in this world is its name
    expect((await semtag(dir, 'show', 'copy.tif')).out).toContain('wires.tif');
    writeFileSync(join(dir, 'other.tif'), 'other');
    const ended = await semtag(dir, 'show', 'other.tif');
    expect(ended.code).toBe(1);
    expect(ended.err).toContain('no image has these bytes');
  });

  it('guesses nothing', async () => {
    const { dir } = place();
    expect(await semtag(dir, 'show', 'abc')).toMatchObject({ code: 2 });
    expect(await semtag(dir, 'show', 'zzzz')).toMatchObject({ code: 2 });
    expect(await semtag(dir, 'show', 'abcdef')).toMatchObject({ code: 1 });
  });
});

describe('status', () => {
  it('counts without a service', async () => {
    const { dir, image, store } = place();
    image('a.tif', 'asked');
    image('b.tif', 'quarantined');
    const { out } = await semtag(dir, 'status');
    expect(out).toMatch(/^not running$/m);
    expect(out).toMatch(/^waiting +1 for an answer$/m);
    expect(out).toMatch(/^checks +0 automatic labels wait for a blind check$/m);
    expect(out).not.toContain('set aside');
    store.teaching.set(false, 'Mia', 'odd samples', new Date().toISOString());
    expect((await semtag(dir, 'status')).out).toMatch(
      /^ ! teaching is set aside: odd samples \(Mia, since \S+\)$/m,
    );
    expect(out).toMatch(/^aside +1 images/m);
    expect(JSON.parse((await semtag(dir, 'status', '--json')).out)).toMatchObject({ running: false, images: { asked: 1, quarantined: 1 } }); // prettier-ignore
  });
});

describe('label', () => {
  it('answers with the name of who asks for it', async () => {
    const { dir, image, store } = place();
    const sha256 = image('a.tif', 'asked');
    const ended = await semtag(dir, 'label', sha256.slice(0, 10), 'nanowires', '--second', 'Tips', '--by', 'Ben', '--note', 'bent');
    expect(ended).toMatchObject({ code: 0, out: 'a.tif: no label -> Nanowires, now labelled; no service runs: it is tagged and forwarded at the next start\n' });
    expect(store.images.need(sha256).label).toMatchObject({ category: 'Nanowires', second: 'Tips', by: 'Ben', note: 'bent', basis: 'answer' });
  }); // prettier-ignore

  it('takes --none and --unusable', async () => {
    const { dir, image, store } = place();
    const [one, two] = [image('a.tif', 'asked'), image('b.tif', 'asked')];
    await semtag(dir, 'label', one, '--none');
    await semtag(dir, 'label', two, '--unusable');
    expect(store.images.need(one).label?.kind).toBe('none_of_these');
    expect(store.images.need(two).label?.kind).toBe('unusable');
  });

  it.each(['semtag', ' ', 'x'.repeat(81)])('takes no answer by %j, as the service would', async (by) => {
    const { dir, image, store } = place();
    const sha256 = image('a.tif', 'asked');
    for (const more of [[], ['--dry-run']])
      expect(await semtag(dir, 'label', sha256, 'Tips', '--by', by, ...more)).toMatchObject({
        code: 2,
        out: '',
      });
    expect(store.images.need(sha256).state).toBe('asked');
  });

  it('with --dry-run changes nothing', async () => {
    const { dir, image, store } = place();
    const sha256 = image('a.tif', 'labelled');
    const last = store.history.lastId();
    const ended = await semtag(dir, 'label', sha256, 'Powder', '--dry-run');
    expect(ended.out).toContain('Tips would become Powder');
    expect(store.history.lastId()).toBe(last);
  });

  it.each([
    [['Nanowire'], 'did you mean Nanowires?'],
    [['Tips', '--none'], 'give one of'],
    [[], 'give one of'],
    [['Tips', '--second', 'Tips'], 'the first one already'],
    [['--none', '--second', 'Tips'], 'goes with a category'],
  ])('refuses %j, exit 2', async (args, words) => {
    const { dir, image, store } = place();
    const sha256 = image('a.tif', 'asked');
    const ended = await semtag(dir, 'label', sha256, ...args);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(words);
    expect(store.images.need(sha256).state).toBe('asked');
  });

  it('does not write beside something that holds the lock and does not answer', async () => {
    const { dir, image, store, dataDir } = place();
    const sha256 = image('a.tif', 'asked');
    const lock = takeRunLock(dataDir)!;
    onTestFinished(() => lock.release());
    // what a service that was killed leaves behind
    writeFileSync(join(dataDir, 'service.json'), JSON.stringify({ url: 'http://127.0.0.1:9', pid: 1 }));
    const ended = await semtag(dir, 'label', sha256, 'Tips');
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.err).toContain('holds the lock');
    expect(store.images.need(sha256).state).toBe('asked');
  });
});

describe('facts', () => {
  it('corrects and clears for many at once, after saying so with --dry-run', async () => {
    const { dir, image, store } = place();
    const [one, two] = [image('a.tif', 'asked'), image('b.tif', 'labelled')];
    const args = ['facts', one, two, '--sample', 'GaAs-18', '--project', '', '--by', 'Ben'];
    const planned = await semtag(dir, ...args, '--dry-run');
    expect(planned.out).toContain(
      'a.tif: project 2211 would become not known, sample not known would become GaAs-18',
    );
    expect(store.images.need(one).facts.project?.value).toBe('2211');
    expect((await semtag(dir, ...args)).out).toContain('b.tif: corrected, now labelled, revision 1');
    for (const sha256 of [one, two]) {
      const { facts } = store.images.need(sha256);
      expect(facts.sample).toEqual({ value: 'GaAs-18', unit: null, origin: 'operator Ben' });
      expect(facts).not.toHaveProperty('project');
    }
  });

  it('wants to know what', async () => {
    const { dir, image } = place();
    expect(await semtag(dir, 'facts', image('a.tif', 'asked'))).toMatchObject({ code: 2 });
  });
});

describe('retry', () => {
  it('takes named images out of quarantine, and says of the others why not', async () => {
    const { dir, image, store } = place();
    const [aside, fine] = [image('a.tif', 'quarantined'), image('b.tif', 'forwarded')];
    const ended = await semtag(dir, 'retry', aside, fine, '--by', 'Anna');
    expect(ended.code).toBe(1);
    expect(ended.out).toBe(
      'a.tif: will be tried again at the next start, now settled\nb.tif: b.tif is forwarded; there is nothing to retry\n',
    );
    expect(store.history.of('image', aside).at(-1)).toMatchObject({ who: 'Anna', to: 'settled' });
  });

  it('--all takes everything that is aside, incomplete files too', async () => {
    const { dir, image, store, see } = place();
    const sha256 = image('a.tif', 'quarantined');
    const { id } = see('half.tif');
    store.files.incomplete(
      id,
      { code: 'incomplete', message: 'half.tif: ends early' },
      new Date().toISOString(),
    );
    const planned = await semtag(dir, 'retry', '--all', '--dry-run', '--json');
    expect(JSON.parse(planned.out)).toHaveLength(2);
    expect(store.images.need(sha256).state).toBe('quarantined');
    expect(await semtag(dir, 'retry', '--all')).toMatchObject({ code: 0 });
    expect(store.images.need(sha256).state).toBe('settled');
    expect(store.files.get(id)!.state).toBe('seen');
    expect((await semtag(dir, 'retry', '--all')).out).toBe('nothing is aside\n');
  });

  it('wants to know what', async () => {
    const { dir } = place();
    expect(await semtag(dir, 'retry')).toMatchObject({ code: 2 });
  });
});

describe('record', () => {
  it('prints the record as it was written in any rendering, and says where there is none yet', async () => {
    const { dir, image, store, dataDir } = place();
    const waits = image('waits.tif', 'asked');
    expect(await semtag(dir, 'record', waits)).toMatchObject({ code: 1, out: '' });
    const sha256 = image('wires.tif', 'labelled');
    const shown = store.images.need(sha256);
    const { revision, edition } = shown;
    const record = recordText(recordOf(shown, [], {}, undefined, []));
    const at = new Date().toISOString();
    store.deliveries.tagged({ sha256, revision, edition, record, method: 'tiff', taggedSha256: sha256, deliveries: [], at });
    expect(await semtag(dir, 'record', sha256.slice(0, 12))).toMatchObject({ code: 0, out: record, err: '' });
    const open = await semtag(dir, 'record', sha256, '--as', 'datacite', '--public');
    expect(open.out).toContain(recordId(sha256));
    expect(open.out).not.toContain('wires.tif');
    expect(open.err).toBe(''); // its project is known
    writeFileSync(join(dir, 'semtag.yaml'), `dataDir: ${dataDir}\npublish: { projects: [] }\n`);
    const kept = await semtag(dir, 'record', sha256, '--public');
    expect(kept).toMatchObject({ code: 1, out: '', err: expect.stringContaining('harvesters are not given') as string });
  }); // prettier-ignore
});
