// The model before the start: backbone and head there and with the right hash, and which engine would run them.

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
