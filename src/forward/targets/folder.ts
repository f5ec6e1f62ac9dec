// The folder target: a directory on this machine or a mounted share. Publishes by temporary file, fsync, rename, fsync of the directory (R4).

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, chown, copyFile, mkdir, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FolderTargetConfig } from '../../config/schema.ts';
import { SemtagError } from '../../errors.ts';
import { publish, syncDirectory } from '../../publish.ts';
import { hashFile } from '../../hash-file.ts';
import type { Content, Target } from '../target.ts';
import { rootMark } from './root-mark.ts';

/** `memory`: path in the data directory by which the target is known again; without it the directory is taken for what it is. */
export function folderTarget(config: FolderTargetConfig, memory?: string): Target {
  const root = config.path;
  const mode = parseInt(config.mode, 8);
  // who may read a file may enter its directory
  const dirMode = mode | ((mode & 0o444) >> 2);
  const mark =
    memory === undefined ? undefined : rootMark(config.name, root, memory, (path) => own(path, mode));

  /** A place never leaves the root, whatever a name held. */
  function pathOf(place: string): string {
    const path = join(root, place);
    const inside = relative(root, path);
    if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`))
      throw new SemtagError('target_refused', `${config.name}: ${place} is outside ${root}`);
    return path;
  }

  /** The root itself is never made: where it is missing a mount is missing, and the images would vanish below the mount point. */
  async function needRoot(): Promise<void> {
    const s = await stat(root).catch(({ code = '' }: NodeJS.ErrnoException) => {
      const how = code === 'ENOENT' ? 'is not there' : `does not answer (${code})`;
      throw new SemtagError('target_unreachable', `${config.name}: ${root} ${how}`);
    });
    if (!s.isDirectory())
      throw new SemtagError('target_unreachable', `${config.name}: ${root} is no directory`);
    await mark?.check().catch((error: unknown) => {
      throw asTargetError(error, `${config.name}: ${root}`);
    });
  }

  async function hashOf(path: string): Promise<string | undefined> {
    return hashFile(path).catch(async (error: unknown) => {
      throw await trouble(error, `${config.name}: ${relative(root, path)}`);
    });
  }

  /** The target is away only where its root is: trouble with one place must not hold up what goes to the others. */
  async function trouble(error: unknown, what: string): Promise<SemtagError> {
    if (error instanceof SemtagError) return error;
    return needRoot().then(
      () => new SemtagError('target_refused', `${what}: ${(error as Error).message}`, { cause: error }),
      (away: SemtagError) => away,
    );
  }

  async function makeDir(path: string): Promise<void> {
    if (path === root || (await stat(path).catch(() => undefined))?.isDirectory()) return;
    await makeDir(dirname(path));
    await mkdir(path, { mode: dirMode }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await own(path, dirMode);
    await syncDirectory(dirname(path));
  }

  async function own(path: string, permissions: number): Promise<void> {
    // setgid comes from the directory above and stays; who may not set it (RestrictSUIDSGID= of systemd) keeps it by not asking
    const { mode: has } = await stat(path);
    if ((has & 0o777) !== permissions) await chmod(path, permissions | (has & 0o2000));
    if (config.owner === undefined && config.group === undefined) return;
    const now = await stat(path);
    await chown(path, config.owner ?? now.uid, config.group ?? now.gid);
  }

  /** The same for the same place, so that what a crash leaves is overwritten by the next try. */
  function tempOf(path: string): string {
    return join(dirname(path), `.semtag-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`);
  }

  async function write(content: Content, temp: string): Promise<void> {
    if ('path' in content) await copyFile(content.path, temp);
    else await writeFile(temp, content.bytes);
    await own(temp, mode);
  }

  async function put(place: string, content: Content): Promise<void> {
    const path = pathOf(place);
    await needRoot();
    const temp = tempOf(path);
    try {
      await makeDir(dirname(path));
      await write(content, temp);
      await publish(temp, path);
    } catch (error) {
      throw await trouble(error, `${config.name}: ${place}`);
    } finally {
      await rm(temp, { force: true }).catch(() => undefined);
    }
  }

  return {
    name: config.name,
    async put(place, content) {
      pathOf(place);
      await needRoot();
      await mark?.claim().catch((error: unknown) => {
        throw asTargetError(error, `${config.name}: ${root}`);
      });
      await put(place, content);
    },
    async hash(place) {
      await needRoot();
      return hashOf(pathOf(place));
    },
    async get(place, localPath) {
      await needRoot();
      try {
        await pipeline(createReadStream(pathOf(place)), createWriteStream(localPath));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT')
          throw new SemtagError('target_mismatch', `${config.name}: ${place} is not there any more`);
        throw await trouble(error, `${config.name}: ${place}`);
      }
    },
    async remove(place, sha256) {
      await needRoot();
      const path = pathOf(place);
      await rm(tempOf(path), { force: true });
      if ((await hashOf(path)) !== sha256) return; // gone, or somebody else's now
      await rm(path, { force: true });
      await syncDirectory(dirname(path));
      await removeEmpty(dirname(path));
    },
    async check() {
      const probe = `.semtag-check-${process.pid}/probe`;
      try {
        await put(
          probe, // a check marks nothing
          { bytes: Buffer.from('semtag') },
        );
        await this.remove(probe, createHash('sha256').update('semtag').digest('hex'));
        return [];
      } catch (error) {
        const { message } = error as Error;
        const prefix = `${config.name}: `; // whoever asks names the target
        return [message.startsWith(prefix) ? message.slice(prefix.length) : message];
      }
    },
  };

  async function removeEmpty(dir: string): Promise<void> {
    for (let at = dir; at !== root && at.startsWith(root + sep); at = dirname(at)) {
      try {
        await rmdir(at);
      } catch {
        return; // not empty, or used by somebody
      }
    }
  }
}

const UNREACHABLE = new Set([
  'ENOENT',
  'ENOTDIR',
  'EIO',
  'ESTALE',
  'EHOSTDOWN',
  'ENODEV',
  'ENOTCONN',
  'ETIMEDOUT',
]);

function asTargetError(error: unknown, what: string): SemtagError {
  if (error instanceof SemtagError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new SemtagError(
    UNREACHABLE.has(code ?? '') ? 'target_unreachable' : 'target_refused',
    `${what}: ${message}`,
    { cause: error },
  );
}
