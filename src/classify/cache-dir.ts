// Where things lie that can be made again: converted backbones, bottlenecks of training images. Never holds anything that must not be lost.

import { homedir } from 'node:os';
import { join } from 'node:path';

/** SEMTAG_CACHE; under systemd its CacheDirectory= (systemd.exec(5)); else XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification). */
export function cacheDir(...parts: string[]): string {
  const { SEMTAG_CACHE, CACHE_DIRECTORY, XDG_CACHE_HOME } = process.env;
  const root = SEMTAG_CACHE || CACHE_DIRECTORY || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'semtag');
  return join(root, ...parts);
}
