// `semtag publish`: a static copy that says what the service says, follows what changes, and holds nothing that is not public (any more).

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishRules, type Withheld } from '../../src/domain/publish.ts';
import { at, world } from '../store/world.ts';
import { semtag, temporary, writeConfig } from './semtag.ts';

const BASE = 'https://sem.example.org/images';

/** Every file below, with its text. */
const read = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !one.parentPath.includes('.semtag'))
    .map((one) => join(one.parentPath, one.name))
    .map((path) => ({ path: path.slice(dir.length + 1), text: readFileSync(path, 'utf8') }));

it('writes what changed, takes away what is withdrawn, and leaves other folders alone', async () => {
  const { dataDir, store, image } = world();
  const dir = temporary();
  for (const name of ['acquired', 'repository']) mkdirSync(join(dir, name));
  const config = (withhold: Withheld[]) => {
    const publish = { baseUrl: BASE, withhold };
    const facility = { people: [{ name: 'Berta Example', affiliation: 'Nowhere' }] };
    writeConfig(dir, { dataDir, publish, facility });
    const rules = publishRules({ projects: ['*'], withhold, baseUrl: BASE, fields: [], files: false }, []);
    store.publication.goBy(rules, '2026-01-01', false);
    while (store.publication.settle(rules, new Date(at(100))));
  };
  const hashes = ['a.tif', 'b.tif'].map((name, i) => image(name, 'tagged', i));
  config([]);
  const run = async (...more: string[]) => {
    const { code, out, err } = await semtag(dir, 'publish', 'www', '--json', ...more);
    return { code, err, ...(JSON.parse(out || '{}') as object) };
  };
  expect(await run()).toMatchObject({ code: 0, written: 2, gone: 0, kept: 0 });
  const www = join(dir, 'www');
  const [first, second] = hashes.map((hash) => store.publication.record(hash, 1)!.id.slice(9));
  const page = readFileSync(join(www, `records/${first!}.html`), 'utf8');
  expect(page).toContain(first!);
  const list = readFileSync(join(www, 'oai/ListRecords/oai_dc.xml'), 'utf8');
  expect([list.includes(first!), list.includes(second!)]).toEqual([true, true]);
  expect(readFileSync(join(www, 'oai/Identify.xml'), 'utf8')).toContain(`<baseURL>${BASE}/oai</baseURL>`);
  expect(readFileSync(join(www, 'sitemap-1.xml'), 'utf8')).toContain(`${BASE}/records/${first!}`);
  for (const { text } of read(www)) expect(text).not.toMatch(/Anna|a\.tif|2211|localhost/);
  // what it keeps for itself may come to a web server too
  expect(readFileSync(join(www, '.semtag/state.json'), 'utf8')).not.toMatch(/Berta|Nowhere/);
  expect(await run()).toMatchObject({ written: 0, kept: 2, pages: 0 });

  store.revisions.correctFacts([hashes[0]!], { project: { value: 'Held', unit: null, origin: 'operator' } }, 'Anna', at(200)); // prettier-ignore
  config([{ project: 'Held', forward: true }]);
  expect(await run('--dry-run')).toMatchObject({ written: 0, gone: 1, dryRun: true });
  expect(existsSync(join(www, `records/${first!}.html`))).toBe(true);
  expect(await run()).toMatchObject({ written: 0, gone: 1, kept: 1 });
  expect(read(www).filter(({ path }) => path.startsWith(`records/${first!}`)).map(({ path }) => path)).toEqual([`records/${first!}.gone`]); // prettier-ignore
  for (const { path, text } of read(www)) expect([path, text.includes(hashes[0]!)]).toEqual([path, false]);
  expect(readFileSync(join(www, `oai/GetRecord/oai_dc/${first!}.xml`), 'utf8')).toContain('status="deleted"');
  store.close();

  mkdirSync(join(dir, 'other'));
  writeFileSync(join(dir, 'other/mine.txt'), '');
  expect(await semtag(dir, 'publish', 'other')).toMatchObject({ code: 2, err: expect.stringContaining('did not make it') as string }); // prettier-ignore
  writeConfig(dir, { dataDir });
  expect(await semtag(dir, 'publish', 'www')).toMatchObject({ code: 2, err: expect.stringContaining('publish.baseUrl') as string }); // prettier-ignore
});

it('gives out no file that is not the one that was tagged', async () => {
  const { dataDir, store, image } = world();
  const dir = temporary();
  for (const name of ['acquired', 'repository']) mkdirSync(join(dir, name));
  writeConfig(dir, { dataDir, publish: { baseUrl: BASE, files: true } });
  const rules = publishRules({ projects: ['*'], withhold: [], baseUrl: BASE, fields: [], files: true }, []);
  const hash = image('a.tif', 'tagged');
  store.publication.goBy(rules, '2026-01-01', false);
  while (store.publication.settle(rules, new Date(at(100))));
  const { id } = store.publication.record(hash, 1)!;
  mkdirSync(join(dataDir, 'tagged'), { recursive: true });
  writeFileSync(join(dataDir, 'tagged', `${hash}.1.image`), 'other bytes');
  const { code, out, err } = await semtag(dir, 'publish', 'www', '--json');
  expect([code, JSON.parse(out), err]).toMatchObject([
    1,
    { written: 0, failed: 1 },
    expect.stringContaining(id),
  ]);
  expect(existsSync(join(dir, 'www/records', id.slice(9), 'file'))).toBe(false);
});
