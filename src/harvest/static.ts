// A static copy of what is public, below a folder that a web server shows: writes what changed since last time, takes away what is gone. Touches nothing that it did not make.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SemtagError } from '../errors.ts';
import { publish } from '../publish.ts';
import { uuidOf } from '../record/context.ts';
import { RENDERINGS } from '../record/renderings.ts';
import { takeRunLock } from '../store/lock.ts';
import type { PublishedSet } from '../store/publication.ts';
import type { Givens, Listed } from './given.ts';

export type Answer = { status: number; body: Buffer };

/** A page of a list of OAI-PMH. */
export type StaticPage = {
  /** `ListRecords/oai_dc.17.category-Tips.xml`: format, number of the page, set; the first has no number */
  path: string;
  /** changes with whatever changes the text */
  print: string;
  text: () => string;
};

export type StaticDeps = {
  dir: string;
  givens: Givens;
  /** as the service answers */
  ask: (path: string) => Promise<Answer>;
  /** the pages of the lists of OAI-PMH */
  lists: () => Iterable<StaticPage>;
  /** metadata formats of OAI-PMH */
  prefixes: string[];
  /** all beside the records that changes what is written, as text */
  made: string;
  /** told how many changes were looked at */
  at: (seq: number) => void;
  /** told of a record, or an address, that could not be written; the others are */
  failed: (name: string, error: unknown) => void;
};

/** `failed`: looked at again with the next run. */
export type Copied = { written: number; gone: number; kept: number; failed: number; pages: number };

const OWN = '.semtag';
/** How far it came is noted after so many records: one that was cut off goes on from there. */
const NOTED = 200;
/** Items that are looked at together. */
const STEP = 500;

/** All changes up to `seq` are in the copy, but for `again`: identifiers of records that could not be written. */
type State = { made: string; seq: number; again: string[] };

/** Throws bad_request where `dir` holds something else, or another one is at work on it. */
export async function copyPublic(deps: StaticDeps): Promise<Copied> {
  const { dir, givens, made } = deps;
  refuseForeign(dir);
  mkdirSync(join(dir, OWN), { recursive: true });
  const lock = takeRunLock(join(dir, OWN));
  if (!lock) throw new SemtagError('bad_request', `${dir}: another semtag publish is at work on it`);
  try {
    const files = fileIn(dir);
    const before = stateOf(dir, made);
    const again = new Set(before.again);
    const copied: Copied = { written: 0, gone: 0, kept: 0, failed: 0, pages: 0 };
    const note = (seq: number) => files.write(`${OWN}/state.json`, JSON.stringify({ made, seq, again: [...again] })); // prettier-ignore
    /** One that fails stops no other. */
    const attempt = async (name: string, work: () => Promise<void>): Promise<boolean> => {
      try {
        await work();
        return true;
      } catch (error) {
        if (givens.pausedSince() !== undefined) throw error;
        copied.failed++;
        deps.failed(name, error);
        return false;
      }
    };
    // what changes from here on is for the next run too: lists and pages may have been written before it
    const newest = givens.newest();
    for (const { item } of everything(givens)) {
      const step = stepOf(dir, before, item);
      const isDone = await attempt(item.id, async () => {
        if (step === 'gone') await takeAway(deps, files, uuidOf(item.id));
        if (step === 'written') await write(deps, files, uuidOf(item.id));
        if (step) copied[step]++;
      });
      if (isDone) again.delete(item.id);
      else again.add(item.id);
      deps.at(item.seq);
      if ((copied.written + copied.gone) % NOTED === NOTED - 1 && item.seq > before.seq) await note(item.seq);
    }
    copied.pages = await lists(deps, files);
    for (const [address, path] of Object.entries(FIXED)) await attempt(address, async () => void (await put(deps, files, address, path))); // prettier-ignore
    await attempt('/sitemap.xml', () => sitemap(deps, files));
    await note(newest);
    return copied;
  } finally {
    lock.release();
  }
}

/** What would be done. */
export function wouldCopy({ dir, givens, made }: Pick<StaticDeps, 'dir' | 'givens' | 'made'>): Copied {
  refuseForeign(dir);
  const before = stateOf(dir, made);
  const copied: Copied = { written: 0, gone: 0, kept: 0, failed: 0, pages: 0 };
  for (const { item } of everything(givens)) {
    const step = stepOf(dir, before, item);
    if (step) copied[step]++;
  }
  return copied;
}

/** What is to be done about it; undefined where it was never in the copy, or is out of it. */
function stepOf(
  dir: string,
  before: State,
  { id, seq, gone }: Listed['item'],
): 'written' | 'gone' | 'kept' | undefined {
  const isThere = existsSync(join(dir, 'records', `${uuidOf(id)}.html`));
  const isNew = seq > before.seq || before.again.includes(id);
  // also what was written before the rules kept it back: whatever its place in the list
  if (gone) return isThere || isNew ? 'gone' : undefined;
  return isThere && !isNew ? 'kept' : 'written';
}

/** Oldest change first. */
export function* everything(givens: Pick<Givens, 'list'>, set: PublishedSet = {}): Generator<Listed> {
  for (let after = 0; ;) {
    const before = after;
    for (const one of givens.list({ ...set, after }, STEP)) {
      yield one;
      after = one.item.seq;
    }
    if (after === before) return;
  }
}

function refuseForeign(dir: string): void {
  if (existsSync(dir) && !existsSync(join(dir, OWN)) && readdirSync(dir).length > 0)
    throw new SemtagError('bad_request', `${dir}: is not empty, and semtag publish did not make it`);
}

