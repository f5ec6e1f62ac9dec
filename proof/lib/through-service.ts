// Sends a stream of images of known truth through the real service: files are saved into its acquisition directory, prompts answered through its API. Judges nothing.

import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Category } from '../../src/domain/categories.ts';
import type { Detail } from './api.ts';
import type { Arrival } from './facility.ts';
import type { Seen } from './replay.ts';
import { makeLab, startSemtag, type Lab, type Running } from './service.ts';
import { sha256, until } from './wait.ts';

export type OpenFacility = {
  lab: Lab;
  service: Running;
  end(): Promise<void>;
};

type Instrument = { teach: boolean; mode?: 'auto' | 'ask' };

/** A service of its own, with this head, on directories of its own. */
export async function openFacility(head: string, instrument: Instrument): Promise<OpenFacility> {
  // the head lies where the lab is, which is not made yet: so its path is relative to the config
  const lab = makeLab({
    instrument: { quiet: 0.1, scan: 1, ...instrument },
    more: { model: { head: 'head.json' }, log: { level: 'warn' } },
  });
  writeFileSync(join(lab.home, 'head.json'), head);
  const service = await startSemtag(lab);
  const end = async () => {
    if ((await service.stop()) !== 0) console.log('the service did not end well');
    lab.remove();
  };
  return { lab, service, end };
}

/** Saved under another name first, as careful writers do. A series is a folder. */
export function save({ lab }: OpenFacility, image: Arrival): void {
  const folder = join(lab.acquired, sha256(Buffer.from(image.series)).slice(0, 12));
  mkdirSync(folder, { recursive: true });
  const place = join(folder, basename(image.path));
  copyFileSync(image.path, `${place}.part`);
  renameSync(`${place}.part`, place);
}

/** The image as the API shows it once it is classified. */
export function classified(
  { service }: OpenFacility,
  { sha256: hash, file }: Arrival,
): Promise<Detail['image']> {
  return until(`${file} is classified`, 60, async () => {
    const response = await fetch(`${service.url}/api/images/${hash}`, { headers: service.headers });
    if (response.status === 404) return undefined;
    const { image } = (await response.json()) as Detail;
    if (image.state === 'quarantined') throw new Error(`${file}: ${image.error?.message ?? image.state}`);
    return image.state !== 'settled' && image.state !== 'read' && image;
  }, 10); // prettier-ignore
}

export type Streaming = {
  /** what a person says when asked; the truth unless told */
  answerOf?: (image: Arrival) => Category;
  /** who says it */
  personOf?: (image: Arrival) => string;
  /** all files are there before the first one is looked at: for a service that nobody teaches */
  atOnce?: boolean;
  /** after each answer, by whom it was given */
  answered?: (facility: OpenFacility, by: string) => Promise<void>;
};

/** Each image is saved, and answered where it is asked, before the next one is. In the order given. */
export async function stream(
  facility: OpenFacility,
  images: Arrival[],
  { answerOf = ({ truth }) => truth, personOf = () => 'proof', atOnce = false, answered }: Streaming = {},
): Promise<Seen[]> {
  const seen: Seen[] = [];
  if (atOnce) for (const image of images) save(facility, image);
  for (const image of images) {
    if (!atOnce) save(facility, image);
    const view = await classified(facility, image);
    const answers = view.taught?.lessons.length ?? 0;
    if (view.state !== 'asked') {
      const label = view.label?.category;
      if (!label) throw new Error(`${image.file}: ${view.label?.basis ?? view.state}, no category`);
      seen.push({ image, asked: false, label, answers });
      continue;
    }
    const label = answerOf(image);
    const by = personOf(image);
    await say(facility, image, label, by, view.promptVersion);
    seen.push({
      image,
      asked: true,
      label,
      answers,
      scoreBefore: view.suggestions.find(({ category }) => category === label)!.score,
    });
    await answered?.(facility, by);
  }
  return seen;
}

export async function say(
  { service }: OpenFacility,
  image: Arrival,
  category: Category,
  by: string,
  promptVersion: number,
): Promise<void> {
  const answer = { kind: 'category', category };
  const { status } = await service.post(`/api/images/${image.sha256}/label`, { answer, by, promptVersion });
  if (status !== 200) throw new Error(`${image.file}: the answer was refused, ${status}`);
}

/** Labels that the service doubts in the end, of those that are wrong and of those that are right. */
export async function doubts(
  { service }: OpenFacility,
  seen: Seen[],
): Promise<{ wrong: number; right: number }> {
  await sleep(1000); // second thoughts come last
  const { items } = await service.get<{ items: { sha256: string }[] }>('/api/images?doubted=true&limit=200');
  const doubted = new Set(items.map(({ sha256 }) => sha256));
  const of = seen.filter(({ asked, image }) => !asked && doubted.has(image.sha256));
  const wrong = of.filter(({ label, image }) => label !== image.truth).length;
  return { wrong, right: of.length - wrong };
}
