/** A variable and its value. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** An environment as text for another program. */
export interface WrittenEnvironment {
  /** Does not end with a newline. */
  readonly text: string;
  /** Names of the variables that cannot be written in this format. */
  readonly omitted: readonly string[];
}

/** `lineOf` returns the line of one variable without a newline, or undefined if it cannot be written. */
export function writeEnvironment(
  variables: readonly NamedValue[],
  lineOf: (variable: NamedValue) => string | undefined,
): WrittenEnvironment {
  const lines = variables.map((variable) => ({ name: variable.name, line: lineOf(variable) }));
  return {
    text: lines.flatMap(({ line }) => line ?? []).join('\n'),
    omitted: lines.flatMap(({ name, line }) => (line === undefined ? [name] : [])),
  };
}
