// What others read in a tagged file: exiftool, exiv2 and libtiff find our packet, and every other tag exactly as before. Files: the project's
// fixtures, and those of ../shared where that folder is there.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFixtures } from '../../fixtures/generate.ts';
import { withFile } from '../../src/formats/source.ts';
import { checkStructure } from '../../src/formats/structure.ts';
import { walkTiff } from '../../src/formats/tiff.ts';
import { folder, SCORE, trip, type Trip } from './world.ts';

const run = promisify(execFile);
const shared = new URL('../../../shared/vendor-files/', import.meta.url).pathname;
const has = (tool: string) => {
  try {
    execFileSync('which', [tool]);
    return true;
  } catch {
    return false;
  }
};

const trips: ({ name: string } & Trip)[] = [];

beforeAll(async () => {
  const made = join(folder, 'fixtures');
  await makeFixtures(made, { size: 256 });
  const folders = existsSync(shared) ? [made, shared] : [made];
  for (const from of folders)
    for (const name of readdirSync(from).filter((n) => /\.(tiff?|png|jpg|bmp)$/i.test(n))) {
      const path = join(from, name);
      // what is not whole is never tagged
      if (withFile(path, checkStructure).complete)
        trips.push({ name, ...(await trip(readFileSync(path), 'Nanowires', name)) });
    }
});

test('files of every kind made the trip, those of ../shared too (only the fixtures where that folder is missing)', () => {
  const methods = new Set(trips.map((t) => t.embedded.method));
  expect([...methods].sort()).toEqual(['jpeg', 'png', 'sidecar', 'tiff']);
  expect(trips.length).toBeGreaterThan(existsSync(shared) ? 70 : 30);
  for (const { name, embedded } of trips)
    if (!name.endsWith('.bmp')) expect(embedded.method, name).not.toBe('sidecar');
});

type Tags = Record<string, unknown>;

/** All tags of many files in one call, by the file's position. */
async function exiftool(paths: string[], ...options: string[]): Promise<Tags[]> {
  const { stdout } = await run('exiftool', ['-json', '-a', '-G1', '-struct', '-n', ...options, ...paths], { maxBuffer: 1e9 }); // prettier-ignore
  return JSON.parse(stdout) as Tags[];
}

const carriers = () => trips.filter((t) => t.embedded.method !== 'sidecar');

describe.skipIf(!has('exiftool'))('exiftool (skipped where it is not installed)', () => {
  test('reads category, score, model and the header with units', async () => {
    const all = await exiftool(
      carriers().map((t) => t.taggedPath),
      '-XMP:all',
    );
    expect(all.length).toBe(carriers().length);
    for (const [i, tags] of all.entries())
      expect(tags, carriers()[i]!.name).toMatchObject({
        'XMP-semtag:Category': 'Nanowires',
        'XMP-semtag:Score': SCORE,
        'XMP-semtag:Decision': 'auto',
        'XMP-semtag:Scores': expect.objectContaining({ Nanowires: SCORE }) as unknown,
        'XMP-semtag:Model': 'bootstrap',
        'XMP-semtag:ModelHead': 'a'.repeat(64),
        'XMP-semtag:ThresholdsVersion': 3,
        'XMP-semtag:LabelledBy': 'semtag',
        'XMP-semtag:Instrument': 'SEM "one" & <two>',
        'XMP-semtag:Operator': { Origin: 'path', Value: 'Zoë' },
        'XMP-semtag:Header': expect.objectContaining({ Accelerating_voltage_V: { Origin: 'tiff:34682 [EBeam] HV', Unit: 'V', Value: 15000 } }) as unknown, // prettier-ignore
      });
  });

  test('finds every other tag as it was', async () => {
    const others = ['--XMP:all', '--System:all', '--ExifTool:all', '--File:all'];
    const before = await exiftool(
      carriers().map((t) => t.acquiredPath),
      ...others,
    );
    const after = await exiftool(
      carriers().map((t) => t.taggedPath),
      ...others,
    );
    const without = ({ SourceFile: _, ...tags }: Tags): Tags =>
      // exiftool lists tag 700 of a BigTIFF under this name too
      Object.fromEntries(Object.entries(tags).filter(([key]) => key !== 'IFD0:ApplicationNotes'));
    expect(before.length).toBe(carriers().length);
    before.forEach((tags, i) => expect(without(after[i]!), carriers()[i]!.name).toEqual(without(tags)));
  });

  test('has nothing to warn of that it did not warn of before', async () => {
    const before = await exiftool(
      carriers().map((t) => t.acquiredPath),
      '-Warning',
      '-Error',
    );
    const after = await exiftool(
      carriers().map((t) => t.taggedPath),
      '-Warning',
      '-Error',
    );
    const warnings = ({ SourceFile: _, ...tags }: Tags): Tags => tags;
    before.forEach((tags, i) => expect(warnings(after[i]!), carriers()[i]!.name).toEqual(warnings(tags)));
  });
});

