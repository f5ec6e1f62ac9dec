// `semtag series ID`: one series, what it holds and what it can be joined with; how alike its images are, where a service runs. Reads only.

import { labelTitle } from '../domain/label.ts';
import { ALIKE, type Spread } from '../domain/teaching.ts';
import { SemtagError } from '../errors.ts';
import type { Image } from '../store/images.ts';
import { openReader, type Reader } from '../store/reader.ts';
import type { Series, SeriesBrief } from '../store/series.ts';
import { configOf, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { callService, runningService } from './running.ts';
import { table } from './table.ts';

export type SeriesOptions = CommonOptions & { by: string; dryRun?: boolean };

/** Of its newest images. */
const LISTED = 500;

type Shown = {
  series: Series;
  spread?: Spread;
  others: SeriesBrief[];
  images: Pick<Image, 'sha256' | 'name' | 'state' | 'label'>[];
};

export async function show(id: number, options: CommonOptions): Promise<void> {
  const { dataDir } = configOf(options);
  const reader = openReader(dataDir);
  try {
    const series = needSeries(reader, id);
    const images = reader.images.list({ series: id }, LISTED).map(({ sha256, name, state, label }) => ({ sha256, name, state, ...(label ? { label } : {}) })); // prettier-ignore
    const service = await runningService(dataDir);
    const full = service && ((await callService(service, `/api/series/${id}?full=true`)) as { spread?: Spread }); // prettier-ignore
    const spread = full?.spread;
    const shown = { series, ...(spread ? { spread } : {}), others: reader.series.others(id), images };
    print(shown, options.json === true, () => text(shown, service !== undefined));
  } finally {
    reader.close();
  }
}

/** Throws not_found. */
export function needSeries(reader: Reader, id: number): Series {
  const series = reader.series.get(id);
  if (!series) throw new SemtagError('not_found', `series ${id}: there is none of this number`);
  return series;
}

function text({ series, spread, others, images }: Shown, service: boolean): string {
  const { name, startedAt, lastAt, waiting, answers, because, joined } = series;
  const rows = [
    ['series', `${series.id}  ${name}`],
    ...(joined === undefined ? [] : [['joined', `all of it went into series ${joined}`]]),
    ['from, to', `${startedAt}, ${lastAt}`],
    ['images', `${series.images}, ${waiting} of them ${waiting === 1 ? 'waits' : 'wait'} for an answer`],
    [
      'teaching',
      `${answers} ${answers === 1 ? 'answer teaches' : 'answers teach'} in it, ${because} ${because === 1 ? 'image was' : 'images were'} labelled because of answers`,
    ],
    ['alike', spreadWords(spread, series.images, service)],
    ...others.map((one, i) => [i === 0 ? 'others' : '', `${one.id}  ${one.name}, ${one.images} ${one.images === 1 ? 'image' : 'images'}, last ${one.lastAt}`]), // prettier-ignore
  ];
  const [, smaller] = spread?.subjects ?? [];
  const listed = table(
    images.map(({ sha256, name, state, label }) => [
      sha256.slice(0, 12),
      name,
      state,
      label ? `${labelTitle(label)} (${label.basis})` : '',
      smaller ? (smaller.includes(sha256) ? 'that' : 'this') : '',
    ]),
    ['sha256', 'name', 'state', 'label', smaller ? 'subject' : ''],
  );
  const shown = images.length === 0 ? table(rows) : `${table(rows)}\n\n${listed}`;
  return smaller
    ? `${shown}\n\nTo split those off that are like that:\n  ${splitCommand(series.id, smaller)}`
    : shown;
}

function spreadWords(spread: Spread | undefined, images: number, service: boolean): string {
  if (!spread)
    return images < 2 ? 'nothing to compare' : service ? 'not known' : 'not known: no service runs';
  const mean = `mean likeness ${spread.likeness.toFixed(2)}, from ${ALIKE} on they look alike, 1 is the same; ${spread.images} compared`;
  if (!spread.subjects)
    return spread.likeness >= ALIKE ? `they look alike (${mean})` : `they differ, but no two subjects stand out (${mean})`; // prettier-ignore
  const [more, fewer] = spread.subjects;
  return `two subjects: ${more.length} like this, ${fewer.length} like that (${mean})`;
}

/** Whole SHA-256s: digits that are enough today may be those of another image tomorrow. */
const splitCommand = (id: number, sha256s: string[]) => `semtag series split ${id} ${sha256s.join(' ')}`;
