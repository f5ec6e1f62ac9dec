// From labelled bottlenecks to a head with its provenance: cross-validation sets the temperature, everything trains the head. Writes nothing.

import { createHash } from 'node:crypto';
import { headText, parseHead, type Head } from '../classify/head.ts';
import { CATEGORIES } from '../domain/categories.ts';
import type { Skipped, TrainingBottlenecks } from './bottlenecks.ts';
import { crossValidate, type CrossValidation } from './crossval.ts';
import { fit, type FitSettings } from './fit.ts';
import { heldOut, type HeldOut } from './held-out.ts';
import { fitSpace } from './space.ts';
import { namedPairs, nearDuplicates, type NearDuplicates } from './near-duplicates.ts';

export type Trained = {
  head: Head;
  text: string;
  validation: CrossValidation;
  heldOut?: HeldOut;
  nearDuplicates: NearDuplicates[];
  /** the strength of L2 that the head was trained with */
  C: number;
};

/** `onStep(part, step)`: part 0.. counts the folds, then the held-out tenth, then the head itself. */
export function trainHead(
  set: TrainingBottlenecks[],
  name: string,
  settings: FitSettings,
  onStep: (part: number, step: number) => void = () => {},
): Trained {
  const pairs = nearDuplicates(set);
  const validation = crossValidate(set, settings, (step, fold) => onStep(fold ?? 0, step), 0, pairs);
  const apart = heldOut(set, settings, (step) => onStep(settings.folds, step), pairs);
  const fitted = fit(set, settings, (step) => onStep(settings.folds + 1, step));
  const space = fitSpace(
    fitted,
    set.flatMap(({ views }) => views.slice(0, 2)),
  );
  const text = headText({ name, ...fitted, temperature: validation.temperature, space });
  return {
    head: parseHead(text, name),
    text,
    validation,
    ...(apart ? { heldOut: apart } : {}),
    nearDuplicates: pairs,
    C: fitted.C,
  };
}

/** What must be known about a head: it lies beside the head file as NAME.provenance.json. No machine's paths, so that it can be passed on. */
export function provenanceOf(
  trained: Trained,
  set: TrainingBottlenecks[],
  skipped: Skipped[],
  settings: FitSettings,
  data: string,
): object {
  const { head, validation, heldOut: tenth } = trained;
  const hashes = set.map(({ sha256, example }) => `${sha256} ${example.category} ${example.group}\n`).sort();
  const names = (places: number[]) => places.map((i) => set[i]!.example.file);
  return {
    head: { name: head.name, sha256: head.sha256, temperature: head.temperature, C: trained.C },
    backbone: head.backbone,
    preprocessing: head.preprocessing,
    data: {
      from: data,
      images: set.length,
      groups: new Set(set.map(({ example }) => example.group)).size,
      categories: Object.fromEntries(CATEGORIES.map((c) => [c, countsOf(set, c)])),
      /** SHA-256 over the sorted lines "image category group" */
      sha256: createHash('sha256').update(hashes.join('')).digest('hex'),
      skipped,
      nearDuplicates: namedPairs(set, trained.nearDuplicates),
    },
    // a backbone given by its folder: by name here
    settings: { ...settings, backbone: head.backbone.name },
    groupedCrossValidation: {
      folds: validation.folds,
      ...validation.figures,
      categories: validation.categories,
      ...(settings.chooseC ? { chosenC: validation.C } : {}),
      leftOut: names(validation.leftOut),
    },
    ...(tenth ? { heldOut: { ...tenth, leftOut: names(tenth.leftOut) } } : {}),
  };
}

function countsOf(set: TrainingBottlenecks[], category: string): { images: number; groups: number } {
  const own = set.filter(({ example }) => example.category === category);
  return { images: own.length, groups: new Set(own.map(({ example }) => example.group)).size };
}
