// The model before the start: backbone and head there and with the right hash, which engine would run them, and what the alignment head is for.

import { loadAlignmentHead } from '../classify/alignment-head.ts';
import { findBackbone } from '../classify/backbones.ts';
import { chooseEngine } from '../classify/engine.ts';
import { loadModel } from '../classify/model.ts';
import type { Config } from '../config/schema.ts';
import { asSemtagError } from '../errors.ts';
import type { Finding } from './preflight.ts';

export async function checkModel({ model }: Config): Promise<Finding[]> {
  const what = 'model';
  try {
    const { reference } = await loadModel(model);
    const { engine, notices } = await chooseEngine(model.engine, findBackbone(model.backbone), {
      threads: model.threads,
    });
    await engine.close();
    const found: Finding = { what, level: 'ok', message: `${reference.name}, engine ${engine.name}` };
    return [
      found,
      ...(await checkAlignmentHead(model, reference.backbone)),
      ...notices.map((notice): Finding => ({
        what,
        level: 'warn',
        message: notice,
        advice: `${engine.name} would be used instead of ${model.engine}.`,
      })),
    ];
  } catch (thrown) {
    const { message, advice } = asSemtagError(thrown);
    return [{ what, level: 'fail', message, advice }];
  }
}

/** The service runs without it; somebody should know. */
async function checkAlignmentHead(
  { alignmentHead }: Config['model'],
  backbone: { name: string; sha256: string },
): Promise<Finding[]> {
  const warn = (message: string): Finding[] => [
    {
      what: 'alignment head',
      level: 'warn',
      message,
      advice: `Records of wires and fibres have no probability of alignment; \`semtag alignment train\` makes a head for ${backbone.name}, which model.alignmentHead names.`,
    },
  ];
  try {
    const head = await loadAlignmentHead(alignmentHead);
    if (head.backbone.sha256 === backbone.sha256) return [];
    return warn(`${head.name} is for the backbone ${head.backbone.name}, not for ${backbone.name}`);
  } catch (error) {
    return warn(asSemtagError(error).message);
  }
}
