// What people labelled in the service, as a set that a head learns from: the stored bottlenecks, two views an image. Opens no image; writes nothing.

import { findBackbone, type Backbone } from '../classify/backbones.ts';
import type { LabelledImage } from '../store/labelled.ts';
import type { Bottlenecks } from '../domain/job.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import type { Skipped, TrainingBottlenecks } from './bottlenecks.ts';
import type { Run } from './make-bottlenecks.ts';

export type Catalogue = {
  images: LabelledImage[];
  bottlenecks: (sha256: string, backbone: string, preprocessing: string) => Bottlenecks | undefined;
  /** the image's thumbnail, which its picture hash is taken from: the acquired file may be at a target by now */
  thumb: (sha256: string) => string;
};

/**
 * In the order of the images. Skipped: those that nothing may be learned from, counted and not named, and those without bottlenecks of this
 * backbone. One whose thumbnail cannot be read has no picture hash and
 * is not looked at for near-duplicates.
 */
export async function catalogueBottlenecks(
  { images, bottlenecks, thumb }: Catalogue,
  options: { backbone?: string; run: Run },
): Promise<{ all: TrainingBottlenecks[]; skipped: Skipped[] }> {
  const backbone = findBackbone(options.backbone);
  const skipped: Skipped[] = Object.entries(APART).flatMap(([why, reason]) => {
    const n = images.filter(({ apart }) => apart === why).length;
    return n === 0 ? [] : [{ file: `${n} ${n === 1 ? 'image' : 'images'} (catalogue)`, reason }];
  });
  const found = images.flatMap((image) => {
    if (image.apart) return [];
    const stored = bottlenecks(image.sha256, backbone.sha256, backbone.preprocessing);
    if (!stored) skipped.push({ file: fileOf(image), reason: without(backbone) });
    return stored ? [{ image, views: stored.views }] : [];
  });
  const all = found.map(async ({ image, views }): Promise<TrainingBottlenecks> => {
    const { sha256, category } = image;
    const pictureHash = await hashOf(thumb(sha256), image.name, options.run);
    const example = { file: fileOf(image), path: '', category, group: groupOf(image) };
    return { example, sha256, views, ...(pictureHash ? { pictureHash } : {}) };
  });
  return { all: await Promise.all(all), skipped };
}

const APART: Record<NonNullable<LabelledImage['apart']>, string> = {
  answer:
    'nothing is to be learned from the answer: it was marked so, or teach.authors does not name who gave it',
  project: 'their projects are private',
};

/** The service makes bottlenecks of the backbone in its config, for images of earlier backbones while nothing else is to be read. */
function without({ name }: Backbone): string {
  return `no bottlenecks of ${name}: it was classified with another backbone; a service whose config names this one makes them when nothing else is to be read, or train with the other one (--backbone)`;
}

/**
 * Images of one series: of the same instrument, operator, sample and folder. What is not known of an image counts as the same for all of which
 * it is not known: a group that is too large makes figures lower, never better than they are.
 */
export function groupOf({ instrument, operator, sample, folder }: LabelledImage): string {
  return JSON.stringify(['catalogue', instrument, operator ?? null, sample ?? null, folder]);
}

/** Names come again on an instrument: the hash tells them apart. */
function fileOf({ name, sha256 }: LabelledImage): string {
  return `${name} (catalogue, ${sha256.slice(0, 8)})`;
}

async function hashOf(path: string, name: string, run: Run): Promise<string | undefined> {
  try {
    const { pictureHash } = await run({ path, name, training: { seed: 0 }, limits: DEFAULT_LIMITS });
    return pictureHash;
  } catch {
    return undefined;
  }
}
