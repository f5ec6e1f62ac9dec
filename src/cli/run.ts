// `semtag run`: the service in the foreground, until SIGTERM or Ctrl-C. Everything it does is in service.ts.

import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { startService } from '../service.ts';
import { createLogger } from './log.ts';
import { configOption, configPath, type CommonOptions } from './options.ts';
import { fail, print } from './report.ts';

const EXAMPLES = `
Examples:
  $ semtag check && semtag run               say first what would not work
  $ semtag run --config /etc/semtag/semtag.yaml

Ctrl-C or SIGTERM: intake stops, what is in work ends within 10 s, nothing is lost.`;

export function register(program: Command): void {
  program
    .command('run')
    .description('watch, classify, tag and forward until it is stopped')
    .addOption(configOption())
    .option('--json', 'one line {url, pid} once it is up, the log as JSON lines, errors too')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

const HANGING_MS = 1000;

async function run(options: CommonOptions): Promise<void> {
  const json = options.json === true;
  try {
    const path = configPath(options.config);
    const config = loadConfig(path);
    const logger = createLogger(config.log.level, json);
    const service = await startService(config, logger, path);
    logger.info(
      { url: service.url, instruments: config.instruments.map((i) => `${i.name} (${i.mode})`) },
      'semtag is running',
    );
    if (json) print({ url: service.url, pid: process.pid }, json, () => '');
    await untilAsked();
    logger.info('stopping');
    await service.stop();
    logger.info('stopped');
    // a call to a share that hangs would hold the process for ever: not even exit() ends it
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), HANGING_MS).unref();
  } catch (error) {
    fail(error, json);
  }
}

/** The first signal asks, the second insists. */
export function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
