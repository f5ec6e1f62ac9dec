// `semtag show`: all that is known about one image. Reads only.

import type { Command } from 'commander';
import type { Config } from '../config/schema.ts';
import type { PartOf } from '../domain/acquisition.ts';
import { categoryTitle } from '../domain/categories.ts';
import { DECISION_WORDS } from '../domain/decision.ts';
import { leavesAt } from '../domain/hold.ts';
import { labelTitle } from '../domain/label.ts';
import { pauseWords, type Pause } from '../domain/pause.ts';
import { publishRules } from '../domain/publish.ts';
import { ranked } from '../domain/scores.ts';
import { shownPath } from '../domain/shown-path.ts';
import { becauseWords } from '../domain/teaching.ts';
import { ERRORS } from '../errors.ts';
import { standings, type Standing } from '../harvest/standing.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { HistoryLine } from '../store/history.ts';
import type { Image } from '../store/images.ts';
import { alignmentOfRecord, type Alignment, type AnsweredImage } from '../record/record.ts';
import { openReader, type Reader } from '../store/reader.ts';
import type { Series } from '../store/series.ts';
import { doubtWords } from './doubt-words.ts';
import { findImage } from './find-image.ts';
import { configOf, configOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { table } from './table.ts';

/** Of the parts of its acquisition that wait so many are counted, and so many named. */
const MOST_PARTS = 1000;
const NAMED = 5;

type Shown = {
  image: Image;
  series?: Series;
  /** the private project that it belongs to */
  privateProject?: string;
  /** names of other parts of its acquisition that wait */
  otherParts: string[];
  /** in its series, that its label rests on */
  because?: (AnsweredImage & { name: string })[];
  /** UTC; while it is held back */
  leavesAt?: string;
  /** where it was acquired: below the acquisition directory of the instrument */
  files: { instrument: string; path: string; version: number }[];
  /** of the current revision, once it is tagged */
  record?: unknown;
  deliveries: Delivery[];
  publication: Standing;
  /** why it has not left */
  paused?: Pause;
  history: HistoryLine[];
};

export function register(program: Command): void {
  program
    .command('show')
    .description('Shows one image: what it is, its header, where it went and what happened to it.')
    .argument('<image>', 'SHA-256, its first digits, or a file that holds the image (acquired or tagged)')
    .option('--record', 'only the record of the current revision, as it was written')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag show 3fa9\n  $ semtag show wires_012.tif\n  $ semtag show 3fa9 --record | jq .label',
    )
    .action(async (what: string, options: CommonOptions & { record?: boolean }) => {
      const config = configOf(options);
      const reader = openReader(config.dataDir);
      try {
        const image = await findImage(reader, what);
        const written = reader.deliveries.record(image.sha256, image.revision)?.record;
        if (options.record) process.stdout.write(written ?? notTagged(image));
        else {
          const shown = gather(reader, image, written, config);
          print(shown, options.json === true, () => text(shown));
        }
      } finally {
        reader.close();
      }
    });
}

function notTagged(image: Image): string {
  process.exitCode = 1;
  process.stderr.write(
    `semtag: ${image.name} is ${image.state}; revision ${image.revision} has no record yet\n`,
  );
  return '';
}

function gather(reader: Reader, image: Image, written: string | undefined, config: Config): Shown {
  const { ask, teach, publish, projects } = config;
  const hold = { answer: ask.hold, because: teach.hold };
  const files = reader.files.ofImage(image.sha256).map(({ instrument, dir, name, version }) => ({
    instrument,
    path: shownPath({ dir, name }),
    version,
  }));
  const series = image.series === undefined ? undefined : reader.series.get(image.series);
  const realm = reader.realmOf(image.sha256);
  const leaves = leavesAt(image, hold, Date.now());
  const because = image.label?.because && reader.lessons.answers(image.label.because.lessons);
  const paused = image.state === 'tagged' ? reader.pauses.of(image) : undefined;
  const rules = publishRules(publish, projects.private);
  return {
    image,
    ...(paused ? { paused } : {}),
    ...(series ? { series } : {}),
    ...(because
      ? { because: because.map((one) => ({ ...one, name: reader.images.need(one.sha256).name })) }
      : {}),
    ...(realm === undefined ? {} : { privateProject: realm }),
    otherParts: reader.along.otherParts(image.sha256, MOST_PARTS),
    ...(leaves ? { leavesAt: leaves } : {}),
    files,
    ...(written ? { record: JSON.parse(written) as unknown } : {}),
    deliveries: reader.deliveries.ofImage(image.sha256),
    publication: standings({ store: reader, rules, publish, now: () => new Date() })(image),
    history: reader.history.ofImage(image.sha256),
  };
}

