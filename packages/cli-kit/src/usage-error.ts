import { stripVTControlCharacters } from 'node:util';
import { PluginError } from './errors.ts';

/** Invalid usage, in one sentence: an argument or a flag that is not valid. Its hint is the `--help` of the command. */
export class UsageError extends PluginError {
  /** @param commandId `this.id` of the command */
  constructor(message: string, commandId: string | undefined) {
    const hint = commandId ? `For help: candle ${commandId.replaceAll(':', ' ')} --help` : 'All commands: candle help';
    super({ code: 'USAGE', message, hint });
  }
}

/** Finds the known name that was most likely meant. */
type FindNearest = (name: string, known: readonly string[]) => string | undefined;

/**
 * Converts errors of oclif's parser, which have a `parse` property and a text of several lines. Other errors are
 * returned unchanged.
 * @internal
 */
export function toUsageError(
  error: unknown,
  commandId: string | undefined,
  findNearest: FindNearest = () => undefined,
): unknown {
  if (!isParserError(error) || error.constructor.name === 'ExitError') return error;
  return new UsageError(sentence(error, findNearest), commandId ?? commandOf(error));
}

function isParserError(error: unknown): error is ParserError {
  return error instanceof Error && ('parse' in error || 'oclif' in error);
}

/** What oclif's parser adds to its errors. */
interface ParserError extends Error {
  readonly args?: unknown;
  readonly flags?: unknown;
  readonly parse?: {
    readonly input?: {
      readonly context?: { readonly id?: string };
      readonly flags?: Readonly<Record<string, FlagDefinition>>;
    };
  };
}

interface FlagDefinition {
  readonly char?: string;
  readonly hidden?: boolean;
  readonly aliases?: readonly string[];
  readonly allowNo?: boolean;
}

/** ID of the command whose arguments oclif's parser rejected. */
function commandOf({ parse }: ParserError): string | undefined {
  return parse?.input?.context?.id;
}

function sentence(error: ParserError, findNearest: FindNearest): string {
  switch (error.constructor.name) {
    case 'RequiredArgsError':
      return `Missing ${names(error.args, (arg) => (arg as { name: string }).name)}`;
    case 'UnexpectedArgsError':
      return `Unexpected ${names(error.args, (arg) => `'${printable(String(arg))}'`)}`;
    case 'NonExistentFlagsError':
      return `Unknown ${names(error.flags, (flag) => printable(String(flag)))}${suggestion(error, findNearest)}`;
    case 'ArgInvalidOptionError':
    case 'FlagInvalidOptionError':
      return unknownValue(error.message, findNearest);
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

/** Flags that docker, kubectl, pm2, tail, git and others have, and what a flag of a command for the same purpose is called. */
const namesElsewhere: Readonly<Record<string, string>> = {
  '--tail': 'count',
  '--lines': 'count',
  '-g': 'grep',
  '-e': 'grep',
  '-t': 'timestamps',
  '-a': 'all',
  '-A': 'all',
  '--all-namespaces': 'all',
  '-w': 'watch',
  '-C': 'project',
  '--cwd': 'project',
  '--dir': 'project',
};

/** The flags that were probably meant by the unknown ones. */
function suggestion({ flags, parse }: ParserError, findNearest: FindNearest): string {
  const definitions = Object.entries(parse?.input?.flags ?? {}).filter(([, { hidden }]) => hidden !== true);
  const known = definitions.flatMap(([name, { aliases = [], allowNo }]) => [
    ...[name, ...aliases].filter((each) => each.length > 1),
    ...(allowNo === true ? [`no-${name}`] : []),
  ]);
  const meant = (Array.isArray(flags) ? flags : []).flatMap((flag) => {
    const [dashed = ''] = String(flag).split('=', 1);
    const elsewhere = definitions.find(([name]) => namesElsewhere[dashed] === name);
    if (elsewhere !== undefined) return [dashedName(...elsewhere)];
    const [, name] = /^--(.+)/.exec(dashed) ?? [];
    const short = definitions.find(([, { char }]) => name !== undefined && char === name);
    if (short !== undefined) return [dashedName(...short)];
    const nearest = name && findNearest(name, [...known, 'help']);
    return nearest ? [`--${nearest}`] : [];
  });
  return meant.length === 0 ? '' : `; did you mean ${[...new Set(meant)].join(' ')}?`;
}

/** Adds the nearest value to oclif's message about an argument or a flag with fixed values. */
function unknownValue(message: string, findNearest: FindNearest): string {
  const [, value = '', values = ''] = /^Expected (.+) to be one of: (.+)$/m.exec(message) ?? [];
  const nearest = findNearest(value.replace(/^--[\w-]+=/, ''), values.split(', '));
  const rest = nearest === undefined ? `must be one of: ${values}` : `is unknown; did you mean ${nearest}?`;
  return `'${printable(value)}' ${rest}`;
}

function dashedName(name: string, { char }: FlagDefinition): string {
  return char === undefined ? `--${name}` : `-${char}`;
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
