import { dirname, join } from 'node:path';
import { shellWord } from '../config/shell-word.ts';
import { CandleError } from '../errors/candle-error.ts';
import { quote, showPath } from '../errors/quote.ts';

/** state.db is not a database, is truncated, or fails SQLite's own checks. Shown only if it could not be replaced either. */
export class StateDamagedError extends CandleError {
  readonly reason: string;

  constructor(path: string, reason: string, cause?: unknown) {
    super({
      code: 'STATE_DAMAGED',
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
  constructor(path: string, problem: string) {
    super({
      code: 'STATE_DATABASE_NOT_A_FILE',
      message: `Candle's database ${showPath(path)} cannot be used: it ${problem}`,
      hint: `Nothing was changed. To set it aside, so that Candle creates a new one: ${setAside(path)}`,
      details: { path, problem },
    });
  }
}

/** state.db belongs to another program. */
export class StateForeignError extends CandleError {
  constructor(path: string) {
    super({
      code: 'STATE_FOREIGN',
      message: `${showPath(path)} is the database of another program, not Candle's`,
      hint: 'Nothing was changed. Set CANDLE_STATE_DIR to another directory',
      details: { path },
    });
  }
}

/** state.db has the schema of a newer Candle, which this one cannot use. */
export class StateTooNewError extends CandleError {
  constructor(path: string, schema: number, known: number) {
    super({
      code: 'STATE_TOO_NEW',
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
  constructor({ stateDir, services, supervisorPid, groups, processes }: EarlierBuildRunning) {
    const shown = services.map(({ name, projectDir }) => `${quote(name)} of ${showPath(projectDir)}`).join(', ');
    const targets = [...groups.map((pid) => `-${pid}`), ...processes];
    const commands = [
      ...(supervisorPid === undefined ? [] : [`kill ${supervisorPid}`]),
      ...(targets.length === 0 ? [] : [`kill -- ${targets.join(' ')}`]),
    ];
    super({
      code: 'STATE_EARLIER_BUILD_RUNNING',
      message: `Services started by an earlier build of Candle are still running: ${shown}`,
      hint: `Nothing was changed. Stop them, then run the command again: ${commands.join('; ')}`,
      details: { stateDir, services, supervisorPid: supervisorPid ?? null, groups, processes },
    });
  }
}

/** This user cannot read and write the state directory or its database. */
export class StateNotWritableError extends CandleError {
  constructor(stateDir: string, reason: string, cause: unknown) {
    super({
      code: 'STATE_NOT_WRITABLE',
      message: `Candle's state directory ${showPath(stateDir)} cannot be written to: ${reason}`,
      hint: `Make it writable (chmod -R u+rwX ${shellWord(stateDir)}), or set CANDLE_STATE_DIR to another directory`,
      details: { stateDir, reason },
      cause,
    });
  }
}

/** The disk is full. */
export class StateDiskFullError extends CandleError {
  constructor(stateDir: string, cause: unknown) {
    super({
      code: 'STATE_DISK_FULL',
      message: `Candle's state directory ${showPath(stateDir)} cannot be written to: the disk is full`,
      hint: 'Free some disk space, then run the command again, or set CANDLE_STATE_DIR to a directory on another disk',
      details: { stateDir },
      cause,
    });
  }
}

/** Another process held the database lock for longer than Candle waits. */
export class StateBusyError extends CandleError {
  constructor(path: string, waitedMs: number, cause: unknown) {
    super({
      code: 'STATE_BUSY',
      message: `Candle's database ${showPath(path)} was locked by another process for more than ${waitedMs / 1000} s`,
      hint: `Run the command again. If the database stays locked, find the process that uses it: fuser -v ${shellWord(path)}`,
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
