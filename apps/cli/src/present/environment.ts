import { printable, showPath } from '@candle/core/errors';
import type { DroppedVariable, ServiceEnv, VariableSource } from '@candle/supervisor';

/** A variable and its value. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** An environment as text for another program. */
interface WrittenEnvironment {
  /** Does not end with a newline. */
  readonly text: string;
  /** Names of the variables that cannot be written in this format. */
  readonly omitted: readonly string[];
}

/** `lineOf` returns the line of one variable without a newline, or undefined if it cannot be written. */
function writeEnvironment(
  variables: readonly NamedValue[],
  lineOf: (variable: NamedValue) => string | undefined,
): WrittenEnvironment {
  const lines = variables.map((variable) => ({ name: variable.name, line: lineOf(variable) }));
  return {
    text: lines.flatMap(({ line }) => line ?? []).join('\n'),
    omitted: lines.flatMap(({ name, line }) => (line === undefined ? [name] : [])),
  };
}

/** Names that dotenv reads. */
const dotenvName = /^[\w.-]+$/;

/** Values that need no quotes. Written without, because some readers treat quotes as a part of the value. */
const plainDotenvValue = /^[\w./:@%+,=~-]+$/;

/** Writes variables in a format from which the dotenv library reads the same values. */
export function writeDotenv(variables: readonly NamedValue[]): WrittenEnvironment {
  return writeEnvironment(variables, ({ name, value }) => {
    const written = dotenvName.test(name) ? findDotenvValue(value) : undefined;
    return written === undefined ? undefined : `${name}=${written}`;
  });
}

/**
 * dotenv ends a value at the first matching quote without a backslash before it, never removes a backslash, turns every
 * line ending into a newline, and expands only \n and \r, in double quotes. Returns undefined for a value that cannot be
 * written within these rules.
 */
function findDotenvValue(value: string): string | undefined {
  if (plainDotenvValue.test(value)) return value;
  const isQuotable = !value.endsWith('\\');
  const hasCarriageReturn = value.includes('\r');
  const literal = isQuotable && !hasCarriageReturn ? ["'", '`'].find((mark) => !value.includes(mark)) : undefined;
  if (literal !== undefined) return literal + value + literal;
  if (isQuotable && !value.includes('"') && !/\\[nr]/.test(value)) return `"${value.replaceAll('\r', '\\r')}"`;
  const isOneLine = !/[\r\n\u2028\u2029#]/.test(value) && value.trim() === value && !/^['"`]/.test(value);
  return isOneLine ? value : undefined;
}

/** Names that a shell can assign to; `npm_config_//host/:_token` and the exported functions of bash are not. */
const shellName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Variables that bash and zsh manage themselves. On an assignment, bash prints an error, and zsh tries to switch to the
 * user with that ID.
 */
const managedByShells: ReadonlySet<string> = new Set([
  'BASHOPTS',
  'BASH_VERSINFO',
  'EGID',
  'EUID',
  'GID',
  'PPID',
  'SHELLOPTS',
  'UID',
]);

/** For `eval` in sh, bash, zsh and ksh. Nothing is special inside single quotes. */
export function writeShell(variables: readonly NamedValue[]): WrittenEnvironment {
  return writeEnvironment(variables, ({ name, value }) =>
    shellName.test(name) && !managedByShells.has(name)
      ? `export ${name}='${value.replaceAll("'", `'\\''`)}'`
      : undefined,
  );
}

/**
 * One variable per line, with the source of its value, and then the variables of the caller that are dropped. Control
 * characters are shown as `\uXXXX`.
 */
export function renderExplained(
  { variables, dropped }: Pick<ServiceEnv, 'variables' | 'dropped'>,
  projectDir: string,
): string {
  const rows = variables.map(({ name, value, source }) => ({
    from: describeSource(source, projectDir),
    text: printable(`${name}=${value}`),
  }));
  const width = Math.max(0, ...rows.map(({ from }) => from.length));
  const given = rows.map(({ from, text }) => `${from.padEnd(width)}  ${text}`);
  if (dropped.length === 0) return given.join('\n');
  const names = Math.max(...dropped.map(({ name }) => printable(name).length));
  const reasons = dropped.map((one) => `  ${printable(one.name).padEnd(names)}  ${describeDropped(one)}`);
  return [...given, '', 'Not passed on:', ...reasons].join('\n');
}

const droppedReasons: Readonly<Record<DroppedVariable['reason'], string>> = {
  agent: 'marks a shell of a coding agent',
  'package-manager': 'set by the package manager that ran candle',
  git: 'set by git for the repository that it worked on when it ran candle',
  candle: 'about Candle itself, or about the service that ran it',
};

function describeDropped({ reason, isPartial }: DroppedVariable): string {
  return isPartial ? `only a part: the rest is ${droppedReasons[reason]}` : droppedReasons[reason];
}

function describeSource(source: VariableSource, projectDir: string): string {
  switch (source.kind) {
    case 'default':
      return 'default';
    case 'caller':
      return 'caller';
    case 'color':
      return '"color"';
    case 'tty':
      return '"tty"';
    case 'reservation':
      return `port of '${printable(source.serviceName)}'`;
    case 'envFile':
      return showPath(
        source.path.startsWith(`${projectDir}/`) ? source.path.slice(projectDir.length + 1) : source.path,
      );
    case 'env':
      return '"env"';
    case 'portEnv':
      return 'reserved port';
    case 'candle':
      return 'candle';
  }
}
