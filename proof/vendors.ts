// Claim: every file of an instrument that can be decoded arrives tagged, its acquired file untouched, and untag gives it back bit for bit.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Proof } from './run.ts';
import { allImages, detail, untilDone } from './lib/api.ts';
import { tiffDifferences } from './lib/plain-tiff.ts';
import { makeLab, ROOT, startSemtag } from './lib/service.ts';
import { printTable } from './lib/table.ts';
import { sha256File } from './lib/wait.ts';

const IMAGE = /\.(tiff?|png|jpe?g|bmp)$/i;
const SIDECAR = /\.(txt|hdr)$/i;

type Row = { file: string; end: string; format: string; score: string; problems: string[] };

export const proof: Proof = {
  claim:
    'instrument files arrive tagged or go aside with a reason; acquired files are untouched; untag restores every bit',
  defaultDir: '../shared/vendor-files',
  async prove({ dir, keep, n, short }) {
    const all = readdirSync(dir)
      .filter((name) => IMAGE.test(name))
      .sort();
    const names = n ? all.slice(0, n) : short ? all.filter((_, i) => i % 3 === 0) : all;
    const lab = makeLab(keep ? { keep } : {});
    const service = await startSemtag(lab);
    try {
      for (const name of readdirSync(dir))
        if (SIDECAR.test(name) || names.includes(name))
          copyFileSync(join(dir, name), join(lab.acquired, name));
      const prompted = await untilDone(service, names.length);
      const images = await allImages(service);
      const aside = (
        await service.get<{ files: { path: string; error: { message: string } }[] }>('/api/quarantine')
      ).files;

      const rows: Row[] = [];
      let tagged = 0;
      for (const name of names) {
        const problems: string[] = [];
        const before = sha256File(join(dir, name));
        if (sha256File(join(lab.acquired, name)) !== before) problems.push('the acquired file changed');
        const image = images.find((i) => i.sha256 === before);
        const incomplete = aside.find((f) => basename(f.path) === name);
        if (!image) {
          if (!incomplete?.error.message) problems.push('neither an image nor aside with a reason');
          rows.push({
            file: name,
            end: `aside: ${incomplete?.error.message ?? '?'}`,
            format: '',
            score: '',
            problems,
          });
          continue;
        }
        const { image: full, deliveries } = await detail(service, image.sha256);
        if (image.state === 'quarantined' && !image.error?.message) problems.push('aside without a reason');
        if (image.state !== 'quarantined' && image.state !== 'forwarded')
          problems.push(`ended ${image.state}`);
        const place = deliveries.find((d) => d.state === 'received')?.place;
        if (place) {
          tagged++;
          problems.push(...checkTagged(join(dir, name), join(lab.repository, place), lab.home));
        }
        const end =
          image.state === 'quarantined'
            ? `aside: ${image.error?.message}`
            : `${image.state} ${image.label?.category ?? image.label?.basis ?? ''}`;
        rows.push({
          file: name,
          end,
          format: full.header?.format ?? '',
          score: image.score?.toFixed(3) ?? '',
          problems,
        });
      }
      printTable(
        ['file', 'header', 'top score', 'end', 'found wrong'],
        rows.map((r) => [
          r.file.slice(0, 46),
          r.format,
          r.score,
          r.end.slice(0, 60),
          r.problems.join('; ') || '-',
        ]),
      );
      const wrong = rows.filter((r) => r.problems.length > 0).length;
      const count = (start: string) => rows.filter((r) => r.end.startsWith(start)).length;
      return {
        ok: wrong === 0 && rows.length > 0,
        figures: `${rows.length} files: ${count('forwarded')} forwarded (${prompted} answered on being asked), ${count('aside')} aside with a reason; ${tagged} untagged bit for bit; ${wrong} with something wrong`,
      };
    } finally {
      await service.stop();
      lab.remove();
    }
  },
};

/** By readers that are not ours: exiftool, and a TIFF walker of the proof's own. */
function checkTagged(acquired: string, tagged: string, home: string): string[] {
  const problems: string[] = [];
  const record = JSON.parse(readFileSync(`${tagged}.json`, 'utf8')) as {
    label: { category?: string };
    classification?: { score: number; model: { name: string } };
  };
  if (extname(tagged).toLowerCase() === '.bmp') {
    if (sha256File(tagged) !== sha256File(acquired)) problems.push('the copy differs');
    return problems;
  }
  const xmp = exiftool(tagged);
  const { label, classification } = record;
  if (label.category && !JSON.stringify(xmp).includes(label.category))
    problems.push('exiftool does not read the category');
  if (classification && !Object.values(xmp).some((v) => Number(v) === classification.score))
    problems.push('exiftool does not read the score');
  if (classification && !JSON.stringify(xmp).includes(classification.model.name))
    problems.push('exiftool does not read the model');
  if (/\.tiff?$/i.test(tagged))
    problems.push(...tiffDifferences(readFileSync(acquired), readFileSync(tagged)).slice(0, 3));
  const restored = join(home, 'restored');
  mkdirSync(restored, { recursive: true });
  execFileSync(
    process.execPath,
    [join(ROOT, 'dist', 'main.js'), 'untag', '--force', '--output', restored, tagged],
    { stdio: 'pipe' },
  );
  if (sha256File(join(restored, basename(tagged))) !== sha256File(acquired))
    problems.push('untag does not restore it');
  return problems;
}

function exiftool(path: string): Record<string, unknown> {
  const text = execFileSync('exiftool', ['-j', '-XMP:all', '-n', path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (JSON.parse(text) as Record<string, unknown>[])[0] ?? {};
}
