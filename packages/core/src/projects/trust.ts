import { basename, dirname, join } from 'node:path';
import type { TrustDocument } from '@candle/documents';
import type { Candle } from '../candle.ts';
import { findUserName } from '../system/user-name.ts';
import { ownersOf, readParts } from './config-trust.ts';
import { DirectoryNotTrustedError, ProjectGoneError } from './errors.ts';
import { configFileName, configFileNames, findConfigEntry, resolveProjectPath } from './find-project.ts';

type TrustingCandle = Pick<Candle, 'store' | 'clock'>;

/** A directory whose configuration is used although other users can change it. */
export interface TrustedDirectory {
  /** Real path. */
  readonly dir: string;
  /** Those to whom the configuration and its directory belonged when the directory was trusted. */
  readonly ownerUids: readonly number[];
}

/**
 * Records that the configuration of exactly this directory is used, for as long as its owners stay the same.
 * @param path absolute; the directory, or the configuration in it
 * @throws ProjectGoneError, ProjectNotADirectoryError
 */
export async function trust({ store, clock }: TrustingCandle, path: string): Promise<TrustedDirectory> {
  const { dir, exists } = resolveProjectPath(isConfigFile(path) ? dirname(path) : path);
  if (!exists) throw new ProjectGoneError(dir);
  const ownerUids = ownersOf(readParts(findConfigEntry(dir) ?? join(dir, configFileName)));
  await store.trust.trust(dir, ownerUids, clock.nowMs());
  return { dir, ownerUids };
}

/** Users also pass the path of the configuration, which the error shows. */
function isConfigFile(path: string): boolean {
  return configFileNames.some((name) => name === basename(path));
}

/** All directories that were trusted, by path. */
export async function listTrusted({ store }: TrustingCandle): Promise<readonly TrustedDirectory[]> {
  const byDir = Map.groupBy(await store.trust.list(), ({ dir }) => dir);
  return [...byDir].map(([dir, records]) => ({ dir, ownerUids: records.map(({ ownerUid }) => ownerUid) }));
}

/**
 * Removes the record of `trust`. The directory need not exist any more.
 * @param path absolute
 * @throws DirectoryNotTrustedError
 */
export async function revokeTrust({ store }: TrustingCandle, path: string): Promise<TrustedDirectory> {
  const { dir } = resolveProjectPath(isConfigFile(path) ? dirname(path) : path);
  const revoked = await store.trust.revoke(dir);
  if (revoked.length === 0) throw new DirectoryNotTrustedError(dir);
  return { dir, ownerUids: revoked.map(({ ownerUid }) => ownerUid) };
}

export function trustDocument(directories: readonly TrustedDirectory[]): TrustDocument {
  return {
    directories: directories.map(({ dir, ownerUids }) => ({
      dir,
      owners: ownerUids.map((uid) => ({ uid, user: findUserName(uid) ?? null })),
    })),
  };
}
