import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { showPath } from '../errors/quote.ts';
import { findUserName } from '../system/user-name.ts';
import {
  type ConfigPart,
  findDistrust,
  findUntrustedParts,
  isNamedDirectory,
  partOf,
  readLinkParts,
  readParts,
  type Trust,
} from './config-trust.ts';
import { type ConfigDistrust, describeUser } from './errors.ts';
import { configFileName, findConfigEntry } from './find-project.ts';

/** Says why a file is not used, as the predicate of a sentence. Undefined if it is used, or if it does not exist. */
export type FindFileDistrust = (path: string) => string | undefined;

/**
 * Whose files decide what a configuration of a directory will contain: those of the users whose configuration is used there.
 * The returned function takes paths relative to the directory, and checks the file and all links and directories down to it.
 * @throws ConfigUntrustedError if not even the configuration of the directory would be used
 */
export async function openFileTrust(dir: string, trust: Trust): Promise<FindFileDistrust> {
  const configPath = findConfigEntry(dir) ?? join(dir, configFileName);
  const parts = readParts(configPath);
  const untrusted = await findUntrustedParts(configPath, trust, { parts, directory: dir });
  if (untrusted !== undefined) throw untrusted;
  const realDir = realpathSync.native(dir);
  if (isNamedDirectory(realDir, trust)) return () => undefined;
  const recorded = findDistrust(parts, trust.uids) === undefined ? [] : await trust.recordedOwners(realDir);
  return (path) => {
    if (!existsSync(join(dir, path))) return undefined;
    const distrust = findDistrust(readPartsBelow(dir, path), trust.uids, recorded);
    return distrust && describeDistrust(distrust, relative(dir, distrust.at));
  };
}

/** The parts of a path below a directory, from the top, as far as they exist. */
function readPartsBelow(dir: string, path: string): readonly ConfigPart[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.flatMap((_, index) => {
    const part = join(dir, ...names.slice(0, index + 1));
    return [...readLinkParts(part, part), ...readEntry(part)];
  });
}

function readEntry(path: string): readonly ConfigPart[] {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return [partOf('directory', path, stats)];
    return [partOf('file', path, { uid: stats.uid, mode: stats.isFile() ? stats.mode : 0 })];
  } catch {
    return [];
  }
}

function describeDistrust({ part, uid }: ConfigDistrust, at: string): string {
  const owner = describeUser(uid, findUserName(uid));
  const place = showPath(at);
  const reasons: Readonly<Record<ConfigDistrust['part'], string>> = {
    file: `it belongs to ${owner}`,
    link: `${place} is a symbolic link of ${owner}`,
    directory: `${place} belongs to ${owner}`,
    'file-mode': 'every user can change it',
    'directory-mode': `every user can replace the files in ${place}`,
  };
  return `is not used, because ${reasons[part]}; see candle get-doc trust`;
}
