// Proof: who crawls every public address finds nothing of what is under embargo, not agreed to, private or of no project, and of what is public no name that its file carries.

import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, extname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { makeFixtures } from '../fixtures/generate.ts';
import { CATEGORIES } from '../src/domain/categories.ts';
import { RECORD_STATUSES, statusOf, type RecordStatus } from '../src/domain/publish.ts';
import { uuidOf } from '../src/record/context.ts';
import { recordId } from '../src/record/record.ts';
import { allImages, detail } from './lib/api.ts';
import { crawl, type Fetched } from './lib/crawler.ts';
import { isTelling, namesOf, saidOf, stands } from './lib/header-names.ts';
import { makeLab, ROOT, startSemtag, type Lab, type Running } from './lib/service.ts';
import { printTable } from './lib/table.ts';
import { unescaped } from './lib/unescaped.ts';
import { sha256File, until } from './lib/wait.ts';
import type { Proof } from './run.ts';

const BASE = 'https://sem.example.org/images';
const PICTURES = ['.tif', '.tiff', '.png', '.jpg', '.jpeg', '.bmp'];
const SIDECARS = ['.txt', '.hdr'];

/** Each kind of image by project and operator, and whether it is public while the embargo holds and after. */
const KINDS = {
  public: { project: 'Wires of Bochum', operator: 'Olga Openly', now: true, later: true },
  embargo: { project: 'Lattice of Nowhere', operator: 'Olga Openly', now: false, later: true },
  person: { project: 'Wires of Bochum', operator: 'Nora Refuses', now: false, later: true },
  project: { project: 'Quiet Powders', operator: 'Emil Elsewhere', now: false, later: true },
  private: { project: 'Secret Films', operator: 'Petra Private', now: false, later: false },
  none: { project: '', operator: '', now: false, later: false },
} as const;
type Kind = keyof typeof KINDS;

const WITHHOLD = [
  { project: KINDS.embargo.project.toLowerCase(), until: '2999-01-01' },
  { operator: KINDS.person.operator, forward: false },
  { project: KINDS.project.project },
];

type Placed = {
  path: string;
  kind: Kind;
  sha256: string;
  uuid: string;
  name: string;
  category?: string | undefined;
  status?: RecordStatus | undefined;
};
type Leak = { what: string; url: string };

export const proof: Proof = {
  claim: 'a crawler finds nothing of images that are withheld, and of public ones no person, serial number, path or file name of their headers',
  defaultDir: '../shared/vendor-files',
  async prove({ dir, keep, short }) {
    const lab = makeLab({
      ...(keep ? { keep } : {}),
      instrument: { path: '{project}/{operator}', quiet: 0.5, scan: 1 },
      more: {
        thresholds: { auto: 0.11, prompt: 0.1 }, // labels, so that there are sets
        serve: { port: 0, open: false },
        projects: { private: [KINDS.private.project] },
        publish: { baseUrl: BASE, open: 'everybody', withhold: WITHHOLD },
      },
    }); // prettier-ignore
    try {
      return await proveIn(lab, dir, short);
    } finally {
      lab.remove();
    }
  },
}; // prettier-ignore

