import { isCandleError, safeJson, safeText } from '@candle/core/errors';
import { explainError } from '@candle/core/system';
import type { ErrorDocument } from '@candle/documents';
import { writeOutput } from '../host/write-output.ts';
import type { InstalledPlugin } from '../plugins/installed-plugin.ts';
import { PluginFailedError } from '../plugins/load/errors.ts';
import { columnsOf, styleFor, wrapWords } from './format.ts';

/** The hint of an unexpected error. */
const bugHint = 'This is a bug in Candle. To see where it happened, run the command again with --debug';

/** What `--json` prints for an error. */
export function errorDocument(thrown: unknown): ErrorDocument {
  const error = explainError(thrown);
  if (isCandleError(error)) {
    const { code, message, hint = null, details } = error;
    return { error: { code, message, hint, details } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: 'INTERNAL', message, hint: bugHint, details: {} } };
}

/**
 * Writes an error: `Error: <sentence>` and the hint to stderr, or one object to stdout with `--json`. An unexpected error
 * in a command of a plugin is reported as a bug in the plugin. Returns the exit code.
 */
export function presentError(
  thrown: unknown,
  { json, plugin }: { json: boolean; plugin?: InstalledPlugin | undefined },
): number {
  if (isExit(thrown)) return thrown.oclif.exit;
  const error = asPluginFailure(explainError(thrown), plugin);
  const document = errorDocument(error);
  const { message, hint } = document.error;
  if (json) writeOutput('stdout', `${safeJson(document, 2)}\n`);
  else {
    const { width } = styleFor(process.stderr);
    writeOutput('stderr', safeText(`${wrapLines(`Error: ${message}`, width)}\n${hint === null ? '' : `${hint}\n`}`));
  }
  const origin = isCandleError(error) ? error.cause : error;
  if (process.argv.includes('--debug') && origin instanceof Error) writeOutput('stderr', safeText(`${origin.stack}\n`));
  return isCandleError(error) ? error.exitCode : 1;
}

/** Hints are not wrapped, so that a command can be copied as it is. */
function wrapLines(text: string, width = Number.POSITIVE_INFINITY): string {
  const lines = text.split('\n');
  return lines.flatMap((line) => (columnsOf(line) <= width ? [line] : wrapWords(line, width))).join('\n');
}

/** oclif ends `--help` of a command by throwing this error. */
function isExit(error: unknown): error is { oclif: { exit: number } } {
  return error instanceof Error && error.constructor.name === 'ExitError' && 'oclif' in error;
}

/** Turns an unexpected error in a command of a plugin into an error that is attributed to the plugin. */
export function asPluginFailure(
  error: unknown,
  plugin: { readonly name: string; readonly version: string | undefined } | undefined,
): unknown {
  return plugin === undefined || isCandleError(error)
    ? error
    : new PluginFailedError(plugin.name, plugin.version, error);
}
