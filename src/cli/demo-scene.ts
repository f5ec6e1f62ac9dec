// What goes on in `semtag demo`: two instruments, projects, people who answer, files that fail, a pause. Everything goes through the service as people do it; only the pictures and the people are made up.

import { randomBytes } from 'node:crypto';
import { truncate, writeFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CATEGORIES, type Category } from '../domain/categories.ts';
import { IMAGE_NAME } from '../domain/sidecar.ts';
import { hashPassword } from '../serve/auth/password.ts';
import type { Service } from '../service.ts';
import { callService } from './running.ts';

/** labels by itself; asks about every image, as a new instrument does at first */
export const AUTO = 'Merlin';
export const ASK = 'Quanta';
export const PRIVATE = 'Thesis of Carla';
const PAUSED = 'Solar cells';
const MIA = 'Mia';
const FOLDERS = ['Wires/GaAs-17', `${PAUSED}/cell 4`, `${PRIVATE}/C1`];
/** Images of the instrument that asks: enough that thresholds have a history to be tried on. */
export const EARLIER = 84;
/** So many of them stay unanswered, and so many blind checks stay open. */
const LEFT = 5;
const OPEN_CHECKS = 2;

/** What a made-up image shows; null: no sample. */
export type Shows = { sha256: string; category: Category | null };

type Drop = (
  source: string,
  names: string[],
  acquired: string,
  paceMs: number,
  below?: (name: string) => string,
) => Promise<void>;

export async function playScene(
  service: Service,
  home: string,
  names: string[],
  shows: Shows[],
  paceMs: number,
  drop: Drop,
): Promise<void> {
  const acquired = (instrument: string) => join(home, 'acquired', instrument);
  const truth = new Map(shows.map(({ sha256, category }) => [sha256, category]));
  const paused = { scope: 'project', name: PAUSED } as const;
  service.store.pauses.add(paused, MIA, 'embargo until the paper is out', new Date().toISOString());
  const earlier = (await readdir(join(home, 'earlier'))).filter((name) => IMAGE_NAME.test(name)).sort();
  await Promise.all([
    drop(join(home, 'earlier'), earlier, acquired(ASK), 0, () => 'Quality control/lot 8'),
    drop(join(home, 'incoming'), names, acquired(AUTO), paceMs, (name) => FOLDERS[number(name) % 3]!),
    failing(acquired(AUTO)),
    answering(service, truth),
  ]);
  await checking(service, truth);
}

/** A manager who is ready to sign in, in words: whoever tries semtag need not make an account first. The password is a new one each time. */
export async function manager({ store, url }: Service): Promise<string> {
  const password = randomBytes(8).toString('hex');
  const hash = await hashPassword(password);
  const at = new Date().toISOString();
  const kept = store.users.list().find(({ name }) => name === MIA);
  if (kept) store.users.setPassword(kept.id, hash, 'semtag demo', at);
  else store.users.add(MIA, 'manager', [PRIVATE], 'semtag demo', at, hash);
  return `Sign in as the manager: ${MIA}, password ${password}, at ${url}/#/sign-in`;
}

/** `fei-0012.tif` -> 12: an image and its sidecar go to one folder. */
const number = (name: string) => Number(/(\d+)\.\w+$/.exec(name)?.[1] ?? 0);

/** One that cannot be decoded, and one that never becomes whole. */
export const FAILING = 2;

async function failing(root: string): Promise<void> {
  const dir = join(root, 'Wires/GaAs-17');
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'odd-compression.tif'), tiff(34_712));
  const half = join(dir, 'broken-off.tif');
  await writeFile(half, tiff(1));
  await truncate(half, 100);
}

/** 16 x 16 grey pixels said to be compressed in this way: little-endian TIFF 6.0 with one strip. */
function tiff(compression: number): Buffer {
  const side = 16;
  const entries = [
    [256, 3, 1, side],
    [257, 3, 1, side],
    [258, 3, 1, 8],
    [259, 3, 1, compression],
    [262, 3, 1, 1],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 3, 1, side],
    [279, 4, 1, side * side],
  ] as const;
  const bytes = Buffer.alloc(8 + side * side + 2 + entries.length * 12 + 4);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(8 + side * side, 4);
  for (let i = 0; i < side * side; i++) bytes[8 + i] = (i * 37 + compression) % 251;
  let place = bytes.writeUInt16LE(entries.length, 8 + side * side);
  for (const [tag, type, count, value] of entries) {
    place = bytes.writeUInt16LE(tag, place);
    place = bytes.writeUInt16LE(type, place);
    place = bytes.writeUInt32LE(count, place);
    place = bytes.writeUInt32LE(value, place);
  }
  return bytes;
}

