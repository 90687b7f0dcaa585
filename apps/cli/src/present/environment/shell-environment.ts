import { type NamedValue, type WrittenEnvironment, writeEnvironment } from './written-environment.ts';

/** Names that a shell can assign to; `npm_config_//host/:_token` and the exported functions of bash are not. */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

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
    variableName.test(name) && !managedByShells.has(name)
      ? `export ${name}='${value.replaceAll("'", `'\\''`)}'`
      : undefined,
  );
}
