// `semtag publish DIR`: keeps a static copy of what is public, for a web server outside the network of the instrument. Reads the catalogue only; beside a running service or without one.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/schema.ts';
import { publishRules } from '../domain/publish.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import { givens } from '../harvest/given.ts';
import { hashFile } from '../hash-file.ts';
import { copyPublic, wouldCopy, type Copied } from '../harvest/static.ts';
import { dataPaths } from '../paths.ts';
import { refusePlace } from '../preflight/loops.ts';
import { FORMATS } from '../serve/oai/formats.ts';
import { staticLists } from '../serve/oai/static-lists.ts';
import { buildPublicApp } from '../serve/public-app.ts';
import { packageVersion } from '../serve/version.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { createLogger } from './log.ts';
import { configOf, configOption, dryRunOption, jsonOption, type CommonOptions } from './options.ts';
import { progressBar } from './progress.ts';
import { print, printError, WRONG } from './report.ts';
import { taggedCopies } from './tagged-copy.ts';

type Options = CommonOptions & { dryRun?: boolean };

const EXAMPLES = `
Examples:
  $ semtag publish /srv/www/images --dry-run
  $ semtag publish /srv/www/images            every hour by cron, then rsync -a --delete --exclude .semtag to the web server

Only what changed since last time is written; what is withdrawn is taken away. It needs publish.baseUrl, under which the copy is reached,
and a service that has run since the config changed. docs/publish.md has the few lines that nginx needs.`;

export function register(program: Command): void {
  program
    .command('publish')
    .description('Keeps a static copy of what is public in a folder: pages, records, catalogue, OAI-PMH.')
    .argument('<dir>', 'the folder; empty, or one that this verb made')
    .addOption(dryRunOption())
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText('after', EXAMPLES)
    .action(async (dir: string, options: Options) => {
      const config = configOf(options);
      await refusePlace(dir, config);
      if (existsSync(dir) && !statSync(dir).isDirectory())
        throw new SemtagError('bad_request', `${dir}: is a file, not a folder`);
      const reader = openReader(config.dataDir);
      try {
        const copied = await run(resolve(dir), config, reader, options.dryRun === true);
        if (copied.failed > 0) process.exitCode = WRONG;
        print({ dir, ...copied, dryRun: options.dryRun === true }, options.json === true, () => words(copied, dir, options.dryRun === true)); // prettier-ignore
      } finally {
        reader.close();
      }
    });
}

async function run(dir: string, config: Config, reader: Reader, dryRun: boolean): Promise<Copied> {
  const { publish } = config;
  if (publish.baseUrl === undefined)
    throw new SemtagError('config_invalid', 'a static copy needs publish.baseUrl', {
      advice: 'Set publish.baseUrl to the address under which the web server shows the copy.',
    });
  const rules = publishRules(publish, config.projects.private);
  const now = () => new Date();
  const given = {
    ...givens({ store: reader, rules, publish, now }),
    // the service alone keeps the clock that harvesters are told; here nothing is written
    clock: () => Math.max(Math.floor(now().getTime() / 1000), reader.publication.top().stamp),
  };
  if (given.pausedSince() !== undefined)
    throw new SemtagError('harvest_paused', `the copy in ${dir} stays as it is`);
  // its hash alone: the folder may be shown, and the section facility names persons
  const made = createHash('sha256').update(JSON.stringify([packageVersion(), rules.rendering, config.facility])).digest('hex'); // prettier-ignore
  if (dryRun) return wouldCopy({ dir, givens: given, made });

  const fetched = join(dir, '.semtag', 'fetched');
  const copyTagged = taggedCopies(config, reader);
  const files = {
    thumb: dataPaths(config.dataDir).thumb,
    async tagged(sha256: string, revision: number) {
      mkdirSync(join(dir, '.semtag'), { recursive: true });
      await copyTagged(sha256, revision, fetched);
      if ((await hashFile(fetched)) !== reader.deliveries.record(sha256, revision)?.taggedSha256)
        throw new SemtagError('target_mismatch', `revision ${revision} of image ${sha256}: the file is not the one that was tagged`); // prettier-ignore
      return { path: fetched, temporary: true };
    },
  };
  const app = await buildPublicApp({ config, logger: createLogger('error', true), store: reader, files }, given); // prettier-ignore
  const bar = progressBar(given.newest(), 'publishing', 'changes');
  try {
    return await copyPublic({
      dir,
      givens: given,
      async ask(url) {
        const { statusCode, rawPayload } = await app.inject({ url, headers: { host: 'localhost' } });
        return { status: statusCode, body: rawPayload };
      },
      lists: () => staticLists(given, `${publish.baseUrl}/oai`, made),
      prefixes: FORMATS.map(({ prefix }) => prefix),
      made,
      at: (seq) => bar?.at(seq),
      failed(name, error) {
        // the others are worth having; it ends with exit code 1
        const { code, message } = asSemtagError(error);
        printError({ code, message: `${name}: left as it was in the copy: ${message}`, hint: '' }, false);
      },
    });
  } finally {
    bar?.stop();
    rmSync(fetched, { force: true });
    await app.close();
  }
}

function words({ written, gone, kept, failed }: Copied, dir: string, dryRun: boolean): string {
  const would = dryRun ? 'would be ' : '';
  return `${dir}: ${written} ${would}written, ${gone} ${would}withdrawn, ${kept} as they were${failed > 0 ? `, ${failed} could not be written` : ''}`;
}
