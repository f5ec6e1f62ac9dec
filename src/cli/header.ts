// `semtag header FILE...`: shows what the instrument wrote into or beside an image. Reads only; never needs a config or a running service.

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import Table from 'cli-table3';
import type { Command } from 'commander';
import type { InstrumentHeader } from '../domain/header.ts';
import { SemtagError } from '../errors.ts';
import { withFile } from '../formats/source.ts';
import { sniff } from '../formats/sniff.ts';
import { checkStructure } from '../formats/structure.ts';
import { imageFiles, sidecarBytes } from './image-files.ts';
import { fail, print, WRONG } from './report.ts';
import { readHeader } from '../read/header.ts';

/** Code of the warning: what the header says of such a file may be half of it. */
const NOT_WHOLE = 'not_whole';

const EXAMPLES = `
Examples:
  $ semtag header image.tif
  $ semtag header --json image.tif
  $ semtag header --json *.tif        one JSON object a line

The sidecar beside the image (JEOL NAME.txt, TESCAN NAME-tif.hdr) is found and read too.`;

export function register(program: Command): void {
  program
    .command('header')
    .description('show the instrument header of images')
    .argument('<file...>', 'image files; a TESCAN .hdr or JEOL .txt alone also works')
    .option('--json', 'one object {file, vendor, fields, warnings} for each file; errors too')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], options: { json?: boolean }) => {
      for (const file of files) showHeader(file, options.json === true);
    });
}

function showHeader(file: string, json: boolean): void {
  try {
    const header = headerOfFile(file);
    if (header.warnings.some(({ code }) => code === NOT_WHOLE)) process.exitCode = WRONG;
    print(headerObject(file, header), json, () => table(file, header));
  } catch (error) {
    fail(error, json);
  }
}

/** The header of a file on disk with the sidecar that lies beside it. Throws `not_found`, `unreadable` or `not_an_image`. */
export function headerOfFile(file: string): InstrumentHeader {
  try {
    if (!statSync(file).isFile()) throw new SemtagError('not_an_image', `${file}: not a file`);
    const [named] = imageFiles([file]);
    const { sidecar } = sidecarBytes(named!);
    return withFile(file, (source) => {
      const header = readHeader(source, basename(file), sidecar);
      if (!sniff(source)) {
        if (header.fields.vendor) return header;
        throw new SemtagError('not_an_image', `${file}: neither an image nor a sidecar that is known`);
      }
      const structure = checkStructure(source);
      if (structure.complete) return header;
      const warning = { code: NOT_WHOLE, message: `the file is not whole: ${structure.reason}` };
      return { ...header, warnings: [...header.warnings, warning] };
    });
  } catch (error) {
    if (error instanceof SemtagError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new SemtagError('not_found', `${file}: there is no such file`);
    throw new SemtagError('unreadable', `${file}: ${message}`, { cause: error });
  }
}

/** The JSON form: names of the fields as everywhere in semtag, an absent one has no key. */
export function headerObject(file: string, header: InstrumentHeader): object {
  const { fields, warnings } = header;
  return { file, vendor: fields.vendor?.value ?? null, fields, warnings };
}

function table(file: string, header: InstrumentHeader): string {
  const rows = new Table({ head: ['field', 'value', 'unit', 'origin'], style: { head: [], border: [] } });
  for (const [name, field] of Object.entries(header.fields))
    rows.push(
      'zone' in field
        ? [name, `${field.value} (${field.zone})`, '', field.origin]
        : [name, String(field.value), field.unit ?? '', field.origin],
    );
  const warnings = header.warnings.map((w) => `! ${w.code}: ${w.message}`);
  return [file, rows.toString(), ...warnings, ''].join('\n');
}
