import { speaksOfAgent } from '@candle/core';

/** What names the run to its own processes. */
export interface RunVariables {
  readonly serviceName: string;
  readonly projectDir: string;
  readonly runId: string;
  /** The reserved port; without one, PORT is left as it is. */
  readonly port: number | undefined;
  /** Absolute. */
  readonly stateDir: string;
}

/** Left by `npm run`: they speak of the package whose script has called candle. Only candle's own may speak of candle. */
const callerMarks = /^(npm_.*|INIT_CWD|CANDLE_.*)$/;

/**
 * The environment of a service: the caller's, less what speaks of the caller; then the files, then `env`, then what
 * Candle says. Pure.
 */
export function serviceEnvironment(
  caller: Readonly<Record<string, string | undefined>>,
  given: { readonly fromFiles: Readonly<Record<string, string>>; readonly env: Readonly<Record<string, string>> },
  { run, color }: { run: RunVariables; color: boolean },
): Record<string, string> {
  const isInsideService = caller.CANDLE_RUN_ID !== undefined;
  const inherited = Object.entries(caller).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !speaksOfAgent(entry[0]) &&
      !callerMarks.test(entry[0]) &&
      !(entry[0] === 'PORT' && isInsideService),
  );
  return {
    // Python holds back what it prints to a file until its buffer is full.
    PYTHONUNBUFFERED: '1',
    ...Object.fromEntries(inherited),
    ...(color ? { FORCE_COLOR: '1' } : {}),
    ...given.fromFiles,
    ...given.env,
    ...(run.port === undefined ? {} : { PORT: String(run.port) }),
    CANDLE_SERVICE: run.serviceName,
    CANDLE_PROJECT: run.projectDir,
    CANDLE_RUN_ID: run.runId,
    // A service that asks candle for another one's port has to ask where its own is.
    ...(caller.CANDLE_STATE_DIR ? { CANDLE_STATE_DIR: run.stateDir } : {}),
  };
}