async function proveIn(lab: Lab, dir: string, short: boolean) {
  let service = await startSemtag(lab);
  const empty = await crawlBoth(service, []);
  const placed = await place(lab, dir, short);
  await until('everything is tagged or aside', 900, async () => {
    const { images, files } = await service.get<{ images: Record<string, number>; files: Record<string, number> }>('/api/status'); // prettier-ignore
    const all = Object.values(images).reduce((sum, n) => sum + n, 0);
    return all >= placed.length * 0.5 && !files['seen'] && !images['settled'] && !images['read'] && !images['labelled'] && !images['asked']; // prettier-ignore
  }, 1000); // prettier-ignore
  const ours = await tagged(service, placed);
  const missing = Object.keys(KINDS).filter((kind) => !ours.some((one) => one.kind === kind));
  if (missing.length > 0) throw new Error(`no image came to be tagged of: ${missing.join(', ')}`);
  const names = await namesIn(service, ours, empty);
  const rows: (string | number)[][] = [];
  const leaks: Leak[] = [];

  const judge = async (phase: string, isPublic: (one: Placed) => boolean) => {
    const [open, hidden] = [ours.filter(isPublic), ours.filter((one) => !isPublic(one))];
    await until(`${open.length} are public`, 120, async () => (await totalOf(service)) === open.length, 500);
    const found = await crawlBoth(service, ours);
    const copy = copyOf(lab);
    const before = leaks.length;
    for (const fetched of [found, copy]) {
      leaks.push(...hiddenIn(lab, hidden, open, fetched), ...namesFound(names.wanted, fetched), ...metadataIn(fetched)); // prettier-ignore
      const missed = open.filter(({ uuid }) => !fetched.some(({ url, status }) => status === 200 && url.includes(`/records/${uuid}`))); // prettier-ignore
      leaks.push(...missed.map(({ path }) => ({ what: 'a public image is not found', url: path })));
    }
    leaks.push(...countsIn(found, open), ...setsIn([...found, ...copy], open));
    rows.push([phase, open.length, hidden.length, found.length, copy.length, leaks.length - before]);
  };

  await judge('embargo holds', ({ kind }) => KINDS[kind].now);
  const kept = ours.filter(({ kind, sha256 }) => kind === 'person' && atRepository(lab, sha256));
  leaks.push(...kept.map(({ name }) => ({ what: 'forwarded in spite of forward: false', url: name })));
  await service.stop();
  change(lab);
  service = await startSemtag(lab);
  await judge('after it', ({ kind }) => KINDS[kind].later);
  const waiting = ours.filter(({ kind }) => kind === 'person');
  await until('what was withheld is forwarded', 60, () =>
    waiting.every(({ sha256 }) => atRepository(lab, sha256)),
  );
  await service.stop();

  printTable(['', 'public', 'hidden', 'answers', 'files of the copy', 'leaks'], rows);
  for (const { what, url } of leaks.slice(0, 20)) console.log(`leak: ${what}: ${url}`);
  const kinds = Object.keys(KINDS).map((kind) => `${ours.filter((one) => one.kind === kind).length} ${kind}`);
  const figures = `${ours.length} images (${kinds.join(', ')}), ${names.wanted.length} names looked for, ${names.short} that tell nothing and ${names.own} words of its own left out, ${leaks.length} leaks`;
  return { ok: leaks.length === 0 && ours.length > 0 && names.wanted.length > 0, figures };
}

/** Every file once in turn, and made ones: each kind has pictures that no other has. */
async function place(lab: Lab, dir: string, short: boolean): Promise<Placed[]> {
  const all = readdirSync(dir).filter((name) => statSync(join(dir, name)).isFile()).sort(); // prettier-ignore
  const pictures = all.filter((name) => PICTURES.includes(extname(name).toLowerCase()));
  const some = short ? pictures.filter((_, i) => i % 4 === 0) : pictures;
  const placed: Placed[] = [];
  const put = (from: string, name: string, kind: Kind) => {
    const { project, operator } = KINDS[kind];
    const folder = join(lab.acquired, project, operator);
    mkdirSync(folder, { recursive: true });
    const beside = readdirSync(from).filter((one) => SIDECARS.includes(extname(one).toLowerCase()) && stem(one) === stem(name)); // prettier-ignore
    for (const one of [...beside, name]) copyFileSync(join(from, one), join(folder, one));
    const path = join(folder, name);
    const sha256 = sha256File(path);
    placed.push({ path, kind, sha256, uuid: uuidOf(recordId(sha256)), name });
  };
  const turns = Object.keys(KINDS) as Kind[];
  for (const [i, name] of some.entries()) put(dir, name, turns[i % turns.length]!);
  const made = join(lab.home, 'made');
  for (const [i, { file }] of (
    await makeFixtures(made, { n: turns.length * (short ? 2 : 4), seed: 29, size: 384 })
  ).entries())
    put(made, file, turns[(i + Math.floor(i / turns.length)) % turns.length]!); // another vendor each time
  return placed;
}

const stem = (name: string): string => basename(name, extname(name));

/** Those that came to be tagged: the others have no record that could leak. */
async function tagged(service: Running, placed: Placed[]): Promise<Placed[]> {
  const images = await allImages(service);
  const done = images.filter(({ state }) => state === 'tagged' || state === 'forwarded');
  const there = new Map(done.map(({ sha256, label }) => [sha256, label]));
  return placed
    .filter(({ sha256 }) => there.has(sha256))
    .map((one) => {
      const label = there.get(one.sha256);
      return { ...one, category: label?.category, status: label && statusOf(label) };
    });
}

