import { environmentRecord } from '../launch/service-environment.ts';
import { type EnvInput, env } from '../services/env.ts';
import type { Supervision } from '../supervision.ts';
import { findCommand } from './find-command.ts';
import { replaceProcess } from './replace-process.ts';

export interface ExecInput extends EnvInput {
  /** The command and its arguments, as they are. */
  readonly words: readonly [string, ...string[]];
  /** The current directory, absolute; the command runs there. */
  readonly cwd: string;
}

/**
 * Lets a command take the place of this process, with the environment that a service would get, when the caller has
 * returned and nothing is left to do.
 *
 * Of a caller that is itself part of a run the command is a part too, and ends with it: CANDLE_RUN_ID stays the caller's.
 * @throws what `env` throws; CommandNotFoundError, CommandNotExecutableError, ExecRefusedError
 */
export async function exec(supervision: Supervision, { words, cwd, ...input }: ExecInput): Promise<void> {
  const record = environmentRecord((await env(supervision, input)).variables);
  const { CANDLE_RUN_ID: runId } = supervision.callerEnv;
  const [command, ...rest] = words;
  const path = findCommand(command, { cwd, path: record.PATH });
  // A name that looks like an option of the shell's `exec` goes as a path.
  const first = command.startsWith('-') ? path : command;
  await replaceProcess([first, ...rest], runId === undefined ? record : { ...record, CANDLE_RUN_ID: runId });
}
