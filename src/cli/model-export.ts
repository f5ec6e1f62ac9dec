// `semtag model export DIR`: the model in use as a folder that can be moved, or as plain ONNX or TensorFlow.js for others. Changes no model.

import { resolve } from 'node:path';
import { MODEL_NAME } from '../classify/added.ts';
import { loadBackbone } from '../classify/backbones.ts';
import { LOGITS, modelOnnx, SCORES, VIEWS } from '../classify/export-onnx.ts';
import { modelTfjs } from '../classify/export-tfjs.ts';
import { LABELS_FILE, labelsText, modelParts, type Part } from '../classify/model-folder.ts';
import { loadModel, type LoadedModel } from '../classify/model.ts';
import { SemtagError } from '../errors.ts';
import { packageVersion } from '../serve/version.ts';
import { refuseForeignCalibration } from './carried-calibration.ts';
import type { Form } from './model.ts';
import { print } from './report.ts';
import { refuseExisting, writeFolder } from './write-folder.ts';

export type ExportOptions = {
  head?: string;
  form: Form;
  name?: string;
  withoutBackbone?: boolean;
  force?: boolean;
  json?: boolean;
  dryRun?: boolean;
};

export async function exportModel(dir: string, options: ExportOptions): Promise<void> {
  const out = resolve(dir);
  refuseExisting(out, options.force === true || options.dryRun === true);
  const model = await loadModel(options.head ? { head: resolve(options.head) } : {});
  const name = options.name ?? model.reference.name;
  if (!MODEL_NAME.test(name))
    throw new SemtagError('bad_request', `--name ${name}: one word of letters, digits, dots and dashes`);
  const parts = await partsOf(model, name, options);
  refuseForeignCalibration(parts, model.head, model.headPath);
  if (!options.dryRun) await writeFolder(out, parts);
  const files = parts.map(({ name: file, bytes }) => ({ file, bytes: bytes.length }));
  const { head, backbone } = model.reference;
  print({ ...(options.dryRun ? {} : { out }), name, form: options.form, head, backbone, files }, options.json === true, () =>
    [
      ...files.map((f) => `${String(f.bytes).padStart(10)}  ${f.file}`),
      options.dryRun ? 'not written (dry run)' : `${out}: ${name} on ${backbone.name}`,
    ].join('\n'),
  ); // prettier-ignore
}

/** The files of the folder in the form that is wanted. */
export async function partsOf(
  model: LoadedModel,
  name: string,
  { form, withoutBackbone }: Pick<ExportOptions, 'form' | 'withoutBackbone'>,
): Promise<Part[]> {
  const { head, backbone, headPath } = model;
  if (form === 'semtag')
    return modelParts(headPath, backbone, {
      name,
      version: packageVersion(),
      withBackbone: !withoutBackbone,
    });
  const { bytes } = await loadBackbone(backbone);
  const network = form === 'onnx' ? [{ name: 'model.onnx', bytes: modelOnnx(bytes, backbone, head) }] : modelTfjs(bytes, backbone, head); // prettier-ignore
  return [
    ...network,
    { name: LABELS_FILE, bytes: labelsText() },
    { name: 'README.md', bytes: Buffer.from(readme(model, name, form)) },
  ];
}

/** What a stranger needs to use the file: above all how the pictures have to be made. */
function readme({ head, backbone }: LoadedModel, name: string, form: Form): string {
  const shape = form === 'onnx' ? `[n, 3, ${backbone.side}, ${backbone.side}]` : `[n, ${backbone.side}, ${backbone.side}, 3]`;
  return `# ${name}

Classifies images of a scanning electron microscope; the ten categories are in labels.txt, in the order of the scores.

- input \`${VIEWS}\` ${shape}, float32, 0..1: the n views of ONE image (not a batch of images), grey repeated three times
- output \`${SCORES}\` [1, 10]: softmax of the mean of the views' logits / ${head.temperature}
- output \`${LOGITS}\` [n, 10]: logits of each view before the temperature

Views are made so (preprocessing \`${head.preprocessing}\` of semtag): cut off the info bar; grey; 16 bits are first brought to 0..255 linearly between
the 0.1 and 99.9 percentiles; two views, the whole picture squashed to a square and the largest square of its middle, each averaged down by area to
${backbone.side} x ${backbone.side}; then v becomes 0.5 + 0.22 (v - mean) / (standard deviation + 1), clipped to 0..1, mean and deviation of the view.
One view alone works too, a little less well.

Backbone ${backbone.name}, SHA-256 ${backbone.sha256}, licence ${backbone.licence}.
Head ${head.name}, SHA-256 ${head.sha256}. Written by semtag ${packageVersion()}.
`;
} // prettier-ignore