describe.skipIf(!has('exiftool') || !has('exiv2'))(
  'a packet that exiftool wrote (skipped without exiftool and exiv2)',
  () => {
    const theirs = ['-XMP-dc:Subject=steel', '-XMP-dc:Subject=Nanowires', '-XMP-dc:Title=theirs', '-XMP-xmp:Rating=4', '-XMP-dc:Creator=A & B']; // prettier-ignore

    test('is merged: theirs stays, ours is there, nothing is doubled, and it all comes back', async () => {
      const samples = ['tif', 'png', 'jpg'].map((e) => carriers().find((t) => t.name.endsWith(e))!);
      for (const { name, acquiredPath } of samples) {
        const path = join(folder, `xmp-${name}`);
        await run('exiftool', ['-q', ...theirs, '-o', path, acquiredPath]);
        const { taggedPath } = await trip(readFileSync(path), 'Nanowires', `merged-${name}`);
        const [tags] = await exiftool([taggedPath], '-XMP:all');
        expect(tags, name).toMatchObject({
          'XMP-dc:Subject': ['steel', 'Nanowires'],
          'XMP-dc:Title': 'theirs',
          'XMP-dc:Creator': ['A & B'],
          'XMP-xmp:Rating': 4,
          'XMP-semtag:Category': 'Nanowires',
        });
        // the XMP toolkit inside exiv2 refuses a packet that has a property twice
        const { stdout } = await run('exiv2', ['-q', '-K', 'Xmp.semtag.category', '-K', 'Xmp.dc.title', '-Pv', taggedPath]); // prettier-ignore
        expect(stdout.trim().split('\n').sort(), name).toEqual(['Nanowires', 'lang="x-default" theirs']);
      }
    });
  },
);

describe.skipIf(!has('exiv2'))('exiv2 (skipped where it is not installed)', () => {
  test('reads the category; BigTIFF it does not know', async () => {
    for (const { name, taggedPath } of carriers()) {
      const big = withFile(taggedPath, (source) => source.read(0, 4).includes(43));
      if (big) continue;
      const { stdout } = await run('exiv2', ['-q', '-K', 'Xmp.semtag.category', '-Pv', taggedPath]);
      expect(stdout.trim(), name).toBe('Nanowires');
    }
  });
});

describe.skipIf(!has('tiffinfo'))('libtiff (skipped where it is not installed)', () => {
  test('walks all pages and shows the packet', async () => {
    for (const { name, taggedPath, embedded } of carriers()) {
      if (embedded.method !== 'tiff') continue;
      const { stdout } = await run('tiffinfo', [taggedPath], { maxBuffer: 1e8, encoding: 'latin1' });
      const pages = withFile(taggedPath, (source) => walkTiff(source).ifds.length);
      expect(stdout.split('=== TIFF directory').length - 1, name).toBe(pages);
      expect(stdout, name).toContain('<semtag:category>Nanowires</semtag:category>');
    }
  });
});
