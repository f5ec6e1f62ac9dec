// Every setting in force with its explanation, unit and where it was written, for the page. Never shows a secret.

import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { effectiveKeys } from './effective.ts';
import { configKeys } from './explain.ts';
import { placeInFile } from './load.ts';
import type { Config } from './schema.ts';
import { isSecretKey } from './secret-key.ts';

export type Setting = {
  key: string;
  /** absent for a secret */
  value?: unknown;
  unit?: string;
  why: string;
  /** `default`, or the line of the file */
  origin: string;
};

export type Settings = {
  path: string;
  values: Setting[];
  /** Whether the file is another one than was read: a restart takes it. */
  changed(): boolean;
};

/** Reads the file once, as it is at the start; `config` as loadConfig gave it for the same path. */
export function settingsOf(path: string, config: Config): Settings {
  const hash = () => createHash('sha256').update(readFileSync(path)).digest('hex');
  const read = hash();
  const why = new Map(configKeys().map((info) => [info.key, info.why]));
  const values = effectiveKeys(path, config).map(({ key, value, unit, origin }): Setting => {
    const keys = key.split(/[.[\]]+/).filter(Boolean).map((part) => (/^\d+$/.test(part) ? Number(part) : part)); // prettier-ignore
    const [line] = /(?<=:)\d+(?=:\d+$)/.exec(origin === 'file' ? placeInFile(path, keys) : '') ?? [];
    return {
      key,
      ...(isSecretKey(key) ? {} : { value }),
      ...(unit ? { unit } : {}),
      why: why.get(key.replace(/\[\d+\]/g, '[]')) ?? '',
      origin: line ? `line ${line}` : origin,
    };
  });
  return {
    path,
    values,
    changed() {
      try {
        return hash() !== read;
      } catch {
        return true;
      }
    },
  };
}
