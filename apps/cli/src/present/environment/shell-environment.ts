import { type NamedValue, type WrittenEnvironment, writeEnvironment } from './written-environment.ts';

/** What a shell can assign to. `npm_config_//host/:_token` and bash's exported functions are none. */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * bash and zsh set them themselves and let nobody assign to them; bash would tell an error, and zsh would try to become
 * the user of that number.
 */
const ownOfShells: ReadonlySet<string> = new Set([
  'BASHOPTS',
  'BASH_VERSINFO',
  'EGID',
  'EUID',
  'GID',
  'PPID',
  'SHELLOPTS',
  'UID',
]);

/** For `eval` in sh, bash, zsh and ksh: nothing inside single quotes means anything but itself. */
export function writeShell(variables: readonly NamedValue[]): WrittenEnvironment {
  return writeEnvironment(variables, ({ name, value }) =>
    variableName.test(name) && !ownOfShells.has(name)
      ? `export ${name}='${value.replaceAll("'", `'\\''`)}'`
      : undefined,
  );
}
