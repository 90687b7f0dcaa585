import { CandleError, quote, shellWord, showPath } from '@candle/core';

/** There is no such program. Its exit code is what shells and env(1) use. */
export class CommandNotFoundError extends CandleError {
  override readonly exitCode = 127;

  constructor(command: string) {
    super({
      code: 'EXEC_COMMAND_NOT_FOUND',
      message: `Command ${quote(command)} was not found`,
      hint: command.includes('/')
        ? 'There is no file of that name; a relative path counts from the current directory.'
        : 'No directory of PATH has it. What is a part of the shell runs with: candle exec -- sh -c …',
      details: { command },
    });
  }
}

/** There is one, and it cannot be run. Its exit code is what shells and env(1) use. */
export class CommandNotExecutableError extends CandleError {
  override readonly exitCode = 126;

  constructor(command: string, path: string, reason: string) {
    super({
      code: 'EXEC_COMMAND_NOT_EXECUTABLE',
      message: `Command ${quote(command)} cannot be run: ${showPath(path)} ${reason}`,
      hint: `ls -ld -- ${shellWord(path)}`,
      details: { command, path, reason },
    });
  }
}

/** The system takes no process with these arguments and this environment. */
export class ExecRefusedError extends CandleError {
  override readonly exitCode = 126;

  constructor(command: string, reason: string, cause: unknown) {
    super({
      code: 'EXEC_REFUSED',
      message: `Command ${quote(command)} cannot be run: ${reason}`,
      hint: 'Too long an argument list or environment (E2BIG), or a limit of processes (EAGAIN), does this.',
      details: { command, reason },
      cause,
    });
  }
}
