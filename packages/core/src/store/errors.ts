import { dirname, join } from 'node:path';
import { CandleError, type CandleErrorParts } from '../errors/candle-error.ts';
import { exampleDatabase, exampleStateDir } from '../errors/examples.ts';
import { advise, candle, type Hint, lines, program, sentences } from '../errors/hint.ts';
import { quote, shellWord, showPath } from '../errors/quote.ts';
import { describeWriteProblem, type WriteProblem } from '../system/write-problem.ts';

/** state.db is not a database, is truncated, or fails SQLite's own checks. Shown only if it could not be replaced either. */
export class StateDamagedError extends CandleError {
  static readonly code = 'STATE_DAMAGED';
  static example() {
    return new StateDamagedError(exampleDatabase, 'file is not a database');
  }

  readonly reason: string;

  constructor(path: string, reason: string, cause?: unknown) {
    super({
      message: `Candle's database ${showPath(path)} is damaged (${reason})`,
      hint: `Nothing was changed. To set it aside, so that Candle creates a new one: ${setAside(path)}`,
      details: { path, reason },
      cause,
    });
    this.reason = reason;
  }
}

/** state.db is not a file. Candle does not touch it, because it cannot know what it would destroy. */
export class StateDatabaseNotAFileError extends CandleError {
  static readonly code = 'STATE_DATABASE_NOT_A_FILE';
  static example() {
    return new StateDatabaseNotAFileError(exampleDatabase, 'is a directory');
  }

  constructor(path: string, problem: string) {
    super({
      message: `Candle's database ${showPath(path)} cannot be used: it ${problem}`,
      hint: `Nothing was changed. To set it aside, so that Candle creates a new one: ${setAside(path)}`,
      details: { path, problem },
    });
  }
}

/** state.db belongs to another program. */
export class StateForeignError extends CandleError {
  static readonly code = 'STATE_FOREIGN';
  static example() {
    return new StateForeignError(exampleDatabase);
  }

  constructor(path: string) {
    super({
      message: `${showPath(path)} is the database of another program, not Candle's`,
      hint: 'Nothing was changed. Set CANDLE_STATE_DIR to another directory',
      details: { path },
    });
  }
}

/** state.db has the schema of a newer Candle, which this one cannot use. */
export class StateTooNewError extends CandleError {
  static readonly code = 'STATE_TOO_NEW';
  static example() {
    return new StateTooNewError(exampleDatabase, 9, 2);
  }

  constructor(path: string, schema: number, known: number) {
    super({
      message: `Candle's database ${showPath(path)} was created by a newer Candle (schema ${schema}; this Candle supports ${known})`,
      hint: 'Nothing was changed. Update this Candle, or set CANDLE_STATE_DIR to another directory',
      details: { path, schema, known },
    });
  }
}

export interface EarlierBuildRunning {
  readonly stateDir: string;
  readonly services: readonly { readonly projectDir: string; readonly name: string }[];
  /** The earlier build's supervisor, which would restart services; undefined if it is not running. */
  readonly supervisorPid: number | undefined;
  /** Process groups of the services. */
  readonly groups: readonly number[];
  /** Processes of services whose main program has ended. */
  readonly processes: readonly number[];
}

/** Services that a build before the first release started still run, and this Candle cannot manage them. */
export class EarlierBuildRunningError extends CandleError {
  static readonly code = 'STATE_EARLIER_BUILD_RUNNING';
  static example() {
    return new EarlierBuildRunningError({
      stateDir: '/home/ada/.local/state/candle',
      services: [{ projectDir: '/home/ada/shop', name: 'api' }],
      supervisorPid: 4100,
      groups: [4242],
      processes: [],
    });
  }

  constructor({ stateDir, services, supervisorPid, groups, processes }: EarlierBuildRunning) {
    const shown = services.map(({ name, projectDir }) => `${quote(name)} of ${showPath(projectDir)}`).join(', ');
    const targets = [...groups.map((pid) => `-${pid}`), ...processes];
    const commands = [
      ...(supervisorPid === undefined ? [] : [`kill ${supervisorPid}`]),
      ...(targets.length === 0 ? [] : [`kill -- ${targets.join(' ')}`]),
    ];
    super({
      message: `Services started by an earlier build of Candle are still running: ${shown}`,
      hint: `Nothing was changed. Stop them, then run the command again: ${commands.join('; ')}`,
      details: { stateDir, services, supervisorPid: supervisorPid ?? null, groups, processes },
    });
  }
}

/** A problem of the system, or what SQLite says if the cause is not known. */
type Refusal = WriteProblem | { readonly sentence: string };

/** A write to the state directory has failed, but not for lack of space. */
export class StateNotWritableError extends CandleError {
  static readonly code = 'STATE_NOT_WRITABLE';
  static example() {
    return new StateNotWritableError(exampleStateDir, 'readOnly', undefined);
  }

  /** Why nothing can be written, as a clause. */
  readonly reason: string;
  /** What makes the directory writable again. */
  readonly fix: Hint;

  constructor(stateDir: string, refusal: Refusal, cause: unknown) {
    const { parts, reason, fix } = describeRefusal(stateDir, refusal, cause);
    super(parts);
    this.reason = reason;
    this.fix = fix;
  }
}

/** A write to the state directory has failed for lack of space: the disk is full, the quota is used up, or no inode is free. */
export class StateDiskFullError extends CandleError {
  static readonly code = 'STATE_DISK_FULL';
  static example() {
    return new StateDiskFullError(exampleStateDir, 'diskFull', undefined);
  }

  /** Why nothing can be written, as a clause. */
  readonly reason: string;
  /** What makes space. */
  readonly fix: Hint;

