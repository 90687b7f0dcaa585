import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TrustDocument } from '@candle/documents';
import type { Candle } from '../candle.ts';
import { advise, candle } from '../errors/hint.ts';
import { showPath } from '../errors/quote.ts';
import { findUserName } from '../system/user-name.ts';
import { findDistrust, ownersOf, readParts, resolveTrusted } from './config-trust.ts';
import { DirectoryNotTrustedError, describeUser, ProjectNotADirectoryError } from './errors.ts';
import { configFileName, configFileNames, findConfigEntry, projectGone, resolveProjectPath } from './find-project.ts';

type TrustingCandle = Pick<Candle, 'store' | 'clock'>;
type ListingCandle = Pick<Candle, 'store' | 'trust'>;

/** A directory whose configuration is used although other users can change it. */
export interface TrustedDirectory {
  /** Real path. */
  readonly dir: string;
  /** Those to whom the configuration and its directory belonged when the directory was trusted. */
  readonly ownerUids: readonly number[];
}

/** A directory that was trusted, and whether it still is. */
export interface ListedTrust extends TrustedDirectory {
  readonly source: 'candle trust' | 'CANDLE_TRUST';
  /** Why the trust has no effect, as a clause without a subject: "does not exist". */
  readonly problem: string | undefined;
}

/**
 * Records that the configuration of exactly this directory is used, for as long as its owners stay the same.
 * @param path absolute; the directory, or the configuration in it
 * @throws ProjectGoneError, ProjectNotADirectoryError
 */
export async function trust({ store, clock }: TrustingCandle, path: string): Promise<TrustedDirectory> {
  const { dir, exists } = resolveTrustPath(path);
  if (!exists) throw projectGone(dir, false);
  const ownerUids = ownersOf(readParts(configPathIn(dir)));
  await store.trust.trust(dir, ownerUids, clock.nowMs());
  return { dir, ownerUids };
}

/** Users also pass the path of the configuration, which the error shows. @throws ProjectNotADirectoryError */
function resolveTrustPath(path: string) {
  if (configFileNames.some((name) => name === basename(path))) return resolveProjectPath(dirname(path));
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new ProjectNotADirectoryError(
      path,
      advise('To trust the directory of the file', candle('trust', dirname(path))),
    );
  }
  return resolveProjectPath(path);
}

/** The directories recorded by `trust`, by path, then those of `CANDLE_TRUST`. */
export async function listTrusted({ store, trust: { uids, dirs } }: ListingCandle): Promise<readonly ListedTrust[]> {
  const byDir = Map.groupBy(await store.trust.list(), ({ dir }) => dir);
  const recorded = [...byDir].map(([dir, records]) => {
    const ownerUids = records.map(({ ownerUid }) => ownerUid);
    return { dir, ownerUids, source: 'candle trust', problem: findChange(dir, uids, ownerUids) } as const;
  });
  const named = dirs.map((value) => {
    const resolved = resolveTrusted(value);
    const problem = typeof resolved === 'string' ? undefined : resolved.problem;
    return {
      dir: problem === undefined ? String(resolved) : value,
      ownerUids: [],
      source: 'CANDLE_TRUST',
      problem,
    } as const;
  });
  return [...recorded, ...named];
}

/** Finds what has changed since the directory was trusted. Undefined if its configuration is still used. */
function findChange(dir: string, uids: readonly number[], recorded: readonly number[]): string | undefined {
  if (!existsSync(dir)) return 'does not exist';
  const distrust = findDistrust(readParts(configPathIn(dir)), uids, recorded);
  if (distrust === undefined) return undefined;
  const owner = describeUser(distrust.uid, findUserName(distrust.uid));
  return distrust.at === dir ? `now belongs to ${owner}` : `now contains ${showPath(distrust.at)} of ${owner}`;
}

function configPathIn(dir: string): string {
  return findConfigEntry(dir) ?? join(dir, configFileName);
}

/**
 * Removes the record of `trust`. The directory need not exist any more.
 * @param path absolute
 * @throws DirectoryNotTrustedError
 */
export async function revokeTrust({ store }: TrustingCandle, path: string): Promise<TrustedDirectory> {
  const { dir } = resolveTrustPath(path);
  const revoked = await store.trust.revoke(dir);
  if (revoked.length === 0) throw new DirectoryNotTrustedError(dir);
  return { dir, ownerUids: revoked.map(({ ownerUid }) => ownerUid) };
}

export function trustDocument(directories: readonly (TrustedDirectory | ListedTrust)[]): TrustDocument {
  return {
    directories: directories.map(({ dir, ownerUids, ...listed }) => ({
      dir,
      source: 'source' in listed ? listed.source : 'candle trust',
      problem: ('problem' in listed ? listed.problem : undefined) ?? null,
      owners: ownerUids.map((uid) => ({ uid, user: findUserName(uid) ?? null })),
    })),
  };
}
