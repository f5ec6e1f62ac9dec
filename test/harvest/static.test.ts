// A static copy: lists of several pages, what changes while it is written, what cannot be read, and nothing advertised that it lacks.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { publishRules } from '../../src/domain/publish.ts';
import { givens } from '../../src/harvest/given.ts';
import { copyPublic, type Copied } from '../../src/harvest/static.ts';
import { staticLists } from '../../src/serve/oai/static-lists.ts';
import { buildPublicApp } from '../../src/serve/public-app.ts';
import { answer, at, world } from '../store/world.ts';

const BASE = 'https://sem.example.org';

test('follows changes that come while it is written, goes on past what cannot be read, and keeps no page that is none', async () => {
  const w = world();
  const www = mkdtempSync(join(tmpdir(), 'semtag-www-'));
  onTestFinished(() => rmSync(www, { recursive: true, force: true }));
  const config = checkConfig({
    dataDir: w.dataDir,
    instruments: [{ name: 'SEM 1', root: '/a' }],
    targets: [{ name: 'archive', type: 'folder', path: '/b' }],
    publish: { baseUrl: BASE, files: true },
  });
  const rules = publishRules(config.publish, []);
  const settle = (second: number, seq = 0) => {
    w.store.publication.goBy(rules, '2026-01-01', false);
    while (w.store.publication.settle(rules, new Date(at(second)), { seq, stamp: 0 }));
  };
  const [a, b] = ['a', 'b'].map((name, i) => {
    const sha256 = w.image(name, 'tagged');
    settle(100, i * 150);
    return { sha256, id: w.store.publication.record(sha256, 1)!.id };
  }) as [{ sha256: string; id: string }, { sha256: string; id: string }];
  const relabel = (sha256: string, category: 'Nanowires' | 'Fibres', second: number) => {
    w.store.revisions.label(sha256, answer(category, 'Anna', second));
    w.tag(sha256, second + 1);
    settle(second + 2);
  };

  const given = givens({ store: w.store, rules, publish: config.publish, now: () => new Date(at(500)) });
  const thumb = join(www, '..', 'none.jpg');
  const files = { thumb: () => thumb, tagged: () => Promise.resolve({ path: thumb, temporary: false }) };
  const app = await buildPublicApp({ config, logger: pino({ level: 'silent' }), store: w.store, files }, given); // prettier-ignore
  onTestFinished(() => app.close());
  const failed: string[] = [];
  const run = (meanwhile = () => {}): Promise<Copied> =>
    copyPublic({
      dir: www,
      givens: given,
      ask: async (url) => {
        const { statusCode, rawPayload } = await app.inject(url);
        return { status: statusCode, body: rawPayload };
      },
      lists() {
        meanwhile();
        return staticLists(given, `${BASE}/oai`, '');
      },
      prefixes: ['oai_dc'],
      made: '',
      at: () => {},
      failed: (name) => failed.push(name),
    });
  const text = (path: string) => readFileSync(join(www, path), 'utf8');
  const page = (name: string) => text(`oai/ListRecords/${name}.xml`);
  const recordOf = ({ id }: { id: string }) => `records/${id.slice(9)}`;

  expect(await run()).toMatchObject({ written: 2, failed: 0 });
  expect([a.id, b.id].map((id) => page('oai_dc').includes(id))).toEqual([true, false]);
  expect(page('oai_dc')).toContain('<resumptionToken>oai_dc.1</resumptionToken>');
  expect([a.id, b.id].map((id) => page('oai_dc.1').includes(id))).toEqual([false, true]);
  expect(page('oai_dc.1')).toContain('<resumptionToken></resumptionToken>');
  expect(page('oai_dc.1')).toContain('<request verb="ListRecords" resumptionToken="oai_dc.1">');
  expect(page('oai_dc.1.category-Tips')).toContain(b.id);
  // the same list as without a set
  expect(existsSync(join(www, 'oai/ListRecords/oai_dc.status.xml'))).toBe(false);

  // nothing is named that is not there
  for (const path of [`${recordOf(a)}.html`, `${recordOf(a)}/linkset.json`]) expect(text(path)).not.toContain('form=acquired'); // prettier-ignore
  expect(text('catalog.jsonld')).not.toMatch(/search\.json|openapi/);
  expect(text('catalog.jsonld')).toContain(`${BASE}/oai?verb=ListRecords&metadataPrefix=oai_dc&set=category:Tips`); // prettier-ignore

  // after the records were written, before the lists are
  expect(await run(() => relabel(b.sha256, 'Nanowires', 200))).toMatchObject({ written: 0, kept: 2 });
  expect(text(`${recordOf(b)}.json`)).toContain('"Tips"');
  expect(await run()).toMatchObject({ written: 1, kept: 1 });
  expect(text(`${recordOf(b)}.json`)).toContain('"Nanowires"');
  expect(existsSync(join(www, 'oai/ListRecords/oai_dc.1.category-Tips.xml'))).toBe(false);
  expect(page('oai_dc.category-Tips')).not.toContain('resumptionToken');

  relabel(a.sha256, 'Fibres', 300);
  const db = new Database(join(w.dataDir, 'semtag.db'));
  const put = db.prepare('UPDATE revision SET record = ? WHERE sha256 = ? AND revision = 2');
  const whole = JSON.stringify(w.store.publication.record(a.sha256, 2));
  put.run('{', a.sha256);
  expect(await run()).toMatchObject({ written: 0, kept: 1 });
  expect(failed).toContain(a.id);
  expect(page('oai_dc')).toContain(a.id);
  expect(page('oai_dc')).toContain('could not be written');
  expect(text(`${recordOf(a)}.json`)).toContain('"Tips"');
  put.run(whole, a.sha256);
  db.close();
  expect(await run()).toMatchObject({ written: 1, kept: 1, failed: 0 });
  expect(text(`${recordOf(a)}.json`)).toContain('"Fibres"');
  expect(await run()).toMatchObject({ written: 0, kept: 2, pages: 0 });

  // made by other rules: all of it
  writeFileSync(join(www, '.semtag/state.json'), JSON.stringify({ made: 'other', seq: 999, again: [] }));
  expect(await run()).toMatchObject({ written: 2 });
});