  constructor(stateDir: string, refusal: Refusal, cause: unknown) {
    const { parts, reason, fix } = describeRefusal(stateDir, refusal, cause);
    super(parts);
    this.reason = reason;
    this.fix = fix;
  }
}

function describeRefusal(
  stateDir: string,
  refusal: Refusal,
  cause: unknown,
): { parts: CandleErrorParts; reason: string; fix: Hint } {
  const problem = typeof refusal === 'string' ? describeWriteProblem(refusal) : unknownProblem(refusal.sentence);
  const { reason } = problem;
  const fix = problem.fix(stateDir);
  const message = `Candle's state directory ${showPath(stateDir)} cannot be written to: ${reason}`;
  const hint = lines(
    fix,
    'Then run the command again, or set CANDLE_STATE_DIR to a directory on another disk',
    advise('For details', candle('get-doc', 'full-disk')),
  );
  return { parts: { message, hint, details: { stateDir, reason }, cause }, reason, fix };
}

function unknownProblem(reason: string): ReturnType<typeof describeWriteProblem> {
  return { reason, fix: () => 'Check that you can create files there' };
}

/** Nothing can be written to the state directory. What is in it may still be readable. */
export type UnwritableError = StateNotWritableError | StateDiskFullError;

export function isUnwritable(error: unknown): error is UnwritableError {
  return error instanceof StateNotWritableError || error instanceof StateDiskFullError;
}

const spaceProblems: readonly Refusal[] = ['diskFull', 'quota', 'noInodes'];

export function unwritableError(stateDir: string, refusal: Refusal, cause: unknown): UnwritableError {
  const ErrorClass = spaceProblems.includes(refusal) ? StateDiskFullError : StateNotWritableError;
  return new ErrorClass(stateDir, refusal, cause);
}

/** Another process held the database lock for longer than Candle waits. */
export class StateBusyError extends CandleError {
  static readonly code = 'STATE_BUSY';
  static example() {
    return new StateBusyError(exampleDatabase, 30_000, undefined);
  }

  constructor(path: string, waitedMs: number, cause: unknown) {
    super({
      message: `Candle's database ${showPath(path)} was locked by another process for more than ${waitedMs / 1000} s`,
      hint: sentences(
        'Run the command again',
        advise('If the database stays locked, find the process that uses it', program('fuser', '-v', path)),
      ),
      details: { path, waitedMs },
      cause,
    });
  }
}

/** The log is moved too, because SQLite would replay it into the new database. `mkdir` fails if an earlier database was set aside. */
function setAside(path: string): string {
  const aside = shellWord(join(dirname(path), 'damaged'));
  return `mkdir ${aside} && mv ${shellWord(path)}* ${aside}`;
}

/** There is no place for the state: no state directory is set, and this user has no home directory. */
export class StateHomeUnknownError extends CandleError {
  static readonly code = 'STATE_HOME_UNKNOWN';
  static example() {
    return new StateHomeUnknownError();
  }

  constructor() {
    super({
      message: 'Candle does not know where to keep its state: HOME is not set to an absolute path',
      hint: 'Set HOME, or set CANDLE_STATE_DIR to a directory of your own',
    });
  }
}

/** The path of the state directory exists but is not a directory. */
export class StateNotADirectoryError extends CandleError {
  static readonly code = 'STATE_NOT_A_DIRECTORY';
  static example() {
    return new StateNotADirectoryError(exampleStateDir, exampleStateDir);
  }

  constructor(stateDir: string, culprit: string) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} cannot be used: ${culprit === stateDir ? 'it' : showPath(culprit)} is not a directory`,
      hint: 'Move that file away, or set CANDLE_STATE_DIR to another directory',
      details: { stateDir, culprit },
    });
  }
}

/** No user can have a directory at that path: it is too long, a dangling link, or in a place that cannot contain directories. */
export class StatePathUnusableError extends CandleError {
  static readonly code = 'STATE_PATH_UNUSABLE';
  static example() {
    return new StatePathUnusableError(exampleStateDir, 'the path, or a name in it, is too long');
  }

  constructor(stateDir: string, reason: string, cause?: unknown) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} cannot be used: ${reason}`,
      hint: 'Set CANDLE_STATE_DIR to another directory',
      details: { stateDir, reason },
      cause,
    });
  }
}

/** The state directory or its database belongs to another user. With `sudo candle`, root would leave files that the owner cannot use. */
export class StateOwnedByOtherError extends CandleError {
  static readonly code = 'STATE_OWNED_BY_OTHER';
  static example() {
    return new StateOwnedByOtherError(exampleStateDir, exampleStateDir, 1000, 0);
  }

  constructor(stateDir: string, path: string, ownerUid: number, uid: number) {
    const what = path === stateDir ? 'state directory' : 'database';
    super({
      message: `Candle's ${what} ${showPath(path)} belongs to another user (uid ${ownerUid}, you are uid ${uid})`,
      hint: 'Run candle as that user (without sudo), or set CANDLE_STATE_DIR to a directory of your own',
      details: { stateDir, path, ownerUid, uid },
    });
  }
}

/** SQLite's locks are unreliable on this kind of file system, so a port could be reserved twice. */
export class StateOnSharedFileSystemError extends CandleError {
  static readonly code = 'STATE_ON_SHARED_FILE_SYSTEM';
  static example() {
    return new StateOnSharedFileSystemError(exampleStateDir, 'NFS');
  }

  constructor(stateDir: string, kind: string) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} is on ${kind}, where database locks cannot be trusted`,
      hint: 'Set CANDLE_STATE_DIR to a directory on a local disk',
      details: { stateDir, kind },
    });
  }
}
