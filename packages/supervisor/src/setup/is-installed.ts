import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SetupConfig } from '@candle/core/config';
import { findInstaller } from '@candle/core/programs';

/**
 * Whether the package manager that the setup runs has already installed everything: it has completed an installation since
 * its lockfile and the inputs were last written. False if the setup does anything else.
 */
export function isInstalled({ run, inputs }: SetupConfig, projectDir: string): boolean {
  const installer = findInstaller(run);
  if (installer === undefined) return false;
  const times = (paths: readonly string[]) => paths.flatMap((path) => modifiedAtNs(resolve(projectDir, path)) ?? []);
  const lockfiles = times(installer.lockfiles);
  const needed = [...lockfiles, ...times(inputs)];
  return lockfiles.length > 0 && times(installer.lastWritten).some((done) => needed.every((time) => done >= time));
}

/** Undefined if there is no such file. */
function modifiedAtNs(path: string): bigint | undefined {
  try {
    return statSync(path, { bigint: true }).mtimeNs;
  } catch {
    return undefined;
  }
}