const answerOf = (category: Category | null | undefined) =>
  category ? { kind: 'category', category } : { kind: 'unusable' };
const other = (category: Category | null | undefined) =>
  CATEGORIES[(category ? CATEGORIES.indexOf(category) + 1 : 0) % CATEGORIES.length]!;

type Answer = { answer: object; by: string; promptVersion?: number };

async function label(service: Service, sha256: string, body: Answer): Promise<void> {
  // somebody at the page was quicker, or the image asks no more
  await callService(service, `/api/images/${sha256}/label`, body).catch(() => undefined);
}

/** Anna and Ben answer in turn, until few are left. Ben's third answer is a slip that Anna corrects. */
async function answering(service: Service, truth: Map<string, Category | null>): Promise<void> {
  const { store } = service;
  const seen = () => store.images.list({ instrument: ASK }, 500);
  let answers = 0;
  let quiet = 0;
  while (quiet < 20) {
    const waiting = seen().filter(({ state }) => state === 'asked');
    const onTheirWay = seen().length < EARLIER - LEFT || seen().some(({ state }) => state === 'settled' || state === 'read'); // prettier-ignore
    for (const { sha256 } of waiting.slice(0, Math.max(0, waiting.length - LEFT))) {
      answers += 1;
      const by = answers % 2 ? 'Anna' : 'Ben';
      const slip = answers === 6;
      const category = truth.get(sha256);
      await label(service, sha256, { answer: answerOf(slip ? other(category) : category), by });
      if (slip) await label(service, sha256, { answer: answerOf(category), by: 'Anna' });
    }
    quiet = onTheirWay || waiting.length > LEFT ? quiet + 0.05 : 20;
    await sleep(250);
  }
}

/** Blind checks of what the other instrument labelled by itself; the first one goes against the machine. Some stay open. Each answer may score the others again: what is open is looked up each time. */
async function checking(service: Service, truth: Map<string, Category | null>): Promise<void> {
  type Checks = { items: { sha256: string; promptVersion: number }[] };
  const said = new Set<string>();
  for (let quiet = 0; quiet < 8;) {
    const { items } = (await callService(service, '/api/checks?limit=200')) as Checks;
    const next = items.slice(OPEN_CHECKS).find(({ sha256 }) => !said.has(sha256));
    if (!next) {
      quiet += 1; // what the answers taught is still being labelled
      await sleep(250);
      continue;
    }
    quiet = 0;
    const { sha256, promptVersion } = next;
    const machine = service.store.images.need(sha256).label?.category;
    const against = said.size === 0 && truth.get(sha256) === machine;
    const category = against ? other(machine) : truth.get(sha256);
    const by = said.size % 2 ? 'Ben' : 'Anna';
    said.add(sha256);
    await label(service, sha256, { answer: answerOf(category), by, promptVersion });
  }
}

export function whatToLookAt(url: string, signIn: string): string {
  const page = (name: string) => `${url}/#/${name}`;
  return `
What to look at, without signing in:
  ${page('answer')}      questions of ${AUTO} and ${ASK}: one key each; then blind checks
  ${page('today')}       states of all images; why those of ${PAUSED} have not left; what is aside
  ${page('images')}      search by category, instrument, sample; one image with its record and history
  ${page('teaching')}    what answers do; a blind check that went against the machine
  ${page('api')}         what programs may ask, each address with an example
${signIn}
  ${page('health')}      what is wrong or paused with the next step; ages, throughput, retry, disk
  ${page('thresholds')}  what another threshold would have done to the images that people answered
  ${page('people')}      accounts, tokens of programs, paired browsers
Images of ${PRIVATE} are private: only members see them, ${MIA} is one.`;
}
