import { CandleError } from '../errors/candle-error.ts';
import { exampleConfig, exampleProject } from '../errors/examples.ts';
import { advise, candle, type Hint, lines, program, sentences } from '../errors/hint.ts';
import { showPath } from '../errors/quote.ts';
import { describeWriteProblem, writeProblemOf } from '../system/write-problem.ts';

/** One problem of a config file. Problems of the whole file (it is a directory, it is not readable) have no line. */
export interface ConfigProblem {
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 code units. */
  readonly column?: number;
  /** For example `services[0].shell`; empty for the whole file. */
  readonly field: string;
  readonly problem: string;
}

/** A sentence about something in a file that is probably not what was meant. */
export function describeConfigWarning({ file, line, field, problem }: ConfigProblem): string {
  const place = line === undefined ? showPath(file) : `${showPath(file)}, line ${line}`;
  return `${place}: ${field} ${problem}`;
}

/** The maximum number of problems in a message; `details` always contains all of them. */
const maxShownProblems = 50;

function problemLine({ line, field, problem }: ConfigProblem): string {
  const location = line === undefined ? '' : `line ${line}: `;
  return `  ${location}${field === '' ? '' : `${field}: `}${problem}`;
}

export class ConfigInvalidError extends CandleError {
  static readonly code = 'CONFIG_INVALID';
  static example() {
    return new ConfigInvalidError(exampleConfig, [
      { file: exampleConfig, line: 4, column: 7, field: 'services[0].shell', problem: 'must be a non-empty string' },
    ]);
  }

  readonly problems: readonly ConfigProblem[];

  constructor(path: string, problems: readonly ConfigProblem[], hint?: Hint) {
    const [first] = problems;
    const fileProblem = problems.length === 1 && first?.line === undefined ? first?.problem : undefined;
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    const lines = problems.slice(0, maxShownProblems).map(problemLine);
    if (problems.length > maxShownProblems) lines.push(`  and ${problems.length - maxShownProblems} more`);
    super({
      message:
        fileProblem === undefined
          ? `${showPath(path)} is not valid (${count}):\n${lines.join('\n')}`
          : `${showPath(path)} ${fileProblem}`,
      hint: hint ?? `Fix ${showPath(path)}`,
      details: { path, problems },
    });
    this.problems = problems;
  }
}

export class ConfigMissingError extends CandleError {
  static readonly code = 'CONFIG_MISSING';
  static example() {
    return new ConfigMissingError(exampleProject);
  }

  constructor(projectDir: string) {
    super({
      message: `There is no .candle.json in ${showPath(projectDir)}`,
      hint: advise('To create one from the files of the project', candle('init')),
      details: { projectDir },
    });
  }
}

export class ConfigNotWritableError extends CandleError {
  static readonly code = 'CONFIG_NOT_WRITABLE';
  static example() {
    return new ConfigNotWritableError(exampleConfig, Object.assign(new Error('permission denied'), { code: 'EACCES' }));
  }

  /** @param cause the system error; the message contains its reason */
  constructor(path: string, cause: NodeJS.ErrnoException) {
    const problem = writeProblemOf(cause);
    const { reason, fix } =
      problem === undefined || problem === 'denied' ? otherwise(path, cause) : describeWriteProblem(problem);
    super({
      message: `${showPath(path)} cannot be written to: ${reason}`,
      hint: lines(fix(path), 'Then run the command again'),
      details: { path, errno: cause.code },
      cause,
    });
  }
}

function otherwise(path: string, { code = '', message }: NodeJS.ErrnoException) {
  return {
    reason: reasons[code] ?? message,
    fix: () => `Make ${showPath(path)} and its directory writable`,
  };
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'part of its path is not a directory',
  SQLITE_CANTOPEN:
    'the file with .lock added to its name cannot be opened; another user may be changing the configuration',
  SQLITE_IOERR_LOCK: 'the file system does not support locks',
};

export class ConfigBusyError extends CandleError {
  static readonly code = 'CONFIG_BUSY';
  static example() {
    return new ConfigBusyError(exampleConfig, 30_000);
  }

  constructor(path: string, waitedMs: number) {
    super({
      message: `Other commands kept changing ${showPath(path)} for ${Math.round(waitedMs / 1000)} s`,
      hint: sentences(
        'Run the command again',
        advise('If the file stays locked, find the process that changes it', program('fuser', '-v', `${path}.lock`)),
      ),
      details: { path, waitedMs },
    });
  }
}