async function namesIn(service: Running, ours: Placed[], empty: Fetched[]) {
  const wanted = new Set<string>();
  const said = new Set<string>();
  for (const { sha256, path, name, kind } of ours) {
    const { header } = (await detail(service, sha256)).image as unknown as { header?: Parameters<typeof namesOf>[1] }; // prettier-ignore
    const { project, operator } = KINDS[kind];
    for (const one of namesOf(path, header, [name, stem(name), project, operator, path])) wanted.add(one);
    for (const one of saidOf(header)) said.add(one);
  }
  // what the service says by itself before it knows any image, and what headers say of how the image was made
  const own = textOf(empty);
  const telling = [...wanted].filter(isTelling);
  const left = telling.filter((one) => stands(one, own) || [...said].some((value) => stands(one, value)));
  return { wanted: telling.filter((one) => !left.includes(one)), short: wanted.size - telling.length, own: left.length }; // prettier-ignore
}

const textOf = (fetched: Fetched[]): string =>
  fetched
    .filter(({ type }) => !type.startsWith('image/'))
    .map(readable)
    .join('\n');

const readable = ({ bytes, type }: Fetched): string => unescaped(bytes.toString(), type).toLowerCase();

/** As nobody, and as a program of role harvester. */
async function crawlBoth(service: Running, ours: Placed[]): Promise<Fetched[]> {
  const made = await service.post<{ secret: string }>('/api/people/tokens', { name: `harvest ${Date.now()}`, role: 'harvester', days: 1 }); // prettier-ignore
  const shared = {
    url: service.url,
    base: BASE,
    sha256s: ours.map(({ sha256 }) => sha256),
    uuids: ours.map(({ uuid }) => uuid),
    words: [...CATEGORIES, ...RECORD_STATUSES, 'sem', ...Object.values(KINDS).flatMap(({ project, operator }) => [project, operator]).filter(Boolean)], // prettier-ignore
  };
  const nobody = await crawl({ ...shared, headers: {} });
  return [...nobody, ...(await crawl({ ...shared, headers: { authorization: `Bearer ${made.body.secret}` } }))]; // prettier-ignore
}

/** What `semtag publish` writes, as a web server would show it. */
function copyOf(lab: Lab): Fetched[] {
  const dir = join(lab.home, 'www');
  execFileSync(process.execPath, [join(ROOT, 'dist/main.js'), 'publish', dir, '--config', lab.config], { stdio: 'ignore' }); // prettier-ignore
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !one.parentPath.includes('.semtag'))
    .map((one) => join(one.parentPath, one.name))
    .map((path) => ({ url: path.slice(dir.length), status: 200, type: path.endsWith('.jpg') ? 'image/jpeg' : `text/${extname(path).slice(1)}`, bytes: readFileSync(path), sha256: sha256File(path) })); // prettier-ignore
}

/** Its id, hash or picture in any answer; an answer that only says what was asked for tells nothing. */
function hiddenIn(lab: Lab, hidden: Placed[], open: Placed[], fetched: Fetched[]): Leak[] {
  // an image that looks like a public one to the last byte is not told from it
  const shown = new Set(open.map(({ sha256 }) => thumbOf(lab, sha256)));
  const thumbs = new Map(hidden.map(({ sha256, path }) => [thumbOf(lab, sha256), path]));
  return fetched.flatMap(({ url, status, bytes, sha256, type }) => {
    const found: Leak[] = [];
    const thumb = thumbs.get(sha256);
    if (thumb && !shown.has(sha256)) found.push({ what: `picture of ${basename(thumb)}`, url });
    const isPicture = type.startsWith('image/');
    const text = isPicture ? '' : bytes.toString();
    for (const { sha256: hash, uuid, name } of hidden) {
      if (hash === sha256) found.push({ what: `the file ${name}`, url });
      const asked = url.includes(hash) || url.includes(uuid);
      if (asked && status === 200 && !text.includes('idDoesNotExist') && !text.includes('cannotDisseminateFormat')) found.push({ what: `an answer about ${name}`, url }); // prettier-ignore
      if (!asked && (text.includes(hash) || text.includes(uuid))) found.push({ what: name, url });
    }
    return found;
  });
}

