import { isAbsolute, join, resolve } from 'node:path';
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
  readonly text: string;
}

/** The number of the line that sets a variable; undefined if there is none. */
export function lineOfVariable({ text }: EnvFileVariables, name: string): number | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const at = lines.findLastIndex((line) => /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s)/.exec(line)?.[1] === name);
  return at === -1 ? undefined : at + 1;
}

/** The names of files that programs read themselves, the one that usually wins first. */
const usualFiles = ['.env.development.local', '.env.local', '.env.development', '.env'];

/** The dotenv files of a directory that a program may read itself. Files that cannot be read are omitted. */
export function listUsualEnvFiles(dir: string): readonly EnvFileVariables[] {
  return usualFiles.flatMap((name) => {
    const path = join(dir, name);
    try {
      const text = readSmallFile(path);
      return [{ path, text, variables: parse(text) }];
    } catch {
      return [];
    }
  });
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
    const text = readEnvFile(path, name, () => readIn(projectDir, directory, file));
    files.push({ path, text, variables: parse(text) });
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
