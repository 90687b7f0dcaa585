/** A variable and its value. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** An environment as a text that others read. */
export interface WrittenEnvironment {
  /** Without a newline at its end. */
  readonly text: string;
  /** Names of the variables that cannot be written in this form. */
  readonly leftOut: readonly string[];
}

/** `lineOf` writes one variable, without newline; undefined when it cannot be written. */
export function writeEnvironment(
  variables: readonly NamedValue[],
  lineOf: (variable: NamedValue) => string | undefined,
): WrittenEnvironment {
  const lines = variables.map((variable) => ({ name: variable.name, line: lineOf(variable) }));
  return {
    text: lines.flatMap(({ line }) => line ?? []).join('\n'),
    leftOut: lines.flatMap(({ name, line }) => (line === undefined ? [name] : [])),
  };
}
