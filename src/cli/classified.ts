// Images through the pool of children, each with category, score and decision of a model: what classify, evaluate and calibrate share. Writes nothing.

import { basename } from 'node:path';
import type { LoadedModel } from '../classify/model.ts';
import { DEFAULT_LIMITS } from '../config/schema.ts';
import type { Category } from '../domain/categories.ts';
import { decide, type Decision, type Thresholds } from '../domain/decision.ts';
import type { InstrumentHeader } from '../domain/header.ts';
import type { EngineName, ImageFacts } from '../domain/job.ts';
import type { Scores } from '../domain/scores.ts';
import { asSemtagError, SemtagError } from '../errors.ts';
import { createPool } from '../worker/pool.ts';
import { sidecarBytes, type ImageFile } from './image-files.ts';

/** One image, as `--jsonl` prints it. What is not known of an image that failed is null. */
export type Line = {
  file: string;
  category: Category | null;
  score: number | null;
  scores: Scores | null;
  decision: Decision | null;
  header?: Pick<InstrumentHeader, 'fields' | 'warnings'> & { vendor: string | null };
  error?: { code: string; message: string; advice: string };
};

export type ClassifyOptions = {
  /** processes that read images at the same time, and threads of the engine in each */
  children: number;
  threads: number;
  engine: EngineName;
  thresholds: Thresholds;
  /** the instrument header too */
  header?: boolean;
};

/** In the order of the files. Errors: `engine_missing`, `model_missing`, which no image can be blamed for. */
export async function* lines(
  files: ImageFile[],
  model: LoadedModel,
  options: ClassifyOptions,
): AsyncGenerator<Line> {
  const { children, engine, threads } = options;
  const pool = createPool({ size: children, ...DEFAULT_LIMITS });
  const backbone = model.backboneKey;
  const said = new Set<string>();
  const one = async (named: ImageFile): Promise<Line> => {
    const { file } = named;
    if (named.missing) return failed(file, noSuchFile(file));
    try {
      const facts = await pool.run({
        path: file,
        name: basename(file),
        ...sidecarBytes(named),
        backbone,
        engine,
        threads,
        limits: DEFAULT_LIMITS,
      });
      for (const notice of facts.notices ?? []) {
        if (!said.has(notice)) process.stderr.write(`semtag: ${notice}\n`);
        said.add(notice);
      }
      return lineOf(file, facts, model, options);
    } catch (thrown) {
      const error = readable(file, thrown);
      if (error.code === 'engine_missing' || error.code === 'model_missing') throw error;
      return failed(file, error);
    }
  };
  // enough ahead that no child waits for us while a line is printed or a slow image holds up the order
  const ahead: Promise<Line>[] = [];
  try {
    for (const file of files) {
      const line = one(file);
      line.catch(() => {}); // seen when its turn comes
      ahead.push(line);
      if (ahead.length > 4 * children) yield await ahead.shift()!;
    }
    while (ahead.length > 0) yield await ahead.shift()!;
  } finally {
    pool.close();
  }
}

function lineOf(
  file: string,
  facts: ImageFacts,
  model: LoadedModel,
  options: Pick<ClassifyOptions, 'thresholds' | 'header'>,
): Line {
  const { header, frame, bottlenecks } = facts;
  const { fields, warnings } = header;
  const withHeader = options.header
    ? { header: { vendor: fields.vendor?.value ?? null, fields, warnings } }
    : {};
  if (frame) {
    const reason = new SemtagError('not_a_sample', `${file}: ${frame.replaceAll('_', ' ')}`);
    return { ...failed(file, reason), ...withHeader };
  }
  const scores = model.scores(bottlenecks!);
  const { category, score, decision } = decide(scores, options.thresholds);
  return { file, category, score, scores, decision, ...withHeader };
}

function failed(file: string, { code, message, advice }: SemtagError): Line {
  const nothing = { category: null, score: null, scores: null, decision: null };
  return { file, ...nothing, error: { code, message, advice } };
}

/** What the file system refuses has a code of its own, not ours. */
export function readable(file: string, thrown: unknown): SemtagError {
  const error = asSemtagError(thrown);
  return error.code === 'internal' && /^E[A-Z]+: /.test(error.message)
    ? new SemtagError('unreadable', `${file}: ${error.message}`, { cause: error })
    : error;
}

export function noSuchFile(file: string): SemtagError {
  return new SemtagError('not_found', `${file}: there is no such file or folder`, {
    advice: 'Check the path.',
  });
}
