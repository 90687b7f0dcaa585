import { isAbsolute, resolve } from 'node:path';
import { parse } from 'dotenv';
import { CandleError, isCandleError } from '../errors/candle-error.ts';
import { exampleProject } from '../errors/examples.ts';
import { quote, showPath } from '../errors/quote.ts';
import { type DirectoryIdentity, openSameDirectory } from '../projects/config-trust.ts';
import { readSmallFile } from '../system/read-small-file.ts';

/** An `envFile` of the configuration cannot be read. */
export class EnvFileUnreadableError extends CandleError {
  static readonly code = 'SERVICE_ENV_FILE_UNREADABLE';
  static example() {
    return new EnvFileUnreadableError(`${exampleProject}/.env`, 'api', 'it does not exist', undefined);
  }

  constructor(path: string, serviceName: string, reason: string, cause: unknown) {
    super({
      message: `The envFile ${showPath(path)} of service ${quote(serviceName)} cannot be read: ${reason}`,
      hint: `Create the file, or remove it from the service's envFile in .candle.json`,
      details: { path, serviceName, reason },
      cause,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  NOT_REGULAR: 'it is not a regular file',
  TOO_LARGE: 'it is larger than 1 MiB',
};

/** The variables in one of a service's dotenv files. */
export interface EnvFileVariables {
  /** Absolute. */
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The part of a service's definition that decides which files are read. */
export interface EnvFilesOwner {
  readonly name: string;
  readonly envFiles: readonly string[];
  readonly directory?: DirectoryIdentity | undefined;
}

/**
 * Reads a service's dotenv files, in the order of the configuration. Paths are relative to the project.
 * @throws EnvFileUnreadableError, DirectoryReplacedError
 */
export async function readEnvFiles(
  projectDir: string,
  { name, envFiles, directory }: EnvFilesOwner,
): Promise<readonly EnvFileVariables[]> {
  const files: EnvFileVariables[] = [];
  for (const file of envFiles) {
    const path = resolve(projectDir, file);
    files.push({ path, variables: parse(readEnvFile(path, name, () => readIn(projectDir, directory, file))) });
  }
  return files;
}

/** Variables can decide which code runs, so a relative path is read in the directory that was checked. */
function readIn(projectDir: string, checked: DirectoryIdentity | undefined, file: string): string {
  if (isAbsolute(file)) return readSmallFile(file);
  const directory = openSameDirectory(projectDir, checked);
  try {
    // Not joined, because `..` has to be looked up in the open directory.
    return readSmallFile(`${directory.path}/${file}`);
  } finally {
    directory.close();
  }
}

function readEnvFile(path: string, serviceName: string, read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (isCandleError(error)) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new EnvFileUnreadableError(path, serviceName, reasons[code ?? ''] ?? code ?? message, error);
  }
}
