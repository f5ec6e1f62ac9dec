// How well a number ranks one kind above another: area under the ROC curve. Pure.

/** Chance that a `yes` has a higher value than a `no`, ties counted half (Mann & Whitney 1947; Hanley & McNeil 1982). NaN where one kind is absent. */
export function auc(values: { value: number; yes: boolean }[]): number {
  const yes = values.filter((v) => v.yes);
  const no = values.filter((v) => !v.yes);
  let wins = 0;
  for (const a of yes) for (const b of no) wins += a.value > b.value ? 1 : a.value === b.value ? 0.5 : 0;
  return wins / (yes.length * no.length);
}
