import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { SetupConfig } from '@candle/core/config';
import { isCandleError } from '@candle/core/errors';
import { findInstaller } from '@candle/core/programs';
import { type DirectoryIdentity, openSameDirectory } from '@candle/core/projects';
import { readRegularFile } from '@candle/core/system';
import { SetupInputUnreadableError } from './errors.ts';

/** The directory of a project, as it was when its configuration was read. */
export interface ProjectDirectory {
  readonly projectDir: string;
  readonly directory: DirectoryIdentity;
}

/** More than any lockfile. */
const maxInputBytes = 64 * 1024 * 1024;

/**
 * A hash of the files that a setup depends on.
 * @throws SetupInputUnreadableError, DirectoryReplacedError
 */
export function hashInputs({ inputs }: SetupConfig, project: ProjectDirectory): string {
  const contents = inputs.map((input) => [input, hash('sha256', readInput(input, project))]);
  return hash('sha256', JSON.stringify(contents));
}

function readInput(input: string, { projectDir, directory }: ProjectDirectory): Buffer {
  try {
    if (isAbsolute(input)) return readRegularFile(input, maxInputBytes);
    const opened = openSameDirectory(projectDir, directory);
    try {
      // Not joined, because `..` has to be looked up in the open directory.
      return readRegularFile(`${opened.path}/${input}`, maxInputBytes);
    } finally {
      opened.close();
    }
  } catch (error) {
    if (isCandleError(error)) throw error;
    throw new SetupInputUnreadableError(resolve(projectDir, input), error as NodeJS.ErrnoException);
  }
}

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
  return lockfiles.length > 0 && times(installer.lastWritten).some((done) => needed.every((time) => done > time));
}

/** Undefined if there is no such file. */
function modifiedAtNs(path: string): bigint | undefined {
  try {
    return statSync(path, { bigint: true }).mtimeNs;
  } catch {
    return undefined;
  }
}
