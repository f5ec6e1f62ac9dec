// A drawing of each category, for as long as nobody has confirmed an image of it. Drawn here; says nothing that the words beside it do not.

import type { Category } from '../../../domain/categories.ts';

/** Paths on a field of 64 x 48: stroked, and filled where they close on purpose. */
const LINES: Record<Category, string> = {
  Particles:
    'M12 30a5 5 0 1 0 .1 0M27 14a4 4 0 1 0 .1 0M40 33a6 6 0 1 0 .1 0M52 15a4 4 0 1 0 .1 0M26 35a3 3 0 1 0 .1 0',
  Fibres: 'M2 40C20 8 40 44 62 10M2 14C22 44 38 2 62 38M8 2C18 20 44 26 50 46M2 28c24-8 40 8 60-2',
  Biological:
    'M22 10c14-8 30 2 28 16s-18 18-32 12S8 18 22 10M30 20a5 5 0 1 0 .1 0M42 26a2 2 0 1 0 .1 0M24 32a2 2 0 1 0 .1 0',
  Patterned_surface: 'M8 8h8v8H8zM28 8h8v8h-8zM48 8h8v8h-8zM8 28h8v8H8zM28 28h8v8h-8zM48 28h8v8h-8z',
  Nanowires: 'M8 44 18 6M18 44 24 10M28 44 30 4M38 44 38 8M46 44 52 6M56 44 60 14M2 44h60',
  Tips: 'M4 40 58 24 4 8M30 16v16M16 12v24',
  Films_Coated_Surface: 'M2 18h60M2 30h60M2 36h60M8 18l4-3 8 2 9-3 8 2 10-2 9 3',
  Porous_Sponge:
    'M12 8a6 5 0 1 0 .1 0M32 5a7 6 0 1 0 .1 0M52 9a6 6 0 1 0 .1 0M22 22a7 5 0 1 0 .1 0M42 22a6 6 0 1 0 .1 0M12 32a6 5 0 1 0 .1 0M33 35a5 4 0 1 0 .1 0M54 31a5 6 0 1 0 .1 0',
  MEMS_devices_and_electrodes: 'M4 10h14v28H4zM46 10h14v28H46zM18 16h22M18 24h22M18 32h22M46 20H24M46 28H24',
  Powder:
    'M2 40c4-8 6-8 9-2 2-10 7-12 10-2 3-12 9-12 12 0 3-10 8-9 11 1 3-9 8-8 10 1 2-4 5-5 8 0M12 26c3-6 7-6 9 0 3-8 8-8 11 0 2-7 8-7 10 0M24 15c3-6 9-6 12 0',
};

export function Drawing({ category }: { category: Category }) {
  return (
    <svg class="drawing" viewBox="0 0 64 48" width="64" height="48" aria-hidden="true" focusable="false">
      <path d={LINES[category]} />
    </svg>
  );
}
