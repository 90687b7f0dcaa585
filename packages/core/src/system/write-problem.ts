import { unlinkSync } from 'node:fs';
import { CandleError, isCandleError } from '../errors/candle-error.ts';
import { advise, type Hint, program } from '../errors/hint.ts';

export interface Description {
  /** As a clause. */
  readonly reason: string;
  readonly fix: (path: string) => Hint;
}

const descriptions = {
  diskFull: { reason: 'the disk is full', fix: () => 'Free some disk space' },
  quota: { reason: 'your disk quota is used up', fix: () => 'Delete files of yours on this disk' },
  noInodes: {
    reason: 'the file system has no free inodes',
    fix: (path) => advise('Delete some files on this file system. To see its inodes', program('df', '-i', path)),
  },
  readOnly: {
    reason: 'the file system is read-only',
    fix: (path) =>
      advise('Mount the file system for writing. To see how it is mounted', program('findmnt', '--target', path)),
  },
  denied: {
    reason: 'permission denied',
    fix: (path) => advise('To make it writable', program('chmod', '-R', 'u+rwX', path)),
  },
  otherOwner: {
    reason: 'it, or a file in it, belongs to another user',
    fix: (path) =>
      advise('Run candle as that user, or make the files your own. To see the owners', program('ls', '-lan', path)),
  },
  forbidden: {
    reason: 'operation not permitted',
    fix: (path) =>
      advise('Remove the attribute or the policy that forbids it. To see attributes', program('lsattr', '-d', path)),
  },
  tooManyFiles: {
    reason: 'this process has too many open files',
    fix: () => advise('To raise the limit of this shell', program('ulimit', '-n', '1024')),
  },
  systemFiles: {
    reason: 'the system has too many open files',
    fix: () => 'Exit some programs, or raise the limit fs.file-max of the system',
  },
  ioError: {
    reason: 'the disk reports an input/output error',
    fix: () => advise('Check the disk. To see what the kernel says', program('dmesg')),
  },
} as const satisfies Record<string, Description>;

/** Why nothing can be written. */
export type WriteProblem = keyof typeof descriptions;

export function describeWriteProblem(problem: WriteProblem): Description {
  return descriptions[problem];
}

const codes: Readonly<Record<string, WriteProblem>> = {
  ENOSPC: 'diskFull',
  SQLITE_FULL: 'diskFull',
  EDQUOT: 'quota',
  EROFS: 'readOnly',
  EACCES: 'denied',
  EPERM: 'forbidden',
  EMFILE: 'tooManyFiles',
  ENFILE: 'systemFiles',
  EIO: 'ioError',
};

/** What a code of a system error or of SQLite says about it. @param error an error, or only its code */
export function writeProblemOf(error: unknown): WriteProblem | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  return typeof code === 'string' ? codes[code] : undefined;
}

/** Whether the action succeeded; false if nothing can be written now. */
export function tryToWrite(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (writeProblemOf(error) === undefined) throw error;
    return false;
  }
}

/** Removes a file if it exists. On a read-only file system, the error of `rmSync` has no code. */
export function unlinkIfPresent(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** Any step can fail for this reason, even the loading of a part of Candle. */
export class TooManyOpenFilesError extends CandleError {
  static readonly code = 'SYSTEM_TOO_MANY_OPEN_FILES';
  static example() {
    return new TooManyOpenFilesError('tooManyFiles', undefined);
  }

  constructor(problem: 'tooManyFiles' | 'systemFiles', cause: unknown) {
    const { reason, fix } = describeWriteProblem(problem);
    super({ message: `Candle could not continue: ${reason}`, hint: fix(''), details: { reason }, cause });
  }
}

/** Turns an error that any step can cause into one that says why. Returns other errors unchanged. */
export function explainError(error: unknown): unknown {
  if (isCandleError(error)) return error;
  const problem = openFilesProblemOf(error);
  return problem === undefined ? error : new TooManyOpenFilesError(problem, error);
}

/**
 * Rethrows an error that says nothing about the file that was to be opened: otherwise a caller that expects the file to be
 * missing would take a running process for one that has exited.
 */
export function throwIfOutOfFiles(error: unknown): void {
  if (openFilesProblemOf(error) !== undefined) throw error;
}

function openFilesProblemOf(error: unknown): 'tooManyFiles' | 'systemFiles' | undefined {
  const problem = writeProblemOf(error);
  if (problem === 'tooManyFiles' || problem === 'systemFiles') return problem;
  // Node's own errors for modules that cannot be loaded have another code.
  return error instanceof Error && /too many open files/i.test(error.message) ? 'tooManyFiles' : undefined;
}

/** Whether a write failed because no space is left on the disk, or in the user's quota. */
export function isDiskFull(error: unknown): boolean {
  const problem = writeProblemOf(error);
  return problem === 'diskFull' || problem === 'quota';
}