/** From the beginning where other rules made it, or another version. */
function stateOf(dir: string, made: string): State {
  const path = join(dir, OWN, 'state.json');
  const state = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as State) : undefined;
  return state?.made === made ? state : { made, seq: 0, again: [] };
}

type Files = ReturnType<typeof fileIn>;

function fileIn(dir: string) {
  const placeOf = (path: string) => join(dir, ...path.split('/'));
  return {
    placeOf,
    has: (path: string) => existsSync(placeOf(path)),
    remove: (path: string) => rmSync(placeOf(path), { recursive: true, force: true }),
    async write(path: string, body: string | Buffer): Promise<void> {
      const place = placeOf(path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(`${place}.part`, body);
      await publish(`${place}.part`, place);
    },
  };
}

/** Writes what there is to an address, and takes away what there is not any more. Throws where neither can be known. */
async function put(
  { ask }: StaticDeps,
  files: Files,
  address: string,
  path: string,
): Promise<Buffer | undefined> {
  const { status, body } = await ask(address);
  if (status === 200) {
    await files.write(path, body);
    return body;
  }
  // not there, withdrawn, or not given: what lay here is not to be seen any more
  if (status >= 500) throw new SemtagError('internal', `${address}: ${status} ${body.toString().slice(0, 200)}`); // prettier-ignore
  files.remove(path);
  return undefined;
}

async function write(deps: StaticDeps, files: Files, uuid: string): Promise<void> {
  const own = `records/${uuid}`;
  files.remove(`${own}.gone`);
  files.remove(`${own}/revisions`);
  for (const { ending } of Object.values(RENDERINGS)) await put(deps, files, `/${own}${ending}`, `${own}${ending}`); // prettier-ignore
  for (const name of ['linkset.json', 'thumb.jpg', 'file']) await put(deps, files, `/${own}/${name}`, `${own}/${name}`); // prettier-ignore
  const list = await put(deps, files, `/${own}/revisions`, `${own}/revisions.json`);
  const { items } = JSON.parse(list?.toString() ?? '{"items":[]}') as { items: { revision: number }[] };
  for (const { revision } of items) {
    const path = `${own}/revisions/${revision}.json`;
    await put(deps, files, `/${path}`, path);
  }
  await getRecords(deps, files, uuid);
  // last: it says that the others are there
  await put(deps, files, `/${own}`, `${own}.html`);
}

async function takeAway(deps: StaticDeps, files: Files, uuid: string): Promise<void> {
  const own = `records/${uuid}`;
  files.remove(own);
  for (const { ending } of Object.values(RENDERINGS)) files.remove(`${own}${ending}`);
  await getRecords(deps, files, uuid);
  await files.write(`${own}.gone`, 'Withdrawn.\n');
  files.remove(`${own}.html`);
}

async function getRecords(deps: StaticDeps, files: Files, uuid: string): Promise<void> {
  for (const prefix of deps.prefixes)
    await put(deps, files, `/oai?verb=GetRecord&metadataPrefix=${prefix}&identifier=urn:uuid:${uuid}`, `oai/GetRecord/${prefix}/${uuid}.xml`); // prettier-ignore
}

/** What the pages were made of lies in one file; without it all are written. Those that are none any more would name what has left them. */
async function lists({ lists }: StaticDeps, files: Files): Promise<number> {
  const prints = `${OWN}/pages.json`;
  const before = files.has(prints) ? (JSON.parse(readFileSync(files.placeOf(prints), 'utf8')) as Record<string, string>) : {}; // prettier-ignore
  files.remove(prints); // it says nothing true of pages while some of them are others
  const now: Record<string, string> = {};
  let pages = 0;
  for (const { path, print, text } of lists()) {
    now[path] = print;
    if (before[path] === print && files.has(`oai/${path}`)) continue;
    await files.write(`oai/${path}`, text());
    pages++;
  }
  for (const verb of ['ListRecords', 'ListIdentifiers'])
    for (const name of files.has(`oai/${verb}`) ? readdirSync(files.placeOf(`oai/${verb}`)) : [])
      if (!(`${verb}/${name}` in now)) files.remove(`oai/${verb}/${name}`);
  await files.write(prints, JSON.stringify(now));
  return pages;
}

const FIXED: Record<string, string> = {
  '/oai?verb=Identify': 'oai/Identify.xml',
  '/oai?verb=ListMetadataFormats': 'oai/ListMetadataFormats.xml',
  '/oai?verb=ListSets': 'oai/ListSets.xml',
  '/oai?verb=none': 'oai/badVerb.xml',
  '/oai?verb=ListRecords': 'oai/badArgument.xml',
  '/oai?verb=ListRecords&resumptionToken=none': 'oai/badResumptionToken.xml',
  '/oai?verb=ListRecords&metadataPrefix=none': 'oai/cannotDisseminateFormat.xml',
  '/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=none': 'oai/idDoesNotExist.xml',
  '/catalog.jsonld': 'catalog.jsonld',
  '/vocabulary.ttl': 'vocabulary.ttl',
  '/vocabulary.jsonld': 'vocabulary.jsonld',
  '/records/style.css': 'records/style.css',
};

async function sitemap(deps: StaticDeps, files: Files): Promise<void> {
  const index = (await put(deps, files, '/sitemap.xml', 'sitemap.xml'))?.toString() ?? '';
  const parts = [...index.matchAll(/\/(sitemap-\d+\.xml)</g)].map(([, name]) => name!);
  for (const name of parts) await put(deps, files, `/${name}`, name);
  for (const name of readdirSync(deps.dir))
    if (/^sitemap-\d+\.xml$/.test(name) && !parts.includes(name)) files.remove(name);
}
