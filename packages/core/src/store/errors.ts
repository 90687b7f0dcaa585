import { dirname, join } from 'node:path';
import { shellWord } from '../config/shell-word.ts';
import { CandleError } from '../errors/candle-error.ts';
import { exampleDatabase, exampleStateDir } from '../errors/examples.ts';
import { advise, program, sentences } from '../errors/hint.ts';
import { quote, showPath } from '../errors/quote.ts';

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

/** This user cannot read and write the state directory or its database. */
export class StateNotWritableError extends CandleError {
  static readonly code = 'STATE_NOT_WRITABLE';
  static example() {
    return new StateNotWritableError(exampleStateDir, 'permission denied', undefined);
  }

  constructor(stateDir: string, reason: string, cause: unknown) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} cannot be written to: ${reason}`,
      hint: `Make it writable (chmod -R u+rwX ${shellWord(stateDir)}), or set CANDLE_STATE_DIR to another directory`,
      details: { stateDir, reason },
      cause,
    });
  }
}

/** The disk is full. */
export class StateDiskFullError extends CandleError {
  static readonly code = 'STATE_DISK_FULL';
  static example() {
    return new StateDiskFullError(exampleStateDir, undefined);
  }

  constructor(stateDir: string, cause: unknown) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} cannot be written to: the disk is full`,
      hint: 'Free some disk space, then run the command again, or set CANDLE_STATE_DIR to a directory on another disk',
      details: { stateDir },
      cause,
    });
  }
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
