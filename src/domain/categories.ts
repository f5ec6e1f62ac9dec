// The ten categories of Modarres et al. 2017, in the order of their table 1. Never reorder: heads store scores in this order.

export const CATEGORIES = [
  'Particles',
  'Fibres',
  'Biological',
  'Patterned_surface',
  'Nanowires',
  'Tips',
  'Films_Coated_Surface',
  'Porous_Sponge',
  'MEMS_devices_and_electrodes',
  'Powder',
] as const;

export type Category = (typeof CATEGORIES)[number];

export function isCategory(value: unknown): value is Category {
  return (CATEGORIES as readonly unknown[]).includes(value);
}

/** By its id or its title, letter case apart. */
export function categoryNamed(typed: string): Category | undefined {
  const id = typed.trim().replaceAll(' ', '_').toLowerCase();
  return CATEGORIES.find((one) => one.toLowerCase() === id);
}

/** `Films_Coated_Surface` -> `Films coated surface`, as people read it. */
export function categoryTitle(category: Category): string {
  const words = category.replaceAll('_', ' ');
  return (words[0] + words.slice(1).toLowerCase()).replace('Mems', 'MEMS');
}
