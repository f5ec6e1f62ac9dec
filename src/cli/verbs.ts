// The list of verbs with what `semtag --help` says of each. Imports no verb: main.ts loads the one that was asked for.

/** The file of a verb is `cli/NAME.ts`. In the order in which people meet them. */
export const VERBS = [
  { name: 'init', summary: 'write a config with comments, by asking or by options' },
  { name: 'check', summary: 'say before the start what would not work' },
  { name: 'run', summary: 'watch, classify, tag and forward until it is stopped' },
  { name: 'status', summary: 'what is running, waiting, owed and aside' },
  { name: 'list', summary: 'list images by state, category, instrument or name' },
  { name: 'show', summary: 'show one image: record, history, deliveries' },
  { name: 'label', summary: 'answer for an image or correct its label' },
  { name: 'facts', summary: 'correct operator, project or sample of images' },
  { name: 'teaching', summary: 'how teaching does, and whether it is used' },
  { name: 'retry', summary: 'try again what went aside or was not delivered' },
  { name: 'forget', summary: 'let go of what a target that is gone was owed' },
  { name: 'verify', summary: 'check that every forwarded image lies at its targets' },
  { name: 'header', summary: 'print the instrument header of a file in SI units' },
  { name: 'classify', summary: 'classify files or folders without a service' },
  { name: 'evaluate', summary: 'judge the model in use on a folder of labelled images' },
  { name: 'calibrate', summary: 'say what the scores mean, and which thresholds they allow' },
  { name: 'train', summary: 'train a head on a folder with one folder a category' },
  { name: 'model', summary: 'add, list, use, export and import backbones and models' },
  { name: 'compare', summary: 'compare backbones on a folder of labelled images' },
  { name: 'alignment', summary: 'measure how far wires or fibres lie in one direction' },
  { name: 'tag', summary: 'write a tagged copy of a file without a service' },
  { name: 'untag', summary: 'give back the acquired bytes of a tagged file' },
  { name: 'config', summary: 'show, explain or check the config' },
  { name: 'demo', summary: 'show the whole way on made-up images' },
] as const;