function thumbOf(lab: Lab, sha256: string): string {
  const path = join(lab.dataDir, 'thumbs', sha256.slice(0, 2), `${sha256}.jpg`);
  return existsSync(path) ? sha256File(path) : `none ${sha256}`;
}

function namesFound(names: string[], fetched: Fetched[]): Leak[] {
  const all = textOf(fetched);
  const there = names.filter((name) => stands(name, all));
  // what was searched for stands in no answer either: search.json does not say it again
  return there.map((name) => {
    const at = fetched.find((one) => !one.type.startsWith('image/') && stands(name, readable(one)));
    return { what: `"${name}"`, url: at?.url ?? '' };
  });
}

const metadataIn = (fetched: Fetched[]): Leak[] =>
  fetched
    .filter(
      ({ type, bytes }) =>
        type === 'image/jpeg' && /Exif\0|ns\.adobe\.com\/xap|Photoshop 3\.0/.test(bytes.toString('latin1')),
    ) // prettier-ignore
    .map(({ url }) => ({ what: 'metadata in a picture', url }));

/** Every count that is told, of all and of what is looked for by one property, is that of the public ones. */
function countsIn(fetched: Fetched[], open: Placed[]): Leak[] {
  let compared = 0;
  const leaks = fetched.flatMap(({ url, status, bytes }) => {
    const { pathname, searchParams } = new URL(url);
    if (status !== 200 || pathname !== '/search.json' || searchParams.has('cursor')) return [];
    const asked = [...searchParams].filter(([name]) => name !== 'limit');
    if (asked.some(([name]) => !(name in COUNTED))) return [];
    const found = open.filter((one) => asked.every(([name, value]) => COUNTED[name as keyof typeof COUNTED](one) === value)); // prettier-ignore
    const { facets } = JSON.parse(bytes.toString().split('\n\n').slice(1).join('\n\n')) as { facets: Record<string, { value: string; count: number }[]> & { total: number } }; // prettier-ignore
    compared++;
    const told = Object.keys(COUNTED).map((name) => facets[name]!.map(({ value, count }) => `${value} ${count}`).sort().join()); // prettier-ignore
    const truth = Object.values(COUNTED).map((of) => talliesOf(found.map(of)));
    return [[`${facets.total}`, `${found.length}`], ...told.map((one, i) => [one, truth[i]!])]
      .filter(([one, other]) => one !== other)
      .map(([one, other]) => ({ what: `counts ${one}, not ${other}`, url }));
  });
  return compared > CATEGORIES.length
    ? leaks
    : [{ what: `only ${compared} searches were compared`, url: '' }];
}

const COUNTED = {
  category: ({ category }: Placed) => category,
  instrument: () => 'sem',
  status: ({ status }: Placed) => status,
};

function talliesOf(values: (string | undefined)[]): string {
  const there = values.filter((value) => value !== undefined);
  return [...new Set(there)].map((value) => `${value} ${there.filter((one) => one === value).length}`).sort().join(); // prettier-ignore
}

/** Sets and the catalogue name no category that no public image has. */
function setsIn(fetched: Fetched[], open: Placed[]): Leak[] {
  const categories = new Set(open.map(({ category }) => category));
  return fetched
    .filter(({ url }) => url.includes('ListSets') || url.includes('catalog.jsonld'))
    .flatMap(({ url, bytes }) =>
      [...bytes.toString().matchAll(/category[:=](\w+)/g)]
        .filter(([, one]) => !categories.has(one))
        .map(([, one]) => ({ what: `the set of ${one!}`, url })),
    );
}

async function totalOf(service: Running): Promise<number> {
  const { facets } = await service.get<{ facets: { total: number; complete: boolean } }>('/search.json');
  return facets.complete ? facets.total : NaN;
}

function atRepository(lab: Lab, sha256: string): boolean {
  return readdirSync(lab.repository, { recursive: true }).some((one) => String(one).includes(sha256.slice(0, 8))); // prettier-ignore
}

/** The embargo is lifted, and everybody agreed. */
function change(lab: Lab): void {
  const config = parse(readFileSync(lab.config, 'utf8')) as { publish: { withhold?: object[] } };
  delete config.publish.withhold;
  writeFileSync(lab.config, stringify(config));
}
