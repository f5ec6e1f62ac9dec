// Which names of an acquisition directory are looked at: the instrument's patterns, and the vendors' sidecars. Pure.

import picomatch from 'picomatch';
import type { InstrumentConfig } from '../config/schema.ts';
import { isSidecarName } from '../domain/sidecar.ts';
import { shownPath } from '../domain/shown-path.ts';

export type Role = 'image' | 'sidecar';

/** Undefined = left alone. Names that are not UTF-8 are matched with their bad bytes replaced; letter case does not matter. */
export function roleOf(
  config: Pick<InstrumentConfig, 'patterns' | 'ignore'>,
): (dir: Buffer, name: Buffer) => Role | undefined {
  const options = { nocase: true, dot: true };
  const taken = picomatch(config.patterns, options);
  const ignored = picomatch(config.ignore, options);
  return (dir, name) => {
    const path = shownPath({ dir, name });
    if (ignored(path)) return undefined;
    if (taken(path)) return 'image';
    return isSidecarName(name.toString('latin1')) ? 'sidecar' : undefined;
  };
}
