import { CandleError } from '../../errors/candle-error.ts';
import { showPath } from '../../errors/quote.ts';
import { shellWord } from './shell-word.ts';

/** One fault of a config file. Faults of the file as a whole (a directory, not readable) have no line. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in UTF-16 units. */
  readonly column?: number;
  /** As in `services[0].shell`; empty for the file as a whole. */
  readonly field: string;
  readonly problem: string;
}

/** Lines of a message; `details` has all problems, however many. */
const maxShownProblems = 50;

function problemLine({ line, field, problem }: ConfigProblem): string {
  const place = line === undefined ? '' : `line ${line}: `;
  return `  ${place}${field === '' ? '' : `${field}: `}${problem}`;
}

export class ConfigInvalidError extends CandleError {
  readonly problems: readonly ConfigProblem[];

  constructor(path: string, problems: readonly ConfigProblem[], hint?: string) {
    const [first] = problems;
    const ofFile = problems.length === 1 && first?.line === undefined ? first?.problem : undefined;
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.slice(0, maxShownProblems).map(problemLine);
    if (problems.length > maxShownProblems) lines.push(`  and ${problems.length - maxShownProblems} more`);
    super({
      code: 'CONFIG_INVALID',
      message:
        ofFile === undefined
          ? `${showPath(path)} is not valid (${count}):\n${lines.join('\n')}`
          : `${showPath(path)} ${ofFile}`,
      hint: hint ?? `Correct ${showPath(path)}, then repeat the command`,
      details: { path, problems },
    });
    this.problems = problems;
  }
}

export class ConfigMissingError extends CandleError {
  constructor(projectDir: string) {
    super({
      code: 'CONFIG_MISSING',
      message: `There is no .candle.json in ${showPath(projectDir)}`,
      hint: 'candle setup-project',
      details: { projectDir },
    });
  }
}

export class ConfigNotWritableError extends CandleError {
  /** @param cause the system's error; its code stands in the sentence */
  constructor(path: string, cause: NodeJS.ErrnoException) {
    super({
      code: 'CONFIG_NOT_WRITABLE',
      message: `${showPath(path)} cannot be written: ${reasons[cause.code ?? ''] ?? cause.message}`,
      hint: hints[cause.code ?? ''] ?? `Make ${showPath(path)} and its directory writable, then repeat the command`,
      details: { path, errno: cause.code },
      cause,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of its path, or what stands at its name with .lock after it, is not a directory',
};

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some disk space, then repeat the command',
  EDQUOT: 'Free some disk space, then repeat the command',
};

export class ConfigBusyError extends CandleError {
  constructor(path: string, waitedMs: number) {
    super({
      code: 'CONFIG_BUSY',
      message: `${showPath(path)} was being changed by other commands for ${Math.round(waitedMs / 1000)} s without a pause`,
      hint: `Repeat the command; when nothing else changes the file: rm -r ${shellWord(`${path}.lock`)}`,
      details: { path, waitedMs },
    });
  }
}
