import { type NamedValue, type WrittenEnvironment, writeEnvironment } from './written-environment.ts';

/** Names that dotenv reads. */
const variableName = /^[\w.-]+$/;

/** Read alike with and without quotes by all who read such files, those too that take quotes for a part of the value. */
const plainValue = /^[\w./:@%+,=~-]+$/;

/** For the dotenv library, which reads the same values back. */
export function writeDotenv(variables: readonly NamedValue[]): WrittenEnvironment {
  return writeEnvironment(variables, ({ name, value }) => {
    const written = variableName.test(name) ? findWritten(value) : undefined;
    return written === undefined ? undefined : `${name}=${written}`;
  });
}

/**
 * dotenv ends a value at the first quote of its kind that has no backslash before it, removes no backslash, makes every
 * line end a newline, and knows only \n and \r, between double quotes. So not every value can be written: undefined.
 */
function findWritten(value: string): string | undefined {
  if (plainValue.test(value)) return value;
  const isQuotable = !value.endsWith('\\');
  const hasPendingRestart = value.includes('\r');
  const literal = isQuotable && !hasPendingRestart ? ["'", '`'].find((mark) => !value.includes(mark)) : undefined;
  if (literal !== undefined) return literal + value + literal;
  if (isQuotable && !value.includes('"') && !/\\[nr]/.test(value)) return `"${value.replaceAll('\r', '\\r')}"`;
  const isOneLine = !/[\r\n\u2028\u2029#]/.test(value) && value.trim() === value && !/^['"`]/.test(value);
  return isOneLine ? value : undefined;
}
