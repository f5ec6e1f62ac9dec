// `semtag series ID`, `semtag series split|join`: shows a series and changes who belongs to whom. Says what each takes; the work is in one file a sub-verb.

import { InvalidArgumentError, type Command } from 'commander';
import { byOption, configOption, dryRunOption, jsonOption } from './options.ts';
import type { SeriesOptions } from './series-show.ts';

export function register(program: Command): void {
  const series = program
    .command('series')
    .description('Shows a series: images of one sample or folder, near in time, which teach each other.')
    .argument('<id>', 'number of the series, as `semtag list --json` and the pages show it', seriesId)
    .helpCommand(false)
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag series 12\n  $ semtag series 12 --json | jq -r .images[].sha256\n  $ semtag series split 12 3fa9 77c0 --by Anna\n  $ semtag series join 13 12 --by Anna\n\nHow alike its images are is said where the service runs: it compares them.',
    )
    .action(async (id: number, options: SeriesOptions) =>
      (await import('./series-show.ts')).show(id, options),
    );

  series
    .command('split')
    .description('Puts images of a series into one of their own, with what they taught.')
    .argument('<id>', 'number of the series', seriesId)
    .argument('<image...>', 'SHA-256s, first digits of them, or files that hold the images')
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag series split 12 3fa9 77c0 --by Anna\n  $ semtag series split 12 particles_*.tif --dry-run\n\nScores of both series are made again; labels that people gave stay. `semtag series join` takes it back.',
    )
    .action(async (id: number, images: string[], _: SeriesOptions, command: Command) =>
      (await import('./series-split.ts')).split(id, images, command.optsWithGlobals()),
    );

  series
    .command('join')
    .description(
      'Puts all images of a series into another one of the same instrument, operator, and sample or folder.',
    )
    .argument('<id>', 'number of the series that ends', seriesId)
    .argument('<into>', 'number of the series that they go into', seriesId)
    .addOption(byOption())
    .addOption(configOption())
    .addOption(dryRunOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExamples:\n  $ semtag series join 13 12 --by Anna\n  $ semtag series join 13 12 --dry-run',
    )
    .action(async (id: number, into: number, _: SeriesOptions, command: Command) =>
      (await import('./series-join.ts')).join(id, into, command.optsWithGlobals()),
    );
}

function seriesId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('A series is named by its number, or give split or join.');
  return Number(text);
}
