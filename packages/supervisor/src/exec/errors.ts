import { advise, CandleError, candle, program, quote, sentences, showPath } from '@candle/core/errors';

/** The program does not exist. The exit code is the one that shells and env(1) use. */
export class CommandNotFoundError extends CandleError {
  static readonly code = 'EXEC_COMMAND_NOT_FOUND';
  static example() {
    return new CommandNotFoundError('vite');
  }

  override readonly exitCode = 127;

  constructor(command: string) {
    super({
      message: `Command ${quote(command)} was not found`,
      hint: command.includes('/')
        ? 'That file does not exist. Relative paths start at the current directory'
        : sentences(
            'No directory in PATH contains it',
            advise('To run a shell builtin', candle('exec', '--', 'sh', '-c', '…')),
          ),
      details: { command },
    });
  }
}

/** The program exists but cannot be run. The exit code is the one that shells and env(1) use. */
export class CommandNotExecutableError extends CandleError {
  static readonly code = 'EXEC_COMMAND_NOT_EXECUTABLE';
  static example() {
    return new CommandNotExecutableError('./dev.sh', './dev.sh', 'is not executable');
  }

  override readonly exitCode = 126;

  constructor(command: string, path: string, reason: string) {
    super({
      message: `Command ${quote(command)} cannot be run: ${showPath(path)} ${reason}`,
      hint: advise('Check its permissions', program('ls', '-ld', '--', path)),
      details: { command, path, reason },
    });
  }
}

/** The system refuses to start a process with these arguments and this environment. */
export class ExecRefusedError extends CandleError {
  static readonly code = 'EXEC_REFUSED';
  static example() {
    return new ExecRefusedError('node', 'E2BIG', undefined);
  }

  override readonly exitCode = 126;

  constructor(command: string, reason: string, cause: unknown) {
    super({
      message: `Command ${quote(command)} cannot be run: ${reason}`,
      hint: 'The argument list or the environment may be too long (E2BIG), or a process limit may be reached (EAGAIN)',
      details: { command, reason },
      cause,
    });
  }
}
