// `semtag status`: what runs, waits, is owed and is aside. Reads only; works with and without a running service.

import { ALL_SIGHT } from '../domain/access.ts';
import type { Command } from 'commander';
import { diskOf } from '../serve/disk.ts';
import { statusOf, type Status } from '../serve/status.ts';
import { openReader } from '../store/reader.ts';
import { configOf, configOption, jsonOption, type CommonOptions } from './options.ts';
import { print } from './report.ts';
import { runningService } from './running.ts';
import { table } from './table.ts';
import { packageVersion } from '../serve/version.ts';

type Shown = { running: false } | { running: true; url: string; pid: number };

export function register(program: Command): void {
  program
    .command('status')
    .description('Says what runs, what waits for people, what is owed to targets and what is aside.')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  $ semtag status\n  $ semtag status --json | jq .images.asked')
    .action(async (options: CommonOptions) => {
      const config = configOf(options);
      const service = await runningService(config.dataDir);
      const running: Shown = service
        ? { running: true, url: service.url, pid: service.pid }
        : { running: false };
      const status = (service?.status as Status | undefined) ?? fromDatabase(config);
      print({ ...running, ...status }, options.json === true, () => text(running, status));
    });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function asideCount({ images, files }: Status): number {
  return (images['quarantined'] ?? 0) + (files['incomplete'] ?? 0);
}

function fromDatabase(config: ReturnType<typeof configOf>): Status {
  const reader = openReader(config.dataDir);
  try {
    const disk = diskOf(config, reader, new Date());
    const live = { version: packageVersion(), uptime: 0, intake: { paused: false }, model: null, disk };
    return statusOf(reader, config, live, ALL_SIGHT);
  } finally {
    reader.close();
  }
}

function text(running: Shown, status: Status): string {
  const { images, files } = status;
  const lines = [
    running.running
      ? `running at ${running.url} (process ${running.pid})${status.model ? `, ${status.model.name} on ${status.model.engine}` : ''}`
      : 'not running',
    ...status.concerns
      .filter(({ code }) => running.running || code !== 'model_missing')
      .flatMap(({ level, words, why, next }) => [
        `${level === 'red' ? '!!' : ' !'} ${words}${why ? `: ${why}` : ''}`,
        `   ${next}`,
      ]),
    '',
    table(Object.entries(images), ['images', '']),
    '',
    `today    ${status.today.settled} settled, ${status.today.automatic} labelled by themselves, ${status.today.answered} answered`,
    `aside    ${images['quarantined'] ?? 0} images, ${files['incomplete'] ?? 0} incomplete files${asideCount(status) ? '; `semtag list --state aside` says why' : ''}`,
    `files    looking at ${files['seen'] ?? 0} files${status.looking?.length ? '; not whole yet:' : ''}`,
    ...(status.looking ?? []).map(
      ({ instrument, path, reason }) => `         ${instrument}: ${path}: ${reason}`,
    ),
    `waiting  ${images['asked'] ?? 0} for an answer`,
    `checks   ${status.teaching.checks} automatic labels wait for a blind check`,
    `doubted  ${status.doubted} labelled by themselves, answers speak against it${status.doubted ? '; `semtag list --doubted` shows them' : ''}`,
    `spool    ${megabytes(status.spool.inFlight)} in flight, ${megabytes(status.spool.aside)} of images aside`,
    '',
    table(
      status.roots.map((root) => [
        root.instrument,
        root.mode,
        root.away ? `away since ${root.away}` : 'there',
      ]),
      ['instrument', 'mode', `acquisition directory${running.running ? '' : ' (as last known)'}`],
    ),
    ...(status.owed.length
      ? [
          '',
          table(
            status.owed.map((one) => [one.target, one.owed, one.withheld, one.oldest ?? '', one.error ?? '']),
            ['target', 'owed', 'withheld', 'since', 'last error'],
          ),
        ]
      : []),
  ];
  return lines.join('\n');
}
