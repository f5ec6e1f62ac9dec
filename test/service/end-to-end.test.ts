// The whole service on real directories: dropped in, classified, asked, answered, tagged, forwarded; and what a stop in between leaves for the next start.

import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures, type Fixture } from '../../fixtures/generate.ts';
import { untag } from '../../src/tag/untag.ts';
import { makeHome } from './home.ts';
import { sha256, until } from './lab.ts';

const made = mkdtempSync(join(tmpdir(), 'semtag-made-'));
let fixtures: Fixture[];
beforeAll(async () => {
  fixtures = await makeFixtures(made, { seed: 17, n: 9, size: 256 });
});
afterAll(() => rmSync(made, { recursive: true, force: true }));

const path = (fixture: Fixture) => join(made, fixture.file);
const pictures = () => fixtures.filter((f) => !f.frame && !f.sidecar && f.file.endsWith('.tif'));
/** Everything above 0 is labelled by itself: what a head says of made-up pictures is not the question here. */
const sure = { thresholds: { auto: 0, prompt: 0 } };

describe('the service', () => {
  it('brings an image to the repository, tagged, with its acquired file untouched and its bytes to be had back', { timeout: 180_000 }, async () => {
    const h = makeHome({ auto: { mode: 'auto' } }, { ...sure, projects: { private: ['thesis'] } });
    const { store } = await h.start();
    expect(store.history.of('project', 'thesis')).toMatchObject([{ what: expect.stringMatching(/is private/) as string }]);
    const [fixture] = pictures();
    const acquired = h.drop(path(fixture!), 'auto');
    const before = statSync(acquired, { bigint: true });
    const { image, deliveries } = await h.reaches(fixture!.sha256, 'forwarded');
    expect(image.label).toMatchObject({ kind: 'category', basis: 'auto', by: 'semtag' });
    expect(deliveries).toMatchObject([{ state: 'received', revision: 1, place: `auto/${image.label!.category}/${fixture!.file}` }]);
    expect(h.repository()).toEqual([deliveries[0]!.place, `${deliveries[0]!.place}.json`]);

    const tagged = join(h.home, 'repository', deliveries[0]!.place);
    expect(sha256(readFileSync(tagged))).not.toBe(fixture!.sha256);
    expect(await untag(tagged, join(h.home, 'restored.tif'))).toMatchObject({ sha256: fixture!.sha256 });
    const record = JSON.parse(readFileSync(`${tagged}.json`, 'utf8')) as Record<string, unknown>;
    expect(record).toMatchObject({ acquired: { sha256: fixture!.sha256 }, label: { category: image.label!.category } });

    // what gave the scores is kept
    const { head } = (record['classification'] as { model: { head: string } }).model;
    expect(sha256(readFileSync(join(h.home, 'data/heads', `${head}.json`)))).toBe(head);
    const settings = readdirSync(join(h.home, 'data/heads')).find((name) => name.startsWith('teaching-'))!;
    expect(sha256(readFileSync(join(h.home, 'data/heads', settings)))).toMatch(new RegExp(`^${settings.slice(9, -5)}`));

    expect(sha256(readFileSync(acquired))).toBe(fixture!.sha256);
    const after = statSync(acquired, { bigint: true });
    expect([after.mtimeNs, after.ctimeNs, after.mode]).toEqual([before.mtimeNs, before.ctimeNs, before.mode]);
    const file = `/api/images/${fixture!.sha256}/file`;
    expect(sha256(await h.bytes(`${file}?form=acquired`))).toBe(fixture!.sha256);
    expect((await h.bytes(file)).equals(readFileSync(tagged))).toBe(true);
  }); // prettier-ignore

  it('asks people where it must not decide, labels no frame, and tags what they answer', { timeout: 240_000 }, async () => {
    const h = makeHome({ ask: { mode: 'ask' }, observe: { mode: 'observe' } }, sure);
    await h.start();
    const [first, second] = pictures();
    const frame = fixtures.find((f) => f.frame)!;
    for (const fixture of [first!, frame]) h.drop(path(fixture), 'ask');
    h.drop(path(second!), 'observe');
    await h.reaches(first!.sha256, 'asked');
    expect((await h.reaches(frame.sha256, 'forwarded')).image.label).toMatchObject({ kind: 'unlabelled', basis: 'not_a_sample' });
    const observed = await h.reaches(second!.sha256, 'forwarded');
    expect(observed.image.label).toMatchObject({ kind: 'unlabelled', basis: 'observe' });
    expect(sha256(readFileSync(join(h.home, 'repository', observed.deliveries[0]!.place)))).toBe(second!.sha256);

    const { items } = await h.get<{ items: { sha256: string; promptVersion: number; suggestions: { category: string }[] }[] }>('/api/prompts');
    expect(items.map((prompt) => prompt.sha256)).toEqual([first!.sha256]);
    const { promptVersion, suggestions } = items[0]!;
    const answer = { answer: { kind: 'category', category: suggestions[1]!.category }, by: 'Anna', promptVersion };
    const label = `/api/images/${first!.sha256}/label`;
    expect([await h.post(label, answer), await h.post(label, { ...answer, by: 'Ben' })]).toEqual([200, 409]);
    const { image, deliveries } = await h.reaches(first!.sha256, 'forwarded');
    expect(image.label).toMatchObject({ category: suggestions[1]!.category, basis: 'answer', by: 'Anna' });
    expect(deliveries[0]!.place).toBe(`ask/${suggestions[1]!.category}/${first!.file}`);
  }); // prettier-ignore

  it('goes on where it was after a stop: nothing twice, nothing lost, what came meanwhile is taken', { timeout: 300_000 }, async () => {
    const h = makeHome({ auto: { mode: 'auto' } }, sure);
    const [one, two, three] = pictures();
    // the repository is away: everything stays owed
    renameSync(join(h.home, 'repository'), join(h.home, 'away'));
    await h.start();
    h.drop(path(one!), 'auto');
    await h.reaches(one!.sha256, 'tagged');
    await h.stop();
    h.drop(path(two!), 'auto');
    // stopped again and again before the next image can be read to its end
    for (let i = 0; i < 4; i++) {
      const { store } = await h.start();
      await until('it is at it', () => store.images.get(two!.sha256) !== undefined, 60);
      const began = performance.now();
      await h.stop();
      expect(performance.now() - began).toBeLessThan(15_000);
    }
    h.drop(path(three!), 'auto');
    renameSync(join(h.home, 'away'), join(h.home, 'repository'));
    const { store } = await h.start();
    const all = [one!, two!, three!];
    for (const { sha256: hash } of all) {
      await h.reaches(hash, 'forwarded');
      const settled = store.history.of('image', hash).filter((line) => line.to === 'settled');
      expect(settled).toHaveLength(1);
      expect(store.deliveries.ofImage(hash).map((d) => d.state)).toEqual(['received']);
    }
    expect(h.repository()).toHaveLength(6);
    expect(store.integrity()).toBe('ok');
  }); // prettier-ignore
});
