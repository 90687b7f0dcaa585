import { environmentRecord } from '../launch/service-environment.ts';
import { type EnvInput, env } from '../services/env.ts';
import type { Supervision } from '../supervision.ts';
import { findCommand } from './find-command.ts';
import { replaceProcess } from './replace-process.ts';

export interface ExecInput extends EnvInput {
  /** The command and its arguments, passed on unchanged. */
  readonly words: readonly [string, ...string[]];
  /** Absolute path of the current directory. The command runs there. */
  readonly cwd: string;
}

/**
 * Replaces this process with a command that gets the environment of a service. The replacement happens after the caller has
 * returned and nothing is left to do.
 *
 * If the caller belongs to a run, so does the command, and it ends with that run: it inherits the caller's CANDLE_RUN_ID.
 * @throws the errors of `env`; CommandNotFoundError, CommandNotExecutableError, ExecRefusedError
 */
export async function exec(supervision: Supervision, { words, cwd, ...input }: ExecInput): Promise<void> {
  const record = environmentRecord((await env(supervision, input)).variables);
  const { CANDLE_RUN_ID: runId } = supervision.callerEnv;
  const [command, ...rest] = words;
  const path = findCommand(command, { cwd, path: record.PATH });
  // A name that looks like an option of the shell's `exec` is passed as a path.
  const first = command.startsWith('-') ? path : command;
  await replaceProcess([first, ...rest], runId === undefined ? record : { ...record, CANDLE_RUN_ID: runId });
}
