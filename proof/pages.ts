// Claim: with a million images a search answers in 50 ms, images that look alike are found in 200 ms, the gallery opens within a second, and what is found is what comparing every image finds.

import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Proof } from './run.ts';
import { alikeFigures, type AlikeFigures } from './lib/alike-figures.ts';
import { makeCatalogue } from './lib/catalogue.ts';
import { galleryOpened } from './lib/gallery-opened.ts';
import type { Made } from './lib/made-images.ts';
import { watchMemory } from './lib/memory.ts';
import { searchFigures, type SearchFigures } from './lib/search-figures.ts';
import { acquired } from './lib/acquired.ts';
import { makeLab, startSemtag, type Running } from './lib/service.ts';
import { format, median, percentile, printTable } from './lib/table.ts';

/** `partial`: of the searches, those that say how far they looked instead of finding all that the page has room for. */
const BOUNDS = { search: 50, similar: 200, gallery: 1000, recall: 0.95, partial: 0.02 };
/** Nobody answers here, and what is found is compared: none of the images goes on meanwhile. */
const WAITS_S = 10 * 365 * 86_400;
/** Private, and not seen on this machine without a name. */
const HIDDEN = ['2007', '2021', '2100'];

export const proof: Proof = {
  claim: 'a search, images that look alike and the gallery are there at once, and what is found is right',
  async prove({ keep, short, n = short ? 20_000 : 1_000_000 }) {
    const lab = makeLab({
      ...(keep ? { keep } : {}),
      instrument: { quiet: 0.3, scan: 1 },
      more: { log: { level: 'warn' }, projects: { private: HIDDEN }, ask: { hold: 0, release: WAITS_S } },
    });
    try {
      const made = await makeCatalogue(lab.dataDir, n);
      const { rows, indexes, words, signatures } = made.seconds;
      const all = rows + indexes + words + signatures;
      console.log(`${n} images made in ${all.toFixed(0)} s (rows ${rows.toFixed(0)}, indexes ${indexes.toFixed(0)}, words and counts ${words.toFixed(0)}, signatures ${signatures.toFixed(0)}); bottlenecks of the newest ${made.whole}`); // prettier-ignore
      const service = await startSemtag(lab);
      const memory = watchMemory(service.child.pid!, 500);
      try {
        const counts = await countsDiffer(service, made.images);
        const alone = await acquired(service, lab, 'alone');
        const search = await searchFigures(service, lab.dataDir, made.images, short ? 3 : 40, { hidden: HIDDEN, seed: 3, check: true }); // prettier-ignore
        const [, beside] = await Promise.all([
          searchFigures(service, lab.dataDir, made.images, short ? 1 : 10, { hidden: HIDDEN, seed: 4, check: false }), // prettier-ignore
          acquired(service, lab, 'beside'),
        ]);
        const alike = await alikeFigures(service, made, short ? 5 : 30);
        const gallery = await galleryOpened(service.url, short ? 1 : 5);
        printFigures(search, alike, gallery);
        const size = (name: string) => format(statSync(join(lab.dataDir, name)).size / 1e6);
        const load = loadavg().map((one) => one.toFixed(1));
        console.log(`image saved to classified: ${format(alone)} s, beside searches ${format(beside)} s`);
        console.log(`semtag.db ${size('semtag.db')} MB, signatures.db ${size('signatures.db')} MB, service with its children ${format(memory.stop().pss)} MB at most; load of the machine ${load.join(' ')}`); // prettier-ignore
        for (const one of search.wrong.slice(0, 5)) console.log(`wrong: ${one}`);
        for (const one of search.unchecked) console.log(`compared with nothing: ${one}`);
        for (const one of counts) console.log(`counted otherwise: ${one}`);
        return judged(search, alike, gallery, counts.length === 0, short);
      } finally {
        memory.stop();
        await service.stop();
      }
    } finally {
      lab.remove();
    }
  },
};

const requestsOf = ({ kinds }: SearchFigures) => [...kinds.values()].flatMap(({ request }) => request);

function printFigures(search: SearchFigures, alike: AlikeFigures, gallery: number[]): void {
  const three = (ms: number[]) => [median(ms), percentile(ms, 0.95), Math.max(...ms)].map((one) => (Number.isFinite(one) ? format(one) : '')).join(' / '); // prettier-ignore
  const kinds = [...search.kinds].map(([name, { request, database, partial }]) => [
    `search: ${name}`,
    three(request),
    three(database),
    partial,
  ]);
  printTable(
    ['ms: median / p95 / slowest', 'the request', 'of it in the database', 'said how far it looked'],
    [
      ...kinds,
      ['search: all', three(requestsOf(search)), three([...search.kinds.values()].flatMap(({ database }) => database)), ''], // prettier-ignore
      ['images that look alike', three(alike.ms), '', ''],
      ['the first of these after the start', format(alike.first), '', ''],
      ['gallery opened to 50 thumbnails', three(gallery), '', ''],
    ],
  );
}

function judged(search: SearchFigures, alike: AlikeFigures, gallery: number[], counted: boolean, short: boolean) {
  const request = requestsOf(search);
  const [searched, likened] = [percentile(request, 0.95), percentile(alike.ms, 0.95)];
  const opened = median(gallery);
  const kinds = [...search.kinds.values()];
  const partial = kinds.reduce((sum, one) => sum + one.partial, 0) / request.length;
  const right = counted && search.wrong.length === 0 && search.unchecked.length === 0 && alike.recall >= BOUNDS.recall;
  const fast = searched < BOUNDS.search && likened < BOUNDS.similar && opened < BOUNDS.gallery && partial <= BOUNDS.partial;
  const figures = [
    `search p95 ${format(searched)} ms, ${search.checked} of ${request.length} compared with every image, ${search.wrong.length} wrong, ${format(partial * 100)} % said how far they looked`,
    `look-alikes p95 ${format(likened)} ms, recall ${format(alike.recall)}`,
    `gallery ${format(opened)} ms`,
    `counts ${counted ? 'right' : 'wrong'}`,
    ...(short ? ['speed not judged'] : []),
  ];
  return { ok: right && (short || fast), figures: figures.join('; ') };
} // prettier-ignore

/** What the status counts, of all and of what is seen without a name, that is not so. */
async function countsDiffer(service: Running, images: Made[]): Promise<string[]> {
  type Status = { images: Record<string, number> };
  const wrong: string[] = [];
  const compare = (of: string, { images: counted }: Status, seen: Made[]) => {
    for (const [state, n] of Object.entries(counted)) {
      const right = seen.filter((one) => one.state === state).length;
      if (n !== right) wrong.push(`${of}, ${state}: ${n} for ${right}`);
    }
  };
  compare('all', await service.get<Status>('/api/status'), images);
  const unnamed = (await (await fetch(`${service.url}/api/status`)).json()) as Status;
  compare('without the private projects', unnamed, images.filter(({ project }) => !HIDDEN.includes(project))); // prettier-ignore
  return wrong;
}
