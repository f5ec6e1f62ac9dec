// What each category means and where it ends, in one sentence each: for people who answer, and as the vocabulary that goes out with the records.

import type { Category } from './categories.ts';

export const DEFINITIONS: Record<Category, string> = {
  Particles: 'Single grains, beads or clusters that could be counted, lying on something else.',
  Fibres: 'Long threads that cross the picture: textile, paper, electrospun mats.',
  Biological: 'Cells, tissue, bacteria, pollen, plants, insects.',
  Patterned_surface: 'A made pattern that repeats: gratings, pillars, holes in rows.',
  Nanowires: 'Thin straight rods or whiskers, standing or lying, far thinner than fibres.',
  Tips: 'One sharp point: a probe, a needle, a lift-out tip.',
  Films_Coated_Surface: 'A continuous layer from above or in cross-section, smooth, grainy or cracked.',
  Porous_Sponge: 'A connected solid full of holes: foam, sponge, scaffold, filter.',
  MEMS_devices_and_electrodes: 'A built device: beams, membranes, gears, contacts, electrodes, wiring.',
  Powder: 'Heaped loose material that fills the picture; single grains cannot be counted.',
};

/** Where two meet: which one to take. */
export const BORDERLINE: Record<Category, string> = {
  Particles: 'Grains that touch everywhere and fill the picture are Powder.',
  Fibres: 'Straight rods thinner than about a micrometre are Nanowires.',
  Biological: 'A made scaffold counts as Porous sponge until cells cover most of it.',
  Patterned_surface: 'One device with contacts is a device; the same thing in rows is a pattern.',
  Nanowires: 'Long and bent like hair: Fibres. Rods etched in an exact grid: Patterned surface.',
  Tips: 'Many tips in rows are a Patterned surface.',
  Films_Coated_Surface: 'A few specks on a film leave it a film; specks that fill the picture are Particles.',
  Porous_Sponge: 'Holes in exact rows are a Patterned surface; crossing threads are Fibres.',
  MEMS_devices_and_electrodes:
    'Only the grating or hole field in the picture, no device around it: Patterned surface.',
  Powder: 'Single grains on a ground that shows between them are Particles.',
};

/** Without end, since pages add how to do it. */
export const WHICH_WINS = 'Where two fit, take the one whose features fill most of the picture';
