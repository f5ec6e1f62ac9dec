// `semtag verify`: does every target still hold what its receipt says, and is the database sound? Reads only; repairs nothing.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import { folderTarget } from '../forward/targets/folder.ts';
import { dataPaths } from '../paths.ts';
import type { Target } from '../forward/target.ts';
import type { Delivery, DeliveryObject } from '../store/deliveries.ts';
import type { Image } from '../store/images.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { untag } from '../tag/untag.ts';
import { findImage } from './find-image.ts';
import { configOf, configOption, jsonOption, type CommonOptions } from './options.ts';
import { progressBar } from './progress.ts';
import { print, WRONG } from './report.ts';

export type Mismatch = { sha256: string; name: string; target: string; place: string; problem: string };
/** `at`: targets that hold it as it was sent; `reason`: why none does. */
export type Held = { sha256: string; name: string; held: boolean; at: string[]; reason?: string };
export type Verified = {
  images: number;
  notHeld: number;
  objects: number;
  integrity: string;
  mismatches: Mismatch[];
  /** every image that was named; without names those that are not held */
  each: Held[];
};

const PAGE = 200;
const AWAY = 'cannot be read: target away';

export function register(program: Command): void {
  program
    .command('verify')
    .description(
      'Reads every forwarded image back from its targets and compares it with its receipt; checks the database.',
    )
    .argument('[image...]', 'only these: SHA-256s, first digits, or files; else all that are forwarded')
    .option('--deep', 'also give the acquired bytes back from each tagged file and check their SHA-256')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag verify\n  $ semtag verify --deep --json | jq .mismatches\n  $ semtag verify --deep /srv/acquisition/sem1/wires_012.tif      can I delete it?\n\nAn image is held when a target has its current revision as it was sent. Exit code 1 when one is not held or anything does not match.',
    )
    .action(async (what: string[], options: CommonOptions & { deep?: boolean }) => {
      const config = configOf(options);
      const reader = openReader(config.dataDir);
      try {
        const images = what.length ? await named(reader, what) : forwarded(reader);
        const total = what.length || reader.images.counts().forwarded;
        const bar = progressBar(total, 'verifying');
        let done = 0;
        const result = await verify(reader, config, images, options.deep === true, ({ held }) => {
          bar?.at(++done);
          return what.length > 0 || !held;
        });
        bar?.stop();
        const wrong = result.notHeld + result.mismatches.length;
        if (wrong || result.integrity !== 'ok') process.exitCode = WRONG;
        print(result, options.json === true, () => text(result));
      } finally {
        reader.close();
      }
    });
}

async function verify(
  reader: Reader,
  config: Config,
  images: Iterable<Image>,
  deep: boolean,
  /** whether the result names this image */
  onImage: (image: Held) => boolean,
): Promise<Verified> {
  const paths = dataPaths(config.dataDir);
  const targets = new Map(config.targets.map((one) => [one.name, folderTarget(one, paths.target(one.name))]));
  const result: Verified = {
    images: 0,
    objects: 0,
    integrity: reader.integrity(),
    mismatches: [],
    each: [],
    notHeld: 0,
  };
  for (const image of images) {
    result.images++;
    const at: string[] = [];
    const away = new Set<string>();
    for (const delivery of receivedOf(reader, image)) {
      const before = result.mismatches.length;
      const target = targets.get(delivery.target);
      for (const object of delivery.receipt?.objects ?? []) {
        result.objects++;
        const problem = target
          ? await problemOf(target, object, deep ? image : undefined)
          : 'the target is not in the config any more';
        // a running service may have made the next revision meanwhile
        if (problem && stillReceived(reader, delivery)) {
          if (problem.startsWith(AWAY)) away.add(delivery.target);
          result.mismatches.push({
            sha256: image.sha256,
            name: image.name,
            target: delivery.target,
            place: object.place,
            problem,
          });
        }
      }
      const kinds = delivery.receipt?.objects.map((object) => object.kind) ?? [];
      if (kinds.includes('image') && result.mismatches.length === before) at.push(delivery.target);
    }
    const held = heldOf(reader, image, at, [...away]);
    if (!held.held) result.notHeld++;
    if (onImage(held)) result.each.push(held);
  }
  return result;
}

function heldOf(reader: Reader, image: Image, at: string[], away: string[]): Held {
  const { sha256, name, state, revision } = image;
  if (at.length > 0) return { sha256, name, held: true, at };
  const mismatch = receivedOf(reader, image).length > 0;
  const owed = reader.deliveries.ofImage(sha256).some((one) => one.revision === revision);
  const reason = away.length
    ? `it cannot be read: target ${away.join(', ')} is away`
    : mismatch
      ? 'what lies at its targets does not match'
      : state === 'forwarded' && !owed
        ? 'it was owed to no target'
        : `it is ${state}, no target has its revision ${revision}`;
  return { sha256, name, held: false, at, reason };
}

/** What must lie at the targets now: the deliveries of the current revision. */
function receivedOf(reader: Reader, image: Image): Delivery[] {
  return reader.deliveries
    .ofImage(image.sha256)
    .filter((one) => one.state === 'received' && one.revision === image.revision);
}

function stillReceived(reader: Reader, { id, sha256 }: Delivery): boolean {
  return reader.deliveries.ofImage(sha256).some((one) => one.id === id && one.state === 'received');
}

/** `image`: also untag what lies there. */
async function problemOf(target: Target, object: DeliveryObject, image?: Image): Promise<string | undefined> {
  try {
    const sha256 = await target.hash(object.place);
    if (sha256 === undefined) return 'nothing is there';
    if (sha256 !== object.sha256) return `SHA-256 is ${sha256}, the receipt says ${object.sha256}`;
    return image && object.kind === 'image' ? await untagged(target, object, image) : undefined;
  } catch (error) {
    const { code, message } = asSemtagError(error);
    return code === 'target_unreachable' ? `${AWAY} (${message})` : message;
  }
}

async function untagged(target: Target, object: DeliveryObject, image: Image): Promise<string | undefined> {
  if (object.sha256 === image.sha256) return undefined; // a format without a packet lies there as it was acquired
  const dir = await mkdtemp(join(tmpdir(), 'semtag-verify-'));
  try {
    const tagged = join(dir, 'tagged');
    await target.get(object.place, tagged);
    const { sha256 } = await untag(tagged, join(dir, 'acquired'));
    return sha256 === image.sha256 ? undefined : `untagged it is ${sha256}, not the acquired image`;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function named(reader: Reader, what: string[]): Promise<Image[]> {
  const images: Image[] = [];
  for (const one of what) images.push(await findImage(reader, one));
  return images;
}

function* forwarded(reader: Reader): Generator<Image> {
  let before: Image | undefined;
  do {
    const page = reader.images.list({ state: 'forwarded' }, PAGE, before);
    yield* page;
    before = page.at(-1);
  } while (before);
}

function text({ images, notHeld, objects, integrity, mismatches, each }: Verified): string {
  return [
    ...each.map(({ name, held, at, reason }) =>
      held ? `held      ${name}: at ${at.join(', ')}` : `NOT HELD  ${name}: ${reason}`,
    ),
    ...mismatches.map((one) => `${one.name}: ${one.target}:${one.place}: ${one.problem}`),
    `database: ${integrity}`,
    `${images} images, ${notHeld} not held; ${objects} files at targets, ${mismatches.length} that ${mismatches.some(({ problem }) => problem.startsWith(AWAY)) ? 'cannot be read or ' : ''}do not match`,
  ].join('\n');
}
