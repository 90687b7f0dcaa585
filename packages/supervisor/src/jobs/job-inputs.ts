import { hash } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { type CandleError, isCandleError } from '@candle/core/errors';
import { type DirectoryIdentity, openSameDirectory } from '@candle/core/projects';
import { readEnvFiles, type ServiceDefinition } from '@candle/core/services';
import { readRegularFile } from '@candle/core/system';
import { JobInputUnreadableError } from './errors.ts';

/** The files that a command depends on, in a project whose directory is still the one whose configuration was read. */
export interface JobInputs {
  readonly inputs: readonly string[];
  readonly projectDir: string;
  readonly directory: DirectoryIdentity | undefined;
  /** The error for a file that cannot be read. */
  readonly unreadable: (path: string, cause: NodeJS.ErrnoException) => CandleError;
}

/** More than any lockfile. */
const maxInputBytes = 64 * 1024 * 1024;

/**
 * A hash of the names and the contents of the files.
 * @throws the error of `unreadable`, DirectoryReplacedError
 */
export function hashInputs(given: JobInputs): string {
  const contents = given.inputs.map((input) => [input, hash('sha256', readInput(input, given))]);
  return hash('sha256', JSON.stringify(contents));
}

function readInput(input: string, { projectDir, directory, unreadable }: JobInputs): Buffer {
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
    throw unreadable(resolve(projectDir, input), error as NodeJS.ErrnoException);
  }
}

/**
 * A job as it would run now, with a hash of what it reads: its inputs, and the variables in the files of `envFile`.
 * @throws JobInputUnreadableError, EnvFileUnreadableError, DirectoryReplacedError
 */
export async function withInputs(definition: ServiceDefinition): Promise<ServiceDefinition> {
  const { projectDir, name, inputs, directory } = definition;
  const unreadable: JobInputs['unreadable'] = (path, cause) => new JobInputUnreadableError(name, path, cause);
  const contents = hashInputs({ inputs, projectDir, directory, unreadable });
  const files = await readEnvFiles(projectDir, definition);
  const inputsHash = hash('sha256', JSON.stringify([contents, ...files.map(({ variables }) => variables)]));
  return { ...definition, inputsHash };
}
