// How many groups of one size would tell as much about images as these of several sizes. Pure.

/**
 * (sum m)^2 / sum m^2 over the groups' sizes m (Kish, Survey Sampling, 1965, 8.2), for images of a group that are right or wrong together: the number
 * of groups where all are of one size, about one where a single long series outweighs all others. 0 without images. `groups`: of each image.
 */
export function effectiveGroups(groups: string[]): number {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const squares = [...sizes.values()].reduce((sum, m) => sum + m * m, 0);
  return squares === 0 ? 0 : groups.length ** 2 / squares;
}
