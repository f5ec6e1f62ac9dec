// `semtag model add|list|use|export|import`: the backbones and models of this machine. Says what each takes; the work is in one file a sub-verb.

import { Option, type Command } from 'commander';
import { PRECISIONS } from '../classify/precision.ts';
import { RANGES } from '../classify/convert/ranges.ts';
import { configOption, dryRunOption, jsonOption, wholeNumber } from './options.ts';
import { fail } from './report.ts';

const FORMS = ['semtag', 'onnx', 'tfjs'] as const;
export type Form = (typeof FORMS)[number];

const AFTER = `
Examples:
  $ semtag model list
  $ semtag model add networks/resnet50.onnx --range imagenet --taps features
  $ semtag model export moved/ours --head heads/ours.json
  $ semtag model import moved/ours
  $ semtag model use ours --config /etc/semtag/semtag.yaml

\`semtag model SUB --help\` says what each takes. docs/model.md answers more.`;

export function register(program: Command): void {
  const model = program
    .command('model')
    .description('add, list, use, export and import backbones and models')
    .helpCommand(false)
    .addHelpText('after', AFTER);
  const sub = <O extends { json?: boolean }>(command: Command, run: (argument: string, options: O) => Promise<void>) =>
    command.action(async (argument: string | O, options: O) => {
      // a command without an argument is handed its options first
      const [first, given] = typeof argument === 'string' ? [argument, options] : ['', argument];
      try {
        await run(first, given);
      } catch (error) {
        fail(error, given.json === true);
      }
    }); // prettier-ignore

  sub(
    model
      .command('add')
      .description('add a backbone: an ONNX file, or a TensorFlow.js layers or graph model')
      .argument('<source>', 'a file, a folder with model.json, or npm:PACKAGE[@VERSION]/path of an installed package')
      .option('--sha256 <hex>', 'of the source, as the command prints it without this option; compare it first')
      .option('--name <name>', 'what it is called; else by its file')
      .addOption(new Option('--range <range>', 'what the network takes as black and white').choices(RANGES))
      .option('--side <pixels>', 'side of the picture, where the file does not say', wholeNumber(16))
      .option('--taps <a,b>', 'outputs or layers joined to the bottleneck; else what lies before the classifier')
      .option('--licence <text>', 'of the weights, for people who ask', 'not stated')
      .addOption(new Option('--precision <kind>', 'how the weights are kept').choices(PRECISIONS).default('fp32'))
      .option('--to <dir>', 'where backbones are kept; else $SEMTAG_MODELS or a folder that all accounts can read')
      .option('--force', 'replace one of the same name')
      .addOption(jsonOption())
      .addOption(dryRunOption())
      .addHelpText(
        'after',
        `
Examples:
  $ semtag model add resnet50.onnx --range imagenet                  prints the SHA-256
  $ semtag model add resnet50.onnx --range imagenet --sha256 3f1e...  adds it
  $ semtag model add npm:nsfwjs@4.4.0/dist/models/mobilenet_v2 --range 0..1 --sha256 ...

Whatever it was, it is kept as one ONNX file that takes [n, 3, side, side], 0 black to 1 white, and gives every tap averaged over the picture.
A package is never fetched: install it first. int8 and fp16 save disk and not time: it is computed in fp32.`,
      ),
    async (source, options: import('./model-add.ts').AddOptions) => (await import('./model-add.ts')).add(source, options),
  ); // prettier-ignore
  sub(
    model
      .command('list')
      .description('backbones and models of this machine, heads that the service used, and which is in use')
      .addOption(configOption())
      .addOption(jsonOption())
      .addHelpText('after', '\nExample:\n  $ semtag model list --config /etc/semtag/semtag.yaml'),
    async (_, options: import('./model-list.ts').ListOptions) =>
      (await import('./model-list.ts')).list(options),
  );
  sub(
    model
      .command('use')
      .description('write a model or head into a config, its comments kept')
      .argument('<name>', 'an imported model, the folder of one, a head file, a kept head (its name or 8 digits of its SHA-256), or `shipped`')
      .addOption(configOption())
      .addOption(jsonOption())
      .addOption(dryRunOption())
      .addHelpText('after', '\nExamples:\n  $ semtag model use ours --config semtag.yaml --dry-run\n  $ semtag model use 3f1e02ab                          a head that the service used before'),
    async (name, options: import('./model-use.ts').UseOptions) => (await import('./model-use.ts')).use(name, options),
  ); // prettier-ignore
  sub(
    model
      .command('export')
      .description('write the model as one folder that can be moved, or for other programs')
      .argument('<dir>', 'the folder; made')
      .option('--head <file>', 'a head made by `semtag train`; else the shipped one')
      .addOption(new Option('--form <form>', 'for semtag, plain ONNX or TensorFlow.js').choices(FORMS).default('semtag'))
      .option('--name <name>', "what it is called; else the head's name")
      .option('--without-backbone', 'only name the backbone by its SHA-256 (form semtag)')
      .option('--force', 'replace a folder that semtag wrote; never one that holds anything else')
      .addOption(jsonOption())
      .addOption(dryRunOption())
      .addHelpText(
        'after',
        `
Examples:
  $ semtag model export moved/ours --head heads/ours.json
  $ semtag model export for-others --form onnx

onnx: model.onnx takes \`views\` [n, 3, side, side], the n views of one image as semtag cuts them, and gives \`scores\` [1, 10].
tfjs: model.json and its weights for tf.loadGraphModel, views [n, side, side, 3]. Both with labels.txt and README.md.`,
      ),
    async (dir, options: import('./model-export.ts').ExportOptions) => (await import('./model-export.ts')).exportModel(dir, options),
  ); // prettier-ignore
  sub(
    model
      .command('import')
      .description('take in a folder made by `semtag model export`, every hash checked')
      .argument('<dir>', 'the folder')
      .option('--to <dir>', 'where models are kept; else $SEMTAG_MODELS or a folder that all accounts can read')
      .option('--force', 'replace one of the same name')
      .addOption(jsonOption())
      .addOption(dryRunOption())
      .addHelpText('after', '\nExample:\n  $ semtag model import moved/ours'),
    async (dir, options: import('./model-import.ts').ImportOptions) => (await import('./model-import.ts')).importModel(dir, options),
  ); // prettier-ignore
}
