// Facts out of the path: which part of which path says who, which project and which sample; and that they reach the image.

import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pathFacts } from '../../src/settle/path-facts.ts';
import { tinyTiff } from '../service/lab.ts';
import { settling } from './world.ts';

const values = (pattern: string | undefined, path: string) =>
  Object.fromEntries(Object.entries(pathFacts(pattern)(path)).map(([name, fact]) => [name, fact.value]));

describe('the parts of a path', () => {
  it.each([
    ['{operator}/{project}/{sample}/*', 'anna/2211/GaAs-17/a.tif', { operator: 'anna', project: '2211', sample: 'GaAs-17' }],
    ['{operator}/{project}/{sample}/*', 'anna/2211/GaAs-17/run 3/b/a.tif', { operator: 'anna', project: '2211', sample: 'GaAs-17' }],
    ['{operator}/{project}/{sample}/*', 'anna/2211/a.tif', { operator: 'anna', project: '2211' }],
    ['{operator}/{project}/*', 'a.tif', {}],
    ['*/{project}/*', '2026/2211/a.tif', { project: '2211' }],
    ['{project}/**', '2211/x/y/z/a.tif', { project: '2211' }],
    ['data/{operator}/{sample}/*', 'data/anna/s1/x.tif', { operator: 'anna', sample: 's1' }],
    ['data/{operator}/{sample}/*', 'Data/anna/x.tif', { operator: 'anna' }],
    ['data/{operator}/{sample}/*', 'other/anna/s1/x.tif', {}],
    ['{operator}/images/{sample}/*.tif', 'anna/spectra/s1/x.tif', {}],
    ['{operator}/images/{sample}/*.tif', 'anna/images/s1/x.tif', { operator: 'anna', sample: 's1' }],
    ['{sample}/*', '  GaAs 17 /a.tif', { sample: 'GaAs 17' }],
    ['{sample}/*', '  /a.tif', {}],
    ['{sample}/*', 'Größe µm/a.tif', { sample: 'Größe µm' }],
    [undefined, 'anna/2211/a.tif', {}],
  ])('%s on %s', (pattern, path, expected) => {
    expect(values(pattern, path)).toEqual(expected);
  }); // prettier-ignore

  it('never takes the name of the file itself', () => {
    expect(values('{operator}/{sample}', 'anna/sample.tif')).toEqual({ operator: 'anna' });
  });

  it('refuses a word that is no fact, naming those that are', () => {
    expect(() => pathFacts('{user}/*')).toThrow(/\{user\} is not one of \{operator\} \{project\} \{sample\}/);
  });
});

it('reaches the image with its origin', async () => {
  const s = settling({ instrument: { path: '{operator}/{project}/*' } });
  mkdirSync(s.path('anna/2211'), { recursive: true });
  s.drop('anna/2211/a.tif', tinyTiff());
  await s.look();
  const hash = await s.settled('anna/2211/a.tif');
  expect(s.store.images.need(hash)).toMatchObject({
    name: 'a.tif',
    facts: {
      operator: { value: 'anna', unit: null, origin: 'path' },
      project: { value: '2211', unit: null, origin: 'path' },
    },
  });
});
