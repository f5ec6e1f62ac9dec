// The settings that the ablation compares: the shipped one, one thing changed at a time, and what else was tried. Trains nothing.

import { findBackbone } from '../../src/classify/backbones.ts';
import type { TrainingBottlenecks } from '../../src/learn/bottlenecks.ts';
import { DEFAULT_SETTINGS, type FitSettings } from '../../src/learn/fit.ts';

export type Setting = {
  name: string;
  settings: FitSettings;
  /** done to every bottleneck before it is learned from and judged; what no head file can say is tried here */
  change?: (bottleneck: Float32Array) => Float32Array;
  /** views of each image that are left; all unless told */
  only?: number[];
};

/** `views`: of the settings that are compared with each other; training with many takes long and changes all of them alike. */
export function settingsOf(backboneName: string, views: number): Setting[] {
  const { taps, tapLengths } = findBackbone(backboneName);
  const base: FitSettings = { ...DEFAULT_SETTINGS, backbone: backboneName, views };
  const change = (name: string, settings: Partial<FitSettings>): Setting => ({
    name,
    settings: { ...base, ...settings },
  });
  const last = taps.at(-1)!;
  return [
    change(`the same with ${views} views`, {}),
    change(`last tap alone (${last})`, { taps: [last] }),
    change(`without the last tap (${taps.slice(0, -1).join(' + ')})`, { taps: taps.slice(0, -1) }),
    change('taps as they are, a longer one says more', { equalTaps: false }),
    { ...change('whole view alone', { views: 1 }), only: [0] },
    change('bottlenecks as they are, no roots', { roots: false }),
    change('class weights: none', { balance: 0 }),
    change('class weights: balanced', { balance: 1 }),
    change('series weights: none', { series: 0 }),
    ...[0.01, 0.1, 1].map((C) => change(`regularisation: C ${C}`, { C })),
    {
      ...change('taps scaled to length 1, no roots', { roots: false }),
      change: (b) => unitTaps(b, tapLengths),
    },
  ];
}

/** Neither class nor series weights, taps as they are, no roots, no augmentation: what one would begin with. */
export function plainSetting(backbone: string): Setting {
  return {
    name: 'plain: no weights, no roots, taps as they are, 2 views',
    settings: {
      ...DEFAULT_SETTINGS,
      backbone,
      views: 2,
      balance: 0,
      series: 0,
      equalTaps: false,
      roots: false,
    },
  };
}

export function shippedSetting(backbone: string): Setting {
  const { views } = DEFAULT_SETTINGS;
  return { name: `SHIPPED: ${views} views`, settings: { ...DEFAULT_SETTINGS, backbone } };
}

export function appliedTo(set: TrainingBottlenecks[], { change, only }: Setting): TrainingBottlenecks[] {
  return set.map((one) => {
    const kept = only ? only.map((v) => one.views[v]!) : one.views;
    return { ...one, views: change ? kept.map(change) : kept };
  });
}

/** Euclidean length of every tap 1: how much a picture excites the network says nothing then. */
function unitTaps(bottleneck: Float32Array, tapLengths: readonly number[]): Float32Array {
  const scaled = Float32Array.from(bottleneck);
  let at = 0;
  for (const length of tapLengths) {
    const tap = scaled.subarray(at, (at += length));
    const norm = Math.sqrt(tap.reduce((sum, v) => sum + v * v, 0)) || 1;
    for (let j = 0; j < length; j++) tap[j]! /= norm;
  }
  return scaled;
}
