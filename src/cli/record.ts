// `semtag record FILE|SHA`: the record of one image in one of its renderings. Reads only; a file that is in no catalogue is classified, rendered and forgotten.

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import type { Config } from '../config/schema.ts';
import { isPublic, publishRules, utcDay, whose } from '../domain/publish.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import type { RenderContext } from '../record/context.ts';
import { renderKitSem } from '../record/kit-sem.ts';
import { publicRecord } from '../record/public.ts';
import type { SemRecord } from '../record/record.ts';
import { RENDERING_NAMES, RENDERINGS, type RenderingName } from '../record/renderings.ts';
import { renderRoCrate } from '../record/ro-crate.ts';
import { openReader, type Reader } from '../store/reader.ts';
import { readable } from './classified.ts';
import { fileRecords } from './file-record.ts';
import { findImage } from './find-image.ts';
import { imageFiles } from './image-files.ts';
import { configIfThere, configOption, type CommonOptions } from './options.ts';
import { fail } from './report.ts';

type Options = CommonOptions & { as: RenderingName; public?: boolean };

const EXAMPLES = `
Examples:
  $ semtag record image.tif                               the record as JSON
  $ semtag record 3fa9 --as datacite                      an image of the catalogue by the first digits of its SHA-256
  $ semtag record image.tif --as kit-sem > image.json     what the schema requires and nobody knows is named on standard error
  $ semtag record 3fa9 --as jsonld --public               what harvesters get

A file that is in no catalogue is classified and stored nowhere; that needs neither a config nor a service. Facility, ORCID iDs and licence
come from the config, and no licence is ever assumed. An image of the catalogue has the record that was written with its tagged copy.`;

export function register(program: Command): void {
  program
    .command('record')
    .description('Prints the record of one image, as JSON or as repositories and harvesters want it.')
    .argument('<image>', 'a file, or SHA-256 or its first digits')
    .addOption(new Option('--as <rendering>', 'how').choices(RENDERING_NAMES).default('json'))
    .option('--public', 'only what harvesters are given (`publish.fields` in the config)')
    .option('--no-store', 'store nothing, which is so anyway')
    .addOption(configOption())
    .option('--json', 'errors as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string, options: Options) => {
      try {
        const config = configIfThere(options);
        const record = (config && (await fromCatalogue(config, what))) ?? (await fromFile(config, what));
        process.stdout.write(rendered(record, what, config, options));
      } catch (error) {
        fail(error, options.json === true);
      }
    });
}

const isFile = (what: string): boolean => statSync(what, { throwIfNoEntry: false })?.isFile() === true;

/** Undefined for a file that is not in it, or where there is none. Throws what findImage does, and wrong_state. */
async function fromCatalogue(config: Config, what: string): Promise<SemRecord | undefined> {
  let reader: Reader | undefined;
  try {
    reader = openReader(config.dataDir);
    const image = await findImage(reader, what);
    const written = reader.deliveries.record(image.sha256, image.revision)?.record;
    if (!written)
      throw new SemtagError('wrong_state', `${image.name} is ${image.state}; revision ${image.revision} has no record yet`);
    return JSON.parse(written) as SemRecord;
  } catch (error) {
    if (isFile(what) && (!reader || asSemtagError(error).code === 'not_found')) return undefined;
    throw error;
  } finally {
    reader?.close();
  }
} // prettier-ignore

async function fromFile(config: Config | undefined, what: string): Promise<SemRecord> {
  const [file] = imageFiles([what]);
  if (!file || !(isFile(what) || file.missing))
    throw new SemtagError('bad_request', `${what}: name one file`);
  const records = await fileRecords(config);
  try {
    return await records.of(file, 'rendered without storing');
  } catch (error) {
    throw readable(what, error);
  } finally {
    records.close();
  }
}

function rendered(record: SemRecord, what: string, config: Config | undefined, { as, public: open }: Options): string {
  const context: RenderContext = config?.publish.baseUrl ? { baseUrl: config.publish.baseUrl } : {};
  const shown = open ? publicRecord(record, config?.publish.fields ?? []) : record;
  if (open && !(config && harvested(record, config)))
    throw new SemtagError('wrong_state', 'harvesters are not given this image: its project is not known or not public, or it is withheld'); // prettier-ignore
  if (as === 'kit-sem')
    for (const pointer of renderKitSem(shown, context).missing) process.stderr.write(`missing: ${pointer}\n`);
  // the file that was named lies beside the crate's metadata
  if (as === 'ro-crate' && isFile(what) && !open)
    return JSON.stringify(renderRoCrate([{ record, file: basename(what) }], context), null, 2) + '\n';
  return RENDERINGS[as].render(shown, context);
} // prettier-ignore

const harvested = (record: SemRecord, { publish, projects }: Config): boolean =>
  isPublic(whose(record.facts), publishRules(publish, projects.private).policy, utcDay(new Date()));
