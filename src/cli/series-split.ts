// `semtag series split ID IMAGE...`: images of another subject become a series of their own, through the running service when there is one.

import { personName } from '../decide/answers.ts';
import { SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { openReader } from '../store/reader.ts';
import { connect } from './connect.ts';
import { findImage } from './find-image.ts';
import { configOf } from './options.ts';
import { print } from './report.ts';
import { needSeries, type SeriesOptions } from './series-show.ts';

/** As many as the service takes at once. */
const MOST = 1000;

export async function split(id: number, what: string[], options: SeriesOptions): Promise<void> {
  personName(options.by);
  const config = configOf(options);
  const json = options.json === true;
  const images = await gather(config.dataDir, id, what);
  const sha256s = images.map(({ sha256 }) => sha256);
  if (options.dryRun) {
    const words = images.map(({ name }) => `${name}: would be split off series ${id}`).join('\n');
    print({ series: id, sha256s, dryRun: true }, json, () => words);
    return;
  }
  const hands = await connect(config);
  try {
    const { series, moved } = await hands.splitSeries(id, sha256s, options.by);
    const them = moved === 1 ? '1 image is' : `${moved} images are`;
    print({ series, moved }, json, () => `${them} series ${series.id} now: ${series.name}`);
  } finally {
    hands.close();
  }
}

/** Throws bad_request where one of them is of another series, or none would be left. */
async function gather(dataDir: string, id: number, what: string[]): Promise<Image[]> {
  const reader = openReader(dataDir);
  try {
    const series = needSeries(reader, id);
    const found = new Map<string, Image>();
    for (const one of what) {
      const image = await findImage(reader, one);
      if (image.series !== id)
        throw new SemtagError('bad_request', `${image.name} is in ${image.series === undefined ? 'no series' : `series ${image.series}`}, not in ${id}`); // prettier-ignore
      found.set(image.sha256, image);
    }
    if (found.size > MOST) throw new SemtagError('bad_request', `${found.size} images: ${MOST} at most at once`); // prettier-ignore
    if (found.size >= series.images)
      throw new SemtagError('bad_request', `these are all ${series.images} images of series ${id}: some must stay in it`); // prettier-ignore
    return [...found.values()];
  } finally {
    reader.close();
  }
}
