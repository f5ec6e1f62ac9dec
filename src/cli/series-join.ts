// `semtag series join ID INTO`: all images of a series go into another one of the same sample or folder, through the running service when there is one.

import { personName } from '../decide/answers.ts';
import { SemtagError } from '../errors.ts';
import { openReader } from '../store/reader.ts';
import { connect } from './connect.ts';
import { configOf } from './options.ts';
import { print } from './report.ts';
import { needSeries, type SeriesOptions } from './series-show.ts';

export async function join(id: number, into: number, options: SeriesOptions): Promise<void> {
  personName(options.by);
  const config = configOf(options);
  const json = options.json === true;
  if (options.dryRun) {
    const plan = look(config.dataDir, id, into);
    print({ ...plan, dryRun: true }, json, () => `${plan.moved === 1 ? '1 image' : `${plan.moved} images`} of series ${id} would go into series ${into}, ${plan.name}`); // prettier-ignore
    return;
  }
  const hands = await connect(config);
  try {
    const { series, moved } = await hands.joinSeries(id, into, options.by);
    print({ series, moved }, json, () => `${moved === 1 ? '1 image' : `${moved} images`} went into series ${series.id}, ${series.name}`); // prettier-ignore
  } finally {
    hands.close();
  }
}

/** Throws not_found, and bad_request where the two do not belong together. */
function look(dataDir: string, id: number, into: number) {
  const reader = openReader(dataDir);
  try {
    const [from, to] = [needSeries(reader, id), needSeries(reader, into)];
    if (!reader.series.joinable(id, into))
      throw new SemtagError('bad_request', `${from.name} and ${to.name} cannot be joined: two running series of one instrument, operator, and sample or folder can`); // prettier-ignore
    return { series: id, into, name: to.name, moved: from.images };
  } finally {
    reader.close();
  }
}
