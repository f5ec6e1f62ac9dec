// The config of another SEM PC made one of this machine: what is of a machine stays as it is here. Pure; writes and loads nothing.

type Values = Record<string, unknown>;
type Named = Values & { name?: unknown };

export type Imported = {
  values: Values;
  /** keys of this machine, and why they stay, for people */
  kept: string[];
  /** what this machine has no directory for */
  left: string[];
};

/** `mine`, `theirs`: what is set in either config. */
export function importedConfig(mine: Values, theirs: Values): Imported {
  const kept = ['dataDir'];
  const left: string[] = [];
  const values: Values = { ...theirs, dataDir: mine['dataDir'] };
  // which projects are private here no other machine knows: theirs would make ours public
  for (const key of ['serve', 'projects']) {
    keep(values, mine, key);
    if (mine[key] !== undefined || theirs[key] !== undefined) kept.push(key);
  }
  for (const [list, own] of [
    ['instruments', ['root']],
    ['targets', ['path', 'owner', 'group']],
  ] as const) {
    const [here, there] = [listOf(mine, list), listOf(theirs, list)];
    const merged = here.map((one): Named => {
      const other = there.find(({ name }) => name === one.name);
      if (!other) return one;
      const made: Named = { ...other };
      for (const key of own) keep(made, one, key);
      return made;
    });
    kept.push(...here.map(({ name }) => `${list}: ${own[0]} of ${String(name)}`));
    left.push(...there.filter(({ name }) => !here.some((one) => one.name === name)).map(({ name }) => `${list}: ${String(name)}`)); // prettier-ignore
    if (merged.length > 0) values[list] = merged;
    else delete values[list];
  }
  const model = { ...(theirs['model'] as Values | null) };
  keep(model, (mine['model'] ?? {}) as Values, 'alignmentHead');
  values['model'] = model;
  return { values, kept, left };
}

function keep(into: Values, mine: Values, key: string): void {
  if (mine[key] === undefined) delete into[key];
  else into[key] = mine[key];
}

const listOf = (values: Values, list: string) => (values[list] ?? []) as Named[];
