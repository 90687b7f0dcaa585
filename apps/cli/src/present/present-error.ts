import { isCandleError } from '@candle/core';
import type { InstalledPlugin } from '../plugins/load/installed-plugin.ts';
import { asPluginFailure } from '../plugins/plugin-failure.ts';

/** The hint of what nobody foresaw. */
const bugSentence =
  'This is a bug of Candle, not a mistake of yours. Run it again with --debug to see where it happened.';

/** What scripts read of a failure. */
export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint: string | null;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

/** What `--json` prints of a failure. */
export function errorDocument(error: unknown): ErrorDocument {
  if (isCandleError(error)) {
    const { code, message, hint = null, details } = error;
    return { error: { code, message, hint, details } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: 'INTERNAL', message, hint: bugSentence, details: {} } };
}

/**
 * Writes a failure: for people `Error: <sentence>` and what to do, on stderr; with `--json` one object on stdout. What
 * nobody foresaw in a command of a plugin is the plugin's bug. Returns the exit code.
 */
export function presentError(
  thrown: unknown,
  { json, plugin }: { json: boolean; plugin?: InstalledPlugin | undefined },
): number {
  if (isExit(thrown)) return thrown.oclif.exit;
  const error = asPluginFailure(thrown, plugin);
  const document = errorDocument(error);
  const { message, hint } = document.error;
  if (json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else process.stderr.write(`Error: ${message}\n${hint === null ? '' : `${hint}\n`}`);
  const origin = isCandleError(error) ? error.cause : error;
  if (process.argv.includes('--debug') && origin instanceof Error) process.stderr.write(`${origin.stack}\n`);
  return isCandleError(error) ? error.exitCode : 1;
}

/** oclif ends `--help` of a command by throwing. */
function isExit(error: unknown): error is { oclif: { exit: number } } {
  return error instanceof Error && error.constructor.name === 'ExitError' && 'oclif' in error;
}
