// What each category means, in one sentence. Where two fit, the feature that fills most of the picture wins.

import type { Category } from '../../domain/categories.ts';

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

export const WHICH_WINS =
  'Where two fit, take the one whose features fill most of the picture; add the other with Shift.';
