import { isCandleError } from '@candle/core';

/** Where a report of a bug is welcome. */
const bugSentence =
  'This is a bug of Candle, not a mistake of yours. Run it again with --debug to see where it happened.';

/**
 * Writes a failure: for people `Error: <sentence>` and what to do, on stderr; with `--json` one object on stdout.
 * Returns the exit code.
 */
export function presentError(error: unknown, { json }: { json: boolean }): number {
  if (isExit(error)) return error.oclif.exit;
  const known = isCandleError(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : 'INTERNAL';
  const hint = known ? error.hint : bugSentence;
  if (json) {
    const details = known ? error.details : {};
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint: hint ?? null, details } }, null, 2)}\n`);
  } else {
    process.stderr.write(`Error: ${message}\n${hint ? `${hint}\n` : ''}`);
  }
  if (!known && process.argv.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return known ? error.exitCode : 1;
}

/** oclif ends `--help` of a command by throwing. */
function isExit(error: unknown): error is { oclif: { exit: number } } {
  return error instanceof Error && error.constructor.name === 'ExitError' && 'oclif' in error;
}
