// Where two categories meet: which one to take. The rule is the same everywhere, that the dominant feature wins; these say what it means for each.

import type { Category } from '../../domain/categories.ts';

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
