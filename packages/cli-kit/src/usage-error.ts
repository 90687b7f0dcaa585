import { stripVTControlCharacters } from 'node:util';
import { PluginError } from './errors.ts';

/** Invalid usage, in one sentence: an argument or a flag that is not valid. Its hint is the `--help` of the command. */
export class UsageError extends PluginError {
  /** @param commandId `this.id` of the command */
  constructor(message: string, commandId: string | undefined) {
    const hint = commandId
      ? `For help: candle ${commandId.replaceAll(':', ' ')} --help`
      : 'All commands: candle --help';
    super({ code: 'USAGE', message, hint });
  }
}

/**
 * Converts errors of oclif's parser, which have a `parse` property and a text of several lines. Other errors are
 * returned unchanged.
 * @internal
 */
export function toUsageError(error: unknown, commandId: string | undefined): unknown {
  if (!(error instanceof Error) || !('parse' in error || 'oclif' in error)) return error;
  if (error.constructor.name === 'ExitError') return error;
  return new UsageError(sentence(error), commandId ?? commandOf(error));
}

/** ID of the command whose arguments oclif's parser rejected. */
function commandOf(error: Error & { parse?: unknown }): string | undefined {
  const parse = error.parse as { input?: { context?: { id?: string } } } | undefined;
  return parse?.input?.context?.id;
}

function sentence(error: Error & { args?: unknown; flags?: unknown }): string {
  switch (error.constructor.name) {
    case 'RequiredArgsError':
      return `Missing ${names(error.args, (arg) => (arg as { name: string }).name)}`;
    case 'UnexpectedArgsError':
      return `Unexpected ${names(error.args, (arg) => `'${printable(String(arg))}'`)}`;
    case 'NonExistentFlagsError':
      return `Unknown ${names(error.flags, (flag) => printable(String(flag)))}`;
    default:
      return printable(
        stripVTControlCharacters(error.message)
          .replace(/^The following errors? occurred:\s*/, '')
          .replace(/\nSee more help with --help\s*$/, '')
          .split(/\s*\n\s*/)
          .map(reword)
          .join(' '),
      );
  }
}

/** Rewords oclif's messages about missing flags and about flags that cannot be combined. */
function reword(reason: string): string {
  const [, missing] = /^Missing required flag ([\w-]+)$/.exec(reason) ?? [];
  if (missing !== undefined) return `Missing required flag --${missing}`;
  const [, one, other] = /^(--[\w-]+)=.* cannot also be provided when using (--[\w-]+)$/s.exec(reason) ?? [];
  if (one !== undefined) return `${one} cannot be combined with ${other}`;
  const [, flag, needed] = /^All of the following must be provided when using (--[\w-]+): (--.+)$/.exec(reason) ?? [];
  return flag === undefined ? reason : `${flag} requires ${needed}`;
}

function names(values: unknown, show: (value: unknown) => string): string {
  const list = Array.isArray(values) ? values : [];
  const kind = list.every((value) => String(value).startsWith('-')) ? 'flag' : 'argument';
  return `${kind}${list.length === 1 ? '' : 's'}: ${list.map(show).join(', ')}`;
}

/** Escapes control characters, which would otherwise affect the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