function text({
  image,
  series,
  privateProject,
  otherParts,
  because,
  leavesAt,
  files,
  deliveries,
  publication,
  paused,
  history,
}: Shown): string {
  const { label, header, scores, doubt } = image;
  const parts = [
    table([
      ['image', image.sha256],
      ['name', image.name],
      ['file', files.map((file) => `${file.instrument}: ${file.path}`).join('\n') || 'none'],
      ['state', `${image.state}, revision ${image.revision} (${image.cause})`],
      ...(label ? [['label', `${labelTitle(label)} by ${label.by} (${label.basis}) ${label.at}`]] : []),
      ...(label?.teaches === false ? [['teaches', 'no: nothing is learned from this answer']] : []),
      ...(label?.because ? [['rests on', becauseWords(label.because).replace('because of ', '')]] : []),
      ...(doubt ? [['doubted', `${doubtWords(doubt)} since ${doubt.at}`]] : []),
      ...(leavesAt ? [['leaves', `${leavesAt}: until then it is held back`]] : []),
      ...(paused ? [['paused', pauseWords(paused)]] : []),
      ['public', publication.given ? `since ${publication.since}, revision ${publication.revision}` : `no: ${publication.why}`], // prettier-ignore
      ...(image.picture?.frame ? [['no sample', image.picture.frame.replaceAll('_', ' ')]] : []),
      ...(label?.second ? [['second', categoryTitle(label.second)]] : []),
      ...(image.category && image.score !== undefined && image.decision
        ? [
            ['top score', `${categoryTitle(image.category)} ${image.score.toFixed(3)}`],
            [
              'as auto',
              `${label?.basis === 'observe' ? 'would have been ' : ''}${DECISION_WORDS[image.decision]}`,
            ],
          ]
        : []),
      ...(image.partOf ? [['part of', partWords(image.partOf, otherParts)]] : []),
      ...(series ? [['series', seriesWords(series)]] : []),
      ...Object.entries(image.facts).map(([name, field]) => [name, `${field.value}  (${field.origin})${name === 'project' && privateProject !== undefined ? ', private project: its answers teach only itself' : ''}`]), // prettier-ignore
      ...(image.supersededBy ? [['superseded by', image.supersededBy]] : []),
      ...(image.error
        ? [
            ['aside', image.error.message],
            ['what to do', ERRORS[image.error.code]?.advice ?? ''],
          ]
        : []),
    ]),
  ];
  if (scores)
    parts.push(
      table(
        ranked(scores).map(({ category, score }) => [categoryTitle(category), score.toFixed(3)]),
        ['category', 'score'],
      ),
    );
  if (because?.length)
    parts.push(
      table(
        because.map(({ sha256, name, category, at }) => [
          sha256.slice(0, 12),
          name,
          categoryTitle(category),
          at,
        ]),
        ['because of', '', 'answer', 'when (UTC)'],
      ),
    );
  const aligned = label && alignmentOfRecord(label, image.alignment, image.alignmentHead);
  if (aligned) parts.push(alignmentTable(aligned));
  if (header && Object.keys(header.fields).length)
    parts.push(
      table(
        Object.entries(header.fields).map(([name, field]) => [
          name,
          `${field.value}${'unit' in field && field.unit ? ` ${field.unit}` : ''}`,
          field.origin,
        ]),
        ['header', 'value', 'origin'],
      ),
    );
  if (header?.warnings.length) parts.push(header.warnings.map((w) => `warning: ${w.message}`).join('\n'));
  if (deliveries.length)
    parts.push(
      table(
        deliveries.map((one) => [
          one.target,
          `revision ${one.revision}`,
          one.state,
          one.place,
          one.receipt?.at ?? one.error ?? '',
        ]),
        ['target', '', 'delivery', 'place', 'receipt or last error'],
      ),
    );
  parts.push(
    table(
      history.map((line) => [line.at, line.who, line.what]),
      ['when (UTC)', 'who', 'what'],
    ),
  );
  return parts.join('\n\n');
}

function partWords({ kind, name }: PartOf, others: string[]): string {
  const named = others.slice(0, NAMED).join(', ');
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
  const wait = others.length === 0 ? '' : `; ${others.length === 1 ? 'waits' : 'wait'} for an answer: ${named}${more}`; // prettier-ignore
  return `one acquisition, ${name} (${kind})${wait}`;
}

function seriesWords({ id, name, images, waiting, answers, because }: Series): string {
  return `${id}: ${name}; images ${images}, waiting ${waiting}, answers ${answers}, labelled because of answers ${because}`;
}

function alignmentTable({ head: _, ...numbers }: Alignment): string {
  const rows = Object.entries(numbers).map(([name, { value, unit, origin }]) => [
    name,
    unit === 'deg' ? `${value.toFixed(1)} deg` : value.toFixed(3),
    origin,
  ]);
  return table(rows, ['alignment', 'value', 'origin']);
}
