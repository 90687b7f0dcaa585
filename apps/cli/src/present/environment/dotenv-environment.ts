import { type NamedValue, type WrittenEnvironment, writeEnvironment } from './written-environment.ts';

/** Names that dotenv reads. */
const variableName = /^[\w.-]+$/;

/** Values that need no quotes. Written without, because some readers treat quotes as a part of the value. */
const plainValue = /^[\w./:@%+,=~-]+$/;

/** Writes variables in a format from which the dotenv library reads the same values. */
export function writeDotenv(variables: readonly NamedValue[]): WrittenEnvironment {
  return writeEnvironment(variables, ({ name, value }) => {
    const written = variableName.test(name) ? findWritten(value) : undefined;
    return written === undefined ? undefined : `${name}=${written}`;
  });
}

/**
 * dotenv ends a value at the first matching quote without a backslash before it, never removes a backslash, turns every
 * line ending into a newline, and expands only \n and \r, in double quotes. Returns undefined for a value that cannot be
 * written within these rules.
 */
function findWritten(value: string): string | undefined {
  if (plainValue.test(value)) return value;
  const isQuotable = !value.endsWith('\\');
  const hasCarriageReturn = value.includes('\r');
  const literal = isQuotable && !hasCarriageReturn ? ["'", '`'].find((mark) => !value.includes(mark)) : undefined;
  if (literal !== undefined) return literal + value + literal;
  if (isQuotable && !value.includes('"') && !/\\[nr]/.test(value)) return `"${value.replaceAll('\r', '\\r')}"`;
  const isOneLine = !/[\r\n\u2028\u2029#]/.test(value) && value.trim() === value && !/^['"`]/.test(value);
  return isOneLine ? value : undefined;
}
